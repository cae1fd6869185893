import { DomainError, type Raster } from "@materiome/core";

export interface PointCountOptions {
  /** Points of the grid across and down the field. @defaultValue [10, 10] */
  readonly grid?: readonly [number, number] | undefined;
  /** Place of the grid within its mesh, shares 0 … 1. @defaultValue [0.5, 0.5]: centred */
  readonly offset?: readonly [number, number] | undefined;
  /** A point is on the border of the constituent where the other lies within this distance, px. @defaultValue 0.5 */
  readonly reachPx?: number | undefined;
}

export interface PointCount {
  /** P_T, all points of the grid. */
  readonly nPoints: number;
  /** P: points inside, with those on the border one half each. */
  readonly nHits: number;
  readonly nInside: number;
  readonly nOnBorder: number;
  /** P_P = P / P_T, 0 … 1: the estimate of V_V from this field. */
  readonly fraction: number;
}

/**
 * Volume fraction of a constituent by systematic point count: a grid laid over the field, points inside count one, points
 * on the border one half. The fields of a specimen are pooled by `meanInterval`.
 *
 * @param mask - other than 0 is the constituent
 * @throws DomainError for a grid without points, an offset outside 0 … 1 or a negative reach
 * @see ASTM E562-19, procedure (points on the border one half) and calculation of the volume percentage estimate
 * @example
 * const { fraction } = pointCount(pearlite, { grid: [10, 10] });
 */
export function pointCount(mask: Raster<Uint8Array>, options: PointCountOptions = {}): PointCount {
  const { grid = [10, 10], offset = [0.5, 0.5], reachPx = 0.5 } = options;
  const { width, height, data } = mask;
  if (
    !grid.every((n) => Number.isSafeInteger(n) && n >= 1) ||
    !offset.every((o) => o >= 0 && o <= 1) ||
    !(reachPx >= 0)
  ) {
    throw new DomainError(
      `pointCount: needs a grid of whole numbers from 1 on, offsets in 0 … 1 and reachPx ≥ 0, got [${grid.join(", ")}], [${offset.join(", ")}], ${reachPx}`,
    );
  }
  const at = (x: number, y: number): number => (data[y * width + x] === 0 ? 0 : 1);
  let [nInside, nOnBorder] = [0, 0];
  for (let row = 0; row < grid[1]; row++) {
    for (let column = 0; column < grid[0]; column++) {
      // Pixel (i, j) is the square from i to i + 1, j to j + 1 here.
      const px = ((column + offset[0]) / grid[0]) * width;
      const py = ((row + offset[1]) / grid[1]) * height;
      const own = at(Math.min(width - 1, Math.floor(px)), Math.min(height - 1, Math.floor(py)));
      if (isNearOther(px, py, own)) nOnBorder++;
      else nInside += own;
    }
  }
  const nPoints = grid[0] * grid[1];
  const nHits = nInside + nOnBorder / 2;
  return { nPoints, nHits, nInside, nOnBorder, fraction: nHits / nPoints };

  function isNearOther(px: number, py: number, own: number): boolean {
    for (let y = Math.max(0, Math.ceil(py - reachPx) - 1); y <= Math.min(height - 1, Math.floor(py + reachPx)); y++) {
      for (let x = Math.max(0, Math.ceil(px - reachPx) - 1); x <= Math.min(width - 1, Math.floor(px + reachPx)); x++) {
        const dx = Math.max(0, x - px, px - x - 1);
        const dy = Math.max(0, y - py, py - y - 1);
        if (dx * dx + dy * dy < reachPx * reachPx && at(x, y) !== own) return true;
      }
    }
    return false;
  }
}

/**
 * Points to count for a wanted relative accuracy at 95 %, if they fall independently: P_T = (4 / E²) (1 − V_V) / V_V, E the
 * relative accuracy.
 *
 * @param fraction - V_V expected, in (0, 1)
 * @param relativeAccuracyPct - wanted, > 0
 * @throws DomainError outside those ranges
 * @see ASTM E562-19, number of points for a relative accuracy; binomial distribution
 * @example
 * pointsNeeded(0.1, 10); // 3600
 */
export function pointsNeeded(fraction: number, relativeAccuracyPct: number): number {
  if (!(fraction > 0 && fraction < 1 && relativeAccuracyPct > 0)) {
    throw new DomainError(
      `pointsNeeded: needs a fraction in (0, 1) and an accuracy above 0 %, got ${fraction} and ${relativeAccuracyPct}`,
    );
  }
  return Math.ceil((4 / (relativeAccuracyPct / 100) ** 2) * ((1 - fraction) / fraction) - 1e-9);
}
