import { DataError, DomainError } from "@materiome/core";
import { createNeighbourSearch } from "@materiome/core/numerics";
import { medianOf } from "./scores.ts";
import type { SplitPlan, SplitRows } from "./splitter.ts";
import { standardiseFeatures } from "./standardise.ts";

/** What tested rows have in common with the rows trained on beside them, over all hold-outs. */
export interface SplitLeakage {
  /** Groups with rows on both sides of some hold-out. */
  readonly groupsAcross: number;
  /** Rows tested that equal a training row in every feature. */
  readonly repeatedRows: readonly number[];
  /** Further rows tested that lie nearer to a training row than `nearness` times the usual distance. */
  readonly nearRows: readonly number[];
  readonly warnings: readonly string[];
}

export interface FindSplitLeakageOptions {
  /** Of the median distance of tested rows to the nearest training row. @defaultValue 0.05 */
  readonly nearness?: number | undefined;
}

/**
 * Looks for rows that a given split should have kept together: groups on both sides, rows tested that repeat a training row, or
 * all but do. Distances are Euclidean, features scaled to mean 0 and variance 1 over all rows, a missing value at the
 * mean.
 *
 * @throws DataError without features; DomainError for a negative nearness
 * @example
 * const rows = { nRows: x.rows, x, groups };
 * const { warnings } = findSplitLeakage(rows, kFold(5).plan(rows, createRandom(1)));
 */
export function findSplitLeakage(
  rows: SplitRows,
  plan: SplitPlan,
  options: FindSplitLeakageOptions = {},
): SplitLeakage {
  const { nearness = 0.05 } = options;
  const { x, groups } = rows;
  if (x === undefined) throw new DataError("findSplitLeakage: needs the features of the rows");
  if (!(nearness >= 0)) throw new DomainError(`findSplitLeakage: nearness must be at least 0, got ${nearness}`);
  const points = standardiseFeatures(x)(x);
  const take = (kept: Int32Array): typeof points => {
    const data = new Float64Array(kept.length * points.columns);
    for (const [at, i] of kept.entries()) {
      data.set(points.data.subarray(i * points.columns, (i + 1) * points.columns), at * points.columns);
    }
    return { rows: kept.length, columns: points.columns, data };
  };
  const across = new Set<number>();
  const least = new Float64Array(x.rows).fill(Number.POSITIVE_INFINITY);
  for (const { train, test } of plan.holdOuts) {
    if (groups !== undefined) {
      const trained = new Set(Array.from(train, (i) => groups[i]));
      for (const i of test) if (trained.has(groups[i])) across.add(groups[i] as number); // one group per row
    }
    const { distances } = createNeighbourSearch(take(train))(take(test), 1);
    for (const [at, i] of test.entries()) least[i] = Math.min(least[i] as number, distances[at] as number); // one per test row
  }
  const tested = Array.from(least.keys()).filter((i) => Number.isFinite(least[i]));
  const apart = tested.filter((i) => (least[i] as number) > 1e-9);
  const usual = apart.length === 0 ? 0 : medianOf(Float64Array.from(apart, (i) => least[i] as number));
  const repeatedRows = tested.filter((i) => (least[i] as number) <= 1e-9);
  const nearRows = apart.filter((i) => (least[i] as number) < nearness * usual);
  const warnings: string[] = [];
  if (across.size > 0) {
    warnings.push(
      `${across.size} groups have rows on both sides of a split; use groupKFold or another split that keeps groups whole`,
    );
  }
  if (repeatedRows.length > 0) {
    warnings.push(
      `${repeatedRows.length} of ${tested.length} rows tested repeat a training row in every feature; merge replicates, or make them a group`,
    );
  }
  if (nearRows.length > 0) {
    warnings.push(
      `${nearRows.length} more rows tested are nearly training rows (below ${nearness} of the usual distance); if they belong together, make them a group`,
    );
  }
  return { groupsAcross: across.size, repeatedRows, nearRows, warnings };
}
