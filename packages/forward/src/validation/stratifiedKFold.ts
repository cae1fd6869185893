import { DataError, DomainError, type Random, shuffle } from "@materiome/core";
import { quantileSorted } from "@materiome/core/numerics";
import { checkRowsPerFold, createFoldSplitter, type FoldSplitter, shuffledGroups } from "./splitter.ts";

export interface StratifyOptions {
  /** `quantiles`: the target is a number, cut into bins of equally many rows; `classes`: it is a class code. @defaultValue "quantiles" */
  readonly by?: "quantiles" | "classes" | undefined;
  /** Quantile bins of the target. @defaultValue 10, or rows per fold where those are fewer */
  readonly nBins?: number | undefined;
}

/**
 * Stratified K-fold: every fold has nearly the same share of each class, or of each quantile bin of the target. Rows of a
 * bin, shuffled, are dealt to the folds in turn, on from where the bin before ended: both bins and folds are even to one row.
 *
 * @throws DomainError for fewer than 2 folds or 2 bins; `assign` throws DataError for fewer rows than folds, no targets, or
 * a class with a single row, which cannot be both learnt and tested
 * @example
 * const fold = stratifiedKFold(5).assign(y.length, undefined, createRandom(1), y);
 */
export function stratifiedKFold(nFolds: number, options: StratifyOptions = {}): FoldSplitter {
  checkBins("stratifiedKFold", options);
  return createFoldSplitter("stratifiedKFold", nFolds, (nRows, _groups, random, target) => {
    checkRowsPerFold("stratifiedKFold", nRows, nFolds);
    const { strata, nStrata } = strataOf("stratifiedKFold", nRows, target, nFolds, options, random);
    const folds = new Int32Array(nRows);
    const order = shuffle(nRows, random);
    let dealt = 0;
    for (let s = 0; s < nStrata; s++) {
      for (const row of order) if (strata[row] === s) folds[row] = dealt++ % nFolds;
    }
    return folds;
  });
}

/**
 * Stratified K-fold that keeps groups whole: groups, by falling size, go one by one to the fold where the shares of classes
 * (or of quantile bins of the target) come out most even, and of equal ones to the smallest.
 *
 * @throws DomainError for fewer than 2 folds or 2 bins; `assign` throws DataError without groups or targets, for fewer
 * groups than folds, or a class within a single group
 * @example
 * const fold = stratifiedGroupKFold(5).assign(y.length, groups, createRandom(1), y);
 */
export function stratifiedGroupKFold(nFolds: number, options: StratifyOptions = {}): FoldSplitter {
  const kind = "stratifiedGroupKFold";
  checkBins(kind, options);
  return createFoldSplitter(kind, nFolds, (nRows, groups, random, target) => {
    const lists = shuffledGroups(kind, nFolds, groups, random);
    const { strata, nStrata } = strataOf(kind, nRows, target, nFolds, options, random);
    if (options.by === "classes") refuseLoneClasses(kind, strata, nStrata, groups ?? new Int32Array(0), target);
    const total = new Float64Array(nStrata);
    for (const s of strata) total[s] = (total[s] as number) + 1; // s < nStrata
    const counts = Array.from({ length: nFolds }, () => new Float64Array(nStrata));
    const sizes = new Float64Array(nFolds);
    const folds = new Int32Array(nRows);
    for (const [at, rows] of lists.entries()) {
      const own = new Float64Array(nStrata);
      for (const row of rows) own[strata[row] as number] = (own[strata[row] as number] as number) + 1;
      // The last groups must go where there is none yet.
      const mustFill = sizes.filter((size) => size === 0).length >= lists.length - at;
      let best = -1;
      let least = Number.POSITIVE_INFINITY;
      for (const [k, count] of counts.entries()) {
        if (mustFill && (sizes[k] as number) > 0) continue;
        // Growth of Σ (share of the stratum)²: least for the fold that lacks these strata most.
        let growth = 0;
        for (const [s, more] of own.entries()) {
          growth += (more * (2 * (count[s] as number) + more)) / (total[s] as number) ** 2; // a stratum has a row
        }
        growth += (1e-6 * (sizes[k] as number)) / nRows;
        if (growth < least) [least, best] = [growth, k];
      }
      const count = counts[best] as Float64Array; // some fold is allowed
      for (const [s, more] of own.entries()) count[s] = (count[s] as number) + more;
      sizes[best] = (sizes[best] as number) + rows.length;
      for (const row of rows) folds[row] = best;
    }
    return folds;
  });
}

function checkBins(kind: string, { by = "quantiles", nBins }: StratifyOptions): void {
  if (by !== "quantiles" && by !== "classes") {
    throw new DomainError(`${kind}: by must be "quantiles" or "classes", got ${String(by)}`);
  }
  if (nBins !== undefined && !(Number.isInteger(nBins) && nBins >= 2)) {
    throw new DomainError(`${kind}: nBins must be a whole number of at least 2, got ${nBins}`);
  }
}

/** Class or quantile bin of each row, 0 … nStrata − 1, each with a row. */
function strataOf(
  kind: string,
  nRows: number,
  target: ArrayLike<number> | undefined,
  nFolds: number,
  { by = "quantiles", nBins }: StratifyOptions,
  random: Random,
): { readonly strata: Int32Array; readonly nStrata: number } {
  if (target === undefined || target.length !== nRows) {
    throw new DataError(`${kind}: needs the target of each of the ${nRows} rows, got ${target?.length ?? "none"}`);
  }
  const values = Float64Array.from(target);
  const missing = values.findIndex((value) => !Number.isFinite(value));
  if (missing >= 0) throw new DataError(`${kind}: the target of row ${missing} is ${values[missing]}; drop such rows`);
  const sorted = values.slice().sort();
  const distinct = sorted.filter((value, i) => i === 0 || value !== sorted[i - 1]);
  if (by === "classes") {
    const codes = new Map(Array.from(distinct, (value, s) => [value, s]));
    const strata = Int32Array.from(values, (value) => codes.get(value) as number); // every value is a code
    for (const [s, value] of distinct.entries()) {
      if (strata.filter((code) => code === s).length < 2) {
        throw new DataError(
          `${kind}: class ${value} has a single row, which cannot be both learnt and tested; drop or merge the class, or use kFold`,
        );
      }
    }
    return { strata, nStrata: distinct.length };
  }
  const bins = nBins ?? Math.max(1, Math.min(10, Math.floor(nRows / nFolds)));
  const edges = Array.from({ length: bins - 1 }, (_, k) => quantileSorted(sorted, (k + 1) / bins));
  // Rows equal to an edge lie below it; bins that repeated values leave empty are closed up.
  const raw = Int32Array.from(values, (value) => edges.filter((edge) => value > edge).length);
  const used = [...new Set(raw)].sort((a, b) => a - b);
  const order = shuffle(used.length, random.fork("strata")); // which bin is dealt first
  const rank = new Map(Array.from(order, (k, at) => [used[k], at]));
  return { strata: raw.map((bin) => rank.get(bin) as number), nStrata: used.length };
}

function refuseLoneClasses(
  kind: string,
  strata: Int32Array,
  nStrata: number,
  groups: Int32Array,
  target: ArrayLike<number> | undefined,
): void {
  for (let s = 0; s < nStrata; s++) {
    const rows = Array.from(strata.keys()).filter((i) => strata[i] === s);
    if (new Set(rows.map((i) => groups[i])).size < 2) {
      const code = target?.[rows[0] ?? 0];
      throw new DataError(
        `${kind}: all rows of class ${code} are of one group, so no fold can both learn and test it; drop or merge the class, or use groupKFold`,
      );
    }
  }
}
