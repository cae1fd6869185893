/**
 * Adds the leaf values of trees `firstTree` … `lastTree − 1` and their squares to `sum` and `sumSquares` for n rows of
 * d columns (row-major). Rows with `skip[i] = 1` are left alone. Tree t starts at node `treeStart[t]`; child indices are
 * relative to it. A value goes left if it is ≤ the threshold; a missing one (NaN) by `missingLeft`.
 */
export function predictTrees(
  n: number,
  d: number,
  x: Float64Array,
  firstTree: number,
  lastTree: number,
  treeStart: Int32Array,
  feature: Int32Array,
  threshold: Float64Array,
  left: Int32Array,
  missingLeft: Uint8Array,
  skip: Uint8Array,
  sum: Float64Array,
  sumSquares: Float64Array,
): void {
  for (let t = firstTree; t < lastTree; t++) {
    const root = treeStart[t];
    for (let i = 0; i < n; i++) {
      if (skip[i] === 1) continue;
      const row = i * d;
      let node = root;
      let f = feature[node];
      while (f >= 0) {
        const value = x[row + f];
        const child = root + left[node];
        if (value <= threshold[node]) node = child;
        else if (value > threshold[node]) node = child + 1;
        else node = missingLeft[node] === 1 ? child : child + 1;
        f = feature[node];
      }
      const leaf = threshold[node];
      sum[i] += leaf;
      sumSquares[i] += leaf * leaf;
    }
  }
}
