import type { Point } from "../space/points.ts";
import { nearestOf } from "./explain.ts";
import type { Knowledge } from "./knowledge.ts";
import type { OpenPoints } from "./openPoints.ts";
import type { SuggestOptions } from "./options.ts";
import { drawPoints, isInRegion, type Region } from "./region.ts";
import { type TrustRegionState, trustRegionBox } from "./trustRegion.ts";

const DRAWS = 512;

/**
 * Keeps the search to a box around the best point.
 *
 * @returns what the reader should know
 */
export function narrowToTrustRegion(
  options: SuggestOptions,
  { objective, ranked, seeds }: Knowledge,
  open: OpenPoints,
  { length }: TrustRegionState,
): string[] {
  const [leader] = seeds;
  if (leader === undefined) return [];
  const { region } = open;
  const centre = isInRegion(region, leader) ? leader : nearestAllowed(region, leader, options);
  open.narrow(trustRegionBox(options.space, objective.model, ranked, centre, length));
  return [`Trust region of side ${Number(length.toPrecision(3))} around the best point.`];
}

/** The point of the region nearest to one outside. */
function nearestAllowed(region: Region, point: Point, { random }: SuggestOptions): Point {
  const drawn = drawPoints(region, DRAWS, random.fork("nearest"));
  const row = nearestOf(region.space, point, drawn)?.row ?? 0;
  return drawn[row] as Point; // drawPoints gives some or throws
}
