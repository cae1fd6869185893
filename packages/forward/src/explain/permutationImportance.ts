import { DataError } from "@materiome/core";
import { addGrowth, type ErrorIncrease, errorIncrease } from "./errorIncrease.ts";
import { type ShuffleInputsOptions, shuffleInputs } from "./shuffleInputs.ts";
import { predictRows, type Subject } from "./subject.ts";

export type PermutationImportanceOptions = ShuffleInputsOptions;

export interface PermutationImportance {
  /** Errors of the rows as they are, in units of the target. */
  readonly mae: number;
  readonly rmse: number;
  readonly nRows: number;
  /** Falling by the increase of the mean absolute error. */
  readonly groups: readonly (ErrorIncrease & {
    /** Shuffled together, because they go along with each other. */
    readonly inputs: readonly string[];
  })[];
}

/**
 * By how much errors grow when inputs are shuffled among rows that the model has not been trained on. Inputs that say the same are
 * shuffled together: one by one, each would seem useless while the other stands in for it. At or below 0 within two standard
 * errors: no use seen.
 *
 * @param rows - rows of the subject, at least 2, none of them trained on
 * @param measured - target of each of them
 * @throws ShapeError for another number of measured values; DataError for fewer than 2 rows or values that are not finite
 * @throws DomainError for options outside their range
 * @see Fisher, Rudin & Dominici, J. Mach. Learn. Res. 20, 177 (2019), arXiv:1801.01489
 * @example
 * const { mae, groups } = await permutationImportance(subject, rows, measured, { random: createRandom(1) });
 */
export async function permutationImportance(
  subject: Subject,
  rows: Int32Array,
  measured: Float64Array,
  options: PermutationImportanceOptions,
): Promise<PermutationImportance> {
  const { random: _, repeats: __, correlation: ___, groups, ...run } = options;
  const n = rows.length;
  const bad = measured.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new DataError(`permutationImportance: measured value ${bad} is ${measured[bad]}; leave such rows out`);
  const predicted = await predictRows(subject, rows, run);
  const errorsOf = (values: Float64Array): Float64Array => values.map((value, i) => value - (measured[i] as number)); // one per row
  const errors = errorsOf(predicted);
  const found = await shuffleInputs("permutationImportance", subject, rows, measured.length, options, (inputs) => {
    const growth = { absolute: new Float64Array(n), square: new Float64Array(n) };
    return {
      use: (shuffled, repeats) => addGrowth(growth, errors, errorsOf(shuffled), repeats),
      end: () => ({ inputs, ...errorIncrease(errors, growth, groups) }),
    };
  });
  return {
    mae: errors.reduce((sum, e) => sum + Math.abs(e), 0) / n,
    rmse: Math.sqrt(errors.reduce((sum, e) => sum + e * e, 0) / n),
    nRows: n,
    groups: found.sort((a, b) => b.maeIncrease - a.maeIncrease),
  };
}
