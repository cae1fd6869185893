/**
 * Mutual information (nats) of two continuous variables from their k nearest neighbours: algorithm 1 of Kraskov, Stögbauer &
 * Grassberger, ψ(n) + ψ(k) − ⟨ψ(n_x + 1) + ψ(n_y + 1)⟩, with n_x and n_y the numbers of other points nearer than the k-th
 * neighbour (Chebyshev) in one coordinate. May be below 0.
 *
 * @param sortedX - ascending
 * @param y - in the order of sortedX
 * @param sortedY - ascending
 * @param psi - ψ(m) at m = 1 … n + 1
 * @param near - buffer of length k
 */
export function kraskovInformation(
  n: number,
  k: number,
  sortedX: Float64Array,
  y: Float64Array,
  sortedY: Float64Array,
  psi: Float64Array,
  near: Float64Array,
): number {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const xi = sortedX[i];
    const yi = y[i];
    near.fill(Number.POSITIVE_INFINITY);
    let worst = Number.POSITIVE_INFINITY;
    for (let j = i + 1; j < n; j++) {
      const dx = sortedX[j] - xi;
      if (dx >= worst) break;
      const dy = Math.abs(y[j] - yi);
      if (dy < worst) worst = insert(k, near, Math.max(dx, dy));
    }
    for (let j = i - 1; j >= 0; j--) {
      const dx = xi - sortedX[j];
      if (dx >= worst) break;
      const dy = Math.abs(y[j] - yi);
      if (dy < worst) worst = insert(k, near, Math.max(dx, dy));
    }
    const radius = near[k - 1];
    // Points strictly nearer than the radius, without the point itself: n_x; ψ(n_x + 1) stands at psi[n_x + 1].
    sum += psi[countWithin(n, sortedX, xi, radius)] + psi[countWithin(n, sortedY, yi, radius)];
  }
  return psi[n] + psi[k] - sum / n;
}

/** Puts a distance among the k smallest in place of the largest, and returns the largest left. */
function insert(k: number, near: Float64Array, distance: number): number {
  let place = k - 1;
  while (place > 0 && near[place - 1] > distance) {
    near[place] = near[place - 1];
    place--;
  }
  near[place] = distance;
  return near[k - 1];
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
