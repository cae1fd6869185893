/**
 * Support vectors: β of the least ½ βᵀ K β − yᵀ β + ε Σ |β_i| with Σ β_i = 0 and −downMost_i ≤ β_i ≤ upMost_i, by sequential minimal
 * optimisation with second-order choice of the pair. β is the difference of α (`up`) and α* (`down`). A classifier has y = ±1, ε = 0
 * and no room on the side of the other class.
 *
 * @param k covariances, [n, n], symmetric
 * @param up α, zero on entry
 * @param down α*, zero on entry
 * @param residual y − K β − offset is made of it: y on entry
 * @param state on return: offset, iterations, largest violation
 */
export function solveSupportVectors(
  n: number,
  upMost: Float64Array,
  downMost: Float64Array,
  epsilon: number,
  tolerance: number,
  maxIterations: number,
  k: Float64Array,
  up: Float64Array,
  down: Float64Array,
  residual: Float64Array,
  state: Float64Array,
): void {
  let iterations = 0;
  let high = 0;
  let low = 0;
  for (; iterations <= maxIterations; iterations++) {
    // The variable whose growth of β helps most, and the least of those whose β can shrink.
    let i = -1;
    let isDownI = false;
    high = -Infinity;
    low = Infinity;
    for (let t = 0; t < n; t++) {
      const r = residual[t];
      if (down[t] > 0 && r + epsilon > high) {
        high = r + epsilon;
        i = t;
        isDownI = true;
      }
      if (up[t] < upMost[t] && r - epsilon > high) {
        high = r - epsilon;
        i = t;
        isDownI = false;
      }
      if (up[t] > 0 && r - epsilon < low) low = r - epsilon;
      if (down[t] < downMost[t] && r + epsilon < low) low = r + epsilon;
    }
    if (i < 0 || !(high - low > tolerance) || iterations === maxIterations) break;
    // Its partner: the greatest decrease of the objective, to second order.
    const row = i * n;
    const own = k[row + i];
    let j = -1;
    let isDownJ = false;
    let best = 0;
    let step = 0;
    for (let t = 0; t < n; t++) {
      const r = residual[t];
      const a = own + k[t * n + t] - 2 * k[row + t];
      const curvature = Math.max(a, 1e-12);
      const gapUp = up[t] > 0 ? high - r + epsilon : 0;
      const gapDown = down[t] < downMost[t] ? high - r - epsilon : 0;
      const isDown = gapDown > gapUp;
      const gap = isDown ? gapDown : gapUp;
      if (gap > 0 && gap * gap > best * curvature) {
        best = (gap * gap) / curvature;
        step = gap / curvature;
        j = t;
        isDownJ = isDown;
      }
    }
    if (j < 0) break;
    step = Math.min(step, isDownI ? down[i] : upMost[i] - up[i], isDownJ ? downMost[j] - down[j] : up[j]);
    if (isDownI) down[i] -= step;
    else up[i] += step;
    if (isDownJ) down[j] += step;
    else up[j] -= step;
    const other = j * n;
    for (let t = 0; t < n; t++) residual[t] -= step * (k[row + t] - k[other + t]);
  }
  state[0] = (high + low) / 2;
  state[1] = iterations;
  state[2] = high - low;
}
