import {
  columnTexts,
  convertUnit,
  DataError,
  deriveGroups,
  isConvertible,
  type Matrix,
  type Prediction,
  type Random,
  resolveColumn,
  type Table,
  type TableModel,
  type TargetInfo,
  takeTableRows,
} from "@materiome/core";
import { type AccumulatedLocalEffects, accumulatedLocalEffects } from "./accumulatedLocalEffects.ts";
import { closerLook, drawTraining, meanAbsoluteOf } from "./closerLook.ts";
import { derivedParts, type InputParts } from "./derivedParts.ts";
import { elementEffects, type FormulaElements } from "./elementEffects.ts";
import { type InteractionStrength, interactionStrengths } from "./interactionStrengths.ts";
import { type PartialDependence, partialDependence } from "./partialDependence.ts";
import { type PermutationImportance, permutationImportance } from "./permutationImportance.ts";
import { shapleyValues } from "./shapleyValues.ts";
import type { ExplainRun, SubjectInput } from "./subject.ts";
import { type TableSubject, tableSubject } from "./tableSubject.ts";
import { unseenRows } from "./unseenRows.ts";

export interface ExplainTableOptions extends ExplainRun {
  readonly random: Random;
  /** @defaultValue the model's only target */
  readonly target?: string | undefined;
  /** Training rows that unknown columns are taken from, drawn at random; all where there are fewer. @defaultValue 100 */
  readonly nBackground?: number | undefined;
  /** Columns with effect curves: those with the largest contributions. @defaultValue 8 */
  readonly nCurves?: number | undefined;
  /** Columns whose pairs are looked at for interactions. @defaultValue 5 */
  readonly nInteracting?: number | undefined;
  /** Columns whose absolute rank correlation is at least this are shuffled together, and named. @defaultValue 0.8 */
  readonly correlation?: number | undefined;
}

/** One column's effect over the training rows. */
export interface ColumnEffect {
  readonly local: AccumulatedLocalEffects;
  readonly partial: PartialDependence;
}

/** Why a model predicts what it predicts for the rows of a table, by input column and in units of the target. */
export interface Explanation {
  readonly target: TargetInfo;
  readonly inputs: readonly SubjectInput[];
  /** Mean prediction of the background rows. */
  readonly base: number;
  /** Contributions, [nRows, nInputs]: a row plus `base` is its prediction. */
  readonly values: Matrix;
  /** Of contributions that were sampled; undefined where they are exact. */
  readonly standardError: Matrix | undefined;
  /** Mean absolute contribution of each input. */
  readonly meanAbsolute: Float64Array;
  /** Of columns that several features are computed from: which of these predictions depend on. */
  readonly parts: readonly InputParts[];
  /** Of columns of formulas and grades: what each element in them does. */
  readonly elements: readonly FormulaElements[];
  readonly nBackground: number;
  readonly nTraining: number;
  /** What the model says of all its targets for the rows, with intervals and domain. */
  readonly prediction: Prediction;
  readonly predicted: Float64Array;
  /** Measured target, NaN where there is none. */
  readonly measured: Float64Array;
  /** From the measured rows that the model was not trained on; undefined, with the reason, where these are fewer than 10. */
  readonly importance: PermutationImportance | undefined;
  readonly noImportance: string | undefined;
  /** Of the number columns with the largest contributions, over the training rows. */
  readonly effects: readonly ColumnEffect[];
  /** Among the columns with the largest contributions, over training rows; largest first. */
  readonly interactions: readonly InteractionStrength[];
  /** Columns that go along with each other in the training rows: how credit is split among them says little. */
  readonly correlated: readonly (readonly string[])[];
}

/**
 * Explains the predictions of a table model for the rows of a table.
 *
 * Contributions are Shapley values by column against training rows drawn at random (`shapleyValues`), permutation importance
 * is that of measured rows which are none of the training rows, effect curves and interactions are over the training rows.
 * A column of formulas or grades is one player, and beside it stands what each of its elements does (`elementEffects`).
 *
 * @throws DataError for missing columns, an empty table, or a target that the model does not predict
 * @example
 * const { base, values, inputs } = await explainTable(model, table, { random: createRandom(1) });
 */
