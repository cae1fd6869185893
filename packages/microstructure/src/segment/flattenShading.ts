import type { Raster } from "@materiome/core";
import { gaussianBlur } from "../kernels/index.ts";
import { deviation } from "./deviation.ts";
import { solveNormal } from "./solveNormal.ts";

/**
 * Divides out slow shading from an image of many greys: the logarithm of the illumination is a quadratic in x and y whose
 * gradient is fitted where the image is flattest (least trimmed squares: the half of the pixels that fit best, smoothed by 3 px). Steps between grains
 * take no part, so that a few large grains do not pass for shading. Light that is there spreads the greys; where they spread more
 * with the field divided out, the fit followed texture, and the image is returned as it is.
 *
 * @param grey - one channel, values ≥ 0
 * @returns raster of the same size and mean
 */
export function flattenShading(grey: Raster<Float32Array>): Raster<Float32Array> {
  const { width, height, data } = grey;
  const size = width * height;
  const log = data.map((value) => Math.log(Math.max(value, DARKEST)));
  gaussianBlur(width, height, log, SIGMA, new Float32Array(size), log);
  const step = Math.max(1, Math.floor(Math.sqrt(size / 60_000)));
  const points: Point[] = [];
  for (let y = 1; y < height - 1; y += step) {
    for (let x = 1; x < width - 1; x += step) {
      const i = y * width + x;
      const gu = ((log[i + 1]! - log[i - 1]!) / 2) * (width / 2); // inside the image, per unit of u and v
      const gv = ((log[i + width]! - log[i - width]!) / 2) * (height / 2);
      points.push({ u: (2 * x) / width - 1, v: (2 * y) / height - 1, gu, gv });
    }
  }
  let fit: Float64Array = new Float64Array(5);
  for (let round = 0; round < ROUNDS; round++) {
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = fit;
    const away = ({ u, v, gu, gv }: Point): number =>
      Math.hypot(gu - a - 2 * c * u - d * v, gv - b - d * u - 2 * e * v);
    const near = points.map((point) => ({ point, far: away(point) })).sort((p, q) => p.far - q.far);
    fit = fitGradient(near.slice(0, near.length >> 1).map(({ point }) => point));
  }
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = fit;
  const flat = new Float32Array(size);
  let before = 0;
  let after = 0;
  for (let y = 0, i = 0; y < height; y++) {
    const v = (2 * y) / height - 1;
    for (let x = 0; x < width; x++, i++) {
      const u = (2 * x) / width - 1;
      const value = data[i]! / Math.exp(a * u + b * v + c * u * u + d * u * v + e * v * v); // i < size
      flat[i] = value;
      before += data[i]!;
      after += value;
    }
  }
  const scale = after > 0 ? before / after : 1;
  const even = flat.map((value) => value * scale);
  return deviation(even) < deviation(data) ? { ...grey, data: even } : grey;
}

interface Point {
  readonly u: number;
  readonly v: number;
  readonly gu: number;
  readonly gv: number;
}

/** a, b, c, d, e of a u + b v + c u² + d u v + e v² whose gradient fits best. */
function fitGradient(points: readonly Point[]): Float64Array {
  const normal = Array.from({ length: 5 }, () => new Float64Array(6));
  const add = (terms: readonly number[], value: number): void => {
    for (let a = 0; a < 5; a++) {
      for (let b = 0; b < 5; b++) normal[a]![b]! += terms[a]! * terms[b]!; // five by six
      normal[a]![5]! += terms[a]! * value;
    }
  };
  for (const { u, v, gu, gv } of points) {
    add([1, 0, 2 * u, v, 0], gu);
    add([0, 1, 0, u, 2 * v], gv);
  }
  return solveNormal(normal);
}

/** Fits, each to the half of the pixels that the last one fits best; the first to the flattest. */
const ROUNDS = 4;
const SIGMA = 3;
/** Grey below this counts as this, so that black pixels do not rule. */
const DARKEST = 0.02;
