import { DomainError, type LabelMap } from "@materiome/core";
import { REGION_FIELDS, regionMoments } from "../kernels/index.ts";
import { largestLabel, mapLabels, requireLabels } from "./labelCheck.ts";

/**
 * What happens to regions that the border of the image cuts:
 *
 * - `keep`: all count 1;
 * - `drop`: those with a pixel in the outermost rows and columns are removed. Large regions are cut more often, so means by
 *   number come out too small;
 * - `half`: they count ½, at a corner of the image ¼ (Jeffries' planimetric count);
 * - `disector`: unbiased counting frame, `guardPx` inside the image. A region counts if it has a pixel in the frame and none
 *   on the forbidden line, which runs up from the upper left corner of the frame, along its left and lower edges, and down
 *   from its lower right corner. Unbiased if no region that counts leaves the image, so the guard must be as wide as they are;
 * - `milesLantuejoul`: those cut are removed, the others weighted by the inverse of the share of places where they would not
 *   have been cut, W·H / ((W − w − 1)(H − h − 1)) for a bounding box of w × h pixels.
 */
export type BorderRule = "keep" | "drop" | "half" | "disector" | "milesLantuejoul";

export interface ApplyBorderRuleOptions {
  /** Width of the guard around the frame of `disector`, px, from 1 on. @defaultValue none: `disector` needs it */
  readonly guardPx?: number | undefined;
}

export interface CountedRegions {
  /** The map with the regions that do not count set to 0; numbers are kept. */
  readonly labels: LabelMap;
  /** Entry k: how much region k counts; 0 for those left out and for unused numbers. */
  readonly weights: Float64Array;
  readonly nCut: number;
  /** Regions that count although the border cuts them (`disector`: then the guard is too narrow). */
  readonly nCutCounted: number;
  /** Area that the weighted count refers to, px². */
  readonly areaPx: number;
}

/**
 * Counts and weights of regions by a rule for those that the border cuts.
 *
 * @throws ShapeError for more than one channel; DomainError for a rule that does not exist or a guard that leaves no frame
 * @see H. J. G. Gundersen, J. Microsc. 111, 219 (1977), doi:10.1111/j.1365-2818.1977.tb00062.x (counting frame)
 * @see C. Lantuéjoul, in: Quantitative Analysis of Microstructures (1978); ASTM E112-13 §11 (count of cut grains)
 * @example
 * const { labels, weights } = applyBorderRule(particles, "milesLantuejoul");
 */
export function applyBorderRule(
  labels: LabelMap,
  rule: BorderRule,
  options: ApplyBorderRuleOptions = {},
): CountedRegions {
  requireLabels("applyBorderRule", labels);
  if (!RULES.includes(rule)) {
    throw new DomainError(`applyBorderRule: there is no rule "${rule}"; rules are ${RULES.join(", ")}`);
  }
  const { width, height, data } = labels;
  const guardPx = options.guardPx ?? 0;
  if (rule === "disector" && !(Number.isInteger(guardPx) && guardPx >= 1 && 2 * guardPx < Math.min(width, height))) {
    throw new DomainError(
      `applyBorderRule: "disector" needs guardPx, a whole number from 1 that leaves a frame in ${width} × ${height}, got ${options.guardPx}`,
    );
  }
  const n = largestLabel("applyBorderRule", labels);
  const sums = new Float64Array((n + 1) * REGION_FIELDS);
  regionMoments(width, height, n, data, new Float32Array(0), sums);
  const frame = rule === "disector" ? frameCounts(labels, n, guardPx) : undefined;
  const corners = new Set([data[0], data[width - 1], data[(height - 1) * width], data[width * height - 1]]);
  const weights = new Float64Array(n + 1);
  let nCut = 0;
  let nCutCounted = 0;
  for (let k = 1; k <= n; k++) {
    const [area, , , , , , minX, maxX, minY, maxY] = sums.subarray(k * REGION_FIELDS) as unknown as Bounds;
    if (area === 0) continue;
    const isCut = minX === 0 || minY === 0 || maxX === width - 1 || maxY === height - 1;
    if (isCut) nCut++;
    if (frame !== undefined)
      weights[k] = frame[k]!; // frame has n + 1 entries
    else if (!isCut) {
      const placesX = width - (maxX - minX + 1) - 1;
      const placesY = height - (maxY - minY + 1) - 1;
      weights[k] = rule === "milesLantuejoul" ? (width * height) / (placesX * placesY) : 1;
    } else if (rule === "keep") weights[k] = 1;
    else if (rule === "half") weights[k] = corners.has(k) ? 0.25 : 0.5;
    if (isCut && weights[k]! > 0) nCutCounted++; // k ≤ n
  }
  const kept = mapLabels(
    labels,
    Uint32Array.from(weights, (weight, k) => (weight > 0 ? k : 0)),
  );
  const areaPx = rule === "disector" ? (width - 2 * guardPx) * (height - 2 * guardPx) : width * height;
  return { labels: kept, weights, nCut, nCutCounted, areaPx };
}

const RULES: readonly string[] = ["keep", "drop", "half", "disector", "milesLantuejoul"];

type Bounds = [number, number, number, number, number, number, number, number, number, number];

/** 1 for regions with a pixel in the frame and none on the forbidden line. */
function frameCounts(labels: LabelMap, n: number, guard: number): Uint8Array {
  const { width, height, data } = labels;
  const right = width - guard;
  const bottom = height - guard; // first column and row outside
  const counts = new Uint8Array(n + 1);
  for (let y = guard; y < bottom; y++) {
    for (let x = guard; x < right; x++) counts[data[y * width + x]!] = 1; // labels are 0 … n
  }
  const forbid = (x: number, y: number): void => {
    if (x >= 0 && x < width && y >= 0 && y < height) counts[data[y * width + x]!] = 0; // inside the image
  };
  for (let y = 0; y <= bottom; y++) forbid(guard - 1, y);
  for (let x = guard - 1; x < right; x++) forbid(x, bottom);
  for (let y = bottom; y < height; y++) forbid(right - 1, y);
  counts[0] = 0;
  return counts;
}
