import { DataError } from "@materiome/core";
import { findAmounts } from "../attention/amountColumns.ts";
import { sharedValue } from "../hurdle/sharedValue.ts";
import type { TrainingSet } from "../learner/checkTraining.ts";
import { countTerms, MOST_RANK, MOST_TERMS } from "../linear/basis.ts";
import { whyNoQuotients } from "../quotients/amountGroups.ts";

// Why a learner cannot take rows, or is not worth its time on them; undefined where it can and is.

/** Rows and terms above which the second-degree ridge takes longer than all the rest. */
const MOST_QUADRATIC_RANK = 400;
const MOST_QUADRATIC_TERMS = 2000;
/** Rows above which a Gaussian process, fitted in every fold, takes longer than all the rest. */
const MOST_PROCESS_ROWS = 1500;
/**
 * Features for each row from which a linear law of few of them is worth looking for: to fit d features to n rows raises the error on new
 * rows by about d / 2n of itself, a tenth here, which is what can be won.
 */
const MANY_FEATURES = 0.2;
/** Values above which the path of an elastic net takes longer than all the rest. */
const MOST_SPARSE_VALUES = 400_000;
/** Features above which it does too, on few rows: each of some thirty fits inside a search makes the products of all pairs. */
const MOST_SPARSE_FEATURES = 1500;
/** Rows or groups below which a fold of a fold holds too few to tell rounds apart. */
const FEWEST_TO_BOOST = 40;
/** Rows or groups that the path needs within a fold. */
const FEWEST_TO_DIVIDE_TWICE = 5;
/** Rows or groups below which a net has too few to learn from, and to stop by. */
const FEWEST_FOR_NETS = 60;
/** Share of the rows that must have one value before a hurdle is tried, and rows with and without it. */
const LEAST_SHARED = 0.1;
const FEWEST_OF_A_KIND = 20;

/** Ratio of the 95 % to the 5 % quantile from which the logarithm of a target is tried. */
const LEAST_SPAN = 3;

export function whyNotBoosting({ nGroups }: TrainingSet): string | undefined {
  return nGroups < FEWEST_TO_BOOST
    ? `${nGroups} rows or groups, ${FEWEST_TO_BOOST} are needed to divide them again`
    : undefined;
}

/** Both parts must be learnt, in each fold. */
export function whyNoHurdle({ y }: TrainingSet): string | undefined {
  const { value, count } = sharedValue(y);
  if (count < y.length * LEAST_SHARED) return "no value is shared by a tenth of the rows";
  const fewest = Math.min(count, y.length - count);
  return fewest < FEWEST_OF_A_KIND
    ? `${fewest} rows ${fewest === count ? "have" : "have not"} the value ${value}, ${FEWEST_OF_A_KIND} are needed`
    : undefined;
}

export function whyNoAmountsToDivide({ x }: TrainingSet): string | undefined {
  return whyNoQuotients(x);
}

export function whyNoLogarithm({ y }: TrainingSet): string | undefined {
  const sorted = y.slice().sort();
  if (!((sorted[0] as number) > 0)) return "the target is not above 0 everywhere"; // at least two rows
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] as number;
  return at(0.95) < LEAST_SPAN * at(0.05)
    ? `nine tenths of the target lie within a factor of ${LEAST_SPAN}`
    : undefined;
}

export function whyNoNets({ nGroups }: TrainingSet): string | undefined {
  return nGroups < FEWEST_FOR_NETS ? `${nGroups} rows or groups, ${FEWEST_FOR_NETS} are needed for nets` : undefined;
}

export function whyNoAmounts({ x }: TrainingSet): string | undefined {
  try {
    findAmounts("element attention", x.features, undefined);
    return undefined;
  } catch (error) {
    if (error instanceof DataError) return error.message;
    throw error;
  }
}

export function whyWeighted(rows: TrainingSet): string | undefined {
  return rows.weights === undefined ? undefined : "rows are weighted";
}

export function whyNotSparse(data: TrainingSet): string | undefined {
  const { x, nGroups } = data;
  const { rows, columns } = x;
  if (data.weights !== undefined) return whyWeighted(data);
  if (nGroups < FEWEST_TO_DIVIDE_TWICE) {
    return `${nGroups} rows or groups, ${FEWEST_TO_DIVIDE_TWICE} are needed to choose a penalty`;
  }
  if (columns < MANY_FEATURES * rows) {
    return `${columns} features for ${rows} rows; it is tried from one for five rows on`;
  }
  if (rows * columns > MOST_SPARSE_VALUES) return `${rows} × ${columns} values would take too long`;
  const gappy = new Set<number>();
  for (const [at, value] of x.data.entries()) if (Number.isNaN(value)) gappy.add(at % columns);
  const given = columns + gappy.size; // a mark for each feature with gaps
  return given > MOST_SPARSE_FEATURES ? `${given} features would take too long` : undefined;
}

export function whyNoRidge(rows: TrainingSet, degree: 1 | 2): string | undefined {
  const { x } = rows;
  const nTerms = countTerms(x.columns, degree);
  const [mostTerms, mostRank] = degree === 1 ? [MOST_TERMS, MOST_RANK] : [MOST_QUADRATIC_TERMS, MOST_QUADRATIC_RANK];
  const isTooMany = nTerms > mostTerms || Math.min(nTerms, x.rows) > mostRank;
  return whyWeighted(rows) ?? (isTooMany ? `${nTerms} terms for ${x.rows} rows would take too long` : undefined);
}

export function whyNoProcess(rows: TrainingSet): string | undefined {
  const isTooMany = rows.x.rows > MOST_PROCESS_ROWS;
  return whyWeighted(rows) ?? (isTooMany ? `${rows.x.rows} rows would take too long` : undefined);
}
