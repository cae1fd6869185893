import { gaussianBlur } from "./gaussianBlur.ts";

/**
 * Gaussian-smoothed copies of an image at ascending scales, each from the one before by the Gaussian of
 * √(σ² − σ'²), into `out[k]`; borders reflect. `sigmas[0]` ≥ 0.5 and steps of at least 0.5 between them keep the sampled
 * Gaussians true. A pixel further from the border of a tile than `scaleSpaceHalo` has the value it has in the whole image.
 */
export function scaleSpace(
  width: number,
  height: number,
  source: Float32Array,
  sigmas: ArrayLike<number>,
  scratch: Float32Array,
  out: readonly Float32Array[],
): void {
  let from = source;
  let reached = 0;
  for (let k = 0; k < sigmas.length; k++) {
    gaussianBlur(width, height, from, stepSigma(sigmas[k], reached), scratch, out[k]);
    from = out[k];
    reached = sigmas[k];
  }
}

/** Pixels on which a pixel of the last scale depends, in each direction. */
export function scaleSpaceHalo(sigmas: ArrayLike<number>): number {
  let halo = 0;
  let reached = 0;
  for (let k = 0; k < sigmas.length; k++) {
    halo += Math.max(1, Math.ceil(4 * stepSigma(sigmas[k], reached)));
    reached = sigmas[k];
  }
  return halo;
}

function stepSigma(sigma: number, reached: number): number {
  return Math.sqrt(sigma * sigma - reached * reached);
}
