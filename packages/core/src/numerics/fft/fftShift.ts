import { DomainError, ShapeError } from "../../errors/errors.ts";

/**
 * Moves the origin of a periodic grid from its first point to its middle, [⌊n₁ / 2⌋, ⌊n₂ / 2⌋, …], as pictures of
 * spectra and correlations want it.
 *
 * @param values last dimension fastest; `values.length / N` numbers for each grid point (1 real, 2 complex)
 * @param shape sizes of the grid
 * @throws ShapeError if the sizes do not fit the number of values
 * @example
 * fftShift(Float64Array.of(0, 1, 2, -2, -1), [5]); // Float64Array [ -2, -1, 0, 1, 2 ]
 */
export function fftShift(values: Float64Array, shape: readonly number[]): Float64Array {
  return rolled("fftShift", values, shape, (n) => Math.floor(n / 2));
}

/**
 * Inverse of {@link fftShift}; they differ for odd sizes.
 *
 * @example
 * inverseFftShift(Float64Array.of(-2, -1, 0, 1, 2), [5]); // Float64Array [ 0, 1, 2, -2, -1 ]
 */
export function inverseFftShift(values: Float64Array, shape: readonly number[]): Float64Array {
  return rolled("inverseFftShift", values, shape, (n) => Math.ceil(n / 2));
}

function rolled(
  who: string,
  values: Float64Array,
  shape: readonly number[],
  shiftOf: (size: number) => number,
): Float64Array {
  const size = shape.reduce((product, n) => product * n, 1);
  const components = values.length / size;
  if (!(shape.length > 0 && shape.every((n) => Number.isSafeInteger(n) && n >= 1)) || !Number.isInteger(components)) {
    throw new ShapeError(`${who}: ${values.length} numbers do not fill a grid of shape [${shape.join(", ")}]`);
  }
  let source = values;
  let inner = values.length;
  for (const n of shape) {
    inner /= n;
    const target = new Float64Array(values.length);
    const head = (n - shiftOf(n)) * inner;
    for (let start = 0; start < values.length; start += n * inner) {
      const end = start + n * inner;
      target.set(source.subarray(start, start + head), end - head);
      target.set(source.subarray(start + head, end), start);
    }
    source = target;
  }
  return source;
}

/**
 * Frequencies, in cycles per unit of length, of the points of a transformed axis: k / (n · spacing) for
 * k = 0, 1, …, then the negative ones.
 *
 * @param n number of points
 * @param spacing distance of neighbouring points
 * @returns length n
 * @throws DomainError if there are no points or no positive spacing
 * @example
 * fftFrequencies(4, 0.5); // Float64Array [ 0, 0.5, -1, -0.5 ]
 */
export function fftFrequencies(n: number, spacing: number): Float64Array {
  if (!(Number.isSafeInteger(n) && n >= 1 && Number.isFinite(spacing) && spacing > 0)) {
    throw new DomainError(`fftFrequencies: needs n of at least 1 and a positive spacing, got ${n} and ${spacing}`);
  }
  return Float64Array.from({ length: n }, (_, k) => (k < n / 2 ? k : k - n) / (n * spacing));
}
