/**
 * Counts the rows that reach each node of trees `firstTree` … `lastTree − 1` (layout as `predictTrees`), n rows of d columns.
 * `cover` must be 0 there.
 */
export function coverTrees(
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
  cover: Float64Array,
): void {
  for (let t = firstTree; t < lastTree; t++) {
    const root = treeStart[t];
    for (let i = 0; i < n; i++) {
      const row = i * d;
      let node = root;
      cover[node]++;
      let f = feature[node];
      while (f >= 0) {
        const value = x[row + f];
        const child = root + left[node];
        if (value <= threshold[node]) node = child;
        else if (value > threshold[node]) node = child + 1;
        else node = missingLeft[node] === 1 ? child : child + 1;
        cover[node]++;
        f = feature[node];
      }
    }
  }
}

/**
 * Writes 1 for each node of tree `root` … `end − 1` at which a row goes left, 0 where it goes right (leaves: 0), for n rows of
 * d columns from row `firstRow` on; row i starts at `out[i * (end − root)]`.
 */
export function routeRows(
  n: number,
  d: number,
  firstRow: number,
  x: Float64Array,
  root: number,
  end: number,
  feature: Int32Array,
  threshold: Float64Array,
  missingLeft: Uint8Array,
  out: Uint8Array,
): void {
  const size = end - root;
  for (let i = 0; i < n; i++) {
    const row = (firstRow + i) * d;
    const at = i * size - root;
    for (let node = root; node < end; node++) {
      const f = feature[node];
      if (f < 0) {
        out[at + node] = 0;
        continue;
      }
      const value = x[row + f];
      if (value <= threshold[node]) out[at + node] = 1;
      else if (value > threshold[node]) out[at + node] = 0;
      else out[at + node] = missingLeft[node];
    }
  }
}
