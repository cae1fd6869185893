import type { Point } from "../space/points.ts";

/** Tells equal points. */
export function pointKey(point: Point): string {
  return point.join("|");
}
