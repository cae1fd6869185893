import { DomainError, type Raster } from "@materiome/core";
import { quadPatterns } from "../kernels/index.ts";
import { requireBinary } from "./phaseIndicator.ts";

export interface MinkowskiFunctionalsOptions {
  /** Whether pixels that touch at a corner only are joined. @defaultValue 8 */
  readonly connectivity?: 4 | 8 | undefined;
}

export interface MinkowskiFunctionals {
  readonly areaPx: number;
  /** Crofton's perimeter from 0°, 45°, 90°, 135°, the border of the image counted as boundary of the phase. */
  readonly perimeterPx: number;
  /** Clusters less holes, everything beyond the image taken as outside the phase. */
  readonly eulerNumber: number;
  readonly areaFraction: number;
  /** Boundary length per area of the image, px⁻¹; the border of the image is no boundary. */
  readonly perimeterDensityPerPx: number;
  /** Euler number per area, px⁻², from the corners inside the image: unbiased for a field cut out of a larger structure. */
  readonly eulerDensityPerPx2: number;
  readonly pixelSizeUm?: number | undefined;
}

/**
 * Minkowski functionals of a binary image: area, perimeter, Euler number, all from the counts of its 2 × 2 pixel patterns.
 *
 * Euler number: with Q₁, Q₃ the windows with one and three pixels, Q_D the diagonal ones, χ₄ = (Q₁ − Q₃ + 2 Q_D) / 4 and
 * χ₈ = (Q₁ − Q₃ − 2 Q_D) / 4. Perimeter: P = π/8 · (N₀ + N₉₀ + (N₄₅ + N₁₃₅) / √2), N the changes along all pixel lines of a
 * direction.
 *
 * @param phase - binary, whole numbers, not 0 inside
 * @throws ShapeError for more than one channel; DomainError for grey images or another connectivity
 * @see S. B. Gray, IEEE Trans. Comput. C-20, 551 (1971), doi:10.1109/T-C.1971.223289; J. Ohser, F. Mücklich, Statistical Analysis
 * of Microstructures in Materials Science (2000), ch. 4
 * @example
 * const { areaFraction, perimeterDensityPerPx, eulerDensityPerPx2 } = minkowskiFunctionals(phase);
 */
export function minkowskiFunctionals(phase: Raster, options: MinkowskiFunctionalsOptions = {}): MinkowskiFunctionals {
  const who = "minkowskiFunctionals";
  const { connectivity = 8 } = options;
  if (connectivity !== 4 && connectivity !== 8) {
    throw new DomainError(`${who}: connectivity must be 4 or 8, got ${connectivity}`);
  }
  const { width, height, pixelSizeUm } = phase;
  const data = requireBinary(who, "phase", phase);
  const quads = new Float64Array(16);
  quadPatterns(width, height, data, 0, quads);
  const areaPx = quadSum(quads, (bits) => ones(bits)) / 4;
  const perimeterPx = (Math.PI / 8) * crossings(quads);
  const eulerNumber = euler(quads, connectivity);
  quadPatterns(width, height, data, 1, quads);
  const nInside = (width - 1) * (height - 1);
  return {
    areaPx,
    perimeterPx,
    eulerNumber,
    areaFraction: areaPx / data.length,
    perimeterDensityPerPx: ((Math.PI / 8) * crossings(quads)) / nInside,
    eulerDensityPerPx2: euler(quads, connectivity) / nInside,
    ...(pixelSizeUm === undefined ? {} : { pixelSizeUm }),
  };
}

function quadSum(quads: Float64Array, weight: (bits: number) => number): number {
  return quads.reduce((sum, count, bits) => sum + count * weight(bits), 0);
}

function ones(bits: number): number {
  return (bits & 1) + ((bits >> 1) & 1) + ((bits >> 2) & 1) + (bits >> 3);
}

function euler(quads: Float64Array, connectivity: 4 | 8): number {
  const diagonal = connectivity === 4 ? 2 : -2;
  const weight = (bits: number): number => {
    if (bits === 6 || bits === 9) return diagonal;
    return ones(bits) === 1 ? 1 : ones(bits) === 3 ? -1 : 0;
  };
  return quadSum(quads, weight) / 4;
}

/** N₀ + N₉₀ + (N₄₅ + N₁₃₅) / √2; each pair of side neighbours is seen in two windows. */
function crossings(quads: Float64Array): number {
  return quadSum(quads, (bits) => {
    const [a, b, c, d] = [bits & 1, (bits >> 1) & 1, (bits >> 2) & 1, bits >> 3];
    const sides = (a ^ b) + (c ^ d) + (a ^ c) + (b ^ d);
    return sides / 2 + ((a ^ d) + (b ^ c)) / Math.SQRT2;
  });
}
