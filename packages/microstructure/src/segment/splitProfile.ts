/**
 * Cuts a profile into pieces of constant value with the least sum of squares (optimal partitioning: B. Jackson et al., IEEE
 * Signal Process. Lett. 12, 105 (2005), doi:10.1109/LSP.2001.838216), each at least 2 % of the length.
 *
 * @param nPieces - given; else pieces are added while one more explains at least 2 % of the variance of the profile, up to 8
 * @returns first index of each piece but the first; none where there is one piece
 */
export function splitProfile(profile: Float64Array, nPieces?: number): number[] {
  const n = profile.length;
  const step = Math.max(1, Math.ceil(n / 512));
  const m = Math.floor(n / step);
  const sum = new Float64Array(m + 1);
  const square = new Float64Array(m + 1);
  for (let k = 0; k < m; k++) {
    let value = 0;
    for (let j = 0; j < step; j++) value += profile[k * step + j]! / step; // m · step ≤ n
    sum[k + 1] = sum[k]! + value;
    square[k + 1] = square[k]! + value * value;
  }
  const cost = (a: number, b: number): number =>
    Math.max(0, square[b]! - square[a]! - (sum[b]! - sum[a]!) ** 2 / (b - a)); // 0 ≤ a < b ≤ m
  const all = cost(0, m);
  const shortest = Math.max(2, Math.floor(0.02 * m));
  const most = Math.min(nPieces ?? 8, Math.floor(m / shortest));
  let best = Float64Array.from({ length: m + 1 }, (_, b) => (b < shortest ? Infinity : cost(0, b)));
  const cuts: Int32Array[] = [];
  const errors = [all];
  for (let pieces = 2; pieces <= most; pieces++) {
    const next = new Float64Array(m + 1).fill(Infinity);
    const from = new Int32Array(m + 1);
    for (let b = pieces * shortest; b <= m; b++) {
      for (let a = (pieces - 1) * shortest; a <= b - shortest; a++) {
        const value = best[a]! + cost(a, b);
        if (value < next[b]!) {
          next[b] = value;
          from[b] = a;
        }
      }
    }
    best = next;
    cuts.push(from);
    errors.push(next[m]!);
  }
  let chosen = 1;
  if (nPieces !== undefined) chosen = most;
  else while (chosen < most && errors[chosen - 1]! - errors[chosen]! >= LEAST_GAIN * all && all > 1e-12) chosen++;
  const found: number[] = [];
  for (let pieces = chosen, b = m; pieces > 1; pieces--) {
    b = cuts[pieces - 2]![b]!; // one table for each number of pieces from 2
    found.unshift(b * step);
  }
  return found;
}

const LEAST_GAIN = 0.02;
