/**
 * Fills the gaps (NaN) of one row by the mean over the `k` donor rows nearest to it that have the feature. Distance:
 * (nFeatures / nShared) Σ ((a − b) w)² over the features that both have; donors that share none are no neighbours. Of
 * donors equally near the earlier one is taken.
 *
 * @param donors - [nDonors, nFeatures], row-major
 * @param w - per feature
 * @param fallback - per feature, where no donor is a neighbour
 * @param out - filled at the gaps only
 */
export function nearestDonors(
  nDonors: number,
  nFeatures: number,
  k: number,
  donors: Float64Array,
  w: Float64Array,
  row: Float64Array,
  fallback: Float64Array,
  out: Float64Array,
): void {
  const distance = new Float64Array(nDonors);
  for (let d = 0; d < nDonors; d++) {
    let sum = 0;
    let shared = 0;
    for (let f = 0; f < nFeatures; f++) {
      const gap = (row[f] - donors[d * nFeatures + f]) * w[f];
      if (Number.isNaN(gap)) continue;
      sum += gap * gap;
      shared++;
    }
    distance[d] = shared === 0 ? Number.NaN : (sum * nFeatures) / shared;
  }
  const near = new Float64Array(k);
  const at = new Int32Array(k);
  for (let f = 0; f < nFeatures; f++) {
    if (!Number.isNaN(row[f])) continue;
    let count = 0;
    for (let d = 0; d < nDonors; d++) {
      const value = donors[d * nFeatures + f];
      const own = distance[d];
      if (Number.isNaN(value) || Number.isNaN(own) || (count === k && own >= near[k - 1])) continue;
      let place = count < k ? count++ : k - 1;
      while (place > 0 && near[place - 1] > own) {
        near[place] = near[place - 1];
        at[place] = at[place - 1];
        place--;
      }
      near[place] = own;
      at[place] = d;
    }
    let sum = 0;
    for (let j = 0; j < count; j++) sum += donors[at[j] * nFeatures + f];
    out[f] = count === 0 ? fallback[f] : sum / count;
  }
}
