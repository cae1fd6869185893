import { FormatError } from "@materiome/core";

/**
 * Runs of a mask in COCO's order, column by column from the top left: lengths of zeros and ones in turn, zeros first.
 *
 * @param mask - foreground not 0, row-major
 * @example
 * maskToRuns(Uint8Array.of(0, 1, 1, 1), 2, 2); // [1, 3]: the first column is 0 1
 */
export function maskToRuns(mask: ArrayLike<number>, width: number, height: number): number[] {
  const runs: number[] = [];
  let value = 0;
  let count = 0;
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      const here = mask[y * width + x] === 0 ? 0 : 1;
      if (here === value) count++;
      else {
        runs.push(count);
        value = here;
        count = 1;
      }
    }
  }
  runs.push(count);
  return runs;
}

/**
 * The mask (0 and 1, row-major) of runs in COCO's order.
 *
 * @throws FormatError if the runs do not fill the mask, or are not whole numbers from 0
 */
export function runsToMask(runs: readonly number[], width: number, height: number): Uint8Array {
  const mask = new Uint8Array(width * height);
  let at = 0;
  for (const [k, run] of runs.entries()) {
    if (!(Number.isInteger(run) && run >= 0 && at + run <= mask.length)) {
      throw new FormatError(
        `run lengths: run ${k} is ${run} at pixel ${at} of ${width} × ${height}; they do not fit the size`,
      );
    }
    if (k % 2 === 1) {
      for (let i = at; i < at + run; i++) mask[(i % height) * width + Math.floor(i / height)] = 1;
    }
    at += run;
  }
  if (at === mask.length) return mask;
  throw new FormatError(`run lengths: they cover ${at} pixels, ${width} × ${height} has ${mask.length}`);
}

/**
 * Text of run lengths as COCO compresses them: from the fourth run on the difference to the run two before, in groups of 5 bits,
 * the lowest first, bit 6 saying that more follow, bit 5 of the last group being the sign; each group plus 48 is a character.
 *
 * @example
 * compressRuns([6, 1, 40, 4, 5, 4, 5, 4, 21]); // "61X13mN000`0"
 */
export function compressRuns(runs: readonly number[]): string {
  let text = "";
  for (const [k, run] of runs.entries()) {
    let rest = k > 2 ? run - runs[k - 2]! : run; // k ≥ 3
    for (;;) {
      const group = rest & 0x1f;
      rest >>= 5;
      const isLast = (group & 0x10) !== 0 ? rest === -1 : rest === 0;
      text += String.fromCharCode((isLast ? group : group | 0x20) + 48);
      if (isLast) break;
    }
  }
  return text;
}

/**
 * @throws FormatError for text that `compressRuns` cannot have written
 *
 * @example
 * decompressRuns(compressRuns([3, 2, 7])); // [3, 2, 7]
 */
export function decompressRuns(text: string): number[] {
  const runs: number[] = [];
  let value = 0;
  let shift = 0;
  for (let i = 0; i < text.length; i++) {
    const group = text.charCodeAt(i) - 48;
    if (!(group >= 0 && group < 64)) {
      throw new FormatError(`compressed run lengths: character ${i + 1} ("${text[i]}") is none of COCO's`);
    }
    if (shift > 30)
      throw new FormatError(`compressed run lengths: the number that ends at character ${i + 1} is too long`);
    value |= (group & 0x1f) << shift;
    shift += 5;
    if ((group & 0x20) !== 0) continue;
    if ((group & 0x10) !== 0 && shift < 32) value |= -1 << shift;
    const k = runs.length;
    runs.push(k > 2 ? value + runs[k - 2]! : value); // k ≥ 3
    value = 0;
    shift = 0;
  }
  if (shift > 0)
    throw new FormatError("compressed run lengths: the text ends within a number; the file may be cut short");
  return runs;
}
