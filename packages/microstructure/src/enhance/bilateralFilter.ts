import type { Raster } from "@materiome/core";
import { nonLocalMeans as weighShifts } from "../kernels/index.ts";
import { checkImage, checkOption, checkWhole, joinChannels, splitChannels } from "./checkImage.ts";
import { noiseOf } from "./noiseOf.ts";

export interface BilateralFilterOptions {
  /** Standard deviation of the spatial weight, px. @defaultValue 2 */
  readonly sigmaPx?: number | undefined;
  /** Standard deviation of the grey (or colour) weight. @defaultValue twice the noise that `estimateNoise` finds */
  readonly sigmaGrey?: number | undefined;
  /** Half edge of the square window, px. @defaultValue ⌈3 sigmaPx⌉ */
  readonly radiusPx?: number | undefined;
}

/**
 * Bilateral filter: mean of the pixels of a window with weights exp(−r² / 2σ²) exp(−|I(x) − I(y)|² / 2σ_g²), so that only
 * pixels of like grey are averaged. All pairs are computed (the weight within 2·10⁻⁶); colours share their weights, |·| being
 * the Euclidean distance. Borders reflect.
 *
 * @param image - one channel or three
 * @throws ShapeError for another number of channels; DomainError for NaN or infinite values or options out of range, or if no
 * sigmaGrey is given and the image has no noise to take it from
 * @see C. Tomasi, R. Manduchi, Proc. ICCV, 839 (1998), doi:10.1109/ICCV.1998.710815
 * @example
 * const smooth = bilateralFilter(image, { sigmaPx: 2, sigmaGrey: 0.08 });
 */
export function bilateralFilter(
  image: Raster<Float32Array>,
  options: BilateralFilterOptions = {},
): Raster<Float32Array> {
  const caller = "bilateralFilter";
  checkImage(caller, image);
  const sigma = checkOption(caller, "sigmaPx", options.sigmaPx ?? 2, 0.1, 1000);
  const radius = checkWhole(caller, "radiusPx", options.radiusPx ?? Math.ceil(3 * sigma), 1, 3000);
  const sigmaGrey = checkOption(
    caller,
    "sigmaGrey",
    options.sigmaGrey ?? 2 * noiseOf(caller, "sigmaGrey", image),
    1e-9,
    1e9,
  );
  const spatial = new Float64Array((radius + 1) * (radius + 1));
  for (let y = 0; y <= radius; y++) {
    for (let x = 0; x <= radius; x++) spatial[y * (radius + 1) + x] = Math.exp(-(x * x + y * y) / (2 * sigma * sigma));
  }
  const { width, height, channels } = image;
  const out = new Float32Array(image.data.length);
  const scale = 1 / (2 * sigmaGrey * sigmaGrey);
  weighShifts(width, height, channels, splitChannels(image, radius), radius, 0, spatial, scale, 0, out);
  return joinChannels(image, out);
}
