import {
  type Column,
  createNumberColumn,
  createRandom,
  DataError,
  type FeatureMatrix,
  inputColumnsFor,
  parseHeader,
  resolveColumn,
  Table,
  type Targets,
  UnitError,
  writeFileAtomic,
  writeTable,
} from "@materiome/core";
import {
  type Composition,
  type CompositionFeaturizerName,
  compositionFeaturizer,
  compositionFeaturizers,
  compositionsOf,
  elementColumns,
} from "@materiome/core/composition";
import {
  concatFeaturizers,
  expressionFeaturizer,
  type FittedPipeline,
  featurePipeline,
  featureSteps,
  tableFeaturizer,
} from "@materiome/core/features";
import { checkFeatureNames } from "../input/featureNames.ts";
import { inFile } from "../input/inFile.ts";
import { readPipeline } from "../input/readPipeline.ts";
import { readTableArgument, type TableOptions } from "../input/readTableArgument.ts";
import { EXIT, type SetExitCode, UsageError } from "../terminal/exitCodes.ts";
import type { CommonOptions, Session } from "../terminal/session.ts";
import { textTable } from "../terminal/textTable.ts";
import { versions } from "../version.ts";

export interface FeaturizeCommandOptions extends CommonOptions, TableOptions {
  readonly out?: string;
  readonly features?: readonly string[];
  readonly target?: readonly string[];
  readonly balance?: string;
  readonly amountUnit?: string;
  readonly derive?: readonly string[];
  readonly steps?: string;
  readonly keep?: readonly string[] | true;
  readonly list?: boolean;
}

interface Reason {
  readonly reason: string;
  readonly rows: readonly number[];
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
  const { table, sha256 } = await readTableArgument(tablePath, options, session);
  const targets = (options.target ?? []).map((name) => resolveColumn(table, name).name);
  const isAlloy = options.balance !== undefined || options.amountUnit !== undefined;
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
  const reasons = missing.length === 0 ? [] : reasonsOf(table, sets, targets);
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
  for (const { reason, rows } of reasons.slice(0, SHOWN)) session.note(`${reason} (${rowsText(rows)})`);
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
      elementColumns: isAlloy ? { balance: options.balance, unit: options.amountUnit } : undefined,
    });
    const parts =
      Object.keys(derived).length === 0 ? columns : concatFeaturizers([columns, expressionFeaturizer(derived)]);
    const pipeline = featurePipeline(parts, steps);
    const context = { random: createRandom(session.seed), signal: session.signal, onProgress: session.onProgress };
    const fitted = await pipeline.fit(table, { ...context, targets: targetsOf(table, targets) });
    return { encoder: fitted, x: fitted.encode(table), citations: pipeline.citations };
  }
}

const SHOWN = 10;
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

/** Formulas, and whatever else names a whole composition in one cell. */
function isComposition({ kind }: Column): boolean {
  return kind !== "number" && kind !== "category" && kind !== "text";
}

function rowsText(rows: readonly number[]): string {
  const shown = rows.slice(0, SHOWN).join(", ");
  const more = rows.length > SHOWN ? ` and ${rows.length - SHOWN} more` : "";
  return `row${rows.length === 1 ? "" : "s"} ${shown}${more}`;
}

/** One line per set of rows with gaps. */
function gapLines(missing: readonly { readonly feature: string; readonly rows: readonly number[] }[]): string[] {
  const featuresOf = new Map<string, string[]>();
  for (const { feature, rows } of missing) {
    const where = rowsText(rows);
    featuresOf.set(where, [...(featuresOf.get(where) ?? []), feature]);
  }
  const lines = [...featuresOf].map(([where, features]) => {
    if (features.length === 1) return `"${features[0]}" is missing in ${where}`;
    return `${features.length} features ("${features[0]}", "${features[1]}"${features.length > 2 ? ", …" : ""}) are missing in ${where}`;
  });
  const more = lines.length > SHOWN ? [`… and ${lines.length - SHOWN} more sets of gaps (--json lists them)`] : [];
  return [...lines.slice(0, SHOWN), ...more];
}

