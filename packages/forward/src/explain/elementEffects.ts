import type { Random, Table, TableModel, TargetInfo } from "@materiome/core";
import { type AccumulatedLocalEffects, accumulatedLocalEffects } from "./accumulatedLocalEffects.ts";
import { type ElementAmounts, elementMoves, meanAbsoluteChange, withCurves } from "./elementMoves.ts";
import { elementSubjects } from "./elementSubject.ts";
import { type PartialDependence, partialDependence } from "./partialDependence.ts";
import { poolTable } from "./pooledTable.ts";
import type { ExplainRun, Subject } from "./subject.ts";
import { tablePredictor, targetIndex } from "./tableSubject.ts";

/** What one element of a formula does to predictions. */
export interface ElementEffect extends ElementAmounts {
  /**
   * Prediction of each explained row less that with the element at its reference amount and the amounts of all others scaled to fill up to
   * 100 at%, in units of the target. NaN where the row has no formula, or one of a single element.
   */
  readonly changes: Float64Array;
  /** Mean of |changes|; NaN where no row has any. */
  readonly meanAbsolute: number;
  /** Over training rows, the others scaled likewise, inputs in atomic percent; for the elements of largest `meanAbsolute` that vary. */
  readonly curves: { readonly local: AccumulatedLocalEffects; readonly partial: PartialDependence } | undefined;
}

/** The elements of one column of formulas or grades, falling by `meanAbsolute`. */
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
 * What each element of a formula, or of the nominal composition of a grade, does to predictions. Amounts of a composition cannot be changed
 * one by one: where one is set to x, those of all others are scaled by (100 − x) / (100 − own), so that they keep their ratios (the effect
 * along Cox's direction of a mixture).
 *
 * The changes of a row are one at a time and do not add up to anything. They are against the median alloy's amount, so that an element
 * that a row shares with most training rows changes nothing.
 *
 * @returns one entry for each input column of formulas or grades; none for models without
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
  const t = targetIndex(model, target);
  const pooled = poolTable(model, table);
  const question = { target: model.targets[t] as TargetInfo, nOutputs: 1, predict: tablePredictor(model, t) } as const;
  const found: FormulaElements[] = [];
  for (const one of elementSubjects(pooled, question)) {
    const moves = await elementMoves(one, pooled, run);
    const effects = moves.map(({ outputs, ...amounts }) => {
      const changes = outputs[0] as Float64Array; // one output
      return { ...amounts, changes, meanAbsolute: meanAbsoluteChange(changes) };
    });
    const subject: Subject = { ...one.subject, nOutputs: 1, exact: async () => undefined };
    const elements = await withCurves(one, effects, { random, nCurves, nRows }, async (element, rows) => ({
      local: await accumulatedLocalEffects(subject, element, { ...run, rows }),
      partial: await partialDependence(subject, element, { ...run, rows }),
    }));
    found.push({ input: one.input, elements });
  }
  return found;
}
