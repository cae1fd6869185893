import { createMatrix, DomainError, type Matrix, type Raster } from "@materiome/core";
import { greyPairs } from "../kernels/index.ts";
import { quantise, requireGrey } from "./greyLevels.ts";

export interface GreyCooccurrenceOptions {
  /** Number of grey levels, of equal width over 0 … 1; up to 256. @defaultValue 32 */
  readonly levels?: number | undefined;
  /** @defaultValue 1 */
  readonly distancesPx?: readonly number[] | undefined;
  /** Degrees counter-clockwise from +x. @defaultValue 0, 45, 90 and 135 */
  readonly anglesDeg?: readonly number[] | undefined;
  /** Counts each pair in both orders. @defaultValue true */
  readonly symmetric?: boolean | undefined;
  /** Divides by the number of pairs. @defaultValue true */
  readonly normalised?: boolean | undefined;
}

export interface GreyCooccurrence {
  readonly distancePx: number;
  readonly angleDeg: number;
  /** levels × levels: row the grey level of a pixel, column that of the pixel at the distance and angle. */
  readonly matrix: Matrix;
}

/**
 * Grey-level co-occurrence matrices: how often two grey levels stand at a distance and angle. The second pixel is at
 * (round(d cos θ), −round(d sin θ)): y points down. Angles that are no multiples of 45° move by whole pixels too.
 *
 * @param image - grey in 0 … 1, floating point
 * @returns one matrix for each distance and angle, angles varying fastest
 * @throws ShapeError for more than one channel; DataError for grey outside 0 … 1; DomainError for impossible options, or a
 * distance beyond the image
 * @see R. M. Haralick, K. Shanmugam, I. Dinstein, doi:10.1109/TSMC.1973.4309314
 * @example
 * const [horizontal] = greyCooccurrence(image, { anglesDeg: [0] });
 */
export function greyCooccurrence(image: Raster, options: GreyCooccurrenceOptions = {}): GreyCooccurrence[] {
  const who = "greyCooccurrence";
  const { levels = 32, distancesPx = [1], anglesDeg = [0, 45, 90, 135], symmetric = true, normalised = true } = options;
  if (!(Number.isInteger(levels) && levels >= 2 && levels <= 256)) {
    throw new DomainError(`${who}: levels must be a whole number 2 … 256, got ${levels}`);
  }
  const { width, height } = image;
  const grey = quantise(requireGrey(who, image), levels);
  return distancesPx.flatMap((distancePx) =>
    anglesDeg.map((angleDeg) => {
      const angle = (angleDeg * Math.PI) / 180;
      const dx = roundEven(distancePx * Math.cos(angle));
      const dy = -roundEven(distancePx * Math.sin(angle));
      if (!(distancePx >= 1 && Math.abs(dx) < width && Math.abs(dy) < height)) {
        throw new DomainError(
          `${who}: distance ${distancePx} px at ${angleDeg}° must be at least 1 and within the ${width} × ${height} image`,
        );
      }
      const counts = new Float64Array(levels * levels);
      greyPairs(width, height, grey, dx, dy, levels, counts);
      const total = ((width - Math.abs(dx)) * (height - Math.abs(dy)) * (symmetric ? 2 : 1)) ** (normalised ? -1 : 0);
      const data = counts.map((count, at) => {
        const mirrored = symmetric ? counts[(at % levels) * levels + Math.floor(at / levels)]! : 0; // square
        return (count + mirrored) * total;
      });
      return { distancePx, angleDeg, matrix: createMatrix(levels, levels, data) };
    }),
  );
}

/** To the nearest whole number, free of the last digits of cos 90° and the like. */
function roundEven(value: number): number {
  return Math.round(Math.abs(value) - 1e-9) * Math.sign(value) + 0;
}
