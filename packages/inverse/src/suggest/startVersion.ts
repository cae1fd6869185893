import type { Point } from "../space/points.ts";
import { atVersion } from "./atVersion.ts";
import type { FidelityLevels } from "./chooseFidelity.ts";
import type { OpenPoints } from "./openPoints.ts";
import { isInRegion } from "./region.ts";

/**
 * In which version a point of a start is measured: the first of three in the one that counts, the second repeats its place in the
 * cheapest, the third is a new place in the cheapest. Only places measured in both tell how versions go together (nested designs: M. C. Kennedy & A.
 * O'Hagan, Biometrika 87, 1 (2000), doi:10.1093/biomet/87.1.1).
 *
 * @param tried - all points before, told, pending or chosen
 */
export function startVersion(
  point: Point,
  { index, levels }: FidelityLevels,
  tried: readonly Point[],
  open: OpenPoints,
): Point {
  const at = (place: Point): readonly Point[] => levels.map(({ value }) => atVersion(place, index, value));
  const turn = tried.length % 3;
  const cheapest = levels.reduce((a, b) => (b.cost < a.cost ? b : a)).value;
  const last = tried.at(-1);
  const wanted =
    turn === 0
      ? [point]
      : [...(turn === 1 && last !== undefined && isInRegion(open.region, last) ? [last] : []), point].map((place) =>
          atVersion(place, index, cheapest),
        );
  // A pool may lack the version that is wanted.
  return [...wanted, ...at(point)].find(open.isMeasurable) ?? point;
}
