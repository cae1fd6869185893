import { gaussianBlur } from "./gaussianBlur.ts";

/**
 * Structure tensor: products of the central differences of a smoothed image, averaged by a Gaussian of `sigma`; borders as
 * in `gaussianBlur`, y pointing down. `scratch` is a buffer; all arrays have width × height entries.
 */
export function structureTensorParts(
  width: number,
  height: number,
  smooth: Float32Array,
  sigma: number,
  scratch: Float32Array,
  jxx: Float32Array,
  jxy: Float32Array,
  jyy: Float32Array,
): void {
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const up = y > 0 ? row - width : row;
    const down = y + 1 < height ? row + width : row;
    for (let x = 0; x < width; x++) {
      const gx = 0.5 * (smooth[row + (x + 1 < width ? x + 1 : x)] - smooth[row + (x > 0 ? x - 1 : x)]);
      const gy = 0.5 * (smooth[down + x] - smooth[up + x]);
      jxx[row + x] = gx * gx;
      jyy[row + x] = gy * gy;
      jxy[row + x] = gx * gy;
    }
  }
  gaussianBlur(width, height, jxx, sigma, scratch, jxx);
  gaussianBlur(width, height, jyy, sigma, scratch, jyy);
  gaussianBlur(width, height, jxy, sigma, scratch, jxy);
}

/**
 * Eigenvalues of the structure tensor. A boundary is large in `larger` alone, a corner or texture in both. `scratch` and
 * `mixed` are buffers; all arrays have width × height entries.
 */
export function structureTensor(
  width: number,
  height: number,
  smooth: Float32Array,
  sigma: number,
  scratch: Float32Array,
  mixed: Float32Array,
  larger: Float32Array,
  smaller: Float32Array,
): void {
  structureTensorParts(width, height, smooth, sigma, scratch, larger, mixed, smaller);
  for (let i = 0; i < width * height; i++) {
    const mean = 0.5 * (larger[i] + smaller[i]);
    const half = Math.sqrt(0.25 * (larger[i] - smaller[i]) * (larger[i] - smaller[i]) + mixed[i] * mixed[i]);
    larger[i] = mean + half;
    smaller[i] = mean - half;
  }
}
