/**
 * Rank of each of n rows of m numbers that are to be small: 0 where no row is at least as small in all and smaller in one, 1 where
 * only rows of rank 0 are, and so on (Deb et al., IEEE Trans. Evol. Comput. 6, 182 (2002)). O(n² m). Returns the number of ranks.
 *
 * @param onlyFirst rows above rank 0 are left at 1
 */
export function paretoRanks(n: number, m: number, values: Float64Array, onlyFirst: boolean, ranks: Int32Array): number {
  const dominators = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    for (let k = i + 1; k < n; k++) {
      const order = compare(m, values, i * m, k * m);
      if (order < 0) dominators[k]++;
      else if (order > 0) dominators[i]++;
    }
  }
  if (onlyFirst) {
    for (let i = 0; i < n; i++) ranks[i] = dominators[i] === 0 ? 0 : 1;
    return 1;
  }
  ranks.fill(-1);
  let rank = 0;
  for (let left = n; left > 0; rank++) {
    const front: number[] = [];
    for (let i = 0; i < n; i++) if (ranks[i] < 0 && dominators[i] === 0) front.push(i);
    for (const i of front) ranks[i] = rank;
    for (const i of front) {
      for (let k = 0; k < n; k++) if (ranks[k] < 0 && compare(m, values, i * m, k * m) < 0) dominators[k]--;
    }
    left -= front.length;
  }
  return rank;
}

/** −1 where a dominates b, 1 where b dominates a, else 0. */
function compare(m: number, values: Float64Array, a: number, b: number): number {
  let isLower = false;
  let isHigher = false;
  for (let j = 0; j < m; j++) {
    const difference = values[a + j] - values[b + j];
    if (difference < 0) isLower = true;
    else if (difference > 0) isHigher = true;
  }
  if (isLower === isHigher) return 0;
  return isLower ? -1 : 1;
}
