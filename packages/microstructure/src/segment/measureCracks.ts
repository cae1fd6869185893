import { DomainError, type LabelMap, type Raster } from "@materiome/core";
import { connectedComponents, distanceTransformSquared, geodesic, guoHallTable, thin } from "../kernels/index.ts";
import { smoothLine } from "./midLine.ts";

export interface MeasureCracksOptions {
  /** Label of the cracks in a label map. @defaultValue every value but 0; touching labels count as one crack */
  readonly label?: number | undefined;
  /** Parts shorter than this are not counted as cracks, px. @defaultValue 5 */
  readonly minLengthPx?: number | undefined;
}

export interface Crack {
  readonly areaPx: number;
  /** Longest way along the crack, from tip to tip, px. */
  readonly lengthPx: number;
  /** With all branches, px. */
  readonly totalLengthPx: number;
  /** Distance from tip to tip over `lengthPx`; 1 for a straight crack. */
  readonly straightness: number;
  /** Of the line from tip to tip, degrees counter-clockwise from +x, in (−90, 90]. */
  readonly orientationDeg: number;
  /** Points where three and more branches meet. */
  readonly nBranchings: number;
  /** Opening along the longest way: mean, standard deviation and largest, px. */
  readonly meanWidthPx: number;
  readonly stdWidthPx: number;
  readonly maxWidthPx: number;
  /** Opening at every pixel of the longest way, from one tip to the other, px. */
  readonly widthsPx: Float64Array;
  /** Of the longest way: first and last pixel. */
  readonly startX: number;
  readonly startY: number;
  readonly endX: number;
  readonly endY: number;
}

export interface CrackMeasurement {
  /** Longest first. */
  readonly cracks: readonly Crack[];
  readonly totalLengthPx: number;
  /** Total length over the area of the image, per px; with calibration per mm. */
  readonly densityPerPx: number;
  readonly densityPerMm?: number | undefined;
  /** Share of the image. */
  readonly areaFraction: number;
  readonly pixelSizeUm?: number | undefined;
}

/**
 * Length, opening, direction and branching of every crack in a mask, and their density.
 *
 * Each crack is thinned to its skeleton (as by `skeletonize`); twigs no longer than the half-width of the crack where they leave
 * it are roughness, not branches, and are cut. Length: of the longest way, smoothed over two pixels so that the staircase does not count, plus
 * the half-width at each tip that thinning takes off; of the other branches steps of 1 and √2 times 0.948, right on average over
 * directions. Opening: twice the exact Euclidean distance from
 * the skeleton to the nearest pixel outside, less the pixel of the centre line. Lines of one pixel width are resolved to about one
 * pixel only.
 *
 * @param cracks - mask (non-zero is crack) or label map
 * @throws DomainError for options out of range
 * @example
 * const { cracks, densityPerMm } = measureCracks(crackMask);
 */
export function measureCracks(
  cracks: Raster<Uint8Array> | LabelMap,
  options: MeasureCracksOptions = {},
): CrackMeasurement {
  const { width, height, pixelSizeUm } = cracks;
  const minLength = options.minLengthPx ?? 5;
  if (!(minLength >= 0)) throw new DomainError(`measureCracks: minLengthPx must be at least 0, got ${minLength}`);
  const { label } = options;
  const size = width * height;
  const mask = new Uint8Array(size);
  let area = 0;
  for (const [i, value] of cracks.data.entries()) {
    if (label === undefined ? value !== 0 : value === label) {
      mask[i] = 1;
      area++;
    }
  }
  const radius = new Float32Array(size);
  distanceTransformSquared(
    width,
    height,
    mask.map((value) => (value === 0 ? 1 : 0)),
    radius,
  );
  for (let i = 0; i < size; i++) radius[i] = Number.isFinite(radius[i]!) ? Math.sqrt(radius[i]!) : 0; // i < size
  const parts = new Uint32Array(size);
  const nParts = connectedComponents(width, height, mask, 8, parts);
  const areas = new Float64Array(nParts + 1);
  for (const part of parts) areas[part]! += 1; // 0 … nParts
  const skeleton = mask;
  thin(width, height, guoHallTable(), Number.POSITIVE_INFINITY, 0, height, skeleton);
  pruneTwigs(width, height, skeleton, radius);
  const pixels = Array.from({ length: nParts + 1 }, (): number[] => []);
  for (const [i, value] of skeleton.entries()) {
    if (value === 0) continue;
    pixels[parts[i]!]!.push(i); // the skeleton lies inside the mask
  }
  const found: Crack[] = [];
  for (let part = 1; part <= nParts; part++) {
    const crack = measureOne(width, radius, pixels[part]!, areas[part]!);
    if (crack !== undefined && crack.lengthPx >= minLength) found.push(crack);
  }
  found.sort((a, b) => b.lengthPx - a.lengthPx);
  const total = found.reduce((sum, crack) => sum + crack.totalLengthPx, 0);
  return {
    cracks: found,
    totalLengthPx: total,
    densityPerPx: total / size,
    densityPerMm: pixelSizeUm === undefined ? undefined : (1000 * total) / (size * pixelSizeUm),
    areaFraction: area / size,
    pixelSizeUm,
  };
}

