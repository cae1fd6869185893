/**
 * As `predictTrees`, without squares, for trees that also split sets of categories: a node with `sets[node]` ≥ 0 sends category
 * c (a whole number 0 … 255 in x) left if bit c of that set is 1. A set has 32 bytes.
 */
export function predictSetTrees(
  n: number,
  d: number,
  x: Float64Array,
  nTrees: number,
  treeStart: Int32Array,
  feature: Int32Array,
  threshold: Float64Array,
  left: Int32Array,
  missingLeft: Uint8Array,
  sets: Int32Array,
  setBits: Uint8Array,
  sum: Float64Array,
): void {
  for (let t = 0; t < nTrees; t++) {
    const root = treeStart[t];
    for (let i = 0; i < n; i++) {
      const row = i * d;
      let node = root;
      let f = feature[node];
      while (f >= 0) {
        const value = x[row + f];
        const set = sets[node];
        let goesLeft = missingLeft[node];
        if (!Number.isNaN(value)) {
          if (set >= 0) goesLeft = (setBits[(set << 5) + (value >> 3)] >> (value & 7)) & 1;
          else goesLeft = +(value <= threshold[node]);
        }
        node = root + left[node] + 1 - goesLeft;
        f = feature[node];
      }
      sum[i] += threshold[node];
    }
  }
}
