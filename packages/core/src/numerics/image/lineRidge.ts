import { imageEngine } from "./imageEngine.ts";

/** Pixels, with their margin, that are worked on at once: more would fall out of the cache, and large images need no more memory. */
const STRIP = 262_144;
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
 * Worked on in strips of rows, which no bit depends on: 15 MB are enough for an image of any height and up to 10 000 pixels wide.
 *
 * @throws DomainError if the machine gives no memory
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
  const stripRows = Math.max(1, Math.min(height, Math.floor(STRIP / pitch) - 2 * margin));
  const size = pitch * (stripRows + 2 * margin) + 2;
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
  imageEngine.use("lineRidge", [...lengths, even * stripRows, even * stripRows], (wasm, addresses, view) => {
    const [image = 0, w = 0, t = 0, d = 0, xx = 0, yy = 0, xy = 0, across = 0, strength = 0, best = 0] = addresses;
    const { buffer } = wasm.memory;
    view(w, weights.length).set(weights);
    view(t, turns.length).set(turns);
    new Int32Array(buffer, d, offsets.length).set(offsets);
    for (let top = 0; top < height; top += stripRows) {
      const rows = Math.min(stripRows, height - top);
      const strip = padded.subarray(top * pitch, (top + rows + 2 * margin) * pitch);
      new Float32Array(buffer, image, strip.length).set(strip);
      wasm.lineRidge(
        width,
        rows,
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
      const strengths = view(strength, even * rows);
      const orientations = view(best, even * rows);
      for (let y = 0; y < rows; y++) {
        out.set(strengths.subarray(y * even, y * even + width), (top + y) * width);
        orientation.set(orientations.subarray(y * even, y * even + width), (top + y) * width);
      }
    }
  });
}
