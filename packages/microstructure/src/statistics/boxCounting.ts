import { DataError, DomainError, type Raster } from "@materiome/core";
import { glidingMass, occupiedBoxes, summedArea } from "../kernels/index.ts";
import { requireBinary } from "./phaseIndicator.ts";

export interface BoxSizesOptions {
  /** Edges of the boxes, px, rising whole numbers. @defaultValue powers of 2 from 1 to a quarter of the shorter side */
  readonly boxSizesPx?: readonly number[] | undefined;
}

export interface BoxCounting {
  /** −slope of ln(count) over ln(size), least squares. */
  readonly dimension: number;
  /** Coefficient of determination of that line; a fractal over the range has one near 1. */
  readonly r2: number;
  /** The range of the fit. */
  readonly boxSizesPx: readonly number[];
  readonly counts: readonly number[];
}

/**
 * Box-counting dimension of a set of pixels: the number N(s) of boxes of a grid of edge s that hold some of it goes as s^−D.
 * A plane has 2, a straight line 1. Choose sizes that divide the image, or boxes cut by its far borders count as whole ones.
 * The dimension belongs to the range of sizes: below the finest detail every set looks like its pixels, above it like a plane.
 *
 * @param phase - binary, whole numbers, not 0 inside (a boundary mask for the dimension of boundaries)
 * @throws ShapeError for more than one channel; DomainError for grey images or impossible sizes; DataError for an empty set
 * @see K. Falconer, Fractal Geometry, doi:10.1002/0470013850, ch. 3
 * @example
 * const { dimension, r2 } = boxCounting(boundaryMask(labels));
 */
export function boxCounting(phase: Raster, options: BoxSizesOptions = {}): BoxCounting {
  const { width, height } = phase;
  const area = areaTable("boxCounting", phase);
  const boxSizesPx = sizes("boxCounting", options, width, height, 2);
  if (area.at(-1) === 0) throw new DataError("boxCounting: the phase is empty; there is no set to measure");
  const counts = boxSizesPx.map((size) => occupiedBoxes(width, height, area, size));
  const x = boxSizesPx.map((size) => -Math.log(size));
  const y = counts.map(Math.log);
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const product = (u: readonly number[], mu: number, v: readonly number[], mv: number) =>
    u.reduce((sum, value, k) => sum + (value - mu) * (v[k]! - mv), 0); // of one length
  const dimension = product(x, mx, y, my) / product(x, mx, x, mx);
  const spread = product(y, my, y, my);
  const residual = y.reduce((sum, value, k) => sum + (value - my - dimension * (x[k]! - mx)) ** 2, 0);
  return { dimension, r2: spread === 0 ? 1 : 1 - residual / spread, boxSizesPx, counts };
}

export interface Lacunarity {
  readonly boxSizesPx: readonly number[];
  /** Λ(s) = E[M²] / E[M]² of the mass M in all boxes of edge s inside the image; 1 for a homogeneous set. */
  readonly lacunarity: readonly number[];
}

/**
 * Gliding-box lacunarity: how unevenly a phase fills space, by scale. Λ(1) = 1 / (area fraction).
 *
 * @param phase - binary, whole numbers, not 0 inside
 * @throws as {@link boxCounting}
 * @see C. Allain, M. Cloitre, Phys. Rev. A 44, 3552 (1991), doi:10.1103/PhysRevA.44.3552
 * @example
 * const { boxSizesPx, lacunarity: values } = lacunarity(phase);
 */
export function lacunarity(phase: Raster, options: BoxSizesOptions = {}): Lacunarity {
  const { width, height } = phase;
  const area = areaTable("lacunarity", phase);
  const boxSizesPx = sizes("lacunarity", options, width, height, 1);
  if (area.at(-1) === 0) throw new DataError("lacunarity: the phase is empty; there is no mass to measure");
  const sums = new Float64Array(2);
  const values = boxSizesPx.map((size) => {
    const n = glidingMass(width, height, area, size, sums);
    return (n * sums[1]!) / sums[0]! ** 2; // two sums
  });
  return { boxSizesPx, lacunarity: values };
}

function areaTable(who: string, phase: Raster): Float64Array {
  const { width, height } = phase;
  const area = new Float64Array((width + 1) * (height + 1));
  summedArea(width, height, requireBinary(who, "phase", phase), area);
  return area;
}

function sizes(
  who: string,
  { boxSizesPx }: BoxSizesOptions,
  width: number,
  height: number,
  least: number,
): readonly number[] {
  const most = Math.min(width, height);
  const resolved = boxSizesPx ?? powersOfTwo(most / 4);
  const isRising = resolved.every((size, k) => Number.isInteger(size) && size > (k === 0 ? 0 : resolved[k - 1]!));
  if (resolved.length < least || !isRising || (resolved.at(-1) ?? 0) > most) {
    throw new DomainError(
      `${who}: boxSizesPx must be at least ${least} rising whole numbers up to ${most} (the shorter side), got [${resolved.join(", ")}]`,
    );
  }
  return resolved;
}

function powersOfTwo(most: number): readonly number[] {
  const powers: number[] = [];
  for (let size = 1; size <= most; size *= 2) powers.push(size);
  return powers;
}
