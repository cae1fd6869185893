import { createRaster, DataError, type Raster } from "@materiome/core";
import { checkImage } from "./checkImage.ts";
import { type ColourSpace, inColourSpace } from "./colourSpaces.ts";

export interface ContrastGreyOptions {
  /** Colour space whose variance is kept. @defaultValue "lab" */
  readonly space?: ColourSpace | undefined;
}

export interface ContrastGrey {
  /** Projection on the axis of most variance, scaled so that its range is 0 … 1. */
  readonly grey: Raster<Float32Array>;
  /** Unit vector of the axis; its largest component is positive. */
  readonly axis: readonly [number, number, number];
  /** Share of the variance of colour along the axis. */
  readonly explained: number;
  /** Coordinates along the axis, from the mean colour, that became 0 and 1. */
  readonly range: readonly [number, number];
}

/**
 * Grey image of most contrast: colours projected on the first principal component of their distribution. Luminance loses
 * what differs in hue alone.
 *
 * @param image - sRGB 0 … 1, three channels
 * @throws ShapeError for another number of channels; DomainError for NaN or infinite values
 * @throws DataError for an image of one colour
 * @see I. T. Jolliffe, Principal Component Analysis, 2nd ed., Springer (2002),
 * doi:10.1007/b98835
 * @example
 * const { grey, explained } = contrastGrey(colour);
 */
export function contrastGrey(image: Raster<Float32Array>, options: ContrastGreyOptions = {}): ContrastGrey {
  checkImage("contrastGrey", image, [3]);
  const { data } = inColourSpace(image, options.space ?? "lab");
  const { width, height, pixelSizeUm } = image;
  const size = width * height;
  const mean = new Float64Array(3);
  for (let i = 0; i < 3 * size; i++) mean[i % 3]! += data[i]! / size; // three values a pixel
  const covariance = new Float64Array(9);
  for (let i = 0; i < 3 * size; i += 3) {
    for (let a = 0; a < 3; a++) {
      for (let b = 0; b < 3; b++)
        covariance[3 * a + b]! += ((data[i + a]! - mean[a]!) * (data[i + b]! - mean[b]!)) / size;
    }
  }
  const total = covariance[0]! + covariance[4]! + covariance[8]!; // 3 × 3
  if (!(total > 1e-12)) {
    throw new DataError("contrastGrey: the image has one colour only, there is no contrast to keep");
  }
  const { value, axis } = firstComponent(covariance);
  const grey = new Float32Array(size);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (let a = 0; a < 3; a++) sum += axis[a]! * (data[3 * i + a]! - mean[a]!); // a < 3
    grey[i] = sum;
    low = Math.min(low, grey[i]!);
    high = Math.max(high, grey[i]!);
  }
  for (let i = 0; i < size; i++) grey[i] = (grey[i]! - low) / (high - low); // i < size
  return {
    grey: createRaster(grey, width, height, { pixelSizeUm }),
    axis,
    explained: value / total,
    range: [low, high],
  };
}

/** Largest eigenvalue and its vector of a symmetric 3 × 3 matrix, by Jacobi rotations. */
function firstComponent(matrix: Float64Array): {
  readonly value: number;
  readonly axis: readonly [number, number, number];
} {
  const m = Float64Array.from(matrix);
  const v = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
  for (let sweep = 0; sweep < 30; sweep++) {
    for (const [p, q] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      const off = m[3 * p + q]!; // p, q < 3
      if (off === 0) continue;
      const angle = 0.5 * Math.atan2(2 * off, m[3 * q + q]! - m[3 * p + p]!);
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      for (let k = 0; k < 3; k++) rotate(m, 3 * k + p, 3 * k + q, c, s);
      for (let k = 0; k < 3; k++) rotate(m, 3 * p + k, 3 * q + k, c, s);
      for (let k = 0; k < 3; k++) rotate(v, 3 * k + p, 3 * k + q, c, s);
    }
  }
  const diagonal = [m[0]!, m[4]!, m[8]!]; // 3 × 3
  const best = diagonal.indexOf(Math.max(...diagonal));
  const axis = [v[best]!, v[3 + best]!, v[6 + best]!] as const; // columns are vectors
  const lead = axis.reduce((a, b) => (Math.abs(b) > Math.abs(a) + 1e-12 ? b : a));
  const sign = lead < 0 ? -1 : 1;
  return { value: diagonal[best]!, axis: [sign * axis[0], sign * axis[1], sign * axis[2]] };
}

function rotate(m: Float64Array, i: number, j: number, c: number, s: number): void {
  const a = m[i]!; // indices of a 3 × 3 matrix
  const b = m[j]!;
  m[i] = c * a - s * b;
  m[j] = s * a + c * b;
}
