import type { Random } from "@materiome/core";
import { type Point, pointDistance } from "../space/points.ts";
import type { SearchSpace } from "../space/searchSpace.ts";

/** Candidates looked at for each point that is chosen: few, or the corners of the space would win. */
const CANDIDATES = 16;

/**
 * A space-filling start: each point is that of a few candidates which is farthest from all taken ones (Mitchell's best
 * candidate, SIGGRAPH 1991, doi:10.1145/122718.122736).
 *
 * @param candidates - evenly spread over what may be proposed, in random order
 */
export function startPoints(
  space: SearchSpace,
  candidates: readonly Point[],
  taken: readonly Point[],
  n: number,
  random: Random,
): Point[] {
  const left = [...candidates];
  const chosen: Point[] = [];
  while (chosen.length < n && left.length > 0) {
    let best = 0;
    let farthest = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < Math.min(CANDIDATES, left.length); c++) {
      const k = c + random.int(left.length - c);
      const [a, b] = [left[c] as Point, left[k] as Point]; // c ≤ k < length
      left[c] = b;
      left[k] = a;
      const distance = [...taken, ...chosen].reduce(
        (least, other) => Math.min(least, pointDistance(space, b, other)),
        Number.POSITIVE_INFINITY,
      );
      if (distance > farthest) [best, farthest] = [c, distance];
    }
    chosen.push(...left.splice(best, 1));
  }
  return chosen;
}
