import { DomainError, FormatError } from "@materiome/core";
import type { Samples } from "./decodeSamples.ts";

export interface GreyScale {
  /** Value that becomes 0. */
  readonly low: number;
  /** Value that becomes 1. */
  readonly high: number;
  readonly warnings: readonly string[];
}

/**
 * Which values become 0 and 1: the range asked for; else full scale of unsigned 8 and 16 bits; else, of other types, 0 and 1
 * where all values lie between, and their own range, with a warning that names it, where they do not.
 *
 * @throws DomainError for a range that does not rise
 * @throws FormatError for values that are not finite
 */
export function greyScale(samples: Samples, range: readonly [number, number] | undefined, path: string): GreyScale {
  if (range !== undefined && !(Number.isFinite(range[0]) && Number.isFinite(range[1]) && range[0] < range[1])) {
    throw new DomainError(
      `readMicrograph: range must be two finite, rising numbers, black and white, got ${range.join(", ")}`,
    );
  }
  if (samples.fullScale !== undefined && range === undefined) return { low: 0, high: samples.fullScale, warnings: [] };
  let least = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  let nOutside = 0;
  for (let i = 0; i < samples.values.length; i++) {
    const value = samples.values[i]!; // within
    if (!Number.isFinite(value)) {
      throw new FormatError(
        `sample ${i} is ${value}; a micrograph needs a finite value in every pixel, so fill the gaps first`,
        { location: { file: path } },
      );
    }
    if (value < least) least = value;
    if (value > largest) largest = value;
    if (range !== undefined && (value < range[0] || value > range[1])) nOutside++;
  }
  if (range !== undefined) {
    const share = (100 * nOutside) / samples.values.length;
    const warning = `${share.toPrecision(2)} % of the values lie outside the range ${range[0]} … ${range[1]} given and are cut to it (the file has ${least} … ${largest})`;
    return { low: range[0], high: range[1], warnings: nOutside === 0 ? [] : [warning] };
  }
  if (least >= 0 && largest <= 1) return { low: 0, high: 1, warnings: [] };
  const warning = `values run from ${least} to ${largest}, a scale of their own: this range is taken as black … white; give \`range\` to compare pictures`;
  return { low: least, high: largest > least ? largest : least + 1, warnings: [warning] };
}
