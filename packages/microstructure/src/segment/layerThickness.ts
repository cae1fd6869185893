import { createRaster, DataError, DomainError, type LabelMap, type Raster } from "@materiome/core";
import { connectedComponents, distanceTransformSquared, rayToEdge } from "../kernels/index.ts";
import { fillHoles } from "./fillHoles.ts";
import { midLine, resample, smoothLine } from "./midLine.ts";

export interface LayerThicknessOptions {
  /** Label of the layer in a label map; 0 would be background. @defaultValue every label but 0 */
  readonly label?: number | undefined;
  /** Whether holes inside the layer belong to it. @defaultValue true */
  readonly fillHoles?: boolean | undefined;
  /** Pieces smaller than this share of the largest are left out. @defaultValue 0.02 */
  readonly minPieceShare?: number | undefined;
  /** Whether the layer should reach from border to border: gaps at the ends then count as uncovered. @defaultValue true */
  readonly spansField?: boolean | undefined;
  /**
   * Cut-off wavelength between roughness and waviness, px. @defaultValue five mean thicknesses, at most the length of the
   * piece
   */
  readonly cutoffPx?: number | undefined;
}

/** Lengths of a layer, in the unit that the field holding them names. */
export interface LayerLengths {
  /** Length of the mid-line measured. */
  readonly length: number;
  /** Mean, standard deviation and extremes of the thickness perpendicular to the mid-line. */
  readonly mean: number;
  readonly std: number;
  readonly min: number;
  readonly max: number;
  /** Mean diameter of the largest circle inside the layer around each point of the mid-line: below `mean` where edges are rough. */
  readonly meanInscribed: number;
  /** Arithmetic mean roughness Ra of the upper and lower interface. */
  readonly upperRa: number;
  readonly lowerRa: number;
  /** Root-mean-square roughness Rq. */
  readonly upperRq: number;
  readonly lowerRq: number;
}

export interface LayerMeasurement {
  readonly inPx: LayerLengths;
  /** Absent without calibration. */
  readonly inUm?: LayerLengths | undefined;
  /** Share of the way along the layer that it covers, 0 … 1. */
  readonly coverage: number;
  readonly nPieces: number;
  /** Breaks between pieces, and at the ends where the layer should span the field. */
  readonly nInterruptions: number;
  /** Every pixel along the mid-line: place, thickness and the two parts of it, px; NaN where the layer runs out of the image. */
  readonly profile: {
    readonly x: Float64Array;
    readonly y: Float64Array;
    readonly thicknessPx: Float64Array;
    readonly upperPx: Float64Array;
    readonly lowerPx: Float64Array;
    /** Piece of each point, 0 … nPieces − 1. */
    readonly piece: Uint16Array;
  };
  readonly warnings: readonly string[];
}

/**
 * Thickness along a layer (oxide scale, coating, diffusion zone), straight or curved, with the roughness of both interfaces.
 *
 * The mid-line of each piece is the longest way through its skeleton, smoothed over half the mean thickness. At every pixel along it two
 * rays at right angles go to the edges, found between pixels; their sum is the local thickness. `meanInscribed` is twice the
 * exact Euclidean distance from the mid-line to the nearest edge, the second answer to the same question.
 *
 * Roughness: distances of each interface from the mid-line filtered with the Gaussian of ISO 16610-21 (cut-off λc: a wave of that
 * length passes by half), mean and slope removed; Ra = mean |z|, Rq = √(mean z²) (ISO 21920-2). What is longer than λc counts as the
 * shape of the layer. Upper is the side of smaller y; for layers that run more vertical, the right side.
 *
 * @param layer - mask (non-zero is the layer) or label map
 * @throws DataError where there is no layer or nothing long enough to have a mid-line
 * @throws DomainError for options out of range
 * @see ISO 1463 (microscopical measurement of coating thickness)
 * @example
 * const { inUm, coverage } = layerThickness(oxideMask);
 */
