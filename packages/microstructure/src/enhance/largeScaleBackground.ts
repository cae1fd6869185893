import { createMatrix, DataError, type Raster } from "@materiome/core";
import { solvePositiveDefinite } from "@materiome/core/numerics";
import { gaussianBlur } from "../kernels/index.ts";
import { requireSameSize } from "../segment/greyImage.ts";
import { checkImage, checkOption, checkWhole, mapChannels } from "./checkImage.ts";

export interface GaussianBackgroundOptions {
  /** Standard deviation of the Gaussian, px. */
  readonly sigmaPx: number;
  /** Pixels that show the background: not 0. @defaultValue all */
  readonly mask?: Raster<Uint8Array> | undefined;
}

export interface PolynomialBackgroundOptions {
  /** Total degree of the polynomial in x and y, 0 … 8. @defaultValue 2 */
  readonly degree?: number | undefined;
  /** Pixels that show the background: not 0. @defaultValue all */
  readonly mask?: Raster<Uint8Array> | undefined;
}

/**
 * Large-scale background by normalised convolution, (G ∗ (I·M)) / (G ∗ M), with Gaussian G and mask M: what is masked does
 * not pull, and the background continues beneath it. Borders reflect; G is cut at 4 σ.
 *
 * @param image - one channel, or three, each by itself
 * @throws ShapeError for a mask that does not fit; DomainError for NaN or infinite values or options out of range
 * @throws DataError where no pixel of the mask lies within 4 σ
 * @see H. Knutsson, C.-F. Westin, Proc. CVPR, 515 (1993), doi:10.1109/CVPR.1993.341081
 * @example
 * const background = gaussianBackground(image, { sigmaPx: 60, mask: matrix });
 */
export function gaussianBackground(
  image: Raster<Float32Array>,
  options: GaussianBackgroundOptions,
): Raster<Float32Array> {
  const caller = "gaussianBackground";
  checkImage(caller, image);
  const sigma = checkOption(caller, "sigmaPx", options.sigmaPx, 0.1, 1e5);
  const { width, height } = image;
  const size = width * height;
  const scratch = new Float32Array(size);
  const weight = new Float32Array(size).fill(1);
  if (options.mask !== undefined) {
    requireSameSize(caller, "mask", options.mask, image);
    for (let i = 0; i < size; i++) weight[i] = options.mask.data[i] === 0 ? 0 : 1; // same size
  }
  const total = new Float32Array(size);
  gaussianBlur(width, height, weight, sigma, scratch, total);
  const empty = total.findIndex((value) => !(value > 1e-7));
  if (empty >= 0) {
    throw new DataError(
      `${caller}: no pixel of the mask lies within 4 σ of x = ${empty % width}, y = ${Math.floor(empty / width)}; raise sigmaPx or widen the mask`,
    );
  }
  return mapChannels(image, (values, out) => {
    for (let i = 0; i < size; i++) out[i] = values[i]! * weight[i]!; // same size
    gaussianBlur(width, height, out, sigma, scratch, out);
    for (let i = 0; i < size; i++) out[i] = out[i]! / total[i]!; // same size
  });
}

/**
 * Large-scale background as the polynomial in x and y of a total degree that fits the masked pixels best by least squares, in
 * Legendre polynomials on −1 … 1.
 *
 * @param image - one channel, or three, each by itself
 * @throws ShapeError for a mask that does not fit; DomainError for NaN or infinite values or options out of range
 * @throws DataError if the mask holds too few pixels to tell the terms apart
 * @example
 * const background = polynomialBackground(image, { degree: 2, mask: matrix });
 */
export function polynomialBackground(
  image: Raster<Float32Array>,
  options: PolynomialBackgroundOptions = {},
): Raster<Float32Array> {
  const caller = "polynomialBackground";
  checkImage(caller, image);
  const degree = checkWhole(caller, "degree", options.degree ?? 2, 0, 8);
  const { width, height } = image;
  const { mask } = options;
  if (mask !== undefined) requireSameSize(caller, "mask", mask, image);
  const alongX = legendre(width, degree);
  const alongY = legendre(height, degree);
  const terms: { i: number; j: number }[] = [];
  for (let j = 0; j <= degree; j++) for (let i = 0; i + j <= degree; i++) terms.push({ i, j });
  const n = terms.length;
  const at = new Float64Array(n);
  const put = (x: number, y: number): void => {
    for (let t = 0; t < n; t++) at[t] = alongX[terms[t]!.i * width + x]! * alongY[terms[t]!.j * height + y]!; // t < n
  };
  return mapChannels(image, (values, out) => {
    const normal = new Float64Array(n * n);
    const right = new Float64Array(n);
    let count = 0;
    for (let y = 0, k = 0; y < height; y++) {
      for (let x = 0; x < width; x++, k++) {
        if (mask !== undefined && mask.data[k] === 0) continue;
        count++;
        put(x, y);
        for (let a = 0; a < n; a++) {
          right[a]! += at[a]! * values[k]!; // a < n, k < size
          for (let b = 0; b <= a; b++) normal[a * n + b]! += at[a]! * at[b]!;
        }
      }
    }
    const solution = solve(caller, n, normal, right, count);
    for (let y = 0, k = 0; y < height; y++) {
      for (let x = 0; x < width; x++, k++) {
        put(x, y);
        let sum = 0;
        for (let t = 0; t < n; t++) sum += solution[t]! * at[t]!; // t < n
        out[k] = sum;
      }
    }
  });
}

function solve(caller: string, n: number, normal: Float64Array, right: Float64Array, count: number): Float64Array {
  const remedy = "widen the mask or lower the degree";
  if (count < n) throw new DataError(`${caller}: ${count} pixels cannot fix ${n} terms; ${remedy}`);
  for (let k = 0; k < normal.length; k++) normal[k]! /= count; // k < length
  for (let k = 0; k < n; k++) right[k]! /= count; // k < n
  try {
    return solvePositiveDefinite(createMatrix(n, n, normal), right);
  } catch (cause) {
    throw new DataError(`${caller}: the pixels of the mask do not fix all ${n} terms; ${remedy}`, { cause });
  }
}

/** P_0 … P_degree at n pixel centres spread over −1 … 1, one after the other. */
function legendre(n: number, degree: number): Float64Array {
  const out = new Float64Array((degree + 1) * n);
  for (let x = 0; x < n; x++) {
    const t = (2 * x + 1) / n - 1;
    let previous = 0;
    let current = 1;
    for (let k = 0; k <= degree; k++) {
      out[k * n + x] = current;
      const next = ((2 * k + 1) * t * current - k * previous) / (k + 1);
      previous = current;
      current = next;
    }
  }
  return out;
}
