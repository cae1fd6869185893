/**
 * Pairs of neighbouring pixels whose labels differ, added to `out`: [0] right neighbours, [1] along the rising diagonal
 * (right and up), [2] lower neighbours, [3] along the falling diagonal. Counts the pairs of rows `from` … `to` − 1 of
 * `labels` among themselves and with the row below each, where there is one; `labels` has `rows` rows.
 */
export function neighbourChanges(
  width: number,
  rows: number,
  from: number,
  to: number,
  labels: Uint32Array,
  out: Float64Array,
): void {
  let right = 0;
  let rising = 0;
  let lower = 0;
  let falling = 0;
  for (let y = from; y < to; y++) {
    const hasBelow = y + 1 < rows;
    for (let x = 0, i = y * width; x < width; x++, i++) {
      const label = labels[i];
      const hasRight = x + 1 < width;
      if (hasRight && labels[i + 1] !== label) right++;
      if (!hasBelow) continue;
      if (labels[i + width] !== label) lower++;
      if (!hasRight) continue;
      if (labels[i + width + 1] !== label) falling++;
      if (labels[i + width] !== labels[i + 1]) rising++;
    }
  }
  out[0] += right;
  out[1] += rising;
  out[2] += lower;
  out[3] += falling;
}
