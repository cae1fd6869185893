import { DomainError } from "@materiome/core";
import { inputIndex } from "./effects.ts";
import { type ExplainRun, predictRows, type WideSubject } from "./subject.ts";

export interface InteractionStrengthsOptions extends ExplainRun {
  /** Rows asked; work grows with their square. @defaultValue all */
  readonly rows?: Int32Array | undefined;
  /** Inputs whose pairs are looked at; work grows with their square. @defaultValue all */
  readonly inputs?: readonly string[] | undefined;
}

/** How far two inputs act together and not one beside the other. */
export interface InteractionStrength {
  readonly inputs: readonly [string, string];
  /**
   * Root mean square over the rows of what the joint effect is more than the sum of both, in units of the target; of probabilities of
   * classes, of half the sum of the squares over the classes, so that of two classes it is that of either.
   */
  readonly size: number;
  /** Friedman's H: `size` over the root mean square of the joint effect; 0: additive, 1: nothing but interaction. NaN without any effect. */
  readonly h: number;
}

/**
 * Interactions of pairs of inputs, largest first: partial dependence of the model on both, less that on each, all centred, at the
 * values of the rows. H alone misleads where two inputs do little: look at `size` as well.
 *
 * Asks for n² predictions for every input and every pair.
 *
 * @throws DomainError for an unknown input, fewer than two inputs or no rows
 * @see Friedman & Popescu, Ann. Appl. Stat. 2, 916 (2008), doi:10.1214/07-AOAS148, equation 44
 * @example
 * const [strongest] = await interactionStrengths(subject, { rows: fiftyRows, inputs: ["C", "Cr", "temper"] });
 */
export async function interactionStrengths(
  subject: WideSubject,
  options: InteractionStrengthsOptions = {},
): Promise<InteractionStrength[]> {
  const { rows = Int32Array.from({ length: subject.nRows }, (_, i) => i), inputs, ...run } = options;
  const asked = inputs?.map((name) => inputIndex("interactionStrengths", subject, name)) ?? [...subject.inputs.keys()];
  if (asked.length < 2 || rows.length === 0) {
    throw new DomainError(
      `interactionStrengths: expected at least 2 inputs and 1 row, got ${asked.length} and ${rows.length}`,
    );
  }
  const n = rows.length;
  const { nOutputs: m } = subject;
  const size = (values: Float64Array): number => Math.sqrt(sumOfSquares(values) / (n * (m === 1 ? 1 : 2)));
  /** Centred partial dependence on some inputs, at the values of each row. */
  const joint = async (chosen: readonly number[]): Promise<Float64Array> => {
    const effect = new Float64Array(n * m);
    const mean = new Float64Array(m);
    for (const [k, row] of rows.entries()) {
      run.signal?.throwIfAborted();
      const one = new Int32Array(n).fill(row);
      const sources = subject.inputs.map((_, c) => (chosen.includes(c) ? one : rows));
      const predicted = await subject.mix(sources, { ...run, onProgress: undefined });
      for (const [at, value] of predicted.entries()) {
        effect[k * m + (at % m)] = (effect[k * m + (at % m)] as number) + value / n; // % m
        mean[at % m] = (mean[at % m] as number) + value / (n * n);
      }
    }
    return effect.map((value, at) => value - (mean[at % m] as number));
  };
  const nPairs = (asked.length * (asked.length - 1)) / 2;
  let done = 0;
  const step = (): void => run.onProgress?.({ stage: "interactions", done: ++done, total: asked.length + nPairs });
  const single = new Map<number, Float64Array>();
  for (const a of asked) {
    single.set(a, await joint([a]));
    step();
  }
  const scale = size(await predictRows(subject, rows, run));
  const found: InteractionStrength[] = [];
  for (const [k, a] of asked.entries()) {
    for (const b of asked.slice(k + 1)) {
      const both = await joint([a, b]);
      step();
      const [ofA, ofB] = [single.get(a), single.get(b)] as [Float64Array, Float64Array]; // asked for above
      const more = both.map((value, i) => value - (ofA[i] as number) - (ofB[i] as number)); // one per row
      const beyond = size(more);
      const whole = size(both);
      // Differences of sums that are rounding alone are no effect.
      const isFlat = whole <= 1e-12 * scale;
      const names = [a, b].map((c) => (subject.inputs[c] as WideSubject["inputs"][number]).name) as [string, string];
      found.push({ inputs: names, size: beyond, h: isFlat ? Number.NaN : beyond / whole });
    }
  }
  return found.sort((a, b) => b.size - a.size);
}

function sumOfSquares(values: Float64Array): number {
  return values.reduce((sum, v) => sum + v * v, 0);
}
