/**
 * Pixels of each row whose value lies within `tolerance` of `value`.
 *
 * @param values - row-major [height, width]
 * @param counts - [height]
 */
export function nearCounts(
  width: number,
  height: number,
  values: Float32Array,
  value: number,
  tolerance: number,
  counts: Uint32Array,
): void {
  for (let y = 0, i = 0; y < height; y++) {
    let count = 0;
    for (const end = i + width; i < end; i++) if (Math.abs(values[i] - value) <= tolerance) count++;
    counts[y] = count;
  }
}