export async function explainTable(
  model: TableModel,
  table: Table,
  options: ExplainTableOptions,
): Promise<Explanation> {
  const { random, target, nBackground = 100, nCurves = 8, nInteracting = 5, correlation = 0.8, ...run } = options;
  if (table.nRows === 0) throw new DataError("the table has no rows to explain", { location: { file: table.source } });
  const subject = tableSubject(model, table, { target });
  const { inputs, rows, training } = subject;
  const background = drawTraining(training, nBackground, random.fork("background"));
  const { base, values, standardError } = await shapleyValues(subject, rows, background, {
    ...run,
    random: random.fork("coalitions"),
  });
  const meanAbsolute = meanAbsoluteOf(values);
  const parts = await derivedParts(subject, rows, background, { ...run, random: random.fork("parts") });
  const elements = await elementEffects(model, table, { ...run, random: random.fork("elements"), target, nCurves });
  const look = closerLook(inputs, training, meanAbsolute, { random, nCurves, nInteracting, correlation });
  const { effectRows, acting } = look;
  const effects: ColumnEffect[] = [];
  for (const name of look.curved) {
    effects.push({
      local: await accumulatedLocalEffects(subject, name, { ...run, rows: effectRows }),
      partial: await partialDependence(subject, name, { ...run, rows: effectRows }),
    });
  }
  const interactions =
    acting.length < 2
      ? []
      : await interactionStrengths(subject, { ...run, inputs: acting, rows: look.interactionRows });
  const measured = measuredOf(table, subject.target);
  const held = await heldOutImportance(model, table, subject, measured, { ...run, random, correlation });
  const prediction = await model.predict(table, run);
  const t = model.targets.findIndex(({ name }) => name === subject.target.name);
  const { mean } = prediction;
  return {
    target: subject.target,
    inputs,
    base,
    values,
    standardError,
    meanAbsolute,
    parts,
    elements,
    nBackground: background.length,
    nTraining: training.length,
    prediction,
    predicted: Float64Array.from(rows, (i) => mean.data[i * mean.columns + t] as number), // i < rows
    measured,
    ...held,
    effects,
    interactions,
    correlated: look.correlated,
  };
}

function measuredOf(table: Table, { name, unit }: TargetInfo): Float64Array {
  const none = new Float64Array(table.nRows).fill(Number.NaN);
  if (!table.has(name)) return none;
  const column = resolveColumn(table, name);
  if (column.kind !== "number" || !isConvertible(column.unit, unit)) return none;
  const values = convertUnit(column.values, column.unit, unit);
  return values.map((value, i) => (column.valid[i] === 0 ? Number.NaN : value));
}

async function heldOutImportance(
  model: TableModel,
  table: Table,
  subject: TableSubject,
  measured: Float64Array,
  options: ExplainRun & { readonly random: Random; readonly correlation: number },
): Promise<Pick<Explanation, "importance" | "noImportance">> {
  const { name, unit } = subject.target;
  const textOf = (value: number): string | undefined => (Number.isFinite(value) ? String(value) : undefined);
  const none = `the table has no values of "${name}"${unit === "" ? "" : ` in ${unit}`}`;
  const { rows, why } = unseenRows(
    subject,
    Array.from(measured, textOf),
    Array.from(trainingTargets(model, name), textOf),
    none,
  );
  if (why !== undefined) return { importance: undefined, noImportance: why };
  const kept = takeTableRows(table, rows);
  const grouping = deriveGroups(kept);
  const importance = await permutationImportance(
    subject,
    rows,
    Float64Array.from(rows, (i) => measured[i] as number),
    {
      ...options,
      random: options.random.fork("importance"),
      groups: grouping.kind === "none" ? undefined : grouping.codes,
    },
  );
  return { importance, noImportance: undefined };
}

function trainingTargets(model: TableModel, name: string): Float64Array {
  const { training } = model;
  return Float64Array.from(columnTexts(training.column(name)), (text) =>
    text === undefined ? Number.NaN : Number(text),
  );
}
