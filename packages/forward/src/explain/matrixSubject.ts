import { DomainError, type FeatureMatrix, type RegressionModel, takeRows } from "@materiome/core";
import { exactShap } from "./exactShap.ts";
import { type Player, playersOf } from "./players.ts";
import type { ExplainRun, Setting, Subject } from "./subject.ts";

export interface MatrixSubjectOptions {
  /** Features that belong together. @defaultValue each feature on its own */
  readonly players?: readonly Player[] | undefined;
  /** Unit of the predictions. @defaultValue "" */
  readonly unit?: string | undefined;
}

/**
 * A model of one target beside rows of features, to be explained: `shapleyValues`, `permutationImportance`,
 * `partialDependence`, `accumulatedLocalEffects`, `interactionStrengths`.
 *
 * @param x - [nSamples, nFeatures]; rows to explain and background rows alike
 * @throws DomainError unless every feature belongs to exactly one player
 * @example
 * const effect = await partialDependence(matrixSubject(model, x), "Cr");
 */
export function matrixSubject(model: RegressionModel, x: FeatureMatrix, options: MatrixSubjectOptions = {}): Subject {
  const { names, ofFeature } = playersOf("matrixSubject", x.features, options.players);
  const sets = names.map((_, p) => Array.from(ofFeature.keys()).filter((f) => ofFeature[f] === p));
  return {
    target: { name: "prediction", unit: options.unit ?? (model as { readonly unit?: string }).unit ?? "" },
    nRows: x.rows,
    nOutputs: 1,
    inputs: names.map((name, p) => {
      const [only, ...more] = sets[p] ?? [];
      const isNumber = only !== undefined && more.length === 0;
      return {
        name,
        unit: isNumber ? (x.features[only]?.unit ?? "") : "",
        values: isNumber ? columnOf(x, only) : undefined,
        texts: undefined,
      };
    }),
    mix: async (sources: readonly Int32Array[], run?: ExplainRun) =>
      predictMean(model, mixFeatures(x, sets, sources), run),
    set: async (rows: Int32Array, settings: readonly Setting[], run?: ExplainRun) => {
      const changed = takeRows(x, rows);
      for (const { input, values } of settings) {
        const [only, ...more] = sets[input] ?? [];
        if (only === undefined || more.length > 0) throw new DomainError(`set: "${names[input]}" is no single number`);
        for (const [k, value] of values.entries()) changed.data[k * x.columns + only] = value;
      }
      return predictMean(model, changed, run);
    },
    exact: (rows: Int32Array, background: Int32Array, run: ExplainRun = {}) =>
      exactShap(model, takeRows(x, rows), takeRows(x, background), ofFeature, names.length, run),
  };
}

/** Rows put together: features of set c from row `sources[c][k]`. */
export function mixFeatures(
  x: FeatureMatrix,
  sets: readonly (readonly number[])[],
  sources: readonly Int32Array[],
): FeatureMatrix {
  const n = sources[0]?.length ?? 0;
  const { columns: d } = x;
  const data = new Float64Array(n * d);
  for (const [c, features] of sets.entries()) {
    const source = sources[c] as Int32Array; // one per set
    for (let k = 0; k < n; k++) {
      const from = (source[k] as number) * d; // k < n
      for (const f of features) data[k * d + f] = x.data[from + f] as number;
    }
  }
  return { ...x, rows: n, data };
}

export async function predictMean(model: RegressionModel, x: FeatureMatrix, run?: ExplainRun): Promise<Float64Array> {
  if (x.rows === 0) return new Float64Array(0);
  return (await model.predict(x, run)).mean.data;
}

function columnOf(x: FeatureMatrix, f: number): Float64Array {
  return Float64Array.from({ length: x.rows }, (_, i) => x.data[i * x.columns + f] as number); // f < columns
}
