import {
  createMatrix,
  DataError,
  DomainError,
  type FeatureMatrix,
  inputColumnsFor,
  type RunContext,
  resolveColumn,
  type Table,
} from "@materiome/core";
import { tableFeaturizer } from "@materiome/core/features";
import { normalCdf } from "@materiome/core/numerics";
import { createRandomForest } from "../tree/createRandomForest.ts";
import { areaUnderRoc } from "./classificationMetrics.ts";
import { compareMissing, compareValues, type Side, sideOf } from "./compareColumns.ts";
import { adjustForMany } from "./twoSample.ts";

export interface DriftCheckOptions {
  readonly run: RunContext;
  /** Columns to compare. @defaultValue the inputs of the training table that are numbers, categories, formulas or grades */
  readonly columns?: readonly string[] | undefined;
  /**
   * Columns that name the group (heat, lot) of each row. Rows of one heat are alike, so that any single new heat would look
   * like drift: each group then counts once. A row that names none is a group of its own. @defaultValue none
   */
  readonly groups?: readonly string[] | undefined;
  /** Share of false alarms allowed, half of them to the columns and half to the classifier. @defaultValue 0.05 */
  readonly falseAlarms?: number | undefined;
  /** Trees of the classifier; 0 for none, and columns alone. @defaultValue 200 */
  readonly nTrees?: number | undefined;
}

/** One column of the new rows against the training rows. */
export interface ColumnDrift {
  readonly column: string;
  /** `values`: distribution of numbers (Kolmogorov–Smirnov) or labels (chi-squared); `missing`: share of empty cells. */
  readonly what: "values" | "missing";
  readonly statistic: number;
  readonly p: number;
  /** Adjusted for the number of tests (Benjamini–Hochberg). */
  readonly adjustedP: number;
  readonly hasDrifted: boolean;
  /** What is different, in words. */
  readonly text: string;
  /** Of `missing`: empty cells on either side, in rows whatever the groups. */
  readonly nMissing?: { readonly training: number; readonly fresh: number };
}

export interface DriftReport {
  readonly nTraining: number;
  readonly nFresh: number;
  /** Rows, or groups, that count. */
  readonly nUnits: { readonly training: number; readonly fresh: number };
  /** Rows that name no group and count each by itself, though they may belong together; 0 where no groups were given. */
  readonly nUnnamed: { readonly training: number; readonly fresh: number };
  /** By rising adjusted p. */
  readonly columns: readonly ColumnDrift[];
  /**
   * How well a forest tells new rows from training rows by all columns together, on rows (groups) it has not seen: ½ if they are
   * alike. Null with a single group on one side, or without trees.
   */
  readonly classifier: {
    readonly rocAuc: number;
    /** One-sided: probability of as much where there is no drift. */
    readonly p: number;
    readonly hasDrifted: boolean;
  } | null;
  readonly hasDrifted: boolean;
  /** Columns that could not be compared one by one, with the reason. */
  readonly notCompared: readonly { readonly column: string; readonly reason: string }[];
}

/**
 * Asks whether new rows come from where the training rows came from: each column on its own by a two-sample test, adjusted for
 * the number of columns, and all together by a classifier two-sample test, which also sees new combinations.
 * Units are converted to those of the training table.
 *
 * @throws DataError for tables without rows, or columns that one of them lacks; DomainError for options outside their range;
 * UnitError for units that do not convert
 * @see Lopez-Paz & Oquab, ICLR 2017, arXiv:1610.06545 (classifier two-sample test)
 * @example
 * const { hasDrifted, columns } = await driftCheck(model.training, newTable, {
 *   columns: model.inputs.map(({ name }) => name), run: { random: createRandom(1) },
 * });
 */
