/**
 * Mutual information (nats) of two continuous variables from their k nearest neighbours: algorithm 1 of Kraskov, Stögbauer &
 * Grassberger, ψ(n) + ψ(k) − ⟨ψ(n_x + 1) + ψ(n_y + 1)⟩, with n_x and n_y the numbers of other points nearer than the k-th
 * neighbour (Chebyshev) in one coordinate. May be below 0.
 *
 * @param order - rows by ascending x
 * @param sortedX - x[order[i]]
 * @param y - by row
 * @param sortedY - ascending
 * @param psi - ψ(m) at m = 1 … n + 1
 * @param near - buffer of length k
 */
export function kraskovInformation(
  n: number,
  k: number,
  order: Int32Array,
  sortedX: Float64Array,
  y: Float64Array,
  sortedY: Float64Array,
  psi: Float64Array,
  near: Float64Array,
): number {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const xi = sortedX[i];
    const yi = y[order[i]];
    let count = 0;
    let left = i - 1;
    let right = i + 1;
    for (;;) {
      const toLeft = left >= 0 ? xi - sortedX[left] : Number.POSITIVE_INFINITY;
      const toRight = right < n ? sortedX[right] - xi : Number.POSITIVE_INFINITY;
      const isLeft = toLeft <= toRight;
      const dx = isLeft ? toLeft : toRight;
      if (dx === Number.POSITIVE_INFINITY || (count === k && dx >= near[k - 1])) break;
      const dy = Math.abs(y[order[isLeft ? left : right]] - yi);
      if (isLeft) left--;
      else right++;
      const d = dx > dy ? dx : dy;
      if (count === k && d >= near[k - 1]) continue;
      let place = count < k ? count++ : k - 1;
      while (place > 0 && near[place - 1] > d) {
        near[place] = near[place - 1];
        place--;
      }
      near[place] = d;
    }
    const radius = near[k - 1];
    // Points strictly nearer than the radius, without the point itself: n_x; ψ(n_x + 1) stands at psi[n_x + 1].
    sum += psi[countWithin(n, sortedX, xi, radius)] + psi[countWithin(n, sortedY, yi, radius)];
  }
  return psi[n] + psi[k] - sum / n;
}

/** How many sorted values lie strictly within `radius` of `centre`, itself included; at least 1. */
function countWithin(n: number, sorted: Float64Array, centre: number, radius: number): number {
  let low = 0;
  let high = n;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (centre - sorted[middle] < radius) high = middle;
    else low = middle + 1;
  }
  const start = low;
  high = n;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] - centre < radius) low = middle + 1;
    else high = middle;
  }
  return low > start ? low - start : 1;
}
