import {
  type Column,
  DataError,
  type Domain,
  Table,
  type TableModel,
  takeTableRows,
  writeFileAtomic,
  writeTable,
} from "@materiome/core";
import { findMissingInputs, type MissingInputs, type PropertyClassModel, type PropertyModel } from "@materiome/forward";
import { isClassModel, loadAnyModel } from "../input/loadModel.ts";
import { matchTable } from "../input/matchTable.ts";
import { readTableArgument, type TableOptions } from "../input/readTableArgument.ts";
import { classColumns } from "../output/classColumns.ts";
import { driftLines, driftOf } from "../output/driftOf.ts";
import { type PredictedRows, predictionColumns } from "../output/predictionColumns.ts";
import { countEmptySets, emptySetLines, type PredictionSets } from "../output/predictionSets.ts";
import { EXIT, type SetExitCode } from "../terminal/exitCodes.ts";
import { counted } from "../terminal/figures.ts";
import type { CommonOptions, Session } from "../terminal/session.ts";
import { versions } from "../version.ts";

export interface PredictCommandOptions extends CommonOptions, TableOptions {
  readonly level: number;
  readonly balance?: string;
  readonly out?: string;
}

/** `materiome predict MODEL TABLE`: the table with prediction, interval and domain columns appended. */
export async function runPredictCommand(
  modelPath: string,
  tablePath: string,
  options: PredictCommandOptions,
  session: Session,
  setExitCode: SetExitCode,
): Promise<void> {
  const model = await loadAnyModel(modelPath);
  const { table, sha256 } = await readTableArgument(tablePath, options, session);
  const { table: matched, conversions } = matchTable(model.inputs, table, options.balance, session);
  const { kept, place, missing } = predictableRows(model, matched);
  const run = { threads: session.threads, signal: session.signal };
  const rows = { table, place, missing };
  let added: Column[];
  let domain: Domain | undefined;
  let sets: PredictionSets | undefined;
  if (isClassModel(model)) {
    const prediction = await model.predict(kept, run);
    const found = model.setsOf(prediction, options.level);
    sets = Array.from(place, (at) => found[at]); // −1 where the row is not predicted
    added = classColumns(prediction, sets, rows);
    domain = prediction.domain;
  } else {
    const prediction = await model.predict(kept, run);
    added = predictionColumns(model, prediction, options.level, rows);
    domain = prediction.domain;
  }
  const taken = added.find((column) => table.has(column.name));
  if (taken !== undefined) {
    throw new DataError(`the table already has a column "${taken.name}"; rename it`, { location: { file: tablePath } });
  }
  const predicted = new Table([...table.columns, ...added], table.source);
  const csv = writeTable(predicted);
  const outside = Array.from(domain?.inDomain ?? []).filter((flag) => flag === 0).length;
  const left = missing.filter(({ row }) => place[row] === -1);
  const drift = await driftOf(model, kept, session);
  if (options.out !== undefined) await writeFileAtomic(options.out, csv);
  session.result({
    targets: model.targets,
    ...(isClassModel(model) ? { classes: model.classes } : {}),
    rows: rowObjects(added, sets, table.nRows),
    level: options.level,
    nRows: table.nRows,
    nOutOfDomain: outside,
    ...(sets === undefined ? {} : { nEmptySets: countEmptySets(sets) }),
    drift: drift ?? null,
    converted: conversions,
    notPredicted: left.map(({ row, columns }) => ({ row: table.rowNumber(row), missing: columns })),
    out: options.out,
    dataSha256: sha256,
    versions: versions(),
  });
  if (options.out === undefined) session.output(csv.trimEnd());
  else session.say(`${kept.nRows} rows predicted, written to ${options.out}`);
  sayMissing(table, missing, left.length, session);
  if (outside > 0) session.warn(`${outside} of ${kept.nRows} rows lie outside the model's domain; see domain_reason`);
  if (sets !== undefined) for (const line of emptySetLines(sets, options.level)) session.warn(line);
  if (drift !== undefined) for (const line of driftLines(drift)) session.warn(line);
  if (left.length > 0) setExitCode(EXIT.someSkipped);
}

interface PredictableRows extends PredictedRows {
  /** The rows that can be predicted. */
  readonly kept: Table;
}

/** Leaves out the rows that a model refuses for what they lack; all of them stay where none would be left, so that predict says why. */
function predictableRows(model: TableModel | PropertyClassModel, table: Table): PredictableRows {
  const all = Int32Array.from({ length: table.nRows }, (_, i) => i);
  const { rows: missing, refused } = missingOf(model, table);
  if (refused.length === 0 || refused.length === table.nRows) return { table, kept: table, place: all, missing };
  const out = new Set(refused);
  const kept = all.filter((i) => !out.has(i));
  const place = new Int32Array(table.nRows).fill(-1);
  for (const [at, i] of kept.entries()) place[i] = at;
  return { table, kept: takeTableRows(table, kept), place, missing };
}

function missingOf(model: TableModel | PropertyClassModel, table: Table): MissingInputs {
  if (!("encoder" in model)) return { rows: [], refused: new Int32Array(0) }; // a chain sees to it itself
  return findMissingInputs(model as PropertyModel | PropertyClassModel, table);
}

function sayMissing(table: Table, missing: MissingInputs["rows"], nLeft: number, session: Session): void {
  if (missing.length === 0) return;
  const most = 5;
  const shown = missing.slice(0, most).map(({ row, columns }) => `row ${table.rowNumber(row)}: ${columns.join(", ")}`);
  const more = missing.length > most ? `; and ${missing.length - most} more rows, see missing_inputs` : "";
  const left = nLeft === 0 ? "" : `; ${nLeft} of them are not predicted, since the model takes no missing values`;
  session.warn(`inputs are missing in ${counted(missing.length, "row")} (${shown.join("; ")}${more})${left}`);
}

/** The columns that were added, row by row; of classes the set as a list too. */
function rowObjects(
  columns: readonly Column[],
  sets: PredictionSets | undefined,
  nRows: number,
): Record<string, unknown>[] {
  return Array.from({ length: nRows }, (_, i) => ({
    ...Object.fromEntries(columns.map((column) => [column.name, cell(column, i)])),
    ...(sets === undefined ? {} : { prediction_set_classes: sets[i] ?? null }),
  }));
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
