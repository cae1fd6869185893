import { DataError, type LabelMap } from "@materiome/core";
import { regionTable } from "../regions/regionTable.ts";
import { grainSizeFromArea } from "./grainSizeNumber.ts";
import { resolvePixelSize } from "./resolvePixelSize.ts";

export interface LargestGrainOptions {
  /** Edge of a pixel, µm. @defaultValue that of the label map */
  readonly pixelSizeUm?: number | undefined;
}

export interface LargestGrain {
  readonly label: number;
  /** Measured area (referee procedure), px². */
  readonly areaPx: number;
  /** Largest calliper diameter, and the largest square to it. */
  readonly largestCalliperPx: number;
  readonly crossCalliperPx: number;
  /** Calliper procedure: 0.785 · D₁ · D₂, px². */
  readonly calliperAreaPx: number;
  /** Where the border cuts the grain its size is a lower bound, and G an upper one. */
  readonly isCut: boolean;
  /** By measured area, by callipers, and by comparison: the nearest half number of the templates. Absent without calibration. */
  readonly G?: { readonly area: number; readonly calliper: number; readonly comparison: number } | undefined;
}

/**
 * The largest grain on a section ("ALA", as large as): its area by the three procedures of the standard and the grain
 * size number of a structure of such grains.
 *
 * @param labels - grains 1 … n; cut grains take part
 * @throws DataError for a map without grains
 * @see ASTM E930-18: comparison, measuring and referee procedures, Table 1 (areas of the ALA grain size numbers)
 * @example
 * const { G, isCut } = largestGrain(labels, { pixelSizeUm: 0.5 });
 */
export function largestGrain(labels: LabelMap, options: LargestGrainOptions = {}): LargestGrain {
  const pixelSizeUm = resolvePixelSize("largestGrain", labels, options.pixelSizeUm);
  const regions = regionTable(labels);
  const [first, ...others] = regions;
  if (first === undefined) throw new DataError("largestGrain: the label map is 0 everywhere; it shows no grain");
  const grain = others.reduce((a, b) => (b.areaPx > a.areaPx ? b : a), first);
  const hull = convexHull(outline(labels, grain));
  let [largestCalliperPx, ux, uy] = [0, 1, 0];
  for (const [i, a] of hull.entries()) {
    for (const b of hull.slice(i + 1)) {
      const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
      if (length > largestCalliperPx)
        [largestCalliperPx, ux, uy] = [length, (b[0] - a[0]) / length, (b[1] - a[1]) / length];
    }
  }
  const across = hull.map(([x, y]) => y * ux - x * uy);
  const crossCalliperPx = Math.max(...across) - Math.min(...across);
  const result: LargestGrain = {
    label: grain.label,
    areaPx: grain.areaPx,
    largestCalliperPx,
    crossCalliperPx,
    calliperAreaPx: 0.785 * largestCalliperPx * crossCalliperPx,
    isCut: grain.touchesEdge,
  };
  if (pixelSizeUm === undefined) return result;
  const number = (areaPx: number): number => grainSizeFromArea(areaPx * pixelSizeUm * pixelSizeUm);
  const area = number(grain.areaPx);
  return { ...result, G: { area, calliper: number(result.calliperAreaPx), comparison: Math.round(2 * area) / 2 } };
}

type Point = readonly [number, number];

/** Corners of the first and last pixel of each row of a region. */
function outline(
  { data, width }: LabelMap,
  box: { label: number; minX: number; maxX: number; minY: number; maxY: number },
): Point[] {
  const points: Point[] = [];
  for (let y = box.minY; y <= box.maxY; y++) {
    const row = data.subarray(y * width + box.minX, y * width + box.maxX + 1);
    const from = row.indexOf(box.label);
    if (from < 0) continue;
    const to = row.lastIndexOf(box.label) + 1;
    for (const x of [box.minX + from - 0.5, box.minX + to - 0.5]) points.push([x, y - 0.5], [x, y + 0.5]);
  }
  return points;
}

/** Andrew's monotone chain (Inf. Process. Lett. 9, 216 (1979), doi:10.1016/0020-0190(79)90072-3). */
function convexHull(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (list: readonly Point[]): Point[] => {
    const chain: Point[] = [];
    for (const p of list) {
      for (;;) {
        const b = chain.at(-1);
        const a = chain.at(-2);
        if (a === undefined || b === undefined) break;
        if ((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]) > 0) break;
        chain.pop();
      }
      chain.push(p);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())];
}
