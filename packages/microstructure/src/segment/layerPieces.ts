import type { BandSpace } from "../bands/bandSpace.ts";
import { continuedRows, type Sides } from "../bands/continuedRows.ts";
import { squaredDistanceBands } from "../bands/distanceBands.ts";
import { type GatheredPixels, gatherPixels } from "../bands/gatherPixels.ts";
import { labelBands, renumberBands } from "../bands/labelBands.ts";
import { mapRows } from "../bands/mapRows.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";
import { thinBands } from "../bands/thinBands.ts";

export interface LayerPieces {
  readonly n: number;
  /** Piece of every pixel, 1 … n in raster order of their first; 0 elsewhere. */
  readonly pieces: RowStore<Uint32Array>;
}

/** Connected pieces of a mask, without those below four pixels or `minShare` of the largest. */
export function layerPieces(space: BandSpace, mask: RowReader<Uint8Array>, minShare: number): LayerPieces {
  const pieces = space.store("uint32");
  const { n: nParts, regionOf } = labelBands(space, mask, 8, pieces);
  const areas = new Float64Array(nParts + 1);
  for (const { from, to } of space.bands(0)) {
    const rows = pieces.read(from, to);
    for (let i = 0; i < rows.length; i++) if (rows[i] !== 0) areas[regionOf[rows[i]!]!]! += 1; // numbers of labelBands
  }
  const least = Math.max(4, minShare * areas.reduce((a, b) => Math.max(a, b)));
  let n = 0;
  const pieceOf = Uint32Array.from(areas, (area) => (area < least ? 0 : ++n));
  renumberBands(
    space,
    pieces,
    regionOf.map((part) => pieceOf[part]!), // parts are 0 … nParts
  );
  return { n, pieces };
}

/** Pixels of the skeletons of pieces, piece after piece, in the image continued beyond its sides. */
export interface LayerSkeletons extends GatheredPixels {
  /** The image continued, and where in that it begins. */
  readonly padded: BandSpace;
  readonly left: number;
  readonly top: number;
  /** Squared distance of every pixel of it to the nearest outside the pieces, px²: no two touch, so outside its own. */
  readonly squared: RowStore<Float32Array>;
}

/**
 * Skeletons of pieces, with the squared distance of each pixel to the nearest outside.
 *
 * Where a piece meets a side of the image over less than half of that side, it is continued beyond by repeating the border pixels, so
 * that its skeleton runs straight out of the image instead of into a corner.
 */
export function layerSkeletons(space: BandSpace, { n, pieces }: LayerPieces): LayerSkeletons {
  const beyond = padding(space, pieces, n);
  const most = (side: keyof Sides): number => beyond[side].reduce((a, b) => Math.max(a, b));
  const sides = { left: most("left"), right: most("right"), top: most("top"), bottom: most("bottom") };
  const numbers = continuedRows(pieces, sides);
  const padded = space.ofSize(numbers.width, numbers.height);
  const squared = padded.store("float32");
  const outside = mapRows(numbers, (rows) => Uint8Array.from(rows, (piece) => (piece === 0 ? 1 : 0)));
  squaredDistanceBands(padded, outside, squared);
  const marks = padded.store("uint8");
  for (const { from, to } of padded.bands(0)) {
    marks.write(from, continuedPieces(space, numbers.read(from, to), from, sides, beyond));
  }
  thinBands(padded, marks);
  const regionOf = Uint32Array.from({ length: n + 1 }, (_, piece) => piece);
  const found = gatherPixels(padded, { marks, numbers, regionOf, n, values: squared });
  marks.close();
  return { ...found, padded, squared, left: sides.left, top: sides.top };
}

type SidesOfPieces = { readonly [side in keyof Sides]: Uint32Array };

/** Pixels to add to each piece on each side: none where it covers half of the side or does not meet it. */
function padding(space: BandSpace, pieces: RowReader<Uint32Array>, n: number): SidesOfPieces {
  const { width, height } = space;
  const counts = {
    left: new Uint32Array(n + 1),
    right: new Uint32Array(n + 1),
    top: new Uint32Array(n + 1),
    bottom: new Uint32Array(n + 1),
  };
  for (const { from, to } of space.bands(0)) {
    const rows = pieces.read(from, to);
    for (let i = 0; i < rows.length; i += width) {
      counts.left[rows[i]!]! += 1; // pieces are 0 … n
      counts.right[rows[i + width - 1]!]! += 1;
    }
    for (let x = 0; x < width; x++) {
      if (from === 0) counts.top[rows[x]!]! += 1;
      if (to === height) counts.bottom[rows[rows.length - width + x]!]! += 1;
    }
  }
  const toAdd = (counted: Uint32Array, side: number): Uint32Array =>
    counted.map((count, piece) => (piece === 0 || count === 0 || count >= side / 2 ? 0 : count + 8));
  return {
    left: toAdd(counts.left, height),
    right: toAdd(counts.right, height),
    top: toAdd(counts.top, width),
    bottom: toAdd(counts.bottom, width),
  };
}

/** 1 in the pieces, each continued as far as it is to be; `rows` are those from `from` on of the image continued beyond its sides. */
function continuedPieces(
  { width, height }: BandSpace,
  rows: Uint32Array,
  from: number,
  { left, right, top }: Sides,
  beyond: SidesOfPieces,
): Uint8Array {
  const pitch = left + width + right;
  const mask = new Uint8Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const piece = rows[i]!; // as long
    if (piece === 0) continue;
    const x = (i % pitch) - left;
    const y = from + Math.floor(i / pitch) - top;
    if (
      x >= -beyond.left[piece]! && // pieces are 1 … n
      y >= -beyond.top[piece]! &&
      x < width + beyond.right[piece]! &&
      y < height + beyond.bottom[piece]!
    )
      mask[i] = 1;
  }
  return mask;
}
