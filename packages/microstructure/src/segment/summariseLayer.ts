import { DataError } from "@materiome/core";
import type { LayerLengths, LayerMeasurement } from "./layerThickness.ts";

/** A measured piece of a layer. */
export interface MeasuredPiece {
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

/**
 * The layer that pieces, at least one, make together.
 *
 * @throws DataError where it has no thickness anywhere
 */
export function summariseLayer(
  measured: readonly MeasuredPiece[],
  { width, height }: { readonly width: number; readonly height: number },
  options: { readonly spansField: boolean; readonly pixelSizeUm: number | undefined },
): LayerMeasurement {
  const { spansField, pixelSizeUm } = options;
  const isFlat = isMoreHorizontal(measured);
  const pieces = measured.toSorted((a, b) => (isFlat ? a.x[0]! - b.x[0]! : a.y[0]! - b.y[0]!)); // pieces have two points and more
  const gaps = gapLengths(pieces, isFlat ? width : height, isFlat, spansField);
  const profile = join(pieces);
  const inPx = summarise(pieces, profile);
  const gap = gaps.reduce((sum, g) => sum + g, 0);
  const covered = pieces.reduce((sum, { x, tails }) => sum + x.length + tails[0] + tails[1], 0);
  const nLost = profile.thicknessPx.reduce((sum, t) => sum + (Number.isNaN(t) ? 1 : 0), 0);
  const warnings: string[] = [];
  if (nLost > 0) {
    warnings.push(
      `${percent(nLost / profile.thicknessPx.length)} of the layer has an edge outside the image and is left out of the thickness`,
    );
  }
  return {
    inPx,
    inUm: pixelSizeUm === undefined ? undefined : scaled(inPx, pixelSizeUm),
    coverage: covered / (covered + gap),
    nPieces: pieces.length,
    nInterruptions: gaps.filter((g) => g > 0).length,
    profile,
    warnings,
  };
}

function isMoreHorizontal(pieces: readonly MeasuredPiece[]): boolean {
  const all = pieces.flatMap(({ x, y }) => [
    [x[0]!, y[0]!],
    [x.at(-1)!, y.at(-1)!],
  ]);
  // Mosaics may hold more pieces than a call takes arguments.
  const extent = (c: 0 | 1): number => {
    let [least, most] = [Infinity, -Infinity];
    for (const p of all) [least, most] = [Math.min(least, p[c]!), Math.max(most, p[c]!)]; // pairs
    return most - least;
  };
  return extent(0) >= extent(1);
}

/** Between neighbouring pieces, then from the outer ends to the border along the axis. */
function gapLengths(pieces: readonly MeasuredPiece[], side: number, isFlat: boolean, spansField: boolean): number[] {
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

function join(pieces: readonly MeasuredPiece[]): LayerMeasurement["profile"] {
  const all = (pick: (piece: MeasuredPiece) => Float64Array): Float64Array =>
    Float64Array.from(pieces.flatMap((piece) => [...pick(piece)]));
  const upperPx = all((piece) => piece.upper);
  const lowerPx = all((piece) => piece.lower);
  return {
    x: all((piece) => piece.x),
    y: all((piece) => piece.y),
    upperPx,
    lowerPx,
    thicknessPx: upperPx.map((u, k) => u + lowerPx[k]!), // as long
    piece: Uint32Array.from(pieces.flatMap((piece, k) => Array.from(piece.x, () => k))),
  };
}

function summarise(pieces: readonly MeasuredPiece[], profile: LayerMeasurement["profile"]): LayerLengths {
  const valid = profile.thicknessPx.filter((t) => !Number.isNaN(t));
  if (valid.length === 0) {
    throw new DataError(
      "layerThickness: one edge of the layer lies outside the image everywhere, so it has no thickness here",
    );
  }
  const mean = valid.reduce((sum, t) => sum + t, 0) / valid.length;
  const variance = valid.reduce((sum, t) => sum + (t - mean) ** 2, 0) / Math.max(1, valid.length - 1);
  const nPoints = pieces.reduce((sum, piece) => sum + piece.x.length, 0);
  const rough = (pick: (piece: MeasuredPiece) => Float64Array, power: 1 | 2): number => {
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
