/**
 * Infinitesimal jackknife of means over members, each made from its own draw of G units: for each of n columns of `values` [T, n],
 * Σ_g cov(counts[·, g], values[·, i])², less G / B² Σ (values − mean)², what it gains on average from having only B members; at least 0.
 * Over all T members, or where `without[i]` names a unit, over those that did not draw it.
 */
export function jackknifeVariance(
  nMembers: number,
  n: number,
  nUnits: number,
  values: Float64Array,
  counts: Uint8Array,
  without: Int32Array,
  variance: Float64Array,
): void {
  const covariance = new Float64Array(nUnits);
  const shares = new Float64Array(nUnits);
  for (let i = 0; i < n; i++) {
    const unit = without[i];
    let members = 0;
    let mean = 0;
    for (let t = 0; t < nMembers; t++) {
      if (unit >= 0 && counts[t * nUnits + unit] > 0) continue;
      members++;
      mean += values[t * n + i];
    }
    mean /= members;
    covariance.fill(0);
    shares.fill(0);
    let squares = 0;
    let gaps = 0;
    for (let t = 0; t < nMembers; t++) {
      if (unit >= 0 && counts[t * nUnits + unit] > 0) continue;
      const gap = values[t * n + i] - mean;
      squares += gap * gap;
      gaps += gap;
      for (let g = 0; g < nUnits; g++) {
        covariance[g] += counts[t * nUnits + g] * gap;
        shares[g] += counts[t * nUnits + g];
      }
    }
    let sum = 0;
    for (let g = 0; g < nUnits; g++) sum += ((covariance[g] - (shares[g] / members) * gaps) / members) ** 2;
    variance[i] = members === 0 ? Number.NaN : Math.max(0, sum - (nUnits / (members * members)) * squares);
  }
}
