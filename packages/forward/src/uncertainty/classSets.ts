import { decodeArray, encodeArray, FormatError, type Json, type Matrix } from "@materiome/core";
import { conformalQuantile } from "./conformalBounds.ts";

/** Of each class, how improbable held-out rows of it were called: 1 − p(class), with weights 1 / rows of the class in the row's group. */
export interface ClassSets {
  readonly scores: readonly Float64Array[];
  readonly weights: readonly Float64Array[];
  /** Rows of each class, or groups that have some. */
  readonly nUnits: readonly number[];
  /** Whether probabilities were set against the shares of the classes first; false in models stored before that was done. */
  readonly isRelative: boolean;
}

/**
 * Calibrates prediction sets class by class (Mondrian): a row of class c gets a set that holds c with probability `level` or more,
 * for each class apart, as far as held-out rows are exchangeable with new ones. A class with fewer than level / (1 − level) rows or
 * groups is in every set.
 *
 * @param probabilities - of held-out rows, [n, nClasses]; where each fold has its own model, set against the shares of the classes
 * that the model learnt from, as otherwise folds with few rows of a class are taken for unlike it
 * @param codes - their classes
 * @param groups - rows of one group count once in a class
 * @param rows - which rows to calibrate by
 * @param isRelative - whether `probabilities` are set against shares of the classes; kept with the result
 * @see Vovk, Gammerman & Shafer, Algorithmic Learning in a Random World (2005), section 4.5, doi:10.1007/b106715
 */
export function calibrateClassSets(
  { columns, data }: Matrix,
  codes: Int32Array,
  groups: Int32Array | undefined,
  rows: Int32Array,
  isRelative = false,
): ClassSets {
  const parts = Array.from({ length: columns }, (_, c) => {
    const own = rows.filter((i) => codes[i] === c);
    const sizes = new Map<number, number>();
    const groupOf = (i: number): number => groups?.[i] ?? i;
    for (const i of own) sizes.set(groupOf(i), (sizes.get(groupOf(i)) ?? 0) + 1);
    return {
      scores: Float64Array.from(own, (i) => 1 - (data[i * columns + c] as number)), // a row of the matrix
      weights: Float64Array.from(own, (i) => 1 / (sizes.get(groupOf(i)) as number)), // counted above
      nUnits: sizes.size,
    };
  });
  return {
    scores: parts.map(({ scores }) => scores),
    weights: parts.map(({ weights }) => weights),
    nUnits: parts.map(({ nUnits }) => nUnits),
    isRelative,
  };
}

/** Classes of each row's set, as indices. */
export function classSets({ scores, weights, nUnits }: ClassSets, probabilities: Matrix, level: number): number[][] {
  const limits = scores.map(
    (own, c) => conformalQuantile(own, weights[c] as Float64Array, nUnits[c] as number, level), // one for each class
  );
  const { rows, columns, data } = probabilities;
  return Array.from(
    { length: rows },
    (_, i) => Array.from(limits.keys()).filter((c) => 1 - (data[i * columns + c] as number) <= (limits[c] as number)), // c < columns
  );
}

export function encodeClassSets({ scores, weights, nUnits, isRelative }: ClassSets): Json {
  return { scores: scores.map(encodeArray), weights: weights.map(encodeArray), nUnits: [...nUnits], isRelative };
}

/** @throws FormatError if the stored form is damaged */
export function decodeClassSets(data: unknown, nClasses: number): ClassSets {
  const { scores, weights, nUnits, isRelative = false } = (data ?? {}) as { readonly [key: string]: unknown };
  const isWhole = [scores, weights, nUnits].every((part) => Array.isArray(part) && part.length === nClasses);
  if (!isWhole || typeof isRelative !== "boolean")
    throw new FormatError("class model: the calibration of the sets is damaged; train again");
  return {
    scores: (scores as unknown[]).map((part) => decodeArray(part, "f64")),
    weights: (weights as unknown[]).map((part) => decodeArray(part, "f64")),
    nUnits: nUnits as number[],
    isRelative,
  };
}
