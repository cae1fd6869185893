import { DataError } from "@materiome/core";
import type { TwoPointCorrelation } from "./twoPointCorrelation.ts";

/**
 * Boundary length per area, L_A = −π S₂′(0) in the plane (Debye), px⁻¹. The slope at zero is the mean over 0°, 45°, 90°, 135° of
 * (S₂(0) − S₂(s)) / |s| between neighbouring pixels, which is Crofton's formula on those directions. Straight boundaries at
 * angles between are up to 5 % off, curved ones about 1 %. Surface per volume of an isotropic section is S_V = 4 L_A / π.
 *
 * @param correlation - of one binary phase, with shifts of at least 1 px
 * @throws DataError if the map holds no neighbouring shifts
 * @see P. Debye, H. R. Anderson, H. Brumberger, J. Appl. Phys. 28, 679 (1957), doi:10.1063/1.1722830
 * @example
 * const perPx = specificSurface(twoPointCorrelation(phase));
 */
export function specificSurface({ map, maxShiftXPx, maxShiftYPx }: TwoPointCorrelation): number {
  const middle = maxShiftYPx * map.width + maxShiftXPx;
  const zero = map.data[middle] ?? Number.NaN;
  const drop = (dx: number, dy: number): number => zero - (map.data[middle + dy * map.width + dx] ?? Number.NaN);
  const isWide = maxShiftXPx >= 1 && maxShiftYPx >= 1;
  const slope = (drop(1, 0) + drop(0, 1) + (drop(1, 1) + drop(1, -1)) / Math.SQRT2) / 4;
  if (!isWide || Number.isNaN(slope)) {
    throw new DataError(
      "specificSurface: needs S₂ of the neighbouring pixels; the image or its mask holds no such pairs",
    );
  }
  return Math.PI * slope;
}
