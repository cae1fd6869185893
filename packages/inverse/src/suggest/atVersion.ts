import type { Point } from "../space/points.ts";

/** The point in another version. */
export function atVersion(point: Point, index: number, value: number): Point {
  return point.map((own, j) => (j === index ? value : own));
}
