import { DataError, DomainError } from "@materiome/core";
import type { BandSpace } from "../bands/bandSpace.ts";
import { fillHoleBands } from "../bands/fillHoleBands.ts";
import { type Rays, rayBands } from "../bands/rayBands.ts";
import type { RowReader } from "../bands/rowStore.ts";
import { valuesAt } from "../bands/valuesAt.ts";
import { labelMask } from "./labelMask.ts";
import { layerPieces, layerSkeletons } from "./layerPieces.ts";
import type { LayerMeasurement, LayerThicknessOptions } from "./layerThickness.ts";
import { midLine, resample, smoothLine } from "./midLine.ts";
import { requireSize } from "./requireRows.ts";
import { type MeasuredPiece, summariseLayer } from "./summariseLayer.ts";

export interface LayerThicknessBandsOptions extends LayerThicknessOptions {
  /** Calibration, µm/px. @defaultValue none: lengths in px only */
  readonly pixelSizeUm?: number | undefined;
}

/**
 * `layerThickness`, band by band: in memory with one band, with files and many bands for mosaics, the same numbers whatever the
 * bands. Rays from the mid-line are followed through the bands down and up. Memory holds a band, some hundred bytes for every
 * pixel along the mid-line and for every one of the skeleton, and what is returned; thinning holds what `skeletonizeBands` does.
 * Scratch takes 9 bytes a pixel of the image and of its continuation beyond the sides that the layer meets.
 *
 * @param layer - mask (non-zero is the layer) or label map
 * @throws DataError where there is no layer or nothing long enough to have a mid-line
 * @throws DomainError for options out of range; ShapeError for an image of another size than the space
 * @example
 * const space = bandSpace(16384, 16384, { bandRows: 256, folder: "scratch" });
 * const { inUm } = layerThicknessBands(space, labels, { label: 2, pixelSizeUm: 0.1 });
 */
export function layerThicknessBands(
  space: BandSpace,
  layer: RowReader<Uint8Array | Uint32Array>,
  options: LayerThicknessBandsOptions = {},
): LayerMeasurement {
  const { label, cutoffPx, minPieceShare = 0.02, pixelSizeUm } = options;
  if (!(minPieceShare >= 0 && minPieceShare <= 1)) {
    throw new DomainError(`layerThickness: minPieceShare must lie in 0 … 1, got ${minPieceShare}`);
  }
  if (cutoffPx !== undefined && !(cutoffPx >= 2)) {
    throw new DomainError(`layerThickness: cutoffPx must be at least 2, got ${cutoffPx}`);
  }
  requireSize("layerThickness", space, layer, "the layer");
  let mask = labelMask(space, layer, label);
  if (options.fillHoles ?? true) {
    const filled = space.store("uint8");
    fillHoleBands(space, mask, 4, filled);
    mask.close();
    mask = filled;
  }
  const found = layerPieces(space, mask, minPieceShare);
  mask.close();
  const { start, x, y, values, padded, squared, left, top } = layerSkeletons(space, found);
  const { width, height } = space;
  const lines: PieceLines[] = [];
  for (let piece = 1; piece <= found.n; piece++) {
    const [begin, end] = [start[piece]!, start[piece + 1]!]; // one more than pieces
    const line = midLine({
      x: x.subarray(begin, end),
      y: y.subarray(begin, end),
      squared: values.subarray(begin, end),
      ...{ width, height, left, top },
    });
    if (line === undefined || line.x.length < 3) continue;
    const thickness = 2 * line.largestRadiusPx;
    const fine = smoothed(line.x, line.y, Math.max(2, 0.5 * thickness));
    const cutoff = cutoffPx ?? Math.min(fine.x.length, 5 * thickness);
    // Gaussian of ISO 16610-21: its transmission exp(−π (α λc/λ)²), α = √(ln 2/π), is one half at λ = λc.
    const reference = smoothed(line.x, line.y, (Math.sqrt(Math.LN2 / 2) / Math.PI) * cutoff);
    lines.push({ piece, fine, reference, cutoff, reach: 4 * thickness + 4 });
  }
  if (lines.length === 0) {
    throw new DataError(
      `layerThickness: ${label === undefined ? "the mask" : `label ${label}`} holds no region long enough to have a mid-line; check the mask`,
    );
  }
  const lengths = rayBands(space, found.pieces, raysOf(lines));
  found.pieces.close();
  // The lines stay inside the image.
  const nearest = (axis: keyof Line, before: number): Float64Array =>
    joined(lines, axis).map((place) => Math.round(place) + before);
  const depths = valuesAt(padded, squared, nearest("x", left), nearest("y", top));
  squared.close();
  return summariseLayer(measurePieces(lines, lengths, depths), space, {
    spansField: options.spansField ?? true,
    pixelSizeUm,
  });
}

