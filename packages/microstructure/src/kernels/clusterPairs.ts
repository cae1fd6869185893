/**
 * Adds, for a list of pixels, the pairs (p, q) with q − p = (dx, dy) to a map of shifts of 2 lastX + 1 columns and
 * 2 lastY + 1 rows with the shift 0 in its middle.
 */
export function clusterPairs(
  count: number,
  x: Int32Array,
  y: Int32Array,
  lastX: number,
  lastY: number,
  map: Float64Array,
): void {
  const columns = 2 * lastX + 1;
  const middle = lastY * columns + lastX;
  for (let p = 0; p < count; p++) {
    for (let q = 0; q < count; q++) {
      const dx = x[q] - x[p];
      const dy = y[q] - y[p];
      if (dx <= lastX && dx >= -lastX && dy <= lastY && dy >= -lastY) map[middle + dy * columns + dx]++;
    }
  }
}
