/** Words of a node: `feature << 8 | code`, the largest code that goes left; then the left child, a leaf's being itself. */
export const NODE_WORDS = 2;

/**
 * Adds the class shares of the leaves that n coded samples reach in trees first … last − 1 to `sums` ([n, nClasses]).
 * Sample i has its codes at `codes[i * stride]` on. Nodes and leaves are those of all trees; `leafOf` numbers the leaves.
 * Four samples walk side by side, so that one waits for memory while another goes on; neighbours reach their leaves
 * at about the same depth. Sums are whole numbers: their order does not matter.
 */
export function walkTrees(
  n: number,
  stride: number,
  codes: Uint8Array,
  first: number,
  last: number,
  treeStart: Int32Array,
  nodes: Int32Array,
  leafOf: Int32Array,
  nClasses: number,
  shares: Uint16Array,
  sums: Int32Array,
): void {
  for (let t = first; t < last; t++) {
    const root = treeStart[t];
    for (let i = 0; i < n; i += 4) {
      // The last samples are walked more than once, and added once.
      const rowA = i * stride;
      const rowB = Math.min(i + 1, n - 1) * stride;
      const rowC = Math.min(i + 2, n - 1) * stride;
      const rowD = Math.min(i + 3, n - 1) * stride;
      let a = root;
      let b = root;
      let c = root;
      let d = root;
      let moved = 1;
      while (moved !== 0) {
        const nodeA = nodes[a << 1];
        const nodeB = nodes[b << 1];
        const nodeC = nodes[c << 1];
        const nodeD = nodes[d << 1];
        const nextA = nodes[(a << 1) + 1] + (((nodeA & 255) - codes[rowA + (nodeA >> 8)]) >>> 31);
        const nextB = nodes[(b << 1) + 1] + (((nodeB & 255) - codes[rowB + (nodeB >> 8)]) >>> 31);
        const nextC = nodes[(c << 1) + 1] + (((nodeC & 255) - codes[rowC + (nodeC >> 8)]) >>> 31);
        const nextD = nodes[(d << 1) + 1] + (((nodeD & 255) - codes[rowD + (nodeD >> 8)]) >>> 31);
        moved = (nextA ^ a) | (nextB ^ b) | (nextC ^ c) | (nextD ^ d);
        a = nextA;
        b = nextB;
        c = nextC;
        d = nextD;
      }
      addShares(nClasses, shares, leafOf[a], sums, i);
      if (i + 1 < n) addShares(nClasses, shares, leafOf[b], sums, i + 1);
      if (i + 2 < n) addShares(nClasses, shares, leafOf[c], sums, i + 2);
      if (i + 3 < n) addShares(nClasses, shares, leafOf[d], sums, i + 3);
    }
  }
}

function addShares(nClasses: number, shares: Uint16Array, leaf: number, sums: Int32Array, sample: number): void {
  const from = leaf * nClasses;
  const to = sample * nClasses;
  for (let k = 0; k < nClasses; k++) sums[to + k] += shares[from + k];
}
