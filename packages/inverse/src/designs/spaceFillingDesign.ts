import { DomainError, type Random } from "@materiome/core";
import { type Point, pointDistance } from "../space/points.ts";
import { sampleSpace } from "../space/sampleSpace.ts";
import type { SearchSpace } from "../space/searchSpace.ts";

export interface SpaceFillingDesignOptions {
  readonly random: Random;
  /** Points already tried: new ones keep away from them. @defaultValue none */
  readonly existing?: readonly Point[] | undefined;
  /** Points drawn to choose from. @defaultValue 40 n, 500 to 4000 */
  readonly candidates?: number | undefined;
}

const MOST_EXCHANGES = 200;

/**
 * Points far from each other inside all constraints of a space (maximin distance, {@link pointDistance}): chosen among points drawn
 * uniformly, always the one farthest from those chosen (Kennard & Stone), then exchanged while the smallest distance grows.
 *
 * @returns fewer than n where a finite space has no more
 * @throws DomainError for counts that are no whole numbers of at least 1
 * @throws InfeasibleError if the space has no point
 * @see Kennard & Stone, Technometrics 11, 137 (1969), doi:10.1080/00401706.1969.10490666; Johnson, Moore & Ylvisaker, J. Stat. Plan.
 * Inference 26, 131 (1990), doi:10.1016/0378-3758(90)90122-B
 * @example
 * const points = spaceFillingDesign(space, 12, { random: createRandom(1) });
 */
export function spaceFillingDesign(
  space: SearchSpace,
  n: number,
  options: SpaceFillingDesignOptions,
): readonly Point[] {
  const { random, existing = [], candidates = Math.min(4000, Math.max(500, 40 * n)) } = options;
  if (!(Number.isInteger(n) && n >= 1 && Number.isInteger(candidates) && candidates >= n)) {
    throw new DomainError(`spaceFillingDesign: n must be a whole number from 1 to ${candidates} candidates, got ${n}`);
  }
  const pool = distinct(sampleSpace(space, candidates, random.fork("candidates")), existing);
  const nearest = pool.map((point) => distanceTo(space, point, existing));
  const chosen: number[] = [];
  while (chosen.length < n && chosen.length < pool.length) {
    let best = chosen.length === 0 && existing.length === 0 ? random.int(pool.length) : -1;
    if (best < 0) {
      nearest.forEach((distance, i) => {
        if (distance > 0 && (best < 0 || distance > (nearest[best] as number))) best = i; // best < pool
      });
    }
    if (best < 0) break;
    chosen.push(best);
    pool.forEach((point, i) => {
      nearest[i] = Math.min(nearest[i] as number, pointDistance(space, point, pool[best] as Point)); // one a candidate
    });
  }
  return exchanged(space, pool, chosen, existing);
}

/** Replaces one point of the closest pair by the candidate that is farthest from all others, while that helps. */
function exchanged(
  space: SearchSpace,
  pool: readonly Point[],
  start: readonly number[],
  existing: readonly Point[],
): readonly Point[] {
  const points = start.map((i) => pool[i] as Point); // below pool
  for (let exchange = 0; exchange < MOST_EXCHANGES; exchange++) {
    const distances = points.map((point, i) => distanceTo(space, point, [...points.toSpliced(i, 1), ...existing]));
    const least = Math.min(...distances);
    let best: { readonly at: number; readonly point: Point } | undefined;
    let most = least * (1 + 1e-9);
    for (const at of points.keys()) {
      if ((distances[at] as number) > least * (1 + 1e-9)) continue;
      const others = [...points.toSpliced(at, 1), ...existing];
      for (const point of pool) {
        const distance = distanceTo(space, point, others, most);
        if (distance > most) [most, best] = [distance, { at, point }];
      }
    }
    if (best === undefined) break;
    points[best.at] = best.point;
  }
  return points;
}

/** Distance to the nearest; ends early below `enough`. */
function distanceTo(space: SearchSpace, point: Point, others: readonly Point[], enough = 0): number {
  let least = Number.POSITIVE_INFINITY;
  for (const other of others) {
    least = Math.min(least, pointDistance(space, point, other));
    if (least < enough) break;
  }
  return least;
}

function distinct(points: readonly Point[], taken: readonly Point[]): readonly Point[] {
  const seen = new Set(taken.map((point) => point.join("|")));
  return points.filter((point) => {
    const key = point.join("|");
    return seen.has(key) ? false : seen.add(key);
  });
}
