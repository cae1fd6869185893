import { addGradientProducts, blurTensor } from "./colourTensor.ts";

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
  jxx.fill(0);
  jxy.fill(0);
  jyy.fill(0);
  addGradientProducts(width, height, smooth, jxx, jyy, jxy);
  blurTensor(width, height, sigma, scratch, jxx, jyy, jxy);
}
