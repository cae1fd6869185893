import {
  DataError,
  DomainError,
  type FeatureMatrix,
  IncompatibleError,
  type Matrix,
  type RowInfo,
  ShapeError,
  type Targets,
} from "@materiome/core";

/** Training rows without their targets, checked. */
export interface TrainingRows {
  readonly x: FeatureMatrix;
  readonly weights: Float64Array | undefined;
  /** Known measurement variances, target units squared, where the learner uses them. */
  readonly noiseVariance: Float64Array | undefined;
  /** Group of each row, recoded to 0 … nGroups − 1 in order of appearance; each row its own group where none are given. */
  readonly groups: Int32Array;
  readonly nGroups: number;
  readonly isGrouped: boolean;
}

/** Training rows of a single-target learner, checked. */
export interface TrainingSet extends TrainingRows {
  readonly y: Float64Array;
  readonly unit: string;
}

export interface CheckTrainingOptions {
  /** Takes noise variances, each finite and at least 0, in place of refusing them. @defaultValue false */
  readonly usesNoiseVariance?: boolean | undefined;
}

/**
 * Checks what every learner here asks of its training rows.
 *
 * @throws ShapeError if rows of inputs, targets, weights or groups differ in number, or there are several targets
 * @throws DomainError for values that are not finite (missing inputs only where `allowsMissing`), or too large or too near each
 * other for their squares
 * @throws DataError for fewer than two rows, or rows that all belong to one group
 * @throws IncompatibleError if noise variances are given and not used
 */
export function checkTraining(
  caller: string,
  x: FeatureMatrix,
  y: Targets,
  allowsMissing: boolean,
  options: CheckTrainingOptions = {},
): TrainingSet {
  if (y.values.columns !== 1) {
    throw new ShapeError(`${caller}: expected one target, got ${y.values.columns}; fit one model per target`);
  }
  const rows = checkRows(caller, x, y, y.values.rows, allowsMissing, options);
  for (const [i, value] of y.values.data.entries()) {
    if (!Number.isFinite(value)) {
      throw new DomainError(`${caller}: target of row ${i} is ${value}; drop rows without a measured target`);
    }
  }
  checkSizes(y.values, () => `${caller}: the target`);
  return { ...rows, y: Float64Array.from(y.values.data), unit: y.units[0] ?? "" };
}

/** Checks inputs, weights and groups of `nTargets` training rows, as {@link checkTraining} says. */
export function checkRows(
  caller: string,
  x: FeatureMatrix,
  y: RowInfo,
  nTargets: number,
  allowsMissing: boolean,
  options: CheckTrainingOptions = {},
): TrainingRows {
  const { rows: n, columns: d } = x;
  checkLength(caller, "targets", nTargets, n);
  if (y.weights !== undefined) checkLength(caller, "weights", y.weights.length, n);
  if (y.groups !== undefined) checkLength(caller, "groups", y.groups.length, n);
  if (y.noiseVariance !== undefined && options.usesNoiseVariance !== true) {
    throw new IncompatibleError(`${caller}: noise variances are not used by this learner; leave them out`);
  }
  if (d === 0) throw new ShapeError(`${caller}: expected at least one feature, got none`);
  if (n < 2) throw new DataError(`${caller}: expected at least 2 training rows, got ${n}`);
  checkInputs(caller, x, allowsMissing);
  checkSizes(x, (f) => `${caller}: feature "${x.features[f]?.name ?? f}"`);
  if (y.noiseVariance !== undefined) checkNoiseVariance(caller, y.noiseVariance, n);
  let totalWeight = 0;
  for (const [i, weight] of (y.weights ?? []).entries()) {
    if (!(weight >= 0 && Number.isFinite(weight))) {
      throw new DomainError(`${caller}: weight of row ${i} is ${weight}; expected a finite number of at least 0`);
    }
    totalWeight += weight;
  }
  if (y.weights !== undefined && totalWeight === 0) throw new DomainError(`${caller}: all weights are 0`);
  const { codes, nGroups } = recodeGroups(y.groups, n);
  if (nGroups < 2) {
    throw new DataError(
      `${caller}: all ${n} training rows belong to one group, so the error for a new group cannot be estimated; give rows of at least 2 groups, or no groups`,
    );
  }
  return {
    x,
    weights: y.weights,
    noiseVariance: y.noiseVariance,
    groups: codes,
    nGroups,
    isGrouped: y.groups !== undefined,
  };
}