export function layerThickness(
  layer: Raster<Uint8Array> | LabelMap,
  options: LayerThicknessOptions = {},
): LayerMeasurement {
  const { width, height } = layer;
  const { label, cutoffPx } = options;
  const minShare = options.minPieceShare ?? 0.02;
  if (!(minShare >= 0 && minShare <= 1)) {
    throw new DomainError(`layerThickness: minPieceShare must lie in 0 … 1, got ${minShare}`);
  }
  if (cutoffPx !== undefined && !(cutoffPx >= 2)) {
    throw new DomainError(`layerThickness: cutoffPx must be at least 2, got ${cutoffPx}`);
  }
  const own = new Uint8Array(width * height);
  const { data } = layer;
  for (let i = 0; i < own.length; i++) if (label === undefined ? data[i] !== 0 : data[i] === label) own[i] = 1;
  const mask = (options.fillHoles ?? true) ? fillHoles(createRaster(own, width, height)).data : own;
  const pieces = findPieces(width, height, mask, minShare)
    .map((piece) => measurePiece(width, height, piece, cutoffPx))
    .filter((piece) => piece !== undefined);
  if (pieces.length === 0) {
    throw new DataError(
      `layerThickness: ${label === undefined ? "the mask" : `label ${label}`} holds no region long enough to have a mid-line; check the mask`,
    );
  }
  const isFlat = isMoreHorizontal(pieces);
  pieces.sort((a, b) => (isFlat ? a.x[0]! - b.x[0]! : a.y[0]! - b.y[0]!)); // pieces have two points and more
  const gaps = gapLengths(pieces, isFlat ? width : height, isFlat, options.spansField ?? true);
  const profile = join(pieces);
  const inPx = summarise(pieces, profile);
  const gap = gaps.reduce((sum, g) => sum + g, 0);
  const covered = pieces.reduce((sum, { x, tails }) => sum + x.length + tails[0] + tails[1], 0);
  const pixel = layer.pixelSizeUm;
  const nLost = profile.thicknessPx.reduce((sum, t) => sum + (Number.isNaN(t) ? 1 : 0), 0);
  const warnings: string[] = [];
  if (nLost > 0) {
    warnings.push(
      `${percent(nLost / profile.thicknessPx.length)} of the layer has an edge outside the image and is left out of the thickness`,
    );
  }
  return {
    inPx,
    inUm: pixel === undefined ? undefined : scaled(inPx, pixel),
    coverage: covered / (covered + gap),
    nPieces: pieces.length,
    nInterruptions: gaps.filter((g) => g > 0).length,
    profile,
    warnings,
  };
}

interface Piece {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly upper: Float64Array;
  readonly lower: Float64Array;
  readonly inscribed: number;
  /** From the ends of the mid-line on to the ends of the piece, px; 0 at the image border. */
  readonly tails: readonly [number, number];
  readonly roughUpper: Float64Array;
  readonly roughLower: Float64Array;
}

function findPieces(width: number, height: number, mask: Uint8Array, minShare: number): Uint8Array[] {
  const parts = new Uint32Array(mask.length);
  const n = connectedComponents(width, height, mask, 8, parts);
  const area = new Float64Array(n + 1);
  for (const part of parts) if (part !== 0) area[part]! += 1; // parts are 0 … n
  const largest = Math.max(0, ...area);
  const pieces: Uint8Array[] = [];
  for (let k = 1; k <= n; k++) {
    if (area[k]! < Math.max(4, minShare * largest)) continue;
    const piece = new Uint8Array(parts.length);
    for (let i = 0; i < piece.length; i++) if (parts[i] === k) piece[i] = 1;
    pieces.push(piece);
  }
  return pieces;
}

