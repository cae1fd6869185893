/**
 * The cracks between the pixels of row `y` that have a chosen label and neighbours of another label, in fours: label, 2 x and 2 y of
 * the middle of the crack, label of the neighbour. By rising x; of a pixel left, right, above, below.
 *
 * @param labels - rows `top` … of an image of `height` rows, among them `y` and the rows above and below it
 * @param isChosen - 1 for the labels whose cracks are wanted
 * @param cracks - room for 16 values a pixel
 * @returns number of values written
 */
export function rowCracks(
  width: number,
  height: number,
  top: number,
  y: number,
  labels: Uint32Array,
  isChosen: Uint8Array,
  cracks: Uint32Array,
): number {
  let n = 0;
  const start = (y - top) * width;
  for (let x = 0; x < width; x++) {
    const i = start + x;
    const label = labels[i];
    if (isChosen[label] === 0) continue;
    for (let side = 0; side < 4; side++) {
      if (side === 0 ? x === 0 : side === 1 ? x + 1 === width : side === 2 ? y === 0 : y + 1 === height) continue;
      const other = labels[side === 0 ? i - 1 : side === 1 ? i + 1 : side === 2 ? i - width : i + width];
      if (other === label) continue;
      cracks[n] = label;
      cracks[n + 1] = 2 * x + (side === 0 ? -1 : side === 1 ? 1 : 0);
      cracks[n + 2] = 2 * y + (side === 2 ? -1 : side === 3 ? 1 : 0);
      cracks[n + 3] = other;
      n += 4;
    }
  }
  return n;
}
