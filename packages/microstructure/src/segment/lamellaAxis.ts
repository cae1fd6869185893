import { REGION_FIELDS } from "../kernels/index.ts";

/** Centre and long axis of a region, of the ellipse with its second moments. */
export interface LamellaAxis {
  readonly area: number;
  readonly cx: number;
  readonly cy: number;
  /** Angle of the long axis from +x towards +y (down), radians, and its unit vector. */
  readonly along: number;
  readonly ux: number;
  readonly uy: number;
  /** Standard deviations along and across. */
  readonly major: number;
  readonly minor: number;
}

/** @param sums - of the kernel `regionMoments` */
export function lamellaAxis(sums: Float64Array, label: number): LamellaAxis {
  const row = label * REGION_FIELDS;
  const area = sums[row]!; // six of the fields, here and below
  const cx = sums[row + 1]! / area;
  const cy = sums[row + 2]! / area;
  const xx = sums[row + 3]! / area - cx * cx + 1 / 12;
  const yy = sums[row + 4]! / area - cy * cy + 1 / 12;
  const xy = sums[row + 5]! / area - cx * cy;
  const along = 0.5 * Math.atan2(2 * xy, xx - yy);
  const half = Math.hypot((xx - yy) / 2, xy);
  return {
    area,
    cx,
    cy,
    along,
    ux: Math.cos(along),
    uy: Math.sin(along),
    major: Math.sqrt((xx + yy) / 2 + half),
    minor: Math.sqrt(Math.max(0, (xx + yy) / 2 - half)),
  };
}