interface Line {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

interface PieceLines {
  readonly piece: number;
  /** Along which thickness is measured. */
  readonly fine: Line;
  /** From which roughness is. */
  readonly reference: Line;
  readonly cutoff: number;
  /** Of rays. */
  readonly reach: number;
}

function smoothed(x: Float64Array, y: Float64Array, sigma: number): Line {
  return resample(smoothLine(x, sigma), smoothLine(y, sigma));
}

function joined(lines: readonly PieceLines[], axis: keyof Line): Float64Array {
  const all = new Float64Array(lines.reduce((n, { fine }) => n + fine[axis].length, 0));
  let at = 0;
  for (const { fine } of lines) {
    all.set(fine[axis], at);
    at += fine[axis].length;
  }
  return all;
}

/**
 * Of each piece two rays at right angles from every point of its line, first to the upper side, two from every point of the
 * reference, and one straight ahead from either end of the line.
 */
function raysOf(lines: readonly PieceLines[]): Rays {
  const n = lines.reduce((sum, { fine, reference }) => sum + 2 * fine.x.length + 2 * reference.x.length + 2, 0);
  const [x, y, dx, dy, reach] = [1, 2, 3, 4, 5].map(() => new Float64Array(n)) as Five;
  const region = new Uint32Array(n);
  let r = 0;
  for (const { piece, fine, reference, reach: longest } of lines) {
    const cast = (line: Line, at: number, towardsX: number, towardsY: number): void => {
      x[r] = line.x[at]!; // on the line, as below
      y[r] = line.y[at]!;
      dx[r] = towardsX;
      dy[r] = towardsY;
      reach[r] = longest;
      region[r] = piece;
      r++;
    };
    for (const line of [fine, reference]) {
      const end = line.x.length - 1;
      for (let k = 0; k <= end; k++) {
        const along = between(line, Math.max(0, k - 2), Math.min(end, k + 2));
        cast(line, k, along.dy / along.length, -along.dx / along.length);
        cast(line, k, -along.dy / along.length, along.dx / along.length);
      }
    }
    const end = fine.x.length - 1;
    const ahead = [between(fine, Math.min(end, 5), 0), between(fine, Math.max(0, end - 5), end)] as const;
    cast(fine, 0, ahead[0].dx / ahead[0].length, ahead[0].dy / ahead[0].length);
    cast(fine, end, ahead[1].dx / ahead[1].length, ahead[1].dy / ahead[1].length);
  }
  return { x, y, dx, dy, reach, region };
}

type Five = [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];

function between({ x, y }: Line, a: number, b: number): { dx: number; dy: number; length: number } {
  const dx = x[b]! - x[a]!; // both on the line
  const dy = y[b]! - y[a]!;
  return { dx, dy, length: Math.hypot(dx, dy) };
}

/**
 * @param lengths - of the rays of `raysOf`
 * @param depths - squared distance to the edge of each point of the lines
 */
function measurePieces(
  lines: readonly PieceLines[],
  lengths: Float64Array,
  depths: Float64Array,
): readonly MeasuredPiece[] {
  let ray = 0;
  let point = 0;
  return lines.map(({ fine, reference, cutoff }) => {
    const edges = (n: number): { readonly upper: Float64Array; readonly lower: Float64Array } => {
      const side = (isLower: 0 | 1): Float64Array =>
        Float64Array.from({ length: n }, (_, k) => {
          const t = lengths[ray + 2 * k + isLower]!; // two for each point
          return t < 0 ? NaN : t;
        });
      const found = { upper: side(0), lower: side(1) };
      ray += 2 * n;
      return found;
    };
    const n = fine.x.length;
    const { upper, lower } = edges(n);
    const rough = edges(reference.x.length);
    const tails = [Math.max(0, lengths[ray]!), Math.max(0, lengths[ray + 1]!)] as const; // two for each piece
    ray += 2;
    let inscribed = 0;
    for (let k = 0; k < n; k++) inscribed += Math.max(0, 2 * Math.sqrt(depths[point++]!) - 1); // one for each point
    // As in ISO 16610-21, half a cut-off at either end is run-up, where the line is long enough.
    const margin = reference.x.length > 2 * cutoff ? Math.ceil(cutoff / 2) : 0;
    const inner = (heights: Float64Array): Float64Array => detrended(heights.slice(margin, heights.length - margin));
    return {
      ...fine,
      tails,
      upper,
      lower,
      inscribed: inscribed / n,
      roughUpper: inner(rough.upper),
      roughLower: inner(rough.lower),
    };
  });
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