export async function driftCheck(training: Table, fresh: Table, options: DriftCheckOptions): Promise<DriftReport> {
  const { run, falseAlarms = 0.05, nTrees = 200 } = options;
  if (!(falseAlarms > 0 && falseAlarms < 1)) {
    throw new DomainError(`driftCheck: falseAlarms must lie between 0 and 1, got ${falseAlarms}`);
  }
  if (training.nRows < 2 || fresh.nRows === 0) {
    throw new DataError(
      `driftCheck: needs at least 2 training rows and 1 new row, got ${training.nRows} and ${fresh.nRows}`,
    );
  }
  const names = (options.columns ?? inputColumnsFor(training, []).map(({ name }) => name)).map(
    (name) => resolveColumn(training, name).name,
  );
  if (names.length === 0) throw new DataError("driftCheck: no columns to compare; name some, or give columns a role");
  const sides = [sideOf(training, options.groups), sideOf(fresh, options.groups)] as const;
  const notCompared: { column: string; reason: string }[] = [];
  const found: Omit<ColumnDrift, "adjustedP" | "hasDrifted">[] = [];
  for (const name of names) {
    const own = training.column(name);
    const other = resolveColumn(fresh, name);
    const random = run.random.fork("column").fork(name);
    const missing = compareMissing(own, other, sides, random.fork("missing"));
    if (missing !== undefined) found.push({ column: name, what: "missing", ...missing });
    const values = compareValues(own, other, sides, random);
    if (typeof values === "string") notCompared.push({ column: name, reason: values });
    else found.push({ column: name, what: "values", ...values });
  }
  const adjusted = adjustForMany(found.map(({ p }) => p));
  const columns = found
    .map((one, k): ColumnDrift => {
      const adjustedP = adjusted[k] as number; // one each
      return { ...one, adjustedP, hasDrifted: adjustedP <= falseAlarms / 2 };
    })
    .sort((a, b) => a.adjustedP - b.adjustedP || b.statistic - a.statistic);
  const classifier = await classifierTest(training, fresh, names, sides, nTrees, falseAlarms, run);
  const unnamed = ({ isNamed }: Side): number =>
    (options.groups ?? []).length === 0 ? 0 : isNamed.filter((named) => !named).length;
  return {
    nTraining: training.nRows,
    nFresh: fresh.nRows,
    nUnits: { training: sides[0].units.length, fresh: sides[1].units.length },
    nUnnamed: { training: unnamed(sides[0]), fresh: unnamed(sides[1]) },
    columns,
    classifier,
    hasDrifted: classifier?.hasDrifted === true || columns.some((column) => column.hasDrifted),
    notCompared,
  };
}

async function classifierTest(
  training: Table,
  fresh: Table,
  names: readonly string[],
  [first, second]: readonly [Side, Side],
  nTrees: number,
  falseAlarms: number,
  run: RunContext,
): Promise<DriftReport["classifier"]> {
  if (nTrees === 0 || first.units.length < 2 || second.units.length < 2) return null;
  const inputs = names.filter((name) => training.column(name).kind !== "text");
  const encoder = await tableFeaturizer({ inputs, unknownCategory: "other" }).fit(training, {
    ...run,
    random: run.random.fork("features"),
  });
  const x = stack(encoder.encode(training), encoder.encode(fresh));
  const n = training.nRows;
  const mark = Float64Array.from({ length: x.rows }, (_, i) => (i < n ? 0 : 1));
  const offset = 1 + first.codes.reduce((most, code) => Math.max(most, code), 0);
  const groups = Int32Array.from(
    { length: x.rows },
    (_, i) => (i < n ? (first.codes[i] as number) : offset + (second.codes[i - n] as number)), // rows of either table
  );
  const model = await createRandomForest({ nTrees }).fit(
    x,
    { kind: "regression", values: createMatrix(x.rows, 1, mark), units: [""], groups },
    { ...run, random: run.random.fork("classifier"), onProgress: undefined },
  );
  // A value for each unit: the mean over its rows by trees that saw none of them.
  const heldOut = model.heldOut?.mean ?? new Float64Array(0);
  const scores: number[] = [];
  const marks: number[] = [];
  for (const [side, from] of [
    [first, 0],
    [second, n],
  ] as const) {
    for (const rows of side.units) {
      const known = rows.map((i) => heldOut[from + i] as number).filter(Number.isFinite);
      if (known.length === 0) continue; // every tree saw it
      scores.push(known.reduce((sum, value) => sum + value, 0) / known.length);
      marks.push(from === 0 ? 0 : 1);
    }
  }
  const rocAuc = areaUnderRoc(scores, marks);
  if (rocAuc === null) return null;
  const b = marks.filter((value) => value === 1).length;
  const a = marks.length - b;
  const p = 1 - normalCdf((rocAuc - 0.5) / Math.sqrt((a + b + 1) / (12 * a * b)));
  return { rocAuc, p, hasDrifted: p <= falseAlarms / 2 };
}

function stack(a: FeatureMatrix, b: FeatureMatrix): FeatureMatrix {
  const data = new Float64Array(a.data.length + b.data.length);
  data.set(a.data);
  data.set(b.data, a.data.length);
  return { ...a, rows: a.rows + b.rows, data };
}
