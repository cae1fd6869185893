import { DataError, DomainError, type Random, ShapeError, shuffle } from "@materiome/core";
import { correlatedInputs } from "./correlatedInputs.ts";
import { addGrowth, type ErrorIncrease, errorIncrease } from "./errorIncrease.ts";
import { type ExplainRun, predictRows, type Subject } from "./subject.ts";

export interface PermutationImportanceOptions extends ExplainRun {
  readonly random: Random;
  /** Shuffles whose errors are averaged. @defaultValue 10 */
  readonly repeats?: number | undefined;
  /** Inputs whose absolute rank correlation is at least this are shuffled together; above 1: none are. @defaultValue 0.8 */
  readonly correlation?: number | undefined;
  /** Codes of rows that belong together (heats), one per row: standard errors count groups, not rows. @defaultValue none */
  readonly groups?: Int32Array | undefined;
}

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
  const { random, repeats = 10, correlation = 0.8, groups, ...run } = options;
  const n = rows.length;
  if (!(Number.isInteger(repeats) && repeats >= 1)) {
    throw new DomainError(`permutationImportance: repeats must be a whole number of at least 1, got ${repeats}`);
  }
  if (!(correlation > 0)) {
    throw new DomainError(`permutationImportance: correlation must be above 0, got ${correlation}`);
  }
  for (const [what, got] of [
    ["measured values", measured.length],
    ["groups", groups?.length ?? n],
  ] as const) {
    if (got !== n) throw new ShapeError(`permutationImportance: ${n} rows but ${got} ${what}; give one for each row`);
  }
  if (n < 2) throw new DataError(`permutationImportance: expected at least 2 rows, got ${n}`);
  const bad = measured.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new DataError(`permutationImportance: measured value ${bad} is ${measured[bad]}; leave such rows out`);
  const predicted = await predictRows(subject, rows, run);
  const errors = predicted.map((value, i) => value - (measured[i] as number)); // one per row
  const sets = correlatedInputs(subject.inputs, rows, correlation);
  const found: PermutationImportance["groups"][number][] = [];
  for (const [s, set] of sets.entries()) {
    const growth = { absolute: new Float64Array(n), square: new Float64Array(n) };
    for (let k = 0; k < repeats; k++) {
      run.signal?.throwIfAborted();
      const order = shuffle(n, random.fork("permute").fork(s).fork(k)).map((i) => rows[i] as number); // i < n
      const sources = subject.inputs.map((_, c) => (set.includes(c) ? order : rows));
      const shuffled = await subject.mix(sources, { ...run, onProgress: undefined });
      const after = shuffled.map((value, i) => value - (measured[i] as number));
      addGrowth(growth, errors, after, repeats);
    }
    const names = set.map((c) => (subject.inputs[c] as Subject["inputs"][number]).name);
    found.push({ inputs: names, ...errorIncrease(errors, growth, groups) });
    run.onProgress?.({ stage: "permutation importance", done: s + 1, total: sets.length });
  }
  return {
    mae: errors.reduce((sum, e) => sum + Math.abs(e), 0) / n,
    rmse: Math.sqrt(errors.reduce((sum, e) => sum + e * e, 0) / n),
    nRows: n,
    groups: found.sort((a, b) => b.maeIncrease - a.maeIncrease),
  };
}
