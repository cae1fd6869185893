import { createRaster, DomainError, type Raster } from "@materiome/core";
import { autocorrelate2d, crossCorrelate2d } from "@materiome/core/numerics";
import { overlapMeans } from "../kernels/index.ts";
import { requireBinary, requireMask, requirePlane, requireSameSize } from "./phaseIndicator.ts";

export interface TwoPointCorrelationOptions {
  /** Second phase: P(first at x and second at x + s). @defaultValue undefined: the phase with itself */
  readonly second?: Raster | undefined;
  /** Whether the image repeats itself in both directions. @defaultValue false: pairs inside the image only */
  readonly periodic?: boolean | undefined;
  /** Pixels that are known (not 0); pairs with an unknown pixel do not count. @defaultValue all */
  readonly mask?: Raster | undefined;
  /** Largest shift along x and y, px. @defaultValue ⌊n / 2⌋ along each axis */
  readonly maxShiftPx?: number | { readonly x: number; readonly y: number } | undefined;
}

export interface TwoPointCorrelation {
  /** S₂ of shifts −maxShiftXPx … maxShiftXPx by −maxShiftYPx … maxShiftYPx, shift 0 in the middle; NaN where no pair is known. */
  readonly map: Raster<Float64Array>;
  readonly maxShiftXPx: number;
  readonly maxShiftYPx: number;
  /** Mean over the known pixels, of the first and of the second phase. */
  readonly fraction: number;
  readonly secondFraction: number;
}

/**
 * Two-point correlation S₂(s), the probability that a pixel x lies in a phase and x + s in the same or a second phase:
 * Σ a(x) m(x) b(x + s) m(x + s) / Σ m(x) m(x + s), with m the known pixels. Grey images are taken as local states
 * (probabilities or any field), and S₂ is then the mean product. S₂(0) of one phase is its area fraction; far away S₂ tends to
 * the product of the fractions. By Fourier transforms, in O(N log N) for any size of image; binary images give the quotients of
 * exact counts.
 *
 * Few pairs are behind the largest shifts of an image that is not periodic: half of the width is as far as the default goes.
 *
 * @param phase - binary (whole numbers, not 0 inside) or grey (floating point); one channel
 * @throws ShapeError if sizes differ; DomainError for impossible shifts, NaN or infinite values; DataError for an empty mask
 * @see S. Torquato, Random Heterogeneous Materials, doi:10.1007/978-1-4757-6355-3, §2.1; A. Cecen, T. Fast, S. R. Kalidindi,
 * doi:10.1186/s40192-015-0044-x (masks)
 * @example
 * const { map, fraction } = twoPointCorrelation(precipitates, { maxShiftPx: 128 });
 */
export function twoPointCorrelation(phase: Raster, options: TwoPointCorrelationOptions = {}): TwoPointCorrelation {
  const who = "twoPointCorrelation";
  const { second, periodic = false, mask } = options;
  const { width, height, pixelSizeUm } = phase;
  if (second !== undefined) requireSameSize(who, "second", second, phase);
  const valid = requireMask(who, mask, phase);
  const a = states(who, "phase", phase, valid);
  const b = second === undefined ? undefined : states(who, "second", second, valid);
  const { x: maxShiftXPx, y: maxShiftYPx } = shifts(who, options.maxShiftPx, width, height, periodic);
  const shape = [height, width] as const;
  const how = { periodic, maxShift: [maxShiftYPx, maxShiftXPx] } as const;
  const map = b === undefined ? autocorrelate2d(a, shape, how) : crossCorrelate2d(a, b, shape, how);
  const isCount = a instanceof Uint8Array && (b === undefined || b instanceof Uint8Array) ? 1 : 0;
  if (valid === undefined) {
    overlapMeans(maxShiftXPx, maxShiftYPx, width, height, periodic ? 1 : 0, isCount, b === undefined ? 1 : 0, map);
  } else {
    const pairs = autocorrelate2d(valid, shape, how);
    for (let i = 0; i < map.length; i++) {
      const n = Math.round(pairs[i]!); // as long as map
      const total = map[i]!;
      map[i] = n === 0 ? Number.NaN : (isCount === 1 ? Math.round(total) : total) / n;
    }
  }
  const nValid = valid === undefined ? a.length : sum(valid);
  const fraction = sum(a) / nValid;
  return {
    map: createRaster(map, 2 * maxShiftXPx + 1, 2 * maxShiftYPx + 1, { pixelSizeUm }),
    maxShiftXPx,
    maxShiftYPx,
    fraction,
    secondFraction: b === undefined ? fraction : sum(b) / nValid,
  };
}

/** Values of the phase, 0 where not valid. */
function states(who: string, name: string, raster: Raster, valid: Uint8Array | undefined): Uint8Array | Float64Array {
  const plane = requirePlane(who, name, raster);
  const isGrey = plane instanceof Float32Array || plane instanceof Float64Array;
  const data = isGrey ? Float64Array.from(plane) : requireBinary(who, name, raster);
  if (valid !== undefined) {
    for (let i = 0; i < data.length; i++) if (valid[i] === 0) data[i] = 0;
  }
  if (isGrey) {
    const at = data.findIndex((value) => !Number.isFinite(value));
    if (at >= 0) {
      const [x, y] = [at % raster.width, Math.floor(at / raster.width)];
      throw new DomainError(
        `${who}: ${name} is ${data[at]} at (${x}, ${y}); fill such pixels or leave them out by mask`,
      );
    }
  }
  return data;
}

/** Resolves and checks the largest shifts of an image. */
export function shifts(
  who: string,
  asked: TwoPointCorrelationOptions["maxShiftPx"],
  width: number,
  height: number,
  periodic: boolean,
): { readonly x: number; readonly y: number } {
  const wanted = typeof asked === "number" ? { x: asked, y: asked } : asked;
  const resolved = wanted ?? { x: Math.floor(width / 2), y: Math.floor(height / 2) };
  const mostX = periodic ? Math.floor(width / 2) : width - 1;
  const mostY = periodic ? Math.floor(height / 2) : height - 1;
  for (const [axis, value, most] of [
    ["x", resolved.x, mostX],
    ["y", resolved.y, mostY],
  ] as const) {
    if (!(Number.isInteger(value) && value >= 0 && value <= most)) {
      throw new DomainError(
        `${who}: maxShiftPx along ${axis} must be a whole number 0 … ${most} for a ${periodic ? "periodic " : ""}${width} × ${height} image, got ${value}`,
      );
    }
  }
  return resolved;
}

function sum(values: Uint8Array | Float64Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!; // i < length
  return total;
}
