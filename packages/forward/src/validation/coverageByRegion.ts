import { DataError, DomainError, type Random } from "@materiome/core";
import { quantileSorted } from "@materiome/core/numerics";
import { clusterBootstrap } from "./clusterBootstrap.ts";
import { type HeldOutRows, meanOf } from "./scores.ts";

/** Intervals of some of the held-out rows; widths and errors in target units. */
export interface RegionCoverage {
  readonly region: string;
  readonly n: number;
  readonly coverage: number;
  /** 95 % bootstrap interval of the coverage, whole groups drawn. */
  readonly coverageCi: readonly [number, number];
  readonly meanWidth: number;
  readonly mae: number;
}

export interface CoverageByRegion {
  readonly all: RegionCoverage;
  /** Narrowest to widest third of the intervals; fewer entries where widths are equal. */
  readonly byWidth: readonly RegionCoverage[];
  /** By the region given; none without. */
  readonly byRegion: readonly RegionCoverage[];
  /** Each group: a new heat is covered as a whole or not at all when coverage is off. */
  readonly byGroup: readonly { readonly group: number; readonly n: number; readonly coverage: number }[];
}

export interface CoverageByRegionOptions {
  /** Group of each entry; drawn whole. @defaultValue each entry its own */
  readonly groups?: Int32Array | undefined;
  /** Region of each entry: alloy family, test temperature. @defaultValue none */
  readonly regions?: readonly string[] | undefined;
  readonly random: Random;
  /** @defaultValue 1000 */
  readonly nBootstrap?: number | undefined;
}

/**
 * Coverage and width of intervals where they are narrow, middling and wide, per region and per group. Right on the whole
 * and wrong in the parts is the usual failure: intervals of one width cover the easy rows too often and the hard too seldom.
 *
 * @throws DataError for no rows, or rows without an interval; DomainError for regions of another length
 * @example
 * const [rows] = validation.repeats;
 * if (rows !== undefined) coverageByRegion(rows, { groups, random: createRandom(1) }).byWidth;
 */
export function coverageByRegion(
  rows: Pick<HeldOutRows, "actual" | "predicted" | "lower" | "upper">,
  options: CoverageByRegionOptions,
): CoverageByRegion {
  const { actual, predicted, lower, upper } = rows;
  const { groups, regions, random, nBootstrap } = options;
  const n = actual.length;
  if (n === 0) throw new DataError("coverageByRegion: expected at least one row, got none");
  const width = upper.map((high, i) => high - (lower[i] as number)); // same length, here and below
  const missing = width.findIndex((value) => !Number.isFinite(value));
  if (missing >= 0)
    throw new DataError(`coverageByRegion: row ${missing} has no interval; use a learner that gives them`);
  for (const [name, given] of Object.entries({ groups, regions })) {
    if (given !== undefined && given.length !== n) {
      throw new DomainError(`coverageByRegion: ${n} rows but ${given.length} ${name}; give one for each row`);
    }
  }
  const covered = actual.map((y, i) => ((lower[i] as number) <= y && y <= (upper[i] as number) ? 1 : 0));
  const error = actual.map((y, i) => Math.abs(y - (predicted[i] as number)));
  const describe = (region: string, kept: readonly number[]): RegionCoverage => {
    const take = (values: Float64Array): Float64Array => Float64Array.from(kept, (i) => values[i] as number);
    const own = take(covered);
    return {
      region,
      n: kept.length,
      coverage: meanOf(own),
      coverageCi: clusterBootstrap([own], (sums, count) => (sums[0] as number) / count, {
        groups: Int32Array.from(kept, (i) => groups?.[i] ?? i),
        random: random.fork(region),
        nBootstrap,
      }),
      meanWidth: meanOf(take(width)),
      mae: meanOf(take(error)),
    };
  };
  const all = Array.from({ length: n }, (_, i) => i);
  const sorted = width.slice().sort();
  const [low, high] = [quantileSorted(sorted, 1 / 3), quantileSorted(sorted, 2 / 3)];
  const third = (value: number): number => (value <= low ? 0 : value <= high ? 1 : 2);
  const names = ["narrowest third", "middle third", "widest third"];
  return {
    all: describe("all", all),
    byWidth: names.flatMap((name, k) => {
      const kept = all.filter((i) => third(width[i] as number) === k);
      return kept.length === 0 ? [] : [describe(name, kept)];
    }),
    byRegion: [...new Set(regions)].map((region) =>
      describe(
        region,
        all.filter((i) => regions?.[i] === region),
      ),
    ),
    byGroup: [...new Set(groups)].map((group) => {
      const kept = all.filter((i) => groups?.[i] === group);
      return { group, n: kept.length, coverage: meanOf(kept.map((i) => covered[i] as number)) };
    }),
  };
}
