/**
 * Quantile of level p of weighted values: the middle of all numbers that have at most the share p of the weight below them and at
 * most 1 − p above, which are those that minimise the pinball loss. The median of an even number of values is the usual one.
 *
 * @param weights - at least 0, not all 0; all equal where undefined
 * @param p - 0 < p < 1
 */
export function weightedQuantile(values: Float64Array, weights: Float64Array | undefined, p: number): number {
  const n = values.length;
  if (weights === undefined) {
    const sorted = values.slice().sort();
    const place = p * n;
    const whole = Math.round(place);
    const isWhole = Math.abs(place - whole) < 1e-9 * n && whole > 0 && whole < n;
    // Places 0 … n − 1.
    if (isWhole) return ((sorted[whole - 1] as number) + (sorted[whole] as number)) / 2;
    return sorted[Math.min(n - 1, Math.floor(place))] as number;
  }
  const order = Array.from(values.keys())
    .filter((i) => (weights[i] as number) > 0) // one a value
    .sort((a, b) => (values[a] as number) - (values[b] as number));
  const total = order.reduce((sum, i) => sum + (weights[i] as number), 0);
  let below = 0;
  for (const [k, i] of order.entries()) {
    below += weights[i] as number;
    const rest = below - p * total;
    if (rest < -1e-9 * total) continue;
    const next = order[k + 1];
    const value = values[i] as number;
    return rest <= 1e-9 * total && next !== undefined ? (value + (values[next] as number)) / 2 : value;
  }
  return values[order.at(-1) as number] as number; // some weight is above 0
}
