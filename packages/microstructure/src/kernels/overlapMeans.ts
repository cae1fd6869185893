/**
 * Divides sums over pairs of pixels, for shifts −lastX … lastX by −lastY … lastY, by the number of pairs in the image, in place.
 * With `isCount` not 0 the sums are rounded to whole numbers before; with `isSymmetric` not 0 they are equal at opposite shifts.
 */
export function overlapMeans(
  lastX: number,
  lastY: number,
  width: number,
  height: number,
  periodic: 0 | 1,
  isCount: 0 | 1,
  isSymmetric: 0 | 1,
  map: Float64Array,
): void {
  const columns = 2 * lastX + 1;
  const rows = 2 * lastY + 1;
  const end = columns * rows - 1;
  const nRows = isSymmetric === 1 ? lastY + 1 : rows;
  for (let r = 0; r < nRows; r++) {
    const pairRows = periodic === 1 ? height : height - Math.abs(r - lastY);
    const row = r * columns;
    for (let c = 0; c < columns; c++) {
      const pairs = pairRows * (periodic === 1 ? width : width - Math.abs(c - lastX));
      const sum = map[row + c];
      const mean = (isCount === 1 ? Math.floor(sum + 0.5) : sum) / pairs;
      map[row + c] = mean;
      if (isSymmetric === 1) {
        map[end - row - c] = mean;
        if (r === lastY && c === lastX) break; // the rest of the middle row is mirrored already
      }
    }
  }
}
