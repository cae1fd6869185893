import type { BandSpace } from "../bands/bandSpace.ts";
import { labelBands } from "../bands/labelBands.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";

export interface BoundaryNetwork {
  /** 1 on crest lines taken as boundary: above the thresholds, in pieces long enough. Gaps are still open. */
  readonly mask: RowStore<Uint8Array>;
  /** First estimate of the mean lineal intercept from the length of the lines: ℓ = π A / (2 L), px. */
  readonly spacingPx: number;
}

/**
 * Picks the crest lines that are boundaries: hysteresis at 0.12 and 0.3 of the typical strength, but never within 2.5 and 4.5
 * standard deviations of noise, and without pieces shorter than a quarter of the mean intercept (pits, scratches), or than a
 * tenth of the image where that is less.
 *
 * @param crest - from `crestLines`
 * @param typical - strength of a typical clear boundary
 * @param noise - standard deviation of the ridge strength due to noise
 * @returns undefined where nothing stands above the noise
 */
export function boundaryNetwork(
  space: BandSpace,
  crest: RowReader<Float32Array>,
  typical: number,
  noise: number,
): BoundaryNetwork | undefined {
  const { width, height } = space;
  const low = Math.max(2.5 * noise, 0.12 * typical);
  const high = Math.max(4.5 * noise, 0.3 * typical);
  const isSeen: RowReader<Uint8Array> = {
    width,
    height,
    read(from, to) {
      const values = crest.read(from, to);
      const rows = new Uint8Array(values.length);
      for (let i = 0; i < rows.length; i++) if (values[i]! >= low) rows[i] = 1; // same length
      return rows;
    },
  };
  const numbers = space.store("uint32");
  const { n, regionOf } = labelBands(space, isSeen, 8, numbers);
  const pieces = describePieces(space, numbers, regionOf, n, (from, to) => crest.read(from, to), high);
  let nPixels = 0;
  for (let k = 1; k <= n; k++) if (pieces.isStrong[k] === 1) nPixels += pieces.nPixels[k]!; // k ≤ n, as below
  if (nPixels === 0) {
    numbers.close();
    return undefined;
  }
  const spacingPx = (Math.PI * width * height) / (2 * nPixels * PIXEL_LENGTH);
  const minExtent = Math.max(3, Math.min(0.25 * spacingPx, 0.1 * Math.min(width, height)));
  const isKept = new Uint8Array(regionOf.length);
  let nKept = 0;
  for (let number = 1; number < regionOf.length; number++) {
    const k = regionOf[number]!; // number < length
    if (pieces.isStrong[k] === 0 || pieces.extent(k) < minExtent) continue;
    isKept[number] = 1;
    nKept++;
  }
  if (nKept === 0) {
    numbers.close();
    return undefined;
  }
  const mask = space.store("uint8");
  for (const { from, to } of space.bands(0)) {
    const rows = numbers.read(from, to);
    const kept = mask.read(from, to);
    for (let i = 0; i < kept.length; i++) kept[i] = isKept[rows[i]!]!; // numbers are below its length
    mask.write(from, kept);
  }
  numbers.close();
  return { mask, spacingPx };
}

/** Mean length per pixel of an 8-connected digital line, averaged over directions. */
const PIXEL_LENGTH = 1.12;

interface Pieces {
  readonly nPixels: Float64Array;
  /** 1 where a piece holds a value of at least `high`. */
  readonly isStrong: Uint8Array;
  /** Diagonal of the bounding box, px. */
  extent(piece: number): number;
}

function describePieces(
  space: BandSpace,
  numbers: RowReader<Uint32Array>,
  regionOf: Uint32Array,
  n: number,
  crest: (from: number, to: number) => Float32Array,
  high: number,
): Pieces {
  const { width } = space;
  const nPixels = new Float64Array(n + 1);
  const isStrong = new Uint8Array(n + 1);
  const left = new Int32Array(n + 1).fill(width);
  const right = new Int32Array(n + 1);
  const top = new Int32Array(n + 1).fill(-1);
  const bottom = new Int32Array(n + 1);
  for (const { from, to } of space.bands(0)) {
    const rows = numbers.read(from, to);
    const values = crest(from, to);
    for (let i = 0; i < rows.length; i++) {
      if (rows[i] === 0) continue;
      const k = regionOf[rows[i]!]!; // 1 … n
      const x = i % width;
      const y = from + (i - x) / width;
      nPixels[k]! += 1;
      if (values[i]! >= high) isStrong[k] = 1;
      if (x < left[k]!) left[k] = x;
      if (x > right[k]!) right[k] = x;
      if (top[k]! < 0) top[k] = y; // rows come from top to bottom
      bottom[k] = y;
    }
  }
  return { nPixels, isStrong, extent: (k) => Math.hypot(right[k]! - left[k]!, bottom[k]! - top[k]!) + 1 };
}
