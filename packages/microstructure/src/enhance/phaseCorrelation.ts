import { DomainError, type Raster } from "@materiome/core";
import { inverseRealFft, realFft } from "@materiome/core/numerics";
import { checkImage, checkSameShape, checkWhole } from "./checkImage.ts";

export interface PhaseCorrelationOptions {
  /** Largest shift along x and y, px. @defaultValue half of the width and of the height */
  readonly maxShiftPx?: readonly [number, number] | undefined;
  /** How many of the highest peaks are returned. @defaultValue 1 */
  readonly peaks?: number | undefined;
}

export interface PhasePeak {
  /** What is at (x, y) in the first image is at (x + dxPx, y + dyPx) in the second; whole pixels. */
  readonly dxPx: number;
  readonly dyPx: number;
  /** Height of the peak; 1 for two images that differ by a cyclic shift alone. */
  readonly height: number;
}

/**
 * Shift between two images by phase correlation: the peaks of F⁻¹[ A* B / |A* B| ], A and B being the Fourier transforms of the
 * images less their means, faded out towards their borders by a Hann window.
 *
 * @param a - one channel, at least 4 × 4 px
 * @param b - of the same size
 * @returns peaks, highest first
 * @throws ShapeError for sizes that differ; DomainError for NaN or infinite values, images below 4 × 4 px or options out of range
 * @see C. D. Kuglin, D. C. Hines, Proc. IEEE Conf. Cybernetics and Society, 163 (1975)
 * @example
 * const [shift] = phaseCorrelation(before, after);
 */
export function phaseCorrelation(
  a: Raster<Float32Array>,
  b: Raster<Float32Array>,
  options: PhaseCorrelationOptions = {},
): readonly PhasePeak[] {
  const caller = "phaseCorrelation";
  checkImage(caller, a, [1]);
  checkImage(caller, b, [1]);
  checkSameShape(caller, "b", b, a);
  const { width, height } = a;
  if (width < 4 || height < 4)
    throw new DomainError(`${caller}: images must be at least 4 × 4 px, got ${width} × ${height}`);
  const [mostX, mostY] = options.maxShiftPx ?? [width >> 1, height >> 1];
  const reachX = checkWhole(caller, "maxShiftPx[0]", mostX, 0, width >> 1);
  const reachY = checkWhole(caller, "maxShiftPx[1]", mostY, 0, height >> 1);
  const nPeaks = checkWhole(caller, "peaks", options.peaks ?? 1, 1, 1000);
  const surface = phaseSurface(a, b);
  const at = (dx: number, dy: number): number => surface[((dy + height) % height) * width + ((dx + width) % width)]!; // wrapped
  const found: PhasePeak[] = [];
  for (let dy = -reachY; dy <= reachY; dy++) {
    for (let dx = -reachX; dx <= reachX; dx++) {
      const value = at(dx, dy);
      if (found.length === nPeaks && value <= found[nPeaks - 1]!.height) continue; // full
      let isPeak = true;
      for (let v = -1; v <= 1 && isPeak; v++)
        for (let u = -1; u <= 1; u++) if (at(dx + u, dy + v) > value) isPeak = false;
      if (!isPeak) continue;
      found.push({ dxPx: dx, dyPx: dy, height: value });
      found.sort((p, q) => q.height - p.height);
      if (found.length > nPeaks) found.pop();
    }
  }
  return found;
}

function phaseSurface(a: Raster<Float32Array>, b: Raster<Float32Array>): Float64Array {
  const shape = [a.height, a.width] as const;
  const left = realFft(faded(a), shape);
  const right = realFft(faded(b), shape);
  let power = 0;
  for (let i = 0; i < left.length; i++) power = Math.max(power, Math.abs(left[i]! * right[i]!)); // same length
  const least = 1e-15 * power;
  for (let i = 0; i < left.length; i += 2) {
    const [ar, ai, br, bi] = [left[i]!, left[i + 1]!, right[i]!, right[i + 1]!]; // pairs
    const re = ar * br + ai * bi;
    const im = ar * bi - ai * br;
    const size = Math.hypot(re, im);
    left[i] = size > least ? re / size : 0;
    left[i + 1] = size > least ? im / size : 0;
  }
  return inverseRealFft(left, shape);
}

function faded({ width, height, data }: Raster<Float32Array>): Float64Array {
  let mean = 0;
  for (const value of data) mean += value / data.length;
  const alongX = Float64Array.from({ length: width }, (_, x) => Math.sin((Math.PI * (x + 0.5)) / width) ** 2);
  const out = new Float64Array(data.length);
  for (let y = 0, i = 0; y < height; y++) {
    const fade = Math.sin((Math.PI * (y + 0.5)) / height) ** 2;
    for (let x = 0; x < width; x++, i++) out[i] = (data[i]! - mean) * fade * alongX[x]!; // x < width
  }
  return out;
}
