import { DataError, DomainError } from "@materiome/core";
import type { RadialAverage } from "./radialAverage.ts";

export interface CorrelationLengths {
  /** Where the normalised autocovariance first falls to 1/e; undefined where it does not within the range. */
  readonly decayPx: number | undefined;
  /** Its first zero; undefined where there is none within the range. */
  readonly zeroPx: number | undefined;
  /** Its integral from 0 to the first zero (or the end of the range). */
  readonly integralPx: number;
}

/**
 * Lengths of the decay of a two-point correlation: of χ(r) = (S₂(r) − φ²) / (S₂(0) − φ²), linear between the rings.
 *
 * @param radial - of `radialAverage`
 * @param fraction - φ, the area fraction or mean
 * @param sector - which sector of `radial`
 * @throws DataError for a constant image, which has no autocovariance; DomainError for a sector that is not there
 * @example
 * const { decayPx } = correlationLengths(radialAverage(correlation.map), correlation.fraction);
 */
export function correlationLengths(radial: RadialAverage, fraction: number, sector = 0): CorrelationLengths {
  const distance = radial.distancePx[sector];
  const value = radial.value[sector];
  if (distance === undefined || value === undefined) {
    throw new DomainError(`correlationLengths: sector must be 0 … ${radial.value.length - 1}, got ${sector}`);
  }
  const far = fraction * fraction;
  const start = (value[0] ?? Number.NaN) - far;
  if (!(start > 1e-12 * Math.max(1, far))) {
    throw new DataError(
      `correlationLengths: S₂(0) − φ² is ${start}: the image is constant (or fraction is not its mean) and has no correlation length`,
    );
  }
  let decayPx: number | undefined;
  let zeroPx: number | undefined;
  let integralPx = 0;
  let [r0, c0] = [0, 1];
  for (let k = 1; k < value.length && zeroPx === undefined; k++) {
    const r = distance[k]!; // as long as value
    const c = (value[k]! - far) / start;
    if (Number.isNaN(c)) continue;
    const crossing = (level: number): number => r0 + ((r - r0) * (c0 - level)) / (c0 - c);
    if (decayPx === undefined && c <= 1 / Math.E) decayPx = crossing(1 / Math.E);
    if (c <= 0) {
      zeroPx = crossing(0);
      integralPx += (c0 * (zeroPx - r0)) / 2;
    } else integralPx += ((c0 + c) * (r - r0)) / 2;
    [r0, c0] = [r, c];
  }
  return { decayPx, zeroPx, integralPx };
}