function measurePiece(
  width: number,
  height: number,
  mask: Uint8Array,
  cutoffPx: number | undefined,
): Piece | undefined {
  const line = midLine(width, height, mask);
  if (line === undefined || line.x.length < 3) return undefined;
  const thickness = 2 * line.largestRadiusPx;
  const fine = smoothed(line.x, line.y, Math.max(2, 0.5 * thickness));
  const reach = 4 * thickness + 4;
  const { upper, lower } = castRays(width, height, mask, fine, reach);
  const outside = mask.map((value) => (value === 0 ? 1 : 0));
  const squared = new Float32Array(mask.length);
  distanceTransformSquared(width, height, outside, squared);
  let inscribed = 0;
  for (const [k, x] of fine.x.entries()) {
    const i = Math.round(fine.y[k]!) * width + Math.round(x); // the line stays inside the image
    inscribed += Math.max(0, 2 * Math.sqrt(squared[i] ?? 0) - 1);
  }
  const cutoff = cutoffPx ?? Math.min(fine.x.length, 5 * thickness);
  // Gaussian of ISO 16610-21: its transmission exp(−π (α λc/λ)²), α = √(ln 2/π), is one half at λ = λc.
  const reference = smoothed(line.x, line.y, (Math.sqrt(Math.LN2 / 2) / Math.PI) * cutoff);
  const edges = castRays(width, height, mask, reference, reach);
  // As in ISO 16610-21, half a cut-off at either end is run-up, where the line is long enough.
  const margin = reference.x.length > 2 * cutoff ? Math.ceil(cutoff / 2) : 0;
  const inner = (heights: Float64Array): Float64Array => detrended(heights.slice(margin, heights.length - margin));
  return {
    ...fine,
    tails: [tail(width, height, mask, fine, 0, reach), tail(width, height, mask, fine, fine.x.length - 1, reach)],
    upper,
    lower,
    inscribed: inscribed / fine.x.length,
    roughUpper: inner(edges.upper),
    roughLower: inner(edges.lower),
  };
}

interface Line {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

function smoothed(x: Float64Array, y: Float64Array, sigma: number): Line {
  return resample(smoothLine(x, sigma), smoothLine(y, sigma));
}

function castRays(
  width: number,
  height: number,
  mask: Uint8Array,
  line: Line,
  reach: number,
): { readonly upper: Float64Array; readonly lower: Float64Array } {
  const n = line.x.length;
  const upper = new Float64Array(n);
  const lower = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    const a = Math.max(0, k - 2);
    const b = Math.min(n - 1, k + 2);
    const dx = line.x[b]! - line.x[a]!; // inside the line
    const dy = line.y[b]! - line.y[a]!;
    const length = Math.hypot(dx, dy);
    const cast = (sign: number): number => {
      const t = rayToEdge(
        width,
        height,
        mask,
        line.x[k]!,
        line.y[k]!,
        (sign * dy) / length,
        (-sign * dx) / length,
        reach,
      );
      return t < 0 ? NaN : t;
    };
    upper[k] = cast(1);
    lower[k] = cast(-1);
  }
  return { upper, lower };
}

/** How far the piece goes on beyond an end of its mid-line, straight ahead. */
function tail(width: number, height: number, mask: Uint8Array, line: Line, end: number, reach: number): number {
  const n = line.x.length;
  const back = end === 0 ? Math.min(n - 1, 5) : Math.max(0, n - 6);
  const dx = line.x[end]! - line.x[back]!; // both on the line, as below
  const dy = line.y[end]! - line.y[back]!;
  const length = Math.hypot(dx, dy);
  return Math.max(0, rayToEdge(width, height, mask, line.x[end]!, line.y[end]!, dx / length, dy / length, reach));
}

/** Heights without their least-squares line; points whose ray found no edge are left out. */
function detrended(heights: Float64Array): Float64Array {
  const at: number[] = [];
  for (const [k, h] of heights.entries()) if (!Number.isNaN(h)) at.push(k);
  const n = at.length;
  let sumK = 0;
  let sumH = 0;
  for (const k of at) {
    sumK += k;
    sumH += heights[k]!; // k is an index of it
  }
  let kk = 0;
  let kh = 0;
  for (const k of at) {
    kk += (k - sumK / n) ** 2;
    kh += (k - sumK / n) * (heights[k]! - sumH / n);
  }
  const slope = kk > 0 ? kh / kk : 0;
  return Float64Array.from(at, (k) => heights[k]! - sumH / n - slope * (k - sumK / n));
}

function isMoreHorizontal(pieces: readonly Piece[]): boolean {
  const all = pieces.flatMap(({ x, y }) => [
    [x[0]!, y[0]!],
    [x.at(-1)!, y.at(-1)!],
  ]);
  const extent = (c: 0 | 1): number => Math.max(...all.map((p) => p[c]!)) - Math.min(...all.map((p) => p[c]!)); // pairs
  return extent(0) >= extent(1);
}

