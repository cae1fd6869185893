import type { BandSpace } from "../bands/bandSpace.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";
import { gaussianBlur, gaussianReach } from "../kernels/index.ts";
import { deviationOfRows } from "./deviation.ts";
import { solveNormal } from "./solveNormal.ts";

/**
 * Divides out slow shading from an image of many greys: the logarithm of the illumination is a quadratic in x and y whose
 * gradient is fitted where the image is flattest (least trimmed squares: the half of the pixels that fit best, smoothed by 3 px). Steps between grains
 * take no part, so that a few large grains do not pass for shading. Light that is there spreads the greys; where they spread more
 * with the field divided out, the fit followed texture, and the image is returned as it is.
 *
 * @param grey - one channel, values ≥ 0
 * @param out - gets the image with the field divided out, of the same mean
 * @returns `out` or `grey`
 */
export function flattenShading(
  space: BandSpace,
  grey: RowReader<Float32Array>,
  out: RowStore<Float32Array>,
): RowReader<Float32Array> {
  const { width, height } = space;
  const points = samplePoints(space, grey);
  let fit: Float64Array = new Float64Array(5);
  for (let round = 0; round < ROUNDS; round++) {
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = fit;
    const away = ({ u, v, gu, gv }: Point): number =>
      Math.hypot(gu - a - 2 * c * u - d * v, gv - b - d * u - 2 * e * v);
    const near = points.map((point) => ({ point, far: away(point) })).sort((p, q) => p.far - q.far);
    fit = fitGradient(near.slice(0, near.length >> 1).map(({ point }) => point));
  }
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = fit;
  let before = 0;
  let after = 0;
  for (const { from, to } of space.bands(0)) {
    const values = grey.read(from, to);
    const flat = out.read(from, to);
    for (let y = from, i = 0; y < to; y++) {
      const v = (2 * y) / height - 1;
      for (let x = 0; x < width; x++, i++) {
        const u = (2 * x) / width - 1;
        const value = values[i]! / Math.exp(a * u + b * v + c * u * u + d * u * v + e * v * v); // of one length
        flat[i] = value;
        before += values[i]!;
        after += value;
      }
    }
    out.write(from, flat);
  }
  const scale = after > 0 ? before / after : 1;
  for (const { from, to } of space.bands(0)) {
    const flat = out.read(from, to);
    for (let i = 0; i < flat.length; i++) flat[i]! *= scale; // i < length
    out.write(from, flat);
  }
  return deviationOfRows(space, out) < deviationOfRows(space, grey) ? out : grey;
}

interface Point {
  readonly u: number;
  readonly v: number;
  readonly gu: number;
  readonly gv: number;
}

/** Gradient of the logarithm of the smoothed image, per unit of u and v, on about 60 000 points of a grid. */
function samplePoints(space: BandSpace, grey: RowReader<Float32Array>): Point[] {
  const { width, height } = space;
  const step = Math.max(1, Math.floor(Math.sqrt((width * height) / 60_000)));
  const points: Point[] = [];
  for (const { from, to, top, bottom } of space.bands(gaussianReach(SIGMA) + 1)) {
    const first = 1 + step * Math.max(0, Math.ceil((from - 1) / step));
    const end = Math.min(to, height - 1);
    if (first >= end) continue;
    const log = grey.read(top, bottom).slice();
    for (let i = 0; i < log.length; i++) log[i] = Math.log(Math.max(log[i]!, DARKEST)); // i < length
    gaussianBlur(width, bottom - top, log, SIGMA, new Float32Array(log.length), log);
    for (let y = first; y < end; y += step) {
      for (let x = 1; x < width - 1; x += step) {
        const i = (y - top) * width + x;
        const gu = ((log[i + 1]! - log[i - 1]!) / 2) * (width / 2); // top < y < bottom − 1, 0 < x < width − 1
        const gv = ((log[i + width]! - log[i - width]!) / 2) * (height / 2);
        points.push({ u: (2 * x) / width - 1, v: (2 * y) / height - 1, gu, gv });
      }
    }
  }
  return points;
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
