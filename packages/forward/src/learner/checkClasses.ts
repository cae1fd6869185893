import { type Classes, DataError, DomainError, type FeatureMatrix, ShapeError } from "@materiome/core";
import { checkRows, type TrainingRows } from "./checkTraining.ts";

/** Training rows of a classifier, checked. */
export interface ClassTraining extends TrainingRows {
  readonly codes: Int32Array;
  readonly labels: readonly string[];
  /** Rows of each class. */
  readonly counts: Int32Array;
}

/**
 * Checks the training rows of a classifier.
 *
 * @throws ShapeError if rows of inputs, classes, weights or groups differ in number
 * @throws DomainError for a code without a label, values that are not finite, or negative weights
 * @throws DataError for fewer than two rows, two classes or two groups, or a label given twice
 * @throws IncompatibleError if noise variances are given
 */
export function checkClasses(caller: string, x: FeatureMatrix, y: Classes, allowsMissing = false): ClassTraining {
  const { codes, labels } = y;
  if (new Set(labels).size !== labels.length) {
    throw new DataError(`${caller}: labels are ${labels.join(", ")}; give each class its own name`);
  }
  if (codes.length !== x.rows) {
    throw new ShapeError(`${caller}: ${x.rows} rows of inputs but ${codes.length} classes; give one for each row`);
  }
  const rows = checkRows(caller, x, y, codes.length, allowsMissing);
  const counts = new Int32Array(labels.length);
  for (const [i, code] of codes.entries()) {
    if (!(code >= 0 && code < labels.length)) {
      throw new DomainError(`${caller}: class of row ${i} is ${code}, but there are labels 0 … ${labels.length - 1}`);
    }
    counts[code] = (counts[code] as number) + 1; // code < length
  }
  if (counts.filter((count) => count > 0).length < 2) {
    const only = labels[codes[0] as number]; // at least 2 rows
    throw new DataError(
      `${caller}: all ${x.rows} training rows are of class "${only}"; give rows of at least 2 classes`,
    );
  }
  return { ...rows, codes, labels, counts };
}
