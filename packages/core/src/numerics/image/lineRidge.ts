import { imageEngine } from "./imageEngine.ts";

/** Taps on each side of the pixel. */
const TAPS = 4;
/** Factors of an orientation: of xx, xy, yy across the line, and along it. */
const TURN = 6;

/** How the second derivative is averaged along a line. */
export interface LineTaps {
  readonly nOrientations: number;
  /** Of the pixel itself, and of the taps 1 … 4 on both sides [5]. */
  readonly weights: Float64Array;
  /** Steps in pixels from the pixel to its tap k of orientation o, at 5 · o + k [5 · nOrientations]; within the margin less 2. */
  readonly offsetsX: Int32Array;
  readonly offsetsY: Int32Array;
}

/**
 * Strength of dark lines: the largest, over orientations, of the second derivative across the line averaged along it.
 *
 * `padded` is the smoothed image with a margin of `margin` pixels on each side, (width + 2 · margin) wide; derivatives are
 * 3 × 3 differences. Orientation o is a line at angle π · o / nOrientations; along it the second derivative is averaged over
 * nine taps, symmetric about the pixel. `blobPenalty` times the second derivative along the line, where positive, is taken
 * off: dark spots curve both ways. Values below zero become 0; `orientation` gets the best o.
 *
 * @param out - strength [width · height], written
 * @param orientation - 0 … nOrientations − 1 [width · height], written
 * @throws DomainError if the machine gives no memory: 40 bytes a pixel
 * @example
 * lineRidge({ width, height, margin: 8 }, padded, taps, 0.7, strength, orientation);
 */
export function lineRidge(
  { width, height, margin }: { readonly width: number; readonly height: number; readonly margin: number },
  padded: Float32Array,
  { nOrientations, weights, offsetsX, offsetsY }: LineTaps,
  blobPenalty: number,
  out: Float32Array,
  orientation: Uint8Array,
): void {
  const pitch = width + 2 * margin;
  const size = pitch * (height + 2 * margin) + 2;
  const even = width + (width & 1);
  const turns = new Float64Array(TURN * nOrientations);
  const offsets = new Int32Array(TAPS * nOrientations);
  for (let o = 0; o < nOrientations; o++) {
    const angle = (Math.PI * o) / nOrientations;
    const [tx, ty] = [Math.cos(angle), Math.sin(angle)];
    turns.set([ty * ty, 2 * -ty * tx, tx * tx, tx * tx, 2 * tx * ty, ty * ty], TURN * o);
    for (let k = 1; k <= TAPS; k++) {
      const at = (TAPS + 1) * o + k;
      offsets[TAPS * o + k - 1] = (offsetsY[at] as number) * pitch + (offsetsX[at] as number); // one per tap
    }
  }
  const lengths = [size / 2, weights.length, turns.length, offsets.length / 2, size, size, size, size];
  imageEngine.use("lineRidge", [...lengths, even * height, even * height], (wasm, addresses, view) => {
    const [image = 0, w = 0, t = 0, d = 0, xx = 0, yy = 0, xy = 0, across = 0, strength = 0, best = 0] = addresses;
    const { buffer } = wasm.memory;
    new Float32Array(buffer, image, padded.length).set(padded);
    view(w, weights.length).set(weights);
    view(t, turns.length).set(turns);
    new Int32Array(buffer, d, offsets.length).set(offsets);
    wasm.lineRidge(
      width,
      height,
      margin,
      image,
      nOrientations,
      w,
      t,
      d,
      blobPenalty,
      xx,
      yy,
      xy,
      across,
      strength,
      best,
    );
    const strengths = view(strength, even * height);
    const orientations = view(best, even * height);
    for (let y = 0; y < height; y++) {
      out.set(strengths.subarray(y * even, y * even + width), y * width);
      orientation.set(orientations.subarray(y * even, y * even + width), y * width);
    }
  });
}
