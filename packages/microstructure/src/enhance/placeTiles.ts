import { createMatrix } from "@materiome/core";
import { solvePositiveDefinite } from "@materiome/core/numerics";
import type { TilePair, TileRegistration } from "./registerTiles.ts";
import type { TilePosition } from "./tileGrid.ts";

/** Tie to the nominal place that keeps groups of tiles where the stage meant them, far below the weight of a pair. */
const TIE = 1e-7;

/** Least squares over the used pairs; those that contradict the result by more than `maxResidual` are dropped, worst first. */
export function placeTiles(
  nominal: readonly TilePosition[],
  measured: readonly TilePair[],
  maxResidual: number,
): TileRegistration {
  const pairs = [...measured];
  for (;;) {
    const x = solveAxis(
      nominal.map((tile) => tile.xPx),
      pairs,
      (pair) => pair.dxPx,
    );
    const y = solveAxis(
      nominal.map((tile) => tile.yPx),
      pairs,
      (pair) => pair.dyPx,
    );
    let worst = -1;
    let largest = maxResidual;
    let squares = 0;
    let nUsed = 0;
    for (const [k, { first, second, dxPx, dyPx, status }] of pairs.entries()) {
      if (status !== "used") continue;
      const distance = Math.hypot(x[second]! - x[first]! - dxPx, y[second]! - y[first]! - dyPx); // indices of tiles
      squares += distance * distance;
      nUsed++;
      if (distance > largest) {
        largest = distance;
        worst = k;
      }
    }
    if (worst >= 0) {
      pairs[worst] = { ...pairs[worst]!, status: "inconsistent" }; // index found above
      continue;
    }
    const left = x.reduce((a, b) => Math.min(a, b));
    const top = y.reduce((a, b) => Math.min(a, b));
    const group = groups(nominal.length, pairs);
    const tied = new Set(
      pairs.filter((pair) => pair.status === "used").flatMap(({ first, second }) => [first, second]),
    );
    return {
      positions: nominal.map((_, k) => ({ xPx: x[k]! - left, yPx: y[k]! - top })), // one each
      pairs,
      residualPx: nUsed === 0 ? 0 : Math.sqrt(squares / nUsed),
      nGroups: new Set(group).size,
      loose: nominal.length === 1 ? [] : nominal.map((_, k) => k).filter((k) => !tied.has(k)),
    };
  }
}

function solveAxis(
  nominal: readonly number[],
  pairs: readonly TilePair[],
  measure: (pair: TilePair) => number,
): Float64Array {
  const n = nominal.length;
  const normal = new Float64Array(n * n);
  const right = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    normal[k * n + k] = TIE;
  }
  for (const pair of pairs) {
    if (pair.status !== "used") continue;
    const { first, second, correlation } = pair;
    const weight = Math.max(correlation * correlation, 1e-3);
    // Deviations from the nominal offsets are solved for: they are small, and a tile without pairs has none.
    const deviation = measure(pair) - (nominal[second]! - nominal[first]!); // indices of tiles
    normal[first * n + first]! += weight;
    normal[second * n + second]! += weight;
    normal[first * n + second]! -= weight;
    normal[second * n + first]! -= weight;
    right[second]! += weight * deviation;
    right[first]! -= weight * deviation;
  }
  const solved = solvePositiveDefinite(createMatrix(n, n, normal), right);
  return solved.map((value, k) => value + nominal[k]!); // one each
}

/** Group of each tile, named by its smallest index. */
function groups(n: number, pairs: readonly TilePair[]): Int32Array {
  const group = Int32Array.from({ length: n }, (_, k) => k);
  for (let isChanging = true; isChanging; ) {
    isChanging = false;
    for (const { first, second, status } of pairs) {
      if (status !== "used" || group[first] === group[second]) continue;
      const least = Math.min(group[first]!, group[second]!); // indices of tiles
      group[first] = least;
      group[second] = least;
      isChanging = true;
    }
  }
  return group;
}
