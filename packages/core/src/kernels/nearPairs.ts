/**
 * Pairs of rows that lie within the tolerance of each other in every dimension. Sweeps along one dimension: rows come
 * sorted by it, and only those within its tolerance are compared, in the order of `dimensions`, until one differs.
 *
 * @param nAll - rows of `data`
 * @param data - [nDimensions, nAll]: value of row i in dimension k at k·nAll + i; no NaN
 * @param tolerances - one per dimension, ≥ 0
 * @param rows - rows to compare with each other, ascending in dimension `sweep`
 * @param sweep - dimension that the rows are sorted by
 * @param dimensions - the other dimensions, most telling first
 * @param found - pairs written before, and the most that fit
 * @param pairs - out: two rows per pair, smaller row first
 * @param distances - out: largest |difference| / tolerance of the pair (0 where both are 0)
 * @returns pairs written after this call, or −1 once one more would not fit
 */
export function nearPairs(
  nAll: number,
  data: Float64Array,
  tolerances: Float64Array,
  rows: Int32Array,
  sweep: number,
  dimensions: Int32Array,
  found: number,
  most: number,
  pairs: Int32Array,
  distances: Float64Array,
): number {
  const n = rows.length;
  const nOthers = dimensions.length;
  const along = sweep * nAll;
  const reach = tolerances[sweep];
  let count = found;
  for (let a = 0; a < n; a++) {
    const i = rows[a];
    const x = data[along + i];
    for (let b = a + 1; b < n; b++) {
      const j = rows[b];
      const gap = data[along + j] - x;
      if (gap > reach) break;
      let distance = gap > 0 ? gap / reach : 0;
      let k = 0;
      for (; k < nOthers; k++) {
        const dimension = dimensions[k];
        const at = dimension * nAll;
        const difference = Math.abs(data[at + i] - data[at + j]);
        const tolerance = tolerances[dimension];
        if (difference > tolerance) break;
        if (difference > 0 && difference / tolerance > distance) distance = difference / tolerance;
      }
      if (k < nOthers) continue;
      if (count >= most) return -1;
      pairs[2 * count] = Math.min(i, j);
      pairs[2 * count + 1] = Math.max(i, j);
      distances[count] = distance;
      count++;
    }
  }
  return count;
}
