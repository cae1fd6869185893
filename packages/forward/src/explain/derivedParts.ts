import { type Feature, type Random, shuffle, takeRows } from "@materiome/core";
import type { ExplainRun, SubjectInput, WideSubject } from "./subject.ts";

/** A feature that is computed from a column, and how much predictions move with it alone. */
export interface DerivedPart {
  readonly feature: string;
  readonly unit: string;
  /** Mean absolute change of what is predicted when this feature takes the value of a random training row and all others stay. */
  readonly meanAbsoluteChange: number;
}

/** The features computed from one column, falling by how much predictions move with them. */
export interface InputParts {
  readonly input: string;
  readonly parts: readonly DerivedPart[];
}

export interface DerivedPartsOptions extends ExplainRun {
  readonly random: Random;
  /** Output looked at in each of `rows`, for subjects that predict several numbers. @defaultValue the first */
  readonly outputs?: Int32Array | undefined;
}

/** Pairs of a row and a training row that each feature is asked with; each costs a prediction. */
const PAIRS = 100;

/**
 * Which of the features computed from a column (the means of element properties of a formula, say) predictions depend on: each takes
 * the value of random rows of the background while the others stay as they are. Not Shapley values, which many features that are computed from
 * one column would cost too much of: the parts do not add up to the column's contribution, and features that go along with each other
 * stand in for each other.
 *
 * @returns for each column with several features, save categories, whose features are their labels; none where features are computed from several columns
 */
export async function derivedParts(
  subject: WideSubject,
  rows: Int32Array,
  background: Int32Array,
  options: DerivedPartsOptions,
): Promise<readonly InputParts[]> {
  const { encoded, inputs, nOutputs } = subject;
  const { random, outputs, ...run } = options;
  if (encoded === undefined || rows.length === 0 || background.length === 0) return [];
  const { x, player, derived, predict } = encoded;
  const order = shuffle(rows.length, random.fork("rows"));
  const asked = Int32Array.from({ length: PAIRS }, (_, k) => order[k % order.length] as number); // below its length
  const draw = random.fork("pairs");
  const from = asked.map(() => background[draw.int(background.length)] as number); // int < length
  const own = {
    ...takeRows(
      x,
      asked.map((k) => rows[k] as number),
    ),
    features: x.features,
  }; // below rows.length
  const outputOf = (k: number): number => outputs?.[asked[k] as number] ?? 0;
  const before = await predict(own, run);
  const found: InputParts[] = [];
  for (const c of derived) {
    const features = Array.from(player.keys()).filter((f) => player[f] === c);
    if (features.length < 2) continue;
    const parts: DerivedPart[] = [];
    for (const f of features) {
      run.signal?.throwIfAborted();
      const data = own.data.slice();
      for (const [k, i] of from.entries()) data[k * x.columns + f] = x.data[i * x.columns + f] as number; // f < columns
      const after = await predict({ ...own, data }, run);
      const sum = from.reduce((all, _, k) => {
        const at = k * nOutputs + outputOf(k);
        return all + Math.abs((after[at] as number) - (before[at] as number)); // one for each pair and output
      }, 0);
      const { name, unit } = x.features[f] as Feature; // f < columns
      parts.push({ feature: name, unit, meanAbsoluteChange: sum / from.length });
    }
    parts.sort((a, b) => b.meanAbsoluteChange - a.meanAbsoluteChange);
    found.push({ input: (inputs[c] as SubjectInput).name, parts });
  }
  return found;
}
