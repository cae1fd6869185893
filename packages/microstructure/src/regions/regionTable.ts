import { type LabelMap, type Raster, ShapeError } from "@materiome/core";
import { REGION_FIELDS, regionMoments } from "../kernels/index.ts";
import { largestLabel } from "./labelCheck.ts";

/** One region of a label map, in pixels; x to the right, y down, the centre of the first pixel at (0, 0). */
export interface Region {
  readonly label: number;
  readonly areaPx: number;
  /** Diameter of the circle of equal area, √(4A/π). */
  readonly equivalentDiameterPx: number;
  /** Crofton's perimeter from four directions, the image border included. */
  readonly perimeterPx: number;
  readonly centroidX: number;
  readonly centroidY: number;
  /** First and last column and row. */
  readonly minX: number;
  readonly maxX: number;
  readonly minY: number;
  readonly maxY: number;
  /** Axes of the ellipse with the region's second moments, each pixel taken as a unit square. */
  readonly majorAxisPx: number;
  readonly minorAxisPx: number;
  /** Of the major axis, degrees counter-clockwise from +x, in (−90, 90]; 0 for a region without a long axis. */
  readonly orientationDeg: number;
  /** Major over minor axis. */
  readonly aspectRatio: number;
  readonly touchesEdge: boolean;
  /** Mean grey inside the region; absent without an image. */
  readonly meanGrey?: number | undefined;
}

/**
 * Size, place, shape and grey of every region of a label map.
 *
 * Perimeter: Cauchy–Crofton over 0°, 45°, 90°, 135°, P = π/8 · (N₀ + N₉₀ + (N₄₅ + N₁₃₅)/√2), N the boundary crossings of
 * all pixel lines of a direction. Ellipse: axes 4√λ of the central second moments λ, with 1/12 for the extent of a pixel.
 *
 * @param labels - regions 1 … n; 0 is left out, as are labels that no pixel has
 * @param grey - image of the same size, one channel
 * @returns one entry per region, by rising label
 * @throws ShapeError if image and labels differ in size; DomainError for labels far above the number of pixels
 * @see perimeter: G. Lehmann, D. Legland, Insight Journal (2012)
 * @example
 * const [first] = regionTable(labels, image);
 */
export function regionTable(labels: LabelMap, grey?: Raster): Region[] {
  const { width, height, data } = labels;
  if (grey !== undefined && (grey.width !== width || grey.height !== height || grey.channels !== 1)) {
    throw new ShapeError(
      `regionTable: grey must be ${width} × ${height} with one channel like labels, got ${grey.width} × ${grey.height} with ${grey.channels}`,
    );
  }
  const n = largestLabel("regionTable", labels);
  const sums = new Float64Array((n + 1) * REGION_FIELDS);
  const values = grey === undefined ? new Float32Array(0) : asFloat(grey);
  regionMoments(width, height, n, data, values, sums);
  const regions: Region[] = [];
  for (let label = 1; label <= n; label++) {
    const row = sums.subarray(label * REGION_FIELDS, (label + 1) * REGION_FIELDS);
    if (row[0] !== 0) regions.push(describeRegion(label, row, width, height, grey !== undefined));
  }
  return regions;
}

function asFloat(grey: Raster): Float32Array {
  return grey.data instanceof Float32Array ? grey.data : Float32Array.from(grey.data);
}

/** A region from its sums, a row of `regionMoments`. */
export function describeRegion(
  label: number,
  row: Float64Array,
  width: number,
  height: number,
  hasGrey: boolean,
): Region {
  const [area, sx, sy, sxx, syy, sxy, minX, maxX, minY, maxY, nH, nV, nD, sumGrey] = row as unknown as RegionSums;
  const centroidX = sx / area;
  const centroidY = sy / area;
  const xx = sxx / area - centroidX * centroidX + 1 / 12;
  const yy = syy / area - centroidY * centroidY + 1 / 12;
  const xy = -(sxy / area - centroidX * centroidY); // y up, as angles are counted
  const middle = (xx + yy) / 2;
  const spread = Math.hypot((xx - yy) / 2, xy);
  const majorAxisPx = 4 * Math.sqrt(middle + spread);
  const minorAxisPx = 4 * Math.sqrt(Math.max(0, middle - spread));
  const isRound = spread < 1e-9 * middle;
  const orientation = isRound ? 0 : (Math.atan2(2 * xy, xx - yy) * 90) / Math.PI + 0; // + 0: no negative zero
  const region: Region = {
    label,
    areaPx: area,
    equivalentDiameterPx: Math.sqrt((4 * area) / Math.PI),
    perimeterPx: (Math.PI / 8) * (nH + nV + nD / Math.SQRT2),
    centroidX,
    centroidY,
    minX,
    maxX,
    minY,
    maxY,
    majorAxisPx,
    minorAxisPx,
    orientationDeg: orientation <= -90 ? orientation + 180 : orientation,
    aspectRatio: majorAxisPx / minorAxisPx,
    touchesEdge: minX === 0 || minY === 0 || maxX === width - 1 || maxY === height - 1,
  };
  return hasGrey ? { ...region, meanGrey: sumGrey / area } : region;
}

/** The row layout of `regionMoments`. */
type RegionSums = [
  area: number,
  sx: number,
  sy: number,
  sxx: number,
  syy: number,
  sxy: number,
  minX: number,
  maxX: number,
  minY: number,
  maxY: number,
  nH: number,
  nV: number,
  nD: number,
  sumGrey: number,
];
