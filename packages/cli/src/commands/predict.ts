import {
  type Column,
  createCategoryColumn,
  createNumberColumn,
  createTextColumn,
  DataError,
  type Prediction,
  Table,
  type TableModel,
  writeFileAtomic,
  writeTable,
} from "@materiome/core";
import { loadModel } from "../input/loadModel.ts";
import { readTableArgument, type TableOptions } from "../input/readTableArgument.ts";
import type { CommonOptions, Session } from "../terminal/session.ts";
import { versions } from "../version.ts";

export interface PredictCommandOptions extends CommonOptions, TableOptions {
  readonly level: number;
  readonly out?: string;
}

/** `materiome predict MODEL TABLE`: the table with prediction, interval and domain columns appended. */
export async function runPredictCommand(
  modelPath: string,
  tablePath: string,
  options: PredictCommandOptions,
  session: Session,
): Promise<void> {
  const model = await loadModel(modelPath);
  const { table, sha256 } = await readTableArgument(tablePath, options, session);
  const prediction = await model.predict(table, { threads: session.threads, signal: session.signal });
  const added = predictionColumns(model, prediction, options.level);
  const taken = added.find((column) => table.has(column.name));
  if (taken !== undefined) {
    throw new DataError(`the table already has a column "${taken.name}"; rename it`, { location: { file: tablePath } });
  }
  const predicted = new Table([...table.columns, ...added], table.source);
  const csv = writeTable(predicted);
  const outside = Array.from(prediction.domain?.inDomain ?? []).filter((flag) => flag === 0).length;
  if (options.out !== undefined) await writeFileAtomic(options.out, csv);
  session.result({
    targets: model.targets,
    rows: rowObjects(added, table.nRows),
    level: options.level,
    nRows: table.nRows,
    nOutOfDomain: outside,
    out: options.out,
    dataSha256: sha256,
    versions: versions(),
  });
  if (options.out === undefined) session.output(csv.trimEnd());
  else session.say(`${table.nRows} rows predicted, written to ${options.out}`);
  if (outside > 0) session.warn(`${outside} of ${table.nRows} rows lie outside the model's domain; see domain_reason`);
}

/** Columns named as the command contract says, prefixed by the target where there are several. */
function predictionColumns(model: TableModel, prediction: Prediction, level: number): Column[] {
  const n = prediction.mean.rows;
  const columns: Column[] = [];
  for (const [t, target] of model.targets.entries()) {
    const named = (name: string): string => (model.targets.length > 1 ? `${target.name} ${name}` : name);
    const { lower, upper } = intervals(prediction, t, level);
    const take = (data: Float64Array | undefined): Float64Array =>
      Float64Array.from({ length: n }, (_, i) => data?.[i * model.targets.length + t] ?? Number.NaN);
    columns.push(
      numbers(named("prediction"), take(prediction.mean.data)),
      numbers(named("lower"), lower),
      numbers(named("upper"), upper),
      numbers(named("std"), take(prediction.std?.data)),
    );
  }
  const { domain } = prediction;
  if (domain !== undefined) {
    columns.push(
      createCategoryColumn(
        "in_domain",
        Array.from(domain.inDomain, (flag) => (flag === 1 ? "yes" : "no")),
        NOTE,
      ),
      numbers("domain_score", domain.score),
      createTextColumn(
        "domain_reason",
        Array.from({ length: n }, (_, i) => domain.reason(i)),
        { ...NOTE, kind: "text" },
      ),
    );
  }
  return columns;
}

const NOTE = { role: "note" } as const;

/** Without a unit in the header: scripts look for the bare names. The unit is the target's. */
function numbers(name: string, values: Float64Array): Column {
  return createNumberColumn(name, values, NOTE);
}

/** The calibrated interval at the model's own level, else quantiles of the predictive distribution. */
function intervals(
  prediction: Prediction,
  target: number,
  level: number,
): { readonly lower: Float64Array; readonly upper: Float64Array } {
  const { rows, columns } = prediction.mean;
  const { distribution } = prediction;
  const own = prediction.level === level;
  const at = (matrixData: Float64Array | undefined, p: number): Float64Array =>
    Float64Array.from({ length: rows }, (_, i) =>
      own ? (matrixData?.[i * columns + target] ?? Number.NaN) : (distribution?.quantile(i, target, p) ?? Number.NaN),
    );
  return { lower: at(prediction.lower?.data, (1 - level) / 2), upper: at(prediction.upper?.data, (1 + level) / 2) };
}

function rowObjects(columns: readonly Column[], nRows: number): Record<string, unknown>[] {
  return Array.from({ length: nRows }, (_, i) =>
    Object.fromEntries(columns.map((column) => [column.name, cell(column, i)])),
  );
}

function cell(column: Column, row: number): unknown {
  switch (column.kind) {
    case "number":
      return column.valid[row] === 1 ? column.values[row] : null;
    case "category": {
      const label = column.labels[column.codes[row] ?? -1];
      return column.name === "in_domain" ? label === "yes" : label;
    }
    case "formula":
    case "grade":
    case "text":
      return column.texts[row] ?? null;
  }
}
