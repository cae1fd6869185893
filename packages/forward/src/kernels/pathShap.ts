import { routeRows } from "./coverTrees.ts";

/**
 * What path-dependent Shapley values need to know of a tree's edges, for nodes `root` … `end − 1` of one tree; entries are those
 * of the edge that leads to the node, counted from the root.
 *
 * `twin`: nearest node above whose edge is decided by the same player, −1 without one. `zero`: share of rows that follow all
 * edges of that player down to here, each among those that reach the edge.
 *
 * @returns largest number of players on a path
 */
export function linkEdges(
  root: number,
  end: number,
  feature: Int32Array,
  left: Int32Array,
  cover: Float64Array,
  player: Int32Array,
  parent: Int32Array,
  edgePlayer: Int32Array,
  twin: Int32Array,
  zero: Float64Array,
  nPlayersAbove: Int32Array,
): number {
  let most = 0;
  parent[0] = -1;
  edgePlayer[0] = -1;
  twin[0] = -1;
  zero[0] = 1;
  nPlayersAbove[0] = 0;
  for (let k = 0; k < end - root; k++) {
    const f = feature[root + k];
    if (f < 0) {
      if (nPlayersAbove[k] > most) most = nPlayersAbove[k];
      continue;
    }
    const p = player[f];
    let above = k;
    while (above >= 0 && edgePlayer[above] !== p) above = parent[above];
    for (let side = 0; side < 2; side++) {
      const child = left[root + k] + side;
      parent[child] = k;
      edgePlayer[child] = p;
      twin[child] = above;
      zero[child] = (above < 0 ? 1 : zero[above]) * (cover[root + child] / cover[root + k]);
      nPlayersAbove[child] = nPlayersAbove[k] + (above < 0 ? 1 : 0);
    }
  }
  return most;
}

/**
 * Tables of one tree with `size` nodes for {@link pathShap}, `nPoints` numbers for each of four cases of a node:
 * factor where the row follows the edge, where it leaves here, then the coefficients of both.
 */
export function tabulateEdges(
  size: number,
  nPoints: number,
  points: Float64Array,
  weights: Float64Array,
  twin: Int32Array,
  zero: Float64Array,
  tables: Float64Array,
): void {
  for (let k = 1; k < size; k++) {
    const z = zero[k];
    const zAbove = twin[k] < 0 ? 1 : zero[twin[k]];
    for (let q = 0; q < nPoints; q++) {
      const t = points[q];
      const cold = z * (1 - t);
      const hot = cold + t;
      const above = zAbove * (1 - t) + t;
      const old = (1 - zAbove) / above;
      const at = k * 4 * nPoints + q;
      tables[at] = hot / above;
      tables[at + nPoints] = cold / above;
      tables[at + 2 * nPoints] = weights[q] * ((1 - z) / hot - old);
      tables[at + 3 * nPoints] = -weights[q] * (1 / (1 - t) + old);
    }
  }
}

/**
 * Adds the path-dependent Shapley values of one tree, times `scale`, of n rows of d columns to `out`, [n, nPlayers].
 *
 * The value of a coalition is polynomial in the probability t that a player is in it: a leaf contributes its value times
 * Π (zero (1 − t) + one t) over the players on its path. A player's Shapley value is the integral over t of the derivative by its
 * own probability, and `nPoints` Gauss–Legendre points give it exactly.
 *
 * @param one - size bytes; `route` likewise
 * @param product - size × nPoints
 */
export function pathShap(
  n: number,
  d: number,
  x: Float64Array,
  root: number,
  end: number,
  feature: Int32Array,
  threshold: Float64Array,
  left: Int32Array,
  missingLeft: Uint8Array,
  nPlayers: number,
  edgePlayer: Int32Array,
  twin: Int32Array,
  zero: Float64Array,
  nPoints: number,
  tables: Float64Array,
  scale: number,
  route: Uint8Array,
  one: Uint8Array,
  product: Float64Array,
  out: Float64Array,
): void {
  const size = end - root;
  one[0] = 1;
  for (let i = 0; i < n; i++) {
    routeRows(1, d, i, x, root, end, feature, threshold, missingLeft, route);
    for (let q = 0; q < nPoints; q++) product[q] = scale;
    for (let k = 0; k < size; k++) {
      if (feature[root + k] < 0) continue;
      const from = k * nPoints;
      for (let side = 0; side < 2; side++) {
        const child = left[root + k] + side;
        const to = child * nPoints;
        const above = twin[child];
        if (above >= 0 && one[above] === 0) {
          one[child] = 0;
          const share = zero[child] / zero[above];
          for (let q = 0; q < nPoints; q++) product[to + q] = product[from + q] * share;
          continue;
        }
        const follows = route[k] !== side ? 1 : 0;
        one[child] = follows;
        const table = (child * 4 + 1 - follows) * nPoints;
        for (let q = 0; q < nPoints; q++) product[to + q] = product[from + q] * tables[table + q];
      }
    }
    const row = i * nPlayers;
    for (let k = size - 1; k > 0; k--) {
      const at = k * nPoints;
      if (feature[root + k] < 0) {
        const value = threshold[root + k];
        for (let q = 0; q < nPoints; q++) product[at + q] *= value;
      } else {
        const child = left[root + k] * nPoints;
        for (let q = 0; q < nPoints; q++) product[at + q] = product[child + q] + product[child + nPoints + q];
      }
      const above = twin[k];
      if (above >= 0 && one[above] === 0) continue;
      const table = (k * 4 + 3 - one[k]) * nPoints;
      let sum = 0;
      for (let q = 0; q < nPoints; q++) sum += product[at + q] * tables[table + q];
      out[row + edgePlayer[k]] += sum;
    }
  }
}
