/** Counts the pairs of grey levels (i at a pixel, j at the pixel (dx, dy) further): `out[i * levels + j]`. */
export function greyPairs(
  width: number,
  height: number,
  grey: Uint8Array | Uint16Array,
  dx: number,
  dy: number,
  levels: number,
  out: Float64Array,
): void {
  const fromX = Math.max(0, -dx);
  const toX = Math.min(width, width - dx);
  const fromY = Math.max(0, -dy);
  const toY = Math.min(height, height - dy);
  const shift = dy * width + dx;
  for (let y = fromY; y < toY; y++) {
    const row = y * width;
    for (let x = fromX; x < toX; x++) out[grey[row + x] * levels + grey[row + x + shift]]++;
  }
}
