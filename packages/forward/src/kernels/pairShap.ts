import { routeRows } from "./coverTrees.ts";

/**
 * Adds the interventional Shapley values of one tree, times `scale`, of n rows of d columns to `out`, [n, nPlayers]: each row
 * against each of m background rows, whose ways through the tree stand in `zRoute` as `routeRows` writes them.
 *
 * A leaf is reached by a coalition if its players' values are the row's and the others' the background row's; with a players
 * that only the row may decide and b that only the background may, its value counts (a − 1)! b! / (a + b)! for the former and
 * − a! (b − 1)! / (a + b)! for the latter. Only the parts of the tree that some coalition reaches are walked.
 *
 * @param weights - (a − 1)! b! / (a + b)! at [a, b], stride `weightStride`, above the number of players on any path
 * @param mark - nPlayers, all 0; left so
 * @param frames - 2 × depth; `saved` likewise
 */
export function pairShap(
  n: number,
  m: number,
  d: number,
  x: Float64Array,
  zRoute: Uint8Array,
  root: number,
  end: number,
  feature: Int32Array,
  threshold: Float64Array,
  left: Int32Array,
  missingLeft: Uint8Array,
  player: Int32Array,
  nPlayers: number,
  weightStride: number,
  weights: Float64Array,
  scale: number,
  xRoute: Uint8Array,
  mark: Uint8Array,
  frames: Int32Array,
  saved: Float64Array,
  out: Float64Array,
): void {
  const size = end - root;
  for (let i = 0; i < n; i++) {
    routeRows(1, d, i, x, root, end, feature, threshold, missingLeft, xRoute);
    const row = i * nPlayers;
    for (let j = 0; j < m; j++) {
      const z = j * size;
      let node = 0;
      let top = -1;
      let a = 0;
      let b = 0;
      for (;;) {
        let f = feature[root + node];
        while (f >= 0) {
          const xRight = 1 - xRoute[node];
          const zRight = 1 - zRoute[z + node];
          let right = xRight;
          if (xRight !== zRight) {
            const p = player[f];
            const taken = mark[p];
            if (taken === 0) {
              top++;
              frames[2 * top] = node;
              frames[2 * top + 1] = 0;
              mark[p] = 1;
              a++;
            } else if (taken === 2) right = zRight;
          }
          node = left[root + node] + right;
          f = feature[root + node];
        }
        const value = threshold[root + node];
        let gain = a > 0 ? value * weights[a * weightStride + b] : 0;
        let loss = b > 0 ? value * weights[b * weightStride + a] : 0;
        while (top >= 0 && frames[2 * top + 1] === 1) {
          const p = player[feature[root + frames[2 * top]]];
          out[row + p] += scale * (saved[2 * top] - loss);
          gain += saved[2 * top];
          loss += saved[2 * top + 1];
          mark[p] = 0;
          b--;
          top--;
        }
        if (top < 0) break;
        const branch = frames[2 * top];
        saved[2 * top] = gain;
        saved[2 * top + 1] = loss;
        frames[2 * top + 1] = 1;
        mark[player[feature[root + branch]]] = 2;
        a--;
        b++;
        node = left[root + branch] + 1 - zRoute[z + branch];
      }
    }
  }
}
