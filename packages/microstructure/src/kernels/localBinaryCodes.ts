/**
 * Local binary patterns, uniform and rotation invariant: of the points (offsetX, offsetY) on a circle, read by bilinear
 * interpolation with 0 outside the image, the number that is not darker than the centre, or nPoints + 1 where the circle
 * changes more than twice.
 */
export function localBinaryCodes(
  width: number,
  height: number,
  grey: Float32Array,
  nPoints: number,
  offsetX: Float64Array,
  offsetY: Float64Array,
  out: Uint8Array,
): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const centre = grey[y * width + x];
      let nSet = 0;
      let nChanges = 0;
      let last = -1;
      for (let k = 0; k < nPoints; k++) {
        const px = x + offsetX[k];
        const py = y + offsetY[k];
        const x0 = Math.floor(px);
        const y0 = Math.floor(py);
        const x1 = Math.ceil(px);
        const y1 = Math.ceil(py);
        const fx = px - x0;
        const fy = py - y0;
        const left = x0 >= 0 && x0 < width;
        const right = x1 >= 0 && x1 < width;
        let top = 0;
        let bottom = 0;
        if (y0 >= 0 && y0 < height) {
          top = (1 - fx) * (left ? grey[y0 * width + x0] : 0) + fx * (right ? grey[y0 * width + x1] : 0);
        }
        if (y1 >= 0 && y1 < height) {
          bottom = (1 - fx) * (left ? grey[y1 * width + x0] : 0) + fx * (right ? grey[y1 * width + x1] : 0);
        }
        const bit = (1 - fy) * top + fy * bottom >= centre ? 1 : 0;
        nSet += bit;
        if (last >= 0 && bit !== last) nChanges++;
        last = bit;
      }
      // An open chain has more than two changes exactly where the circle has.
      out[y * width + x] = nChanges <= 2 ? nSet : nPoints + 1;
    }
  }
}
