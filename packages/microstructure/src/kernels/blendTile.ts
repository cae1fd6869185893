/**
 * Adds a part of a tile, times a weight per column and row, to an image with as many channels: columns `left` … and rows `top` … of
 * the tile, as many as there are weights, to `outLeft`, `outTop` of the image.
 */
export function blendTile(
  tileWidth: number,
  channels: number,
  tile: Float32Array,
  left: number,
  top: number,
  columnWeights: Float64Array,
  rowWeights: Float64Array,
  outWidth: number,
  outLeft: number,
  outTop: number,
  out: Float32Array,
): void {
  for (let y = 0; y < rowWeights.length; y++) {
    let from = ((top + y) * tileWidth + left) * channels;
    let to = ((outTop + y) * outWidth + outLeft) * channels;
    for (let x = 0; x < columnWeights.length; x++) {
      const weight = rowWeights[y] * columnWeights[x];
      for (let c = 0; c < channels; c++, from++, to++) out[to] += weight * tile[from];
    }
  }
}
