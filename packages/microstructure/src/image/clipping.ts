import type { Raster } from "@materiome/core";

/** Share of the pixels at one end of the scale that is worth a word. */
const LEAST_SHARE = 0.01;

/**
 * What to say of pixels at the very ends of the scale, where the detector or an export cut them off.
 *
 * One end counts as clipped where at least 1 % of the pixels (and 64) have its value and they are at least 3 times as many
 * as those of a grey next to it (1/255 … 4/255 of the scale away, on average): a dark specimen alone makes no such spike.
 *
 * @param grey - values in 0 … 1
 * @returns undefined where nothing is clipped
 */
export function clippedWarning(grey: Raster<Float32Array>): string | undefined {
  const counts = new Uint32Array(256);
  let black = 0;
  let white = 0;
  for (const value of grey.data) {
    counts[Math.round(value * 255)]!++; // 256 bins for 0 … 1
    if (value === 0) black++;
    else if (value === 1) white++;
  }
  const n = grey.data.length;
  if (n > 1 && Math.max(...counts) === n) {
    const { data } = grey;
    if (data.every((value) => value === data[0])) return "all pixels have the same grey: there is nothing to see";
  }
  const spikes = (count: number, first: number): boolean => {
    let near = 0;
    for (let k = 0; k < 4; k++) near += (counts[first + k] ?? 0) / 4;
    return count >= 64 && count >= LEAST_SHARE * n && count >= 3 * near;
  };
  const ends: string[] = [];
  if (spikes(white, 251)) ends.push(`${percent(white / n)} white`);
  if (spikes(black, 1)) ends.push(`${percent(black / n)} black`);
  if (ends.length === 0) return undefined;
  return `clipped: ${ends.join(" and ")} pixels at the end of the scale; what lay there is lost, so record with less contrast`;
}

/** Grey levels up to which an image is likelier a mask of classes than a micrograph. */
const MASK_LEVELS = 8;

/**
 * What to say of an image of two to eight grey levels: class masks and drawings have so few, micrographs do not.
 *
 * @returns undefined for more levels, or one
 */
export function fewLevelsWarning({ data }: Raster<Float32Array>): string | undefined {
  const levels = new Set<number>();
  for (const value of data) {
    levels.add(value);
    if (levels.size > MASK_LEVELS) return undefined;
  }
  if (levels.size < 2) return undefined;
  return `only ${levels.size} grey levels: this looks like a mask or a drawing, not a micrograph; label images are measured with digitizeLabels (--labels on the command line)`;
}

function percent(share: number): string {
  return `${(100 * share).toPrecision(2)} %`;
}
