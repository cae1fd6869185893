import type { Random } from "@materiome/core";
import { rowCodeCounts } from "../kernels/index.ts";
import type { Patch } from "./patch.ts";

export interface PixelPlace {
  readonly image: number;
  readonly x: number;
  readonly y: number;
}

/** Finds the n-th pixel of a class over several images without a list of all pixels: counts per row, then a look along it. */
export interface ClassPixels {
  /** Labelled pixels of each class over all images. */
  readonly counts: Float64Array;
  /** Draws a pixel of a class, each with the same chance. There must be one. */
  draw(code: number, random: Random): PixelPlace;
}

export function classPixels(images: readonly Pick<Patch, "codes">[], nClasses: number): ClassPixels {
  const starts = [0];
  for (const { codes } of images) starts.push(starts.at(-1)! + codes.height); // begins with an entry
  const nRows = starts.at(-1)!; // as above
  // Pixels in all rows before each, per class.
  const before = new Float64Array((nRows + 1) * nClasses);
  for (const [k, { codes }] of images.entries()) {
    const counts = new Uint32Array(codes.height * nClasses);
    rowCodeCounts(codes.width, codes.height, codes.data, nClasses, counts);
    for (let y = 0; y < codes.height; y++) {
      const row = (starts[k]! + y) * nClasses; // rows and classes counted above, here and below
      for (let c = 0; c < nClasses; c++) before[row + nClasses + c] = before[row + c]! + counts[y * nClasses + c]!;
    }
  }
  const counts = before.slice(nRows * nClasses);
  return {
    counts,
    draw(code, random) {
      let rank = random.int(before[nRows * nClasses + code]!);
      // The last row with at most `rank` pixels before it.
      let low = 0;
      let high = nRows - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (before[middle * nClasses + code]! <= rank) low = middle;
        else high = middle - 1;
      }
      rank -= before[low * nClasses + code]!;
      let image = 0;
      while (starts[image + 1]! <= low) image++; // ends at the number of rows
      const { codes } = images[image]!; // one start per image
      const y = low - starts[image]!;
      for (let x = 0; x < codes.width; x++) {
        if (codes.data[y * codes.width + x] !== code) continue;
        if (rank-- === 0) return { image, x, y };
      }
      throw new Error("classPixels: counts and codes disagree; were the codes changed after they were counted?");
    },
  };
}
