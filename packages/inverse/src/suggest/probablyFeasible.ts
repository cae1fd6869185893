import type { Acquisition } from "../acquisition/acquisition.ts";
import { encodePoints } from "../space/encodePoints.ts";
import type { Point } from "../space/points.ts";
import type { SearchSpace } from "../space/searchSpace.ts";

/** Of the points those that are feasible by half or more; where none is, the likeliest. */
export function probablyFeasible(
  space: SearchSpace,
  points: readonly Point[],
  feasible: Acquisition | undefined,
): readonly Point[] {
  if (feasible === undefined) return points;
  const logs = feasible.value(encodePoints(space, points));
  const bar = Math.min(
    -Math.LN2,
    logs.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
  );
  return points.filter((_, i) => (logs[i] as number) >= bar); // one each
}
