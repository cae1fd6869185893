/**
 * Gradient magnitude and Hessian eigenvalues of a smoothed image by central differences (first: (b − a)/2; second: a − 2 c + b;
 * mixed: a quarter of the corners), per pixel and per pixel²; borders reflect about the edge of the image (… b a | a b …).
 * `larger` and `smaller` get the eigenvalues in that order, so that a dark line is large in `larger`, a bright one low in
 * `smaller`. All arrays have width × height entries.
 */
export function scaleDerivatives(
  width: number,
  height: number,
  smooth: Float32Array,
  gradient: Float32Array,
  larger: Float32Array,
  smaller: Float32Array,
): void {
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const up = y > 0 ? row - width : row;
    const down = y + 1 < height ? row + width : row;
    for (let x = 0; x < width; x++) {
      const west = x > 0 ? x - 1 : x;
      const east = x + 1 < width ? x + 1 : x;
      const centre = 2 * smooth[row + x];
      const w = smooth[row + west];
      const e = smooth[row + east];
      const n = smooth[up + x];
      const s = smooth[down + x];
      const gx = e - w;
      const gy = s - n;
      const xx = w + e - centre;
      const yy = n + s - centre;
      const xy = 0.5 * (smooth[up + west] + smooth[down + east] - smooth[up + east] - smooth[down + west]);
      const mean = 0.5 * (xx + yy);
      // `xy` is twice the mixed derivative.
      const half = 0.5 * Math.sqrt((xx - yy) * (xx - yy) + xy * xy);
      gradient[row + x] = 0.5 * Math.sqrt(gx * gx + gy * gy);
      larger[row + x] = mean + half;
      smaller[row + x] = mean - half;
    }
  }
}
