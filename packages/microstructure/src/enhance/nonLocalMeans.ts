import type { Raster } from "@materiome/core";
import { nonLocalMeans as weighShifts } from "../kernels/index.ts";
import { checkImage, checkOption, checkWhole, joinChannels, splitChannels } from "./checkImage.ts";
import { noiseOf } from "./noiseOf.ts";

export interface NonLocalMeansOptions {
  /** Half edge of the patches that are compared, px. @defaultValue 2: 5 × 5 */
  readonly patchRadiusPx?: number | undefined;
  /** Half edge of the window that is searched for like patches, px. @defaultValue 8 */
  readonly searchRadiusPx?: number | undefined;
  /** Standard deviation of the noise σ. @defaultValue what `estimateNoise` finds */
  readonly noise?: number | undefined;
  /** Strength h in units of the noise. @defaultValue 0.6 */
  readonly strength?: number | undefined;
}

/**
 * Non-local means: average of pixels whose surroundings look alike, with weights exp(−max(0, D − 2σ²) / h²), D being the mean
 * squared difference of two patches and h = strength · σ. Taking off 2σ² gives patches that differ by noise alone the weight 1.
 * Uniform patches, whose distances come from running sums; colours share their weights (D is the mean over channels).
 * Borders reflect.
 *
 * @param image - one channel or three
 * @throws ShapeError for another number of channels; DomainError for NaN or infinite values or options out of range, or if no
 * noise is given and the image shows none
 * @see A. Buades, B. Coll, J.-M. Morel, Multiscale Model. Simul. 4, 490 (2005), doi:10.1137/040616024
 * @see J. Darbon et al., Proc. ISBI, 1331 (2008), doi:10.1109/ISBI.2008.4541250, for the running sums
 * @example
 * const clean = nonLocalMeans(image, { searchRadiusPx: 10 });
 */
export function nonLocalMeans(image: Raster<Float32Array>, options: NonLocalMeansOptions = {}): Raster<Float32Array> {
  const caller = "nonLocalMeans";
  checkImage(caller, image);
  const patch = checkWhole(caller, "patchRadiusPx", options.patchRadiusPx ?? 2, 0, 100);
  const search = checkWhole(caller, "searchRadiusPx", options.searchRadiusPx ?? 8, 1, 1000);
  const noise = checkOption(caller, "noise", options.noise ?? noiseOf(caller, "noise", image), 1e-9, 1e9);
  const h = noise * checkOption(caller, "strength", options.strength ?? 0.6, 1e-6, 1e6);
  const { width, height, channels } = image;
  const spatial = new Float64Array((search + 1) * (search + 1)).fill(1);
  const out = new Float32Array(image.data.length);
  const scale = 1 / (channels * (2 * patch + 1) ** 2 * h * h);
  const offset = (2 * noise * noise) / (h * h);
  const padded = splitChannels(image, search + patch);
  weighShifts(width, height, channels, padded, search, patch, spatial, scale, offset, out);
  return joinChannels(image, out);
}