function checkNoiseVariance(caller: string, variances: Float64Array, n: number): void {
  checkLength(caller, "noise variances", variances.length, n);
  for (const [i, variance] of variances.entries()) {
    if (!(variance >= 0 && Number.isFinite(variance))) {
      throw new DomainError(
        `${caller}: noise variance of row ${i} is ${variance}; expected a finite number of at least 0`,
      );
    }
  }
}

/** @throws DomainError naming row and feature of an infinite value, or of a missing one where those are not allowed */
export function checkInputs(caller: string, x: FeatureMatrix, allowsMissing: boolean): void {
  // Millions of values: no iterator.
  for (let at = 0; at < x.data.length; at++) {
    const value = x.data[at] as number; // at < length
    if (Number.isFinite(value) || (allowsMissing && Number.isNaN(value))) continue;
    const row = Math.floor(at / x.columns);
    const name = x.features[at % x.columns]?.name ?? String(at % x.columns);
    throw new DomainError(
      Number.isNaN(value)
        ? `${caller}: feature "${name}" is missing in row ${row}, and this learner takes no missing values; drop the row or the column, impute it, or use a forest`
        : `${caller}: feature "${name}" is ${value} in row ${row}; expected a finite number`,
    );
  }
}

/** Numbers beyond these, and differences below their inverse, have squares that no number can hold. */
const LARGEST = 1e100;

/** @throws DomainError for a column that is too large, or varies too little, to be squared */
function checkSizes({ rows, columns: d, data }: Matrix, nameOf: (column: number) => string): void {
  const low = new Float64Array(d).fill(Number.POSITIVE_INFINITY);
  const high = new Float64Array(d).fill(Number.NEGATIVE_INFINITY);
  for (let at = 0; at < rows * d; at++) {
    const value = data[at] as number; // at < length
    const f = at % d;
    if (value < (low[f] as number)) low[f] = value;
    if (value > (high[f] as number)) high[f] = value;
  }
  for (let f = 0; f < d; f++) {
    const [least, most] = [low[f] as number, high[f] as number];
    const isSmall = most > least && most - least < 1 / LARGEST;
    if (!isSmall && !(most > LARGEST || least < -LARGEST)) continue;
    throw new DomainError(
      `${nameOf(f)} has values from ${least} to ${most}; expected sizes below ${LARGEST} and differences above ${1 / LARGEST}, or none: give it in another unit, or as a logarithm`,
    );
  }
}

/**
 * Checks that there are enough rows or groups to hold some out and fit a learner that divides the others once more.
 *
 * @throws DataError for fewer than 3
 */
export function checkDivisible(caller: string, { x, nGroups, isGrouped }: TrainingRows): void {
  if (nGroups >= 3) return;
  throw new DataError(
    `${caller}: ${x.rows} rows${isGrouped ? ` in ${nGroups} groups` : ""} are too few to hold some out and fit the others; give 3 ${isGrouped ? "groups" : "rows"} or more, or use a single ridge or forest`,
  );
}

/** Group codes as 0 … nGroups − 1 in order of appearance; every row its own group where there are none. */
export function recodeGroups(
  groups: Int32Array | undefined,
  n: number,
): { readonly codes: Int32Array; readonly nGroups: number } {
  if (groups === undefined) return { codes: Int32Array.from({ length: n }, (_, i) => i), nGroups: n };
  const seen = new Map<number, number>();
  const codes = groups.map((group) => {
    const known = seen.get(group);
    if (known !== undefined) return known;
    seen.set(group, seen.size);
    return seen.size - 1;
  });
  return { codes, nGroups: seen.size };
}

/** Rows of each group, ascending. */
export function membersOf({ groups, nGroups }: TrainingRows): number[][] {
  const members: number[][] = Array.from({ length: nGroups }, () => []);
  for (const [i, g] of groups.entries()) members[g]?.push(i);
  return members;
}

function checkLength(caller: string, what: string, got: number, expected: number): void {
  if (got !== expected) {
    throw new ShapeError(`${caller}: ${expected} rows of inputs but ${got} ${what}; give one for each row`);
  }
}
