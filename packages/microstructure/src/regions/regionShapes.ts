import type { LabelMap } from "@materiome/core";
import { HULL_FIELDS, regionHulls, regionQuads, regionRows } from "../kernels/index.ts";
import type { Region } from "./regionTable.ts";

/** Convex hull of a region as a union of unit squares. */
export interface RegionHull {
  readonly areaPx: number;
  readonly perimeterPx: number;
  readonly maxFeretPx: number;
  readonly maxFeretDeg: number;
  readonly minFeretPx: number;
}

/** Hulls of the regions listed, in their order. */
export function hullsOf(labels: LabelMap, regions: readonly Region[]): RegionHull[] {
  const n = regions.at(-1)?.label ?? 0;
  const starts = new Uint32Array(n + 2);
  const top = new Int32Array(n + 1);
  let tallest = 0;
  for (const { label, minY, maxY } of regions) {
    top[label] = minY;
    starts[label + 1] = maxY - minY + 1;
    tallest = Math.max(tallest, maxY - minY + 1);
  }
  for (let k = 0; k <= n; k++) starts[k + 1]! += starts[k]!; // n + 2 entries
  const nRows = starts[n + 1] ?? 0;
  const left = new Int32Array(nRows).fill(labels.width);
  const right = new Int32Array(nRows).fill(-1);
  regionRows(labels.width, labels.height, labels.data, starts, top, left, right);
  const out = new Float64Array((n + 1) * HULL_FIELDS);
  regionHulls(n, starts, top, left, right, new Float64Array(8 * tallest), out);
  return regions.map(({ label }) => {
    const [areaPx, perimeterPx, maxFeretPx, direction, minFeretPx] = out.subarray(label * HULL_FIELDS) as unknown as [
      number,
      number,
      number,
      number,
      number,
    ];
    // y points down, angles turn the other way; a line has no sense of direction.
    const degrees = (-direction * 180) / Math.PI;
    const turned = degrees <= -90 ? degrees + 180 : degrees > 90 ? degrees - 180 : degrees;
    return { areaPx, perimeterPx, maxFeretPx, maxFeretDeg: turned + 0, minFeretPx };
  });
}

/** Euler numbers (parts − holes) of the regions listed, pixels that touch at a corner being joined. */
export function eulerNumbersOf(labels: LabelMap, regions: readonly Region[]): Float64Array {
  const quads = new Float64Array(3 * ((regions.at(-1)?.label ?? 0) + 1));
  regionQuads(labels.width, labels.height, labels.data, quads);
  return Float64Array.from(regions, ({ label }) => {
    const [one, three, diagonal] = quads.subarray(3 * label) as unknown as [number, number, number];
    return (one - three - 2 * diagonal) / 4;
  });
}
