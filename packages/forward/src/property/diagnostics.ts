import type { Random, Table } from "@materiome/core";
import { quantileSorted, wilsonInterval } from "@materiome/core/numerics";
import { coverageByRegion, type RegionCoverage } from "../validation/coverageByRegion.ts";
import type { CrossValidation } from "../validation/crossValidate.ts";
import { comparePredictions, type PairedDifference } from "../validation/pairedTests.ts";
import { meanOf } from "../validation/scores.ts";
import { type CoveragePoint, coveragePoints } from "./coveragePoints.ts";
import type { HeldOutDomain } from "./foldDomains.ts";
import type { TargetLearningCurve } from "./targetLearningCurve.ts";

/** A group (heat, lot, DOI) that is predicted badly while it is held out. Errors in the target's unit. */
export interface GroupErrors {
  /** Values of the group columns, or the first of its rows. */
  readonly label: string;
  /** Rows as the table's source counts them. */
  readonly rows: readonly number[];
  readonly mae: number;
  /** Mean of predicted − measured. */
  readonly bias: number;
  /** Share of its rows inside their interval; null without intervals. */
  readonly coverage: number | null;
}

/** Where a model is right and where it is not, on held-out rows of the first repeat. */
export interface TargetDiagnostics {
  readonly target: string;
  /** Mean absolute error less that of the median of the training rows: below 0 the model is better. */
  readonly againstMedian: PairedDifference;
  /** The same beside the target of the nearest training row. */
  readonly againstNeighbour: PairedDifference | null;
  /** Shares of rows inside central intervals of many levels; null where the learner gives no distribution. */
  readonly calibration: readonly CoveragePoint[] | null;
  /**
   * Intervals by their width (thirds), by the prediction (thirds), inside and outside the domain. `coverageCi` holds both the
   * bootstrap interval over groups and Wilson's for single rows.
   *
   * @see Wilson, J. Am. Stat. Assoc. 22, 209 (1927), doi:10.1080/01621459.1927.10502953
   */
  readonly regions: readonly RegionCoverage[];
  /** Largest mean absolute error first, at most 5; none without groups. */
  readonly worstGroups: readonly GroupErrors[];
  /** Null where it was not asked for or the rows are too few. */
  readonly learningCurve: TargetLearningCurve | null;
}

const MOST_GROUPS = 5;
const WIDTHS = ["narrow intervals", "middling intervals", "wide intervals"] as const;
const PREDICTIONS = ["low predictions", "middling predictions", "high predictions"] as const;
const SIDES = ["inside the domain", "outside the domain"] as const;

export interface DescribeTargetOptions {
  readonly target: string;
  readonly validation: CrossValidation;
  readonly domain: HeldOutDomain;
  /** Rows that were scored. */
  readonly table: Table;
  /** Group of each row; undefined without groups. */
  readonly groups: Int32Array | undefined;
  /** Columns that name the groups; none where they are derived. */
  readonly groupColumns: readonly string[];
  readonly learningCurve: TargetLearningCurve | null;
  readonly random: Random;
}

export function describeTarget(options: DescribeTargetOptions): TargetDiagnostics {
  const { target, validation, domain, table, groups, groupColumns, learningCurve, random } = options;
  const rows = validation.repeats[0] as CrossValidation["repeats"][number]; // at least one repeat
  const { actual, predicted, lower, upper, pit } = rows;
  const hasIntervals = lower.every(Number.isFinite) && upper.every(Number.isFinite);
  const against = (forecast: "medianBaseline" | "neighbourBaseline"): PairedDifference =>
    comparePredictions(validation, validation, {
      groups,
      random: random.fork(forecast),
      forecasts: ["predicted", forecast],
    }).mae;
  const byRegion = (regions: readonly string[], label: string): readonly RegionCoverage[] =>
    coverageByRegion(rows, { groups, regions, random: random.fork(label) }).byRegion;
  const widths = upper.map((high, i) => high - (lower[i] as number)); // one per row
  const sides = Array.from(domain.inDomain, (flag) => SIDES[flag === 1 ? 0 : 1]);
  const found = hasIntervals
    ? [
        ...inOrder(byRegion(thirdsOf(widths, WIDTHS), "width"), WIDTHS),
        ...inOrder(byRegion(thirdsOf(predicted, PREDICTIONS), "prediction"), PREDICTIONS),
        ...inOrder(byRegion(sides, "domain"), SIDES),
      ].map(withWilson)
    : [];
  return {
    target,
    againstMedian: against("medianBaseline"),
    againstNeighbour: rows.neighbourBaseline?.every(Number.isFinite) === true ? against("neighbourBaseline") : null,
    calibration: pit?.every(Number.isFinite) === true ? coveragePoints(pit, groups) : null,
    regions: found,
    worstGroups:
      groups === undefined
        ? []
        : worstGroups({ actual, predicted, lower, upper }, hasIntervals, groups, groupColumns, table),
    learningCurve,
  };
}

function thirdsOf(values: Float64Array, names: readonly [string, string, string]): string[] {
  const sorted = values.slice().sort();
  const [low, high] = [quantileSorted(sorted, 1 / 3), quantileSorted(sorted, 2 / 3)];
  return Array.from(values, (value) => names[value <= low ? 0 : value <= high ? 1 : 2]);
}

function inOrder(regions: readonly RegionCoverage[], names: readonly string[]): RegionCoverage[] {
  return [...regions].sort((a, b) => names.indexOf(a.region) - names.indexOf(b.region));
}

/** A bootstrap of rows that are all covered, or none, has no width: the interval also holds Wilson's for single rows. */
function withWilson(region: RegionCoverage): RegionCoverage {
  const [low, high] = wilsonInterval(region.coverage, region.n, 0.95);
  return { ...region, coverageCi: [Math.min(region.coverageCi[0], low), Math.max(region.coverageCi[1], high)] };
}

function worstGroups(
  rows: { readonly [name in "actual" | "predicted" | "lower" | "upper"]: Float64Array },
  hasIntervals: boolean,
  groups: Int32Array,
  columns: readonly string[],
  table: Table,
): GroupErrors[] {
  const members = new Map<number, number[]>();
  for (const [i, group] of groups.entries()) members.set(group, [...(members.get(group) ?? []), i]);
  const { actual, predicted, lower, upper } = rows;
  const at = (values: Float64Array, i: number): number => values[i] as number; // one per row
  return Array.from(members.values(), (own): GroupErrors => {
    const [first] = own as [number]; // a group has a row
    const errors = own.map((i) => at(predicted, i) - at(actual, i));
    const covered = own.map((i) => (at(lower, i) <= at(actual, i) && at(actual, i) <= at(upper, i) ? 1 : 0));
    return {
      label: labelOf(table, columns, first),
      rows: own.map((i) => table.rowNumber(i)),
      mae: meanOf(errors.map(Math.abs)),
      bias: meanOf(errors),
      coverage: hasIntervals ? meanOf(covered) : null,
    };
  })
    .sort((a, b) => b.mae - a.mae)
    .slice(0, MOST_GROUPS);
}

function labelOf(table: Table, columns: readonly string[], row: number): string {
  const known = columns.flatMap((name) => {
    const text = cellText(table, name, row);
    return text === undefined ? [] : [`${name} ${text}`];
  });
  return known.length > 0 ? known.join(", ") : `composition of row ${table.rowNumber(row)}`;
}

function cellText(table: Table, name: string, row: number): string | undefined {
  const column = table.column(name);
  if (column.kind === "number") return column.valid[row] === 0 ? undefined : String(column.values[row]);
  return column.kind === "category" ? column.labels[column.codes[row] ?? -1] : column.texts[row];
}
