/** Height from which on a parabola counts as absent. */
export const ABSENT = 1e20;

/**
 * Lower envelope of the parabolas f[q] + (x − q)², q = 0 … n − 1 (Felzenszwalb & Huttenlocher, Theory of Computing 8, 415
 * (2012), doi:10.4086/toc.2012.v008a019): parabola `sites[k]` is lowest from `from[k]` to `from[k + 1]`. Heights of
 * {@link ABSENT} and above are left out. Returns the number of parabolas in the envelope.
 *
 * @param sites - length n
 * @param from - length n + 1; −∞ first, +∞ behind the last
 */
export function lowerEnvelope(n: number, f: Float64Array, sites: Int32Array, from: Float64Array): number {
  let k = -1;
  for (let q = 0; q < n; q++) {
    const height = f[q];
    if (height >= ABSENT) continue;
    let s = Number.NEGATIVE_INFINITY;
    while (k >= 0) {
      const p = sites[k];
      s = (height + q * q - (f[p] + p * p)) / (2 * (q - p));
      if (s > from[k]) break;
      k--;
    }
    if (k < 0) s = Number.NEGATIVE_INFINITY;
    k++;
    sites[k] = q;
    from[k] = s;
    from[k + 1] = Number.POSITIVE_INFINITY;
  }
  return k + 1;
}
