import {
  createTextColumn,
  deriveColumn,
  IncompatibleError,
  type Random,
  type Table,
  type TableModel,
  takeTableRows,
} from "@materiome/core";
import { atomicFractions, compositionsOf } from "@materiome/core/composition";
import { medianOf } from "../validation/scores.ts";
import { type AccumulatedLocalEffects, accumulatedLocalEffects } from "./accumulatedLocalEffects.ts";
import { drawTraining } from "./closerLook.ts";
import { type PartialDependence, partialDependence } from "./partialDependence.ts";
import { type PooledTable, poolTable } from "./pooledTable.ts";
import type { ExplainRun, Setting, Subject } from "./subject.ts";
import { tablePredictor, targetIndex } from "./tableSubject.ts";

/** What one element of a formula does to predictions. */
export interface ElementEffect {
  readonly element: string;
  /** Amount in each explained row, atomic percent. */
  readonly amounts: Float64Array;
  /** Amounts in the training rows, atomic percent. */
  readonly training: Float64Array;
  /** Median amount of the training rows, atomic percent: what `changes` are against. */
  readonly reference: number;
  /**
   * Prediction of each explained row less that with the element at its reference amount and the amounts of all others scaled to fill up to
   * 100 at%, in units of the target. NaN where the row has no formula, or one of this element alone.
   */
  readonly changes: Float64Array;
  /** Mean of |changes|. */
  readonly meanAbsolute: number;
  /** Over training rows, the others scaled likewise, inputs in atomic percent; for the elements of largest `meanAbsolute` that vary. */
  readonly curves: { readonly local: AccumulatedLocalEffects; readonly partial: PartialDependence } | undefined;
}

/** The elements of one column of formulas, falling by `meanAbsolute`. */
export interface FormulaElements {
  readonly input: string;
  readonly elements: readonly ElementEffect[];
}

export interface ElementEffectsOptions extends ExplainRun {
  readonly random: Random;
  /** @defaultValue the model's only target */
  readonly target?: string | undefined;
  /** Elements of each formula with curves. @defaultValue 8 */
  readonly nCurves?: number | undefined;
  /** Training rows that curves are averaged over, drawn at random; all where there are fewer. @defaultValue 200 */
  readonly nRows?: number | undefined;
}

/**
 * What each element of a formula does to predictions. Amounts of a composition cannot be changed one by one: where one is set to x, those of
 * all others are scaled by (100 − x) / (100 − own), so that they keep their ratios (the effect along Cox's direction of a mixture).
 *
 * The changes of a row are one at a time and do not add up to anything. They are against the median alloy's amount, so that an element
 * that a row shares with most training rows changes nothing.
 *
 * @returns one entry for each input column of formulas; none for models without
 * @throws DataError or UnitError as `tableSubject`
 * @see Cox, Biometrika 58, 155 (1971), doi:10.1093/biomet/58.1.155 (direction); effects: as `accumulatedLocalEffects`, `partialDependence`
 * @example
 * const [formula] = await elementEffects(model, table, { random: createRandom(1) });
 * formula?.elements[0]; // { element: "Mo", reference: 0.01, changes: [180, …], … }
 */
export async function elementEffects(
  model: TableModel,
  table: Table,
  options: ElementEffectsOptions,
): Promise<FormulaElements[]> {
  const { random, target, nCurves = 8, nRows = 200, ...run } = options;
  const pooled = poolTable(model, table);
  const formulas = pooled.table.columns.filter(({ kind }) => kind === "formula").map(({ name }) => name);
  const found: FormulaElements[] = [];
  for (const input of formulas) {
    const subject = elementSubject(model, pooled, input, target);
    const rows = drawTraining(mixedRows(subject, pooled.training), nRows, random.fork(input));
    const effects: ElementEffect[] = [];
    for (const e of subject.inputs.keys()) effects.push(await changesOf(subject, e, pooled, run));
    effects.sort((a, b) => b.meanAbsolute - a.meanAbsolute);
    const elements: ElementEffect[] = [];
    let drawn = 0;
    for (const effect of effects) {
      const own = subject.inputs.find(({ name }) => name === effect.element)?.values ?? [];
      const varies = new Set(Array.from(rows, (i) => own[i])).size > 1;
      if (drawn === nCurves || !varies || !(effect.meanAbsolute > 0)) {
        elements.push(effect);
        continue;
      }
      drawn++;
      const local = await accumulatedLocalEffects(subject, effect.element, { ...run, rows });
      const partial = await partialDependence(subject, effect.element, { ...run, rows });
      elements.push({ ...effect, curves: { local, partial } });
    }
    found.push({ input, elements });
  }
  return found;
}

