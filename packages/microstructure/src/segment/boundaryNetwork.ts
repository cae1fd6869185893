import { connectedComponents, hysteresis } from "../kernels/index.ts";
import type { CrestLines } from "./crestLines.ts";

export interface BoundaryNetwork {
  /** Ridge strength on the thinned crest lines, 0 elsewhere. */
  readonly crest: Float32Array;
  /** 1 on crest lines taken as boundary: above the thresholds, in pieces long enough. Gaps are still open. */
  readonly mask: Uint8Array;
  /** Strength of a typical clear boundary. */
  readonly typical: number;
  /** First estimate of the mean lineal intercept from the length of the lines: ℓ = π A / (2 L), px. */
  readonly spacingPx: number;
}

/**
 * Picks the crest lines that are boundaries: hysteresis at 0.12 and 0.3 of the typical strength, but never within 2.5 and 4.5
 * standard deviations of noise, and without pieces shorter than a quarter of the mean intercept (pits, scratches), or than a
 * tenth of the image where that is less.
 *
 * @param lines - from `crestLines`
 * @param noise - standard deviation of the ridge strength due to noise
 * @returns undefined where nothing stands above the noise
 */
export function boundaryNetwork(
  width: number,
  height: number,
  lines: CrestLines,
  noise: number,
): BoundaryNetwork | undefined {
  const size = width * height;
  const { crest, typical } = lines;
  if (typical === undefined) return undefined;
  const mask = new Uint8Array(size);
  hysteresis(width, height, crest, Math.max(2.5 * noise, 0.12 * typical), Math.max(4.5 * noise, 0.3 * typical), mask);
  let nPixels = 0;
  for (const value of mask) nPixels += value;
  if (nPixels === 0) return undefined;
  const spacingPx = (Math.PI * size) / (2 * nPixels * PIXEL_LENGTH);
  const pieces = new Uint32Array(size);
  const extent = extents(width, pieces, connectedComponents(width, height, mask, 8, pieces));
  const minExtent = Math.max(3, Math.min(0.25 * spacingPx, 0.1 * Math.min(width, height)));
  let nKept = 0;
  for (const [i, piece] of pieces.entries()) {
    if (piece === 0) continue;
    if (extent[piece]! < minExtent)
      mask[i] = 0; // pieces are 1 … n
    else nKept++;
  }
  if (nKept === 0) return undefined;
  return { crest, mask, typical, spacingPx };
}

/** Mean length per pixel of an 8-connected digital line, averaged over directions. */
const PIXEL_LENGTH = 1.12;

/** Diagonal of the bounding box of every piece, px. */
function extents(width: number, pieces: Uint32Array, nPieces: number): Float64Array {
  const left = new Float64Array(nPieces + 1).fill(Infinity);
  const right = new Float64Array(nPieces + 1);
  const top = new Float64Array(nPieces + 1).fill(Infinity);
  const bottom = new Float64Array(nPieces + 1);
  for (const [i, piece] of pieces.entries()) {
    if (piece === 0) continue;
    const x = i % width;
    const y = (i - x) / width;
    if (x < left[piece]!) left[piece] = x; // pieces are 0 … nPieces
    if (x > right[piece]!) right[piece] = x;
    if (y < top[piece]!) top[piece] = y;
    if (y > bottom[piece]!) bottom[piece] = y;
  }
  const extent = Float64Array.from(left, (l, k) => Math.hypot(right[k]! - l, bottom[k]! - top[k]!) + 1);
  return extent;
}
