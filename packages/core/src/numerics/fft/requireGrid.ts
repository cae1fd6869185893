import { DomainError, ShapeError } from "../../errors/errors.ts";
import { firstNonFinite } from "../../kernels/firstNonFinite.ts";

/**
 * Checks the sizes of a grid of one to three dimensions; `components` is 2 for complex values.
 *
 * @returns the number of grid points
 */
export function requireGrid(
  who: string,
  values: Float64Array,
  shape: readonly number[],
  stored: readonly number[],
  components: 1 | 2,
): number {
  const text = shape.join(" × ");
  if (shape.length < 1 || shape.length > 3 || !shape.every((size) => Number.isSafeInteger(size) && size >= 1)) {
    throw new ShapeError(`${who}: shape must be one to three whole numbers of at least 1, got [${shape.join(", ")}]`);
  }
  const expected = components * stored.reduce((product, size) => product * size, 1);
  if (values.length !== expected) {
    const kind = components === 2 ? "complex (re, im, re, im, …)" : "real";
    throw new ShapeError(
      `${who}: a ${text} grid takes ${expected} numbers, ${stored.join(" × ")} ${kind}; got ${values.length}`,
    );
  }
  return shape.reduce((product, size) => product * size, 1);
}

/** Refuses NaN and infinity, naming where on the grid they stand. */
export function requireFiniteGrid(
  who: string,
  values: Float64Array,
  stored: readonly number[],
  components: 1 | 2,
): void {
  const at = firstNonFinite(0, values.length, values);
  if (at >= 0) {
    const place: number[] = [];
    let rest = Math.floor(at / components);
    for (const size of stored.toReversed()) {
      place.unshift(rest % size);
      rest = Math.floor(rest / size);
    }
    throw new DomainError(
      `${who}: the value at [${place.join(", ")}] (counted from 0) is ${values[at]}; expected finite numbers`,
    );
  }
}

/**
 * The check that costs nothing: the coefficient of frequency zero is the sum of all values, so that NaN or infinity among
 * them shows there.
 */
export function requireFiniteSum(
  who: string,
  spectrum: Float64Array,
  values: Float64Array,
  stored: readonly number[],
  components: 1 | 2,
): void {
  if (Number.isFinite(spectrum[0]) && Number.isFinite(spectrum[1])) return;
  requireFiniteGrid(who, values, stored, components);
  throw new DomainError(`${who}: the values are too large: their sum overflows`);
}

/** Shape of the half spectrum of a real grid: the last size is ⌊n / 2⌋ + 1. */
export function halfShape(shape: readonly number[]): readonly number[] {
  return shape.map((size, i) => (i === shape.length - 1 ? Math.floor(size / 2) + 1 : size));
}
