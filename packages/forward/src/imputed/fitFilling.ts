import type { Feature, Matrix } from "@materiome/core";
import type { FilledFeature } from "./filledOf.ts";
import type { Filling } from "./imputedPredictor.ts";

/** What fills the gaps of training rows, and how many values each feature lacks. */
export interface FittedFilling {
  readonly filling: Filling;
  readonly counts: Int32Array;
}

/** The median of each feature, and the first feature of each pattern of gaps. */
export function fitFilling({ rows: n, columns: d, data }: Matrix): FittedFilling {
  const median = new Float64Array(d);
  const counts = new Int32Array(d);
  const patterns = new Map<string, number>();
  for (let f = 0; f < d; f++) {
    const column = Float64Array.from({ length: n }, (_, i) => data[i * d + f] as number); // i < n
    const values = column.filter((value) => !Number.isNaN(value)).sort();
    counts[f] = n - values.length;
    // Features of one column, such as the labels of a category, are missing together: one mark says so.
    if (values.length < n) {
      const pattern = column.reduce((text, value) => text + (Number.isNaN(value) ? "1" : "0"), "");
      if (!patterns.has(pattern)) patterns.set(pattern, f);
    }
    const middle = values.length >> 1;
    if (values.length === 0) continue;
    const upper = values[middle] as number; // at least one value
    median[f] = values.length % 2 === 1 ? upper : ((values[middle - 1] as number) + upper) / 2;
  }
  return { filling: { median, marked: Int32Array.from(patterns.values()) }, counts };
}

/** The feature that says where another one was missing. */
export function markOf({ name, source }: Feature): Feature {
  return { name: `${name} is missing`, unit: "", source };
}

/** For the report: each feature with gaps, what stands in them, and in how many rows. */
export function filledFeatures(features: readonly Feature[], { median }: Filling, counts: Int32Array): FilledFeature[] {
  return features.flatMap(
    ({ name }, f) =>
      counts[f] === 0 ? [] : [{ feature: name, value: median[f] as number, missing: counts[f] as number }], // one per feature
  );
}