/** Rows in which every feature is missing. */
function rowsWithout(x: FeatureMatrix): number[] {
  return Array.from({ length: x.rows }, (_, i) => i).filter((i) =>
    x.data.subarray(i * x.columns, (i + 1) * x.columns).every(Number.isNaN),
  );
}

/** `--derive "energy = P / v"` */
function readDerived(texts: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const [, name, expression] = /^\s*([^=<>!]+?)\s*=(?!=)\s*(.+)$/s.exec(text) ?? [];
      if (name === undefined || expression === undefined) {
        throw new UsageError(`--derive: expected NAME=EXPRESSION, found "${text}"`);
      }
      return [name, expression];
    }),
  );
}

/** Why features of formulas are missing, as the featurizers say it, with the rows. */
function reasonsOf(table: Table, features: readonly string[], targets: readonly string[]): Reason[] {
  const rowsOf = new Map<string, number[]>();
  const featurizers = features.flatMap((text) => {
    const [name = "", preset] = text.split(":");
    return text === "fractions" ? [] : [compositionFeaturizer(name as CompositionFeaturizerName, preset)];
  });
  for (const column of inputColumnsFor(table, targets)) {
    if (!isComposition(column)) continue;
    const known = new Map<Composition, readonly string[]>();
    for (const [i, composition] of compositionsOf(table, column).entries()) {
      if (composition === undefined) continue;
      const reasons = known.get(composition) ?? featurizers.flatMap((featurizer) => featurizer.missing(composition));
      known.set(composition, reasons);
      for (const reason of reasons) rowsOf.set(reason, [...(rowsOf.get(reason) ?? []), table.rowNumber(i)]);
    }
  }
  return [...rowsOf].map(([reason, rows]) => ({ reason, rows }));
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

/** Columns whose headers are read again with the same unit: `sqrt(d)` has none, whatever the brackets look like. */
function featureColumns(x: FeatureMatrix): Column[] {
  return x.features.map(({ name, unit }, k) => {
    const values = Float64Array.from({ length: x.rows }, (_, i) => x.data[i * x.columns + k] as number); // k < columns
    const isMistakable = unit === "" && parseHeader(name).unit !== "";
    return createNumberColumn(name, values, { role: "note", unit, ...(isMistakable ? { header: `${name} [-]` } : {}) });
  });
}

function missingFeatures(x: FeatureMatrix, table: Table): { readonly feature: string; readonly rows: number[] }[] {
  return x.features.flatMap(({ name }, k) => {
    const rows = Array.from({ length: x.rows }, (_, i) => i).filter((i) => Number.isNaN(x.data[i * x.columns + k]));
    return rows.length === 0 ? [] : [{ feature: name, rows: rows.map((i) => table.rowNumber(i)) }];
  });
}

/** `--list`: what `--features` and `--steps` can name. */
function listFeatures(session: Session): void {
  const featurizers = compositionFeaturizers().map(({ name, description, presets }) => {
    const { features, citations } = compositionFeaturizer(name);
    return { name, description, nFeatures: features.length, presets, citations };
  });
  const steps = featureSteps();
  session.result({ features: featurizers, steps, versions: versions() });
  session.output(
    [
      "--features (of formulas; of element columns with --balance):",
      textTable(
        ["name", "n", "what", "presets (name:preset)"],
        featurizers.map((f) => [f.name, String(f.nFeatures), f.description, f.presets.join(", ")]),
      ),
      "",
      '--steps (JSON list of { "step": name, …options }):',
      textTable(
        ["step", "what", "options"],
        steps.map((step) => [step.name, step.description, step.options.join(", ")]),
      ),
      "",
      "sources:",
      ...featurizers.flatMap((f) => [`  ${f.name}`, ...f.citations.map((citation) => `    ${citation}`)]),
    ].join("\n"),
  );
}
