/**
 * Squared correlation of each of `count` columns (n values each, one after the other) with a centred target; 0 for a column that
 * is constant but for rounding.
 */
export function columnScores(
  n: number,
  count: number,
  columns: Float64Array,
  target: Float64Array,
  scores: Float64Array,
): void {
  let total = 0;
  for (let i = 0; i < n; i++) total += target[i] * target[i];
  for (let c = 0; c < count; c++) {
    const at = c * n;
    let sum = 0;
    let squares = 0;
    let cross = 0;
    for (let i = 0; i < n; i++) {
      const value = columns[at + i];
      sum += value;
      squares += value * value;
      cross += value * target[i];
    }
    const spread = squares - (sum * sum) / n;
    scores[c] = spread > 1e-12 * squares && total > 0 ? (cross * cross) / (spread * total) : 0;
  }
}

/**
 * The same for the products of two columns, a ≤ b: that of columns a and b goes to `scores[b (b + 1) / 2 + a]`.
 */
export function productScores(
  n: number,
  count: number,
  columns: Float64Array,
  target: Float64Array,
  scores: Float64Array,
): void {
  let total = 0;
  for (let i = 0; i < n; i++) total += target[i] * target[i];
  let out = 0;
  for (let b = 0; b < count; b++) {
    const second = b * n;
    for (let a = 0; a <= b; a++) {
      const first = a * n;
      let sum = 0;
      let squares = 0;
      let cross = 0;
      for (let i = 0; i < n; i++) {
        const value = columns[first + i] * columns[second + i];
        sum += value;
        squares += value * value;
        cross += value * target[i];
      }
      const spread = squares - (sum * sum) / n;
      scores[out++] = spread > 1e-12 * squares && total > 0 ? (cross * cross) / (spread * total) : 0;
    }
  }
}

/**
 * The subset of one to three of `count` standardised columns that explains most of a target.
 *
 * @param gram - correlations of the columns, shape [count, count]
 * @param right - their correlations with the target
 * @param conflict - columns of two different numbers above 0 do not go together
 * @param best - receives the indices, then the share of the variance that is explained; −1 where there is no such subset
 */
export function bestSubset(
  count: number,
  size: number,
  gram: Float64Array,
  right: Float64Array,
  conflict: Int32Array,
  best: Float64Array,
): void {
  best.fill(-1);
  // A later subset wins only by more than rounding, so that simpler columns, which come first, are kept.
  const margin = 1e-9;
  for (let a = 0; a < count; a++) {
    if (size === 1) {
      const share = right[a] * right[a];
      if (share > best[size] + margin * (1 - best[size])) {
        best[0] = a;
        best[size] = share;
      }
      continue;
    }
    for (let b = a + 1; b < count; b++) {
      if (conflict[a] > 0 && conflict[b] > 0 && conflict[a] !== conflict[b]) continue;
      const g = gram[a * count + b];
      const left = 1 - g * g;
      if (left < 1e-8) continue;
      const second = right[b] - g * right[a];
      const pair = right[a] * right[a] + (second * second) / left;
      if (size === 2) {
        if (pair > best[size] + margin * (1 - best[size])) {
          best[0] = a;
          best[1] = b;
          best[size] = pair;
        }
        continue;
      }
      const root = Math.sqrt(left);
      for (let c = b + 1; c < count; c++) {
        if (conflict[c] > 0) {
          if (conflict[a] > 0 && conflict[a] !== conflict[c]) continue;
          if (conflict[b] > 0 && conflict[b] !== conflict[c]) continue;
        }
        // Third row of the Cholesky factor of the three columns' correlations.
        const l1 = gram[a * count + c];
        const l2 = (gram[b * count + c] - g * l1) / root;
        const rest = 1 - l1 * l1 - l2 * l2;
        if (rest < 1e-8) continue;
        const third = right[c] - l1 * right[a] - (l2 * second) / root;
        const share = pair + (third * third) / rest;
        if (share > best[size] + margin * (1 - best[size])) {
          best[0] = a;
          best[1] = b;
          best[2] = c;
          best[size] = share;
        }
      }
    }
  }
}
