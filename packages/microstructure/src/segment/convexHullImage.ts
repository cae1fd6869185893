import type { Raster } from "@materiome/core";
import { requireOneChannel, withData } from "./morphologyFilter.ts";

/**
 * Pixels whose centres lie in or on the convex hull of the centres of all foreground pixels.
 *
 * @param mask - foreground not 0
 * @returns mask of 0 and 1; all 0 where the mask is
 * @throws ShapeError for more than one channel
 * @see A. M. Andrew, Inf. Process. Lett. 9, 216 (1979), doi:10.1016/0020-0190(79)90072-3
 * @example
 * const hull = convexHullImage(mask);
 */
export function convexHullImage(mask: Raster<Uint8Array>): Raster<Uint8Array> {
  requireOneChannel("convexHullImage", mask);
  const { width, height, data } = mask;
  const ends: { readonly y: number; readonly left: number; readonly right: number }[] = [];
  for (let y = 0; y < height; y++) {
    let left = -1;
    let right = -1;
    for (let x = 0; x < width; x++) {
      if (data[y * width + x] === 0) continue;
      if (left < 0) left = x;
      right = x;
    }
    if (left >= 0) ends.push({ y, left, right });
  }
  const out = new Uint8Array(data.length);
  // Left side as a lower hull of x over y; right side likewise, mirrored.
  const left = lowerHull(ends.map((row) => [row.y, row.left]));
  const right = lowerHull(ends.map((row) => [row.y, -row.right]));
  for (let y = ends[0]?.y ?? height; y <= (ends.at(-1)?.y ?? -1); y++) {
    const from = Math.ceil(heightAt(left, y) - 1e-9);
    const to = Math.floor(-heightAt(right, y) + 1e-9);
    for (let x = from; x <= to; x++) out[y * width + x] = 1;
  }
  return withData(mask, out);
}

type Knot = readonly [t: number, value: number];

function lowerHull(knots: readonly Knot[]): Knot[] {
  const hull: Knot[] = [];
  for (const [t, value] of knots) {
    for (;;) {
      const b = hull.at(-1);
      const a = hull.at(-2);
      if (a === undefined || b === undefined) break;
      if ((b[1] - a[1]) * (t - a[0]) < (value - a[1]) * (b[0] - a[0])) break; // b lies below the chord
      hull.pop();
    }
    hull.push([t, value]);
  }
  return hull;
}

function heightAt(hull: readonly Knot[], t: number): number {
  const k = hull.findIndex((knot) => knot[0] >= t);
  const b = hull[k]!; // t lies within the hull's rows
  const a = hull[Math.max(0, k - 1)]!;
  return b[0] === a[0] ? b[1] : a[1] + ((b[1] - a[1]) * (t - a[0])) / (b[0] - a[0]);
}