/** Between neighbouring pieces, then from the outer ends to the border along the axis. */
function gapLengths(pieces: readonly Piece[], side: number, isFlat: boolean, spansField: boolean): number[] {
  const gaps: number[] = [];
  for (let k = 1; k < pieces.length; k++) {
    const a = pieces[k - 1]!; // 1 ≤ k < length
    const b = pieces[k]!;
    const open = Math.hypot(b.x[0]! - a.x.at(-1)!, b.y[0]! - a.y.at(-1)!) - a.tails[1] - b.tails[0];
    gaps.push(Math.max(0, open));
  }
  if (spansField) {
    const first = pieces[0]!;
    const last = pieces.at(-1)!;
    const start = (isFlat ? first.x[0]! : first.y[0]!) - first.tails[0];
    const end = side - 1 - (isFlat ? last.x.at(-1)! : last.y.at(-1)!) - last.tails[1];
    for (const open of [start, end]) if (open > 1.5) gaps.push(open);
  }
  return gaps;
}

function join(pieces: readonly Piece[]): LayerMeasurement["profile"] {
  const all = (pick: (piece: Piece) => Float64Array): Float64Array =>
    Float64Array.from(pieces.flatMap((piece) => [...pick(piece)]));
  const upperPx = all((piece) => piece.upper);
  const lowerPx = all((piece) => piece.lower);
  return {
    x: all((piece) => piece.x),
    y: all((piece) => piece.y),
    upperPx,
    lowerPx,
    thicknessPx: upperPx.map((u, k) => u + lowerPx[k]!), // as long
    piece: Uint16Array.from(pieces.flatMap((piece, k) => Array.from(piece.x, () => k))),
  };
}

function summarise(pieces: readonly Piece[], profile: LayerMeasurement["profile"]): LayerLengths {
  const valid = profile.thicknessPx.filter((t) => !Number.isNaN(t));
  if (valid.length === 0) {
    throw new DataError(
      "layerThickness: one edge of the layer lies outside the image everywhere, so it has no thickness here",
    );
  }
  const mean = valid.reduce((sum, t) => sum + t, 0) / valid.length;
  const variance = valid.reduce((sum, t) => sum + (t - mean) ** 2, 0) / Math.max(1, valid.length - 1);
  const nPoints = pieces.reduce((sum, piece) => sum + piece.x.length, 0);
  const rough = (pick: (piece: Piece) => Float64Array, power: 1 | 2): number => {
    let sum = 0;
    let n = 0;
    for (const piece of pieces) {
      for (const z of pick(piece)) {
        sum += Math.abs(z) ** power;
        n++;
      }
    }
    return n === 0 ? NaN : power === 1 ? sum / n : Math.sqrt(sum / n);
  };
  return {
    length: pieces.reduce((sum, piece) => sum + piece.x.length, 0),
    mean,
    std: Math.sqrt(variance),
    min: valid.reduce((least, t) => Math.min(least, t), Infinity),
    max: valid.reduce((most, t) => Math.max(most, t), 0),
    meanInscribed: pieces.reduce((sum, piece) => sum + piece.inscribed * piece.x.length, 0) / nPoints,
    upperRa: rough((piece) => piece.roughUpper, 1),
    lowerRa: rough((piece) => piece.roughLower, 1),
    upperRq: rough((piece) => piece.roughUpper, 2),
    lowerRq: rough((piece) => piece.roughLower, 2),
  };
}

function scaled(lengths: LayerLengths, factor: number): LayerLengths {
  return {
    length: lengths.length * factor,
    mean: lengths.mean * factor,
    std: lengths.std * factor,
    min: lengths.min * factor,
    max: lengths.max * factor,
    meanInscribed: lengths.meanInscribed * factor,
    upperRa: lengths.upperRa * factor,
    lowerRa: lengths.lowerRa * factor,
    upperRq: lengths.upperRq * factor,
    lowerRq: lengths.lowerRq * factor,
  };
}

function percent(share: number): string {
  return share < 0.01 ? "less than 1 %" : `${(100 * share).toFixed(0)} %`;
}
