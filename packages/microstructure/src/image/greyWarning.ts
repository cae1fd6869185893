/** Share of the pixels at one end of the scale that is worth a word. */
const LEAST_SHARE = 0.01;

/** Grey levels up to which an image is likelier a mask of classes than a micrograph. */
const MASK_LEVELS = 8;

/**
 * What to say of the greys of an image as such: that they are so few that it is a mask or a drawing, all the same, or cut off at
 * the very ends of the scale by the detector or an export.
 *
 * Two to eight levels are a mask. One end counts as clipped where at least 1 % of the pixels (and 64) have its value and they
 * are at least 3 times as many as those of a grey next to it (1/255 … 4/255 of the scale away, on average): a dark specimen
 * alone makes no such spike.
 *
 * @param parts - values in 0 … 1, all of the image in any number of parts
 * @returns undefined where there is nothing to say
 */
export function greyWarning(parts: Iterable<Float32Array>): string | undefined {
  const counts = new Uint32Array(256);
  const levels = new Set<number>();
  let black = 0;
  let white = 0;
  let n = 0;
  for (const values of parts) {
    let last = Number.NaN;
    for (const value of values) {
      if (value !== last && levels.size <= MASK_LEVELS) levels.add(value);
      last = value;
      counts[Math.round(value * 255)]!++; // 256 bins for 0 … 1
      if (value === 0) black++;
      else if (value === 1) white++;
    }
    n += values.length;
  }
  if (levels.size >= 2 && levels.size <= MASK_LEVELS) {
    return `only ${levels.size} grey levels: this looks like a mask or a drawing, not a micrograph; label images are measured with digitizeLabels (--labels on the command line)`;
  }
  if (levels.size === 1 && n > 1) return "all pixels have the same grey: there is nothing to see";
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

function percent(share: number): string {
  return `${(100 * share).toPrecision(2)} %`;
}
