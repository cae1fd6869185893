import {
  type Column,
  createRandom,
  DataError,
  type FeatureMatrix,
  inputColumnsFor,
  resolveColumn,
  Table,
  type Targets,
  UnitError,
  writeFileAtomic,
  writeTable,
} from "@materiome/core";
import { elementColumns } from "@materiome/core/composition";
import {
  concatFeaturizers,
  expressionFeaturizer,
  type FittedPipeline,
  featurePipeline,
  tableFeaturizer,
} from "@materiome/core/features";
import { checkFeatureNames } from "../input/featureNames.ts";
import { inFile } from "../input/inFile.ts";
import { readDerived } from "../input/readDerived.ts";
import { readPipeline } from "../input/readPipeline.ts";
import { readScheduleFeatures } from "../input/readScheduleFeatures.ts";
import { readTableArgument, type TableOptions } from "../input/readTableArgument.ts";
import { featureColumns } from "../output/featureColumns.ts";
import {
  gapLines,
  isComposition,
  missingFeatures,
  reasonLines,
  reasonsOf,
  rowsText,
  rowsWithout,
} from "../report/featureGaps.ts";
import { EXIT, type SetExitCode, UsageError } from "../terminal/exitCodes.ts";
import type { CommonOptions, Session } from "../terminal/session.ts";
import { versions } from "../version.ts";
import { listFeatures } from "./listFeatures.ts";

export interface FeaturizeCommandOptions extends CommonOptions, TableOptions {
  readonly out?: string;
  readonly features?: readonly string[];
  readonly target?: readonly string[];
  readonly balance?: string;
  readonly amountUnit?: string;
  readonly derive?: readonly string[];
  readonly schedule?: string;
  readonly steps?: string;
  readonly keep?: readonly string[] | true;
  readonly list?: boolean;
}

/** `materiome featurize TABLE --out FILE`: composition, process and structure columns as named features with units. */
export async function runFeaturizeCommand(
  tablePath: string | undefined,
  options: FeaturizeCommandOptions,
  session: Session,
  setExitCode: SetExitCode,
): Promise<void> {
  if (options.list === true) {
    listFeatures(session);
    return;
  }
  if (tablePath === undefined) throw new UsageError("missing required argument 'table' (or --list)");
  if (options.out === undefined) throw new UsageError("required option '--out <file>' not specified");
  const features = checkFeatureNames(options.features);
  const { steps, expressions, encodings } = await readPipeline(options.steps);
  const derived = { ...expressions, ...readDerived(options.derive) };
  const schedule = options.schedule === undefined ? undefined : await readScheduleFeatures(options.schedule);
  const { table, sha256 } = await readTableArgument(tablePath, options, session);
  const targets = (options.target ?? []).map((name) => resolveColumn(table, name).name);
  const isAlloy = options.balance !== undefined || options.amountUnit !== undefined;
  const alloy = isAlloy ? { balance: options.balance, unit: options.amountUnit } : undefined;
  const sets = usableFeatures(table, features, targets, isAlloy);
  const kept = keptColumns(table, options.keep, targets);
  const { encoder, x, citations } = await fitFeatures().catch((error: unknown) => {
    if (error instanceof UnitError && isAlloy && options.amountUnit === undefined && /wt% or at%/.test(error.message)) {
      throw new UnitError(`${error.message} (--amount-unit)`, { cause: error });
    }
    throw inFile(tablePath, error);
  });
  const names = new Set(x.features.map(({ name }) => name));
  const twice = kept.find((column) => names.has(column.name));
  if (twice !== undefined) {
    throw new DataError(`"${twice.name}" is kept and is a feature, too; leave it out of --keep`, {
      location: { file: tablePath, column: twice.name },
    });
  }
  const csv = writeTable(new Table([...kept, ...featureColumns(x)], table.source, table.rowNumbers));
  await writeFileAtomic(options.out, csv);

  const missing = missingFeatures(x, table);
  const reasons = missing.length === 0 ? [] : reasonsOf(table, sets, targets, alloy);
  const failed = rowsWithout(x).map((i) => table.rowNumber(i));
  session.result({
    nRows: table.nRows,
    nFeatures: x.columns,
    kept: kept.map((column) => column.name),
    features: x.features,
    report: encoder.report,
    missing,
    reasons,
    failed,
    citations,
    out: options.out,
    seed: session.seed,
    dataSha256: sha256,
    versions: versions(),
  });
  for (const line of encoder.report) session.note(line);
  for (const line of gapLines(missing)) session.note(line);
  for (const line of reasonLines(reasons)) session.note(line);
  if (failed.length > 0) session.warn(`no feature could be computed for ${rowsText(failed)}`);
  if (targets.length > 0 && steps.some((step) => step.name === "select-relevant")) {
    session.warn(
      "features were selected by the target on all rows: scores of models on them are too good; use train --steps",
    );
  }
  session.output(`${x.columns} features of ${table.nRows} rows, written to ${options.out}`);
  for (const citation of citations) session.say(`cite: ${citation}`);
  if (failed.length > 0) setExitCode(EXIT.someSkipped);

  async function fitFeatures(): Promise<{ encoder: FittedPipeline; x: FeatureMatrix; citations: readonly string[] }> {
    const columns = tableFeaturizer({
      targets,
      encodings,
      features: sets,
      elementColumns: alloy,
    });
    const parts = [
      columns,
      ...(schedule === undefined ? [] : [schedule]),
      ...(Object.keys(derived).length === 0 ? [] : [expressionFeaturizer(derived)]),
    ];
    const pipeline = featurePipeline(parts.length === 1 ? columns : concatFeaturizers(parts), steps);
    const context = { random: createRandom(session.seed), signal: session.signal, onProgress: session.onProgress };
    const fitted = await pipeline.fit(table, { ...context, targets: targetsOf(table, targets) });
    return { encoder: fitted, x: fitted.encode(table), citations: pipeline.citations };
  }
}

const DEFAULT_FEATURES = ["fractions", "magpie"];

/** The sets of features asked for, or the default ones; none where there is no composition to describe. */
function usableFeatures(
  table: Table,
  asked: readonly string[] | undefined,
  targets: readonly string[],
  isAlloy: boolean,
): readonly string[] {
  if (isAlloy || inputColumnsFor(table, targets).some(isComposition)) {
    return asked ?? DEFAULT_FEATURES;
  }
  if (asked === undefined) return [];
  const elements = elementColumns(table).map(({ column }) => column.name);
  throw new DataError(
    `there is no formula column for --features ${asked.join(" ")}; ${
      elements.length === 0
        ? "leave it out, or declare a column as formula in the schema"
        : `give --balance ELEMENT to describe the alloy of the columns ${elements.join(", ")}`
    }`,
    { location: { file: table.source } },
  );
}

function keptColumns(table: Table, keep: readonly string[] | true | undefined, targets: readonly string[]): Column[] {
  if (keep === undefined) return [];
  if (keep !== true) return keep.map((name) => resolveColumn(table, name));
  return table.columns.filter(({ name, role }) => role === "id" || role === "group" || targets.includes(name));
}

function targetsOf(table: Table, names: readonly string[]): Targets | undefined {
  if (names.length === 0) return undefined;
  const columns = names.map((name) => table.number(name));
  const data = new Float64Array(table.nRows * names.length);
  for (const [t, { values, valid }] of columns.entries()) {
    for (const [i, value] of values.entries()) data[i * names.length + t] = valid[i] === 0 ? Number.NaN : value;
  }
  const values = { data, rows: table.nRows, columns: names.length };
  return { kind: "regression", values, units: columns.map(({ unit }) => unit) };
}
