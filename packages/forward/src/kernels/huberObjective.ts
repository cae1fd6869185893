/**
 * Huber's concomitant-scale objective n σ + Σ H(r / σ) σ + penalty Σ w², H(t) = t² for |t| ≤ bend and 2 bend |t| − bend² beyond,
 * and its gradient.
 *
 * @param z features, [n, p]; `y` targets, [n]
 * @param parameters w, intercept, σ: p + 2 numbers; `gradient` likewise
 */
export function huberObjective(
  n: number,
  p: number,
  z: Float64Array,
  y: Float64Array,
  bend: number,
  penalty: number,
  parameters: Float64Array,
  gradient: Float64Array,
): number {
  const intercept = parameters[p];
  const scale = parameters[p + 1];
  let value = n * scale;
  let byScale = n;
  let byIntercept = 0;
  for (let k = 0; k < p; k++) {
    value += penalty * parameters[k] * parameters[k];
    gradient[k] = 2 * penalty * parameters[k];
  }
  for (let i = 0; i < n; i++) {
    const at = i * p;
    let rest = y[i] - intercept;
    for (let k = 0; k < p; k++) rest -= parameters[k] * z[at + k];
    let slope: number;
    if (Math.abs(rest) <= bend * scale) {
      const ratio = rest / scale;
      value += rest * ratio;
      byScale -= ratio * ratio;
      slope = -2 * ratio;
    } else {
      value += 2 * bend * Math.abs(rest) - bend * bend * scale;
      byScale -= bend * bend;
      slope = rest > 0 ? -2 * bend : 2 * bend;
    }
    byIntercept += slope;
    for (let k = 0; k < p; k++) gradient[k] += slope * z[at + k];
  }
  gradient[p] = byIntercept;
  gradient[p + 1] = byScale;
  return value;
}
