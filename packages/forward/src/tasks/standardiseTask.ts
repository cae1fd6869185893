import { momentsOf } from "../linear/standardiser.ts";

/** Mean and standard deviation (over n; 1 for a constant) of measured values. */
export function standardiseTask(values: Float64Array): { readonly mean: number; readonly scale: number } {
  const { mean, std } = momentsOf(values.length, (i) => values[i] as number); // i < length
  return { mean, scale: std > 0 ? std : 1 };
}
