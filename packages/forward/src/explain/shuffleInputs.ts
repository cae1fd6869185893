import { DataError, DomainError, type Random, ShapeError, shuffle } from "@materiome/core";
import { correlatedInputs } from "./correlatedInputs.ts";
import type { ExplainRun, SubjectInput, WideSubject } from "./subject.ts";

export interface ShuffleInputsOptions extends ExplainRun {
  readonly random: Random;
  /** Shuffles whose errors are averaged. @defaultValue 10 */
  readonly repeats?: number | undefined;
  /** Inputs whose absolute rank correlation is at least this are shuffled together; above 1: none are. @defaultValue 0.8 */
  readonly correlation?: number | undefined;
  /** Codes of rows that belong together (heats), one per row: standard errors count groups, not rows. @defaultValue none */
  readonly groups?: Int32Array | undefined;
}

/** Takes what is predicted with inputs shuffled; `repeats` times for each group of inputs. */
export type UseShuffled = (predicted: Float64Array, repeats: number) => void;

/**
 * Predictions of rows with the inputs of one group of correlated inputs after the other shuffled among them.
 *
 * @param caller - stands at the head of messages
 * @param nMeasured - number of measured values; as many as rows
 * @param start - called for each group, gives what takes its predictions and what makes the entry of them
 * @throws ShapeError for another number of measured values or groups; DataError for fewer than 2 rows
 * @throws DomainError for options outside their range
 */
export async function shuffleInputs<Entry>(
  caller: string,
  subject: WideSubject,
  rows: Int32Array,
  nMeasured: number,
  options: ShuffleInputsOptions,
  start: (inputs: readonly string[]) => { readonly use: UseShuffled; readonly end: () => Entry },
): Promise<Entry[]> {
  const { random, repeats = 10, correlation = 0.8, groups, ...run } = options;
  const n = rows.length;
  if (!(Number.isInteger(repeats) && repeats >= 1)) {
    throw new DomainError(`${caller}: repeats must be a whole number of at least 1, got ${repeats}`);
  }
  if (!(correlation > 0)) throw new DomainError(`${caller}: correlation must be above 0, got ${correlation}`);
  for (const [what, got] of [
    ["measured values", nMeasured],
    ["groups", groups?.length ?? n],
  ] as const) {
    if (got !== n) throw new ShapeError(`${caller}: ${n} rows but ${got} ${what}; give one for each row`);
  }
  if (n < 2) throw new DataError(`${caller}: expected at least 2 rows, got ${n}`);
  const sets = correlatedInputs(subject.inputs, rows, correlation);
  const found: Entry[] = [];
  for (const [s, set] of sets.entries()) {
    const { use, end } = start(set.map((c) => (subject.inputs[c] as SubjectInput).name)); // indices of inputs
    for (let k = 0; k < repeats; k++) {
      run.signal?.throwIfAborted();
      const order = shuffle(n, random.fork("permute").fork(s).fork(k)).map((i) => rows[i] as number); // i < n
      const sources = subject.inputs.map((_, c) => (set.includes(c) ? order : rows));
      use(await subject.mix(sources, { ...run, onProgress: undefined }), repeats);
    }
    found.push(end());
    run.onProgress?.({ stage: "permutation importance", done: s + 1, total: sets.length });
  }
  return found;
}
