/**
 * Adds a tile to sums and weights at (left, top): the weight of a pixel is its distance from the nearest edge of the tile to
 * the given power.
 */
export function addTile(
  tileWidth: number,
  tileHeight: number,
  channels: number,
  tile: Float32Array,
  power: number,
  left: number,
  top: number,
  width: number,
  sums: Float64Array,
  weights: Float64Array,
): void {
  for (let y = 0; y < tileHeight; y++) {
    const fromEdgeY = Math.min(y + 1, tileHeight - y);
    for (let x = 0; x < tileWidth; x++) {
      const weight = Math.min(fromEdgeY, x + 1, tileWidth - x) ** power;
      const to = (top + y) * width + left + x;
      weights[to] += weight;
      const from = (y * tileWidth + x) * channels;
      for (let c = 0; c < channels; c++) sums[to * channels + c] += weight * tile[from + c];
    }
  }
}
