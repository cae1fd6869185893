import {
  type Column,
  countPresent,
  createNumberColumn,
  createRandom,
  deriveGroups,
  resolveColumn,
  Table,
} from "@materiome/core";
import { atomicFractions, compositionsOf } from "@materiome/core/composition";
import { type DriftReport, driftCheck } from "@materiome/forward";
import { counted, threeFigures } from "../terminal/figures.ts";
import type { Session } from "../terminal/session.ts";

/** Drift of a table of new rows against the training rows of a model, and what counted as one there. */
export interface TableDrift extends DriftReport {
  /** Columns by which rows belong together (heat, lot), each group counting once; none where each row counts. */
  readonly groups: readonly string[];
  /** Those that training rows belong together by and the table lacks, or has without values: its rows count each by itself then, related or not. */
  readonly missingGroups: readonly string[];
}

/** Fewer new groups than this are no sample of anything: what is odd about each row stands in its domain. */
const FEWEST = 5;
/** The forest that looks at all inputs together is left out above so many rows, where it would take longer than the predictions. */
const MOST_ROWS = 5000;
const TREES = 100;
const MOST_LINES = 6;

/** Compares the rows with those that the model was trained on; undefined where there are too few to say anything. */
export async function driftOf(
  model: { readonly inputs: readonly { readonly name: string }[]; readonly training: Table },
  rows: Table,
  session: Session,
): Promise<TableDrift | undefined> {
  const { training, inputs } = model;
  const names = inputs.map(({ name }) => name).filter((name) => training.has(name));
  if (names.length === 0 || training.nRows < 2 || rows.nRows < FEWEST) return undefined;
  const asked = deriveGroups(training).columns;
  const lacking = asked.filter((name) => !holds(rows, name));
  const isNamed = asked.some((name) => !lacking.includes(name) && countPresent(resolveColumn(rows, name)) > 0);
  const missingGroups = isNamed ? lacking : asked;
  const groups = missingGroups.length === 0 ? asked : [];
  const isLarge = training.nRows + rows.nRows > MOST_ROWS;
  const [own, fresh] = withElements(training, rows, names);
  const elements = own.names.filter((name) => !training.has(name));
  const found = await driftCheck(own, fresh, {
    columns: [...names, ...elements],
    groups,
    nTrees: isLarge ? 0 : TREES,
    run: { random: createRandom(session.seed).fork("drift"), threads: session.threads, signal: session.signal },
  });
  if (found.nUnits.fresh < FEWEST) return undefined;
  // That a formula is missing is told once, by its column.
  const columns = found.columns.filter(({ column, what }) => what === "values" || !elements.includes(column));
  return { ...found, columns, groups, missingGroups };
}

/** What a person should know of drift: a line, and one for each input that has drifted. */
export function driftLines(drift: TableDrift): string[] {
  if (!drift.hasDrifted) return [];
  const drifted = drift.columns.filter(({ hasDrifted }) => hasDrifted);
  const shown = drifted.slice(0, MOST_LINES);
  const { training, fresh } = drift.nUnits;
  const unit = drift.groups.length === 0 ? "row" : "group";
  const alarms = alarmsOf(drift);
  return [
    `taken together, these ${counted(fresh, unit)} are not like the ${training} the model learnt from, so the scores and interval shares of its training need not hold for them (${alarms})`,
    ...shown.map(({ column, text, adjustedP }) => `${column}: ${text} (p = ${threeFigures(adjustedP)})`),
    ...(drifted.length > shown.length
      ? [`and ${drifted.length - shown.length} more inputs, see "drift" with --json`]
      : []),
    ...(drift.classifier?.hasDrifted === true
      ? [
          `all inputs together: a forest tells new from training ${unit}s with ROC AUC ${drift.classifier.rocAuc.toFixed(2)} (0.5 where they are alike)`,
        ]
      : []),
  ];
}

/** How often tables without drift are called so. */
function alarmsOf({ groups, missingGroups, nUnnamed, nTraining, nFresh }: TableDrift): string {
  const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ");
  const often =
    "counted by itself: where several come from one group, tables without any drift are called so far more often than one in 20";
  if (missingGroups.length > 0) {
    return `the table has no values of ${quoted(missingGroups)}, by which training rows belong together, so each row ${often}`;
  }
  if (nUnnamed.training + nUnnamed.fresh > 0) {
    return `${nUnnamed.fresh} of ${nFresh} new and ${nUnnamed.training} of ${nTraining} training rows have no value of ${quoted(groups)}, by which rows belong together, and each of these ${often}`;
  }
  return "one table in 20 without any drift is called so";
}

/** Both tables with a column for each element of their formulas and grades, at%: drift of a formula as a whole says nothing of where. */
function withElements(training: Table, rows: Table, names: readonly string[]): [Table, Table] {
  const tables = [training, rows];
  const added: [Column[], Column[]] = [[], []];
  for (const name of names) {
    const { kind } = training.column(name);
    if (kind !== "formula" && kind !== "grade") continue;
    if (tables.some((table) => countPresent(resolveColumn(table, name)) === 0)) continue;
    const shares = tables.map((table) =>
      compositionsOf(table, resolveColumn(table, name), kind).map((one) =>
        one === undefined ? undefined : atomicFractions(one),
      ),
    );
    const elements = new Set(shares.flat().flatMap((one) => [...(one?.keys() ?? [])]));
    for (const element of elements) {
      for (const [s, side] of added.entries()) {
        const values = shares[s]?.map((one) => (one === undefined ? Number.NaN : 100 * (one.get(element) ?? 0))) ?? [];
        side.push(createNumberColumn(`${name}: ${element}`, values, { role: "composition", unit: "at%" }));
      }
    }
  }
  const join = (table: Table, more: readonly Column[]): Table =>
    new Table([...table.columns, ...more.filter((column) => !table.has(column.name))], table.source, table.rowNumbers);
  return [join(training, added[0]), join(rows, added[1])];
}

function holds(table: Table, name: string): boolean {
  try {
    resolveColumn(table, name);
    return true;
  } catch {
    return false;
  }
}
