/** Mean and standard deviation (over n; 1 for a constant) of measured values. */
export function standardiseTask(values: Float64Array): { readonly mean: number; readonly scale: number } {
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2 / values.length, 0));
  return { mean, scale: deviation > 1e-13 * Math.abs(mean) ? deviation : 1 };
}