/** Smoothing that evens out a digital line, px. */
const STAIRCASE = 2;
/** Mean of true over chain-code length of straight lines, steps counted 1 and √2: π/8 · (1 + √2). */
const CHAIN_TO_LENGTH: number = (Math.PI / 8) * (1 + Math.SQRT2);

function measureOne(width: number, radius: Float32Array, pixels: readonly number[], areaPx: number): Crack | undefined {
  if (pixels.length === 0) return undefined;
  const box = boxOf(width, pixels);
  const line = new Uint8Array(box.width * box.height);
  const inBox = (i: number): number => (Math.floor(i / width) - box.y) * box.width + (i % width) - box.x;
  for (const i of pixels) line[inBox(i)] = 1;
  const queue = new Int32Array(line.length);
  const distance = new Float32Array(line.length);
  const previous = new Int32Array(line.length);
  const first = geodesic(box.width, box.height, line, inBox(pixels[0]!), queue, distance, previous); // not empty
  const last = geodesic(box.width, box.height, line, first, queue, distance, previous);
  const path: number[] = [];
  for (let k = last; k >= 0; k = previous[k]!) {
    path.push((Math.floor(k / box.width) + box.y) * width + (k % box.width) + box.x);
  }
  const tips = radius[path[0]!]! + radius[path.at(-1)!]! - 1; // the path holds one pixel at least
  const x = smoothLine(
    Float64Array.from(path, (i) => i % width),
    STAIRCASE,
  );
  const y = smoothLine(
    Float64Array.from(path, (i) => Math.floor(i / width)),
    STAIRCASE,
  );
  let smooth = 0;
  for (let k = 1; k < x.length; k++) smooth += Math.hypot(x[k]! - x[k - 1]!, y[k]! - y[k - 1]!); // k < length
  const lengthPx = smooth + Math.max(0, tips);
  const widthsPx = Float64Array.from(path, (i) => 2 * radius[i]! - 1);
  const mean = widthsPx.reduce((sum, w) => sum + w, 0) / widthsPx.length;
  const variance = widthsPx.reduce((sum, w) => sum + (w - mean) ** 2, 0) / Math.max(1, widthsPx.length - 1);
  const startX = path[0]! % width;
  const startY = Math.floor(path[0]! / width);
  const endX = path.at(-1)! % width;
  const endY = Math.floor(path.at(-1)! / width);
  const chord = Math.hypot(endX - startX, endY - startY);
  let angle = (Math.atan2(-(endY - startY), endX - startX) * 180) / Math.PI; // y points down
  if (angle <= -90) angle += 180;
  if (angle > 90) angle -= 180;
  const { steps, nBranchings } = network(box.width, box.height, line);
  return {
    areaPx,
    lengthPx,
    totalLengthPx: lengthPx + CHAIN_TO_LENGTH * Math.max(0, steps - distance[last]!),
    straightness: Math.min(1, (chord + Math.max(0, tips)) / lengthPx),
    orientationDeg: angle + 0, // no negative zero
    nBranchings,
    meanWidthPx: mean,
    stdWidthPx: Math.sqrt(variance),
    maxWidthPx: widthsPx.reduce((most, w) => Math.max(most, w), 0),
    widthsPx,
    startX,
    startY,
    endX,
    endY,
  };
}

