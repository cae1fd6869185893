import { gaussianBlur } from "./gaussianBlur.ts";

/** Adds the products of the central differences of a smoothed channel: Σ over channels is the tensor of Di Zenzo. */
export function addGradientProducts(
  width: number,
  height: number,
  smooth: Float32Array,
  xx: Float32Array,
  yy: Float32Array,
  xy: Float32Array,
): void {
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const up = y > 0 ? row - width : row;
    const down = y + 1 < height ? row + width : row;
    for (let x = 0; x < width; x++) {
      const gx = 0.5 * (smooth[row + (x + 1 < width ? x + 1 : x)] - smooth[row + (x > 0 ? x - 1 : x)]);
      const gy = 0.5 * (smooth[down + x] - smooth[up + x]);
      xx[row + x] += gx * gx;
      yy[row + x] += gy * gy;
      xy[row + x] += gx * gy;
    }
  }
}

/** Square roots of the eigenvalues of a symmetric tensor times `scale`; `larger` may be `xx`, `smaller` may be `yy`. */
export function tensorRoots(
  size: number,
  xx: Float32Array,
  yy: Float32Array,
  xy: Float32Array,
  scale: number,
  larger: Float32Array,
  smaller: Float32Array,
): void {
  for (let i = 0; i < size; i++) {
    const mean = 0.5 * (xx[i] + yy[i]);
    const half = Math.sqrt(0.25 * (xx[i] - yy[i]) * (xx[i] - yy[i]) + xy[i] * xy[i]);
    larger[i] = scale * Math.sqrt(mean + half);
    smaller[i] = mean > half ? scale * Math.sqrt(mean - half) : 0;
  }
}

/** Blurs the three parts of a tensor in place. */
export function blurTensor(
  width: number,
  height: number,
  sigma: number,
  scratch: Float32Array,
  xx: Float32Array,
  yy: Float32Array,
  xy: Float32Array,
): void {
  gaussianBlur(width, height, xx, sigma, scratch, xx);
  gaussianBlur(width, height, yy, sigma, scratch, yy);
  gaussianBlur(width, height, xy, sigma, scratch, xy);
}
