import { DataError, DomainError } from "@materiome/core";
import { standardErrorOfMean } from "./errorIncrease.ts";
import { type ShuffleInputsOptions, shuffleInputs } from "./shuffleInputs.ts";
import { predictRows, type WideSubject } from "./subject.ts";

/** By how much calls get worse when inputs are shuffled, with what the choice of rows leaves open. */
export interface ClassErrorIncrease {
  readonly logLossIncrease: number;
  readonly logLossStandardError: number;
  /** Share of rows called right, before less after. */
  readonly accuracyDecrease: number;
  readonly accuracyStandardError: number;
}

export interface ClassImportance {
  /** Of the rows as they are: mean −ln of the probability of the measured class, and the share of rows called right. */
  readonly logLoss: number;
  readonly accuracy: number;
  readonly nRows: number;
  /** Falling by the increase of the log loss. */
  readonly groups: readonly (ClassErrorIncrease & {
    /** Shuffled together, because they go along with each other. */
    readonly inputs: readonly string[];
  })[];
}

/**
 * By how much log loss grows and accuracy falls when inputs are shuffled among rows that the model has not been trained on: the
 * counterpart of `permutationImportance` for classes.
 *
 * @param subject - predicts probabilities, one output a class; none of them 0 for a measured class
 * @param rows - rows of the subject, at least 2, none of them trained on
 * @param measured - class of each of them, counted from 0
 * @throws DataError for a class that the subject does not have; DomainError where a measured class has the probability 0
 * @throws as `permutationImportance`
 * @example
 * const { logLoss, groups } = await classImportance(subject, rows, codes, { random: createRandom(1) });
 */
export async function classImportance(
  subject: WideSubject,
  rows: Int32Array,
  measured: Int32Array,
  options: ShuffleInputsOptions,
): Promise<ClassImportance> {
  const { random: _, repeats: __, correlation: ___, groups, ...run } = options;
  const { nOutputs } = subject;
  const n = rows.length;
  const bad = measured.findIndex((code) => !(code >= 0 && code < nOutputs));
  if (bad >= 0) throw new DataError(`classImportance: class ${measured[bad]} of row ${bad} is none of ${nOutputs}`);
  const before = scoreCalls(await predictRows(subject, rows, run), measured, nOutputs);
  const found = await shuffleInputs("classImportance", subject, rows, measured.length, options, (inputs) => {
    const [loss, right] = [new Float64Array(n), new Float64Array(n)];
    return {
      use: (shuffled, repeats) => {
        const after = scoreCalls(shuffled, measured, nOutputs);
        for (let i = 0; i < n; i++) {
          // One of each per row.
          loss[i] = (loss[i] as number) + ((after.loss[i] as number) - (before.loss[i] as number)) / repeats;
          right[i] = (right[i] as number) + ((before.right[i] as number) - (after.right[i] as number)) / repeats;
        }
      },
      end: () => ({
        inputs,
        logLossIncrease: mean(loss),
        logLossStandardError: standardErrorOfMean(loss, groups),
        accuracyDecrease: mean(right),
        accuracyStandardError: standardErrorOfMean(right, groups),
      }),
    };
  });
  return {
    logLoss: mean(before.loss),
    accuracy: mean(before.right),
    nRows: n,
    groups: found.sort((a, b) => b.logLossIncrease - a.logLossIncrease),
  };
}

/** −ln probability of the measured class of each row, and 1 where it is the most probable one. */
function scoreCalls(
  probabilities: Float64Array,
  measured: Int32Array,
  nClasses: number,
): { readonly loss: Float64Array; readonly right: Float64Array } {
  const loss = new Float64Array(measured.length);
  const right = new Float64Array(measured.length);
  for (const [i, code] of measured.entries()) {
    const own = probabilities.subarray(i * nClasses, (i + 1) * nClasses);
    const p = own[code] as number; // a class
    if (p === 0) {
      throw new DomainError(
        `classImportance: row ${i} is of a class with the probability 0, so its log loss is infinite`,
      );
    }
    loss[i] = -Math.log(p);
    right[i] = own.indexOf(Math.max(...own)) === code ? 1 : 0;
  }
  return { loss, right };
}

function mean(values: Float64Array): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}