function boxOf(
  width: number,
  pixels: readonly number[],
): { readonly x: number; readonly y: number; readonly width: number; readonly height: number } {
  let left = Infinity;
  let right = 0;
  let top = Infinity;
  let bottom = 0;
  for (const i of pixels) {
    const x = i % width;
    const y = (i - x) / width;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

/** Length of all steps of a skeleton, and its branchings: clusters of pixels from which three and more lines leave. */
function network(
  width: number,
  height: number,
  line: Uint8Array,
): { readonly steps: number; readonly nBranchings: number } {
  let steps = 0;
  const nodes = new Uint8Array(line.length);
  for (let i = 0; i < line.length; i++) {
    if (line[i] === 0) continue;
    const x = i % width;
    const y = (i - x) / width;
    const at = (dx: number, dy: number): number =>
      x + dx >= 0 && x + dx < width && y + dy >= 0 && y + dy < height ? line[i + dy * width + dx]! : 0; // inside
    if (at(1, 0) !== 0) steps += 1;
    if (at(0, 1) !== 0) steps += 1;
    // A diagonal step counts where no straight pair joins the two already.
    if (at(1, 1) !== 0 && at(1, 0) === 0 && at(0, 1) === 0) steps += Math.SQRT2;
    if (at(-1, 1) !== 0 && at(-1, 0) === 0 && at(0, 1) === 0) steps += Math.SQRT2;
    if (nLeaving(width, height, line, i) >= 3) nodes[i] = 1;
  }
  return { steps, nBranchings: connectedComponents(width, height, nodes, 8, new Uint32Array(nodes.length)) };
}

/** Separate lines that leave a skeleton pixel: rises from 0 to 1 once around it. */
function nLeaving(width: number, height: number, line: Uint8Array, i: number): number {
  const x = i % width;
  const y = (i - x) / width;
  let rises = 0;
  let before = RING.at(-1)!;
  for (const step of RING) {
    if (value(step) !== 0 && value(before) === 0) rises++;
    before = step;
  }
  return rises;

  function value([dx, dy]: readonly [number, number]): number {
    return x + dx >= 0 && x + dx < width && y + dy >= 0 && y + dy < height ? line[i + dy * width + dx]! : 0; // inside
  }
}

const RING: readonly (readonly [number, number])[] = [
  [1, 0],
  [1, 1],
  [0, 1],
  [-1, 1],
  [-1, 0],
  [-1, -1],
  [0, -1],
  [1, -1],
];

/** Cuts lines that run from a tip to a branching over no more than the half-width there: thinning grows them from rough edges. */
function pruneTwigs(width: number, height: number, skeleton: Uint8Array, radius: Float32Array): void {
  const tips: number[] = [];
  for (const [i, value] of skeleton.entries()) {
    if (value !== 0 && nLeaving(width, height, skeleton, i) === 1) tips.push(i);
  }
  for (const tip of tips) {
    const twig = [tip];
    let at = tip;
    let node = -1;
    for (;;) {
      const x = at % width;
      const y = (at - x) / width;
      const onward: number[] = [];
      for (const [dx, dy] of RING) {
        const j = at + dy * width + dx;
        const isInside = x + dx >= 0 && x + dx < width && y + dy >= 0 && y + dy < height;
        if (isInside && skeleton[j] !== 0 && !twig.includes(j)) onward.push(j);
      }
      const branching = onward.find((j) => nLeaving(width, height, skeleton, j) >= 3);
      if (branching !== undefined) {
        node = branching;
        break;
      }
      const next = onward[0];
      if (next === undefined || twig.length > 10_000) break;
      twig.push(next);
      at = next;
    }
    if (node >= 0 && twig.length <= radius[node]! + 1) for (const i of twig) skeleton[i] = 0;
  }
}