/** Rows beside a model as a function of the amounts of the elements in one column, atomic percent; NaN where there is no formula. */
function elementSubject(model: TableModel, pooled: PooledTable, input: string, target: string | undefined): Subject {
  const t = targetIndex(model, target);
  const predict = tablePredictor(model, t);
  const column = pooled.table.column(input);
  const compositions = compositionsOf(pooled.table, column);
  const shares = compositions.map((one) => (one === undefined ? undefined : atomicFractions(one)));
  const elements = [...new Set(shares.flatMap((one) => [...(one?.keys() ?? [])]))];
  const values = elements.map((element) =>
    Float64Array.from(shares, (one) => (one === undefined ? Number.NaN : 100 * (one.get(element) ?? 0))),
  );
  const set = async (rows: Int32Array, settings: readonly Setting[], run?: ExplainRun): Promise<Float64Array> => {
    const texts = Array.from(rows, (row, k) => {
      const given = new Map(settings.map(({ input: e, values: own }) => [e, own[k] as number])); // one for each row
      const own = values.map((amounts) => amounts[row] as number); // a row
      let free = 100;
      for (const amount of given.values()) free -= amount;
      const rest = own.reduce((sum, amount, e) => sum + (given.has(e) ? 0 : amount), 0);
      return formulaText(
        elements,
        own.map((amount, e) => given.get(e) ?? (amount * free) / rest),
      );
    });
    const { role, unit } = column;
    const asked = takeTableRows(pooled.table, rows);
    return predict(deriveColumn(asked, createTextColumn(input, texts, { role, unit, kind: "formula" })), run);
  };
  return {
    target: model.targets[t] as Subject["target"], // an index of targets
    inputs: elements.map((name, e) => ({ name, unit: "at%", values: values[e], texts: undefined })),
    nRows: pooled.nRows,
    nOutputs: 1,
    set,
    mix: async () => {
      throw new IncompatibleError("elementEffects: amounts of one alloy are not mixed with those of another");
    },
    exact: async () => undefined,
  };
}

/** Rows of at least two elements: the others cannot be scaled where there are none. */
function mixedRows({ inputs }: Subject, rows: Int32Array): Int32Array {
  return rows.filter((i) => inputs.filter(({ values }) => (values?.[i] as number) > 0).length > 1);
}

async function changesOf(subject: Subject, e: number, pooled: PooledTable, run: ExplainRun): Promise<ElementEffect> {
  const { name, values } = subject.inputs[e] as Subject["inputs"][number]; // an index of inputs
  const of = (rows: Int32Array): Float64Array => Float64Array.from(rows, (i) => values?.[i] as number); // a row
  const training = of(pooled.training).filter((amount) => !Number.isNaN(amount));
  const reference = medianOf(training);
  const rows = mixedRows(subject, pooled.rows);
  const changes = new Float64Array(pooled.rows.length).fill(Number.NaN);
  for (const row of rows) changes[row] = 0; // rows of the table come first
  const moved = rows.filter((i) => values?.[i] !== reference); // most rows have none of most elements
  if (moved.length > 0) {
    const own = await subject.set(moved, [{ input: e, values: of(moved) }], run);
    const other = await subject.set(moved, [{ input: e, values: new Float64Array(moved.length).fill(reference) }], run);
    for (const [k, row] of moved.entries()) changes[row] = (own[k] as number) - (other[k] as number); // one each
  }
  const total = rows.reduce((sum, row) => sum + Math.abs(changes[row] as number), 0);
  return {
    element: name,
    amounts: of(pooled.rows),
    training,
    reference,
    changes,
    meanAbsolute: rows.length === 0 ? 0 : total / rows.length,
    curves: undefined,
  };
}

/** Amounts with ten decimals: `1e-7` in a formula is no number. */
function formulaText(elements: readonly string[], amounts: readonly number[]): string {
  return elements
    .flatMap((element, e) => {
      const amount = (amounts[e] as number).toFixed(10); // one each
      return Number(amount) > 0 ? [`${element}${amount}`] : [];
    })
    .join("");
}
