import type { Raster } from "@materiome/core";
import { otsuOf } from "./otsuOf.ts";
import { solveNormal } from "./solveNormal.ts";

/**
 * Divides out uneven illumination from an image of two phases, whatever their shares: a field
 * q(x, y) = Σ_{i+j ≤ 2} c_ij xⁱ yʲ is fitted to grey over the mean grey of the pixel's own phase, phases by Otsu's threshold of
 * the flattened image, in turn until they agree. A local mean as background would follow large particles.
 *
 * @param grey - one channel, values ≥ 0
 * @returns raster of the same size; its mean is that of the input
 */
export function flattenPhases(grey: Raster<Float32Array>): Raster<Float32Array> {
  const { width, height, data } = grey;
  const target = mean(data);
  if (!(target > 0)) return grey;
  const flat = new Float32Array(data.length);
  const apply = (c: Float64Array): void => {
    for (let y = 0, i = 0; y < height; y++) {
      const v = (2 * y) / height - 1;
      const c0 = c[0]! + c[2]! * v + c[5]! * v * v; // six coefficients
      const c1 = c[1]! + c[4]! * v;
      for (let x = 0; x < width; x++, i++) {
        const u = (2 * x) / width - 1;
        flat[i] = data[i]! / Math.max(LEAST_FIELD, c0 + (c1 + c[3]! * u) * u); // i < size, here and below
      }
    }
  };
  apply(fitField(width, height, (i) => data[i]! / target));
  for (let round = 0; round < 4; round++) {
    const threshold = otsuOf(flat);
    if (threshold === undefined) break;
    const sums = [0, 0];
    const counts = [0, 0];
    for (const value of flat) {
      const phase = value > threshold ? 1 : 0;
      sums[phase]! += value;
      counts[phase]! += 1;
    }
    const low = sums[0]! / Math.max(1, counts[0]!);
    const high = sums[1]! / Math.max(1, counts[1]!);
    if (!(low > 0)) break;
    apply(fitField(width, height, (i) => data[i]! / (flat[i]! > threshold ? high : low)));
  }
  const scale = target / mean(flat);
  return { ...grey, data: flat.map((value) => value * scale) };
}

/** Light that falls below this share of its mean is not light but the image: bands, a dark half. */
const LEAST_FIELD = 0.4;

/** Coefficients of 1, u, v, u², uv, v² by least squares over a grid of about 20 000 pixels; u, v = −1 … 1. */
function fitField(width: number, height: number, ratio: (i: number) => number): Float64Array {
  const step = Math.max(1, Math.floor(Math.sqrt((width * height) / 20_000)));
  const terms = (x: number, y: number): number[] => {
    const u = (2 * x) / width - 1;
    const v = (2 * y) / height - 1;
    return [1, u, v, u * u, u * v, v * v];
  };
  const normal = Array.from({ length: 6 }, () => new Float64Array(7));
  for (let y = step >> 1; y < height; y += step) {
    for (let x = step >> 1; x < width; x += step) {
      const t = terms(x, y);
      const value = ratio(y * width + x);
      for (let a = 0; a < 6; a++) {
        for (let b = 0; b < 6; b++) normal[a]![b]! += t[a]! * t[b]!; // six by seven, here and below
        normal[a]![6]! += t[a]! * value;
      }
    }
  }
  return solveNormal(normal);
}

function mean(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
