import { createRaster, DomainError, type Raster } from "@materiome/core";
import { gaussianBlur, structureTensorParts } from "../kernels/index.ts";
import { requireGrey } from "./greyLevels.ts";
import { axialTexture } from "./orientationTensor.ts";

export interface StructureTensorTextureOptions {
  /** σ of the Gaussian before the gradient, px. @defaultValue 1 */
  readonly gradientSigmaPx?: number | undefined;
  /** σ of the Gaussian window over which gradients are averaged, px. @defaultValue 4 */
  readonly windowSigmaPx?: number | undefined;
  /** Bins of the orientation distribution over 180°. @defaultValue 36 */
  readonly nBins?: number | undefined;
}

export interface StructureTensorTexture {
  /** Direction of the structure (across the gradient), degrees counter-clockwise from +x in (−90, 90]; 0 where there is no gradient. */
  readonly orientationDeg: Raster<Float32Array>;
  /** (λ₁ − λ₂) / (λ₁ + λ₂): 1 for parallel lines, 0 without a direction or a gradient. */
  readonly coherence: Raster<Float32Array>;
  /** λ₁ + λ₂, the mean squared gradient, px⁻². */
  readonly energy: Raster<Float32Array>;
  /** Share of energy × coherence by orientation; bin k is [−90 + k w, −90 + (k + 1) w) degrees. All 0 for an image without gradient. */
  readonly distribution: Float64Array;
  /** Direction and alignment of the whole image, weighted by energy: see {@link axialTexture}. */
  readonly meanDirectionDeg: number;
  readonly alignmentIndex: number;
  /** Mean coherence weighted by energy; 0 for an image without gradient. */
  readonly meanCoherence: number;
}

/**
 * Orientation of the texture of an image from its structure tensor, the windowed average of ∇I ∇Iᵀ.
 *
 * @param image - grey in 0 … 1, floating point
 * @throws ShapeError for more than one channel; DataError for grey outside 0 … 1; DomainError for impossible options
 * @see J. Bigün, G. H. Granlund, ICCV (1987); R. Rezakhaniha et al., doi:10.1007/s10237-011-0325-z
 * @example
 * const { meanDirectionDeg, alignmentIndex } = structureTensorTexture(image, { windowSigmaPx: 8 });
 */
export function structureTensorTexture(
  image: Raster,
  options: StructureTensorTextureOptions = {},
): StructureTensorTexture {
  const who = "structureTensorTexture";
  const { gradientSigmaPx = 1, windowSigmaPx = 4, nBins = 36 } = options;
  for (const [name, sigma] of Object.entries({ gradientSigmaPx, windowSigmaPx })) {
    if (!(sigma > 0 && Number.isFinite(sigma))) throw new DomainError(`${who}: ${name} must be positive, got ${sigma}`);
  }
  if (!(Number.isInteger(nBins) && nBins >= 1)) {
    throw new DomainError(`${who}: nBins must be a whole number of at least 1, got ${nBins}`);
  }
  const { width, height, pixelSizeUm } = image;
  const grey = requireGrey(who, image);
  const plane = (): Float32Array => new Float32Array(grey.length);
  const [smooth, scratch, jxx, jxy, jyy] = [plane(), plane(), plane(), plane(), plane()];
  gaussianBlur(width, height, grey, gradientSigmaPx, scratch, smooth);
  structureTensorParts(width, height, smooth, windowSigmaPx, scratch, jxx, jxy, jyy);
  const orientation = plane();
  const coherence = plane();
  const energy = plane();
  const distribution = new Float64Array(nBins);
  let [sumEnergy, sumCos, sumSin, sumSpread] = [0, 0, 0, 0];
  for (let i = 0; i < grey.length; i++) {
    const total = jxx[i]! + jyy[i]!; // arrays of one length
    const cos = jyy[i]! - jxx[i]!; // twice the angle of the line, across the gradient, y up
    const sin = 2 * jxy[i]!;
    const spread = Math.hypot(cos, sin);
    energy[i] = total;
    if (total < LEAST_ENERGY) continue;
    coherence[i] = Math.min(1, spread / total);
    let degrees = (Math.atan2(sin, cos) * 90) / Math.PI;
    if (degrees <= -90) degrees += 180;
    orientation[i] = degrees;
    distribution[Math.floor(((degrees + 90) / 180) * nBins) % nBins]! += spread;
    sumEnergy += total;
    sumCos += cos;
    sumSin += sin;
    sumSpread += spread;
  }
  const map = (data: Float32Array): Raster<Float32Array> => createRaster(data, width, height, { pixelSizeUm });
  return {
    orientationDeg: map(orientation),
    coherence: map(coherence),
    energy: map(energy),
    distribution: sumSpread > 0 ? distribution.map((share) => share / sumSpread) : distribution,
    ...axialTexture(sumCos, sumSin, sumEnergy),
    meanCoherence: sumEnergy > 0 ? sumSpread / sumEnergy : 0,
  };
}

/** Squared gradients below this are rounding of single precision. */
const LEAST_ENERGY = 1e-12;
