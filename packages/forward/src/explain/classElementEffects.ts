import type { Table, TargetInfo } from "@materiome/core";
import type { PropertyClassModel } from "../property/classModel.ts";
import { type ClassColumnEffect, classColumnEffect } from "./classColumnEffect.ts";
import type { ElementEffectsOptions } from "./elementEffects.ts";
import { type ElementAmounts, elementMoves, meanAbsoluteChange, withCurves } from "./elementMoves.ts";
import { elementSubjects } from "./elementSubject.ts";
import { poolTable } from "./pooledTable.ts";
import { targetIndex } from "./tableSubject.ts";

/** What one element of a formula does to the probability of each class. */
export interface ClassElementEffect extends ElementAmounts {
  /**
   * Of each class: its probability in each explained row less that with the element at its reference amount and the amounts of all others
   * scaled to fill up to 100 at%; over the classes they sum to 0. NaN where the row has no formula, or one of a single element.
   */
  readonly changes: readonly Float64Array[];
  /** Mean of |changes| of each class; NaN where no row has any. */
  readonly classMeanAbsolute: Float64Array;
  /** Of the class explained in each row. */
  readonly meanAbsolute: number;
  /** Over training rows, the others scaled likewise, in atomic percent; for the elements of largest `meanAbsolute` that vary. */
  readonly curves: ClassColumnEffect | undefined;
}

/** The elements of one column of formulas or grades, falling by `meanAbsolute`. */
export interface ClassFormulaElements {
  readonly input: string;
  readonly elements: readonly ClassElementEffect[];
}

export interface ClassElementEffectsOptions extends ElementEffectsOptions {
  /** Code of the class that `meanAbsolute` is of, for each row. @defaultValue the most probable one */
  readonly explained?: Int32Array | undefined;
}

/**
 * What each element of a formula, or of the nominal composition of a grade, does to the probability of each class: the counterpart of
 * {@link elementEffects}, along the same direction and against the same amounts. Probabilities are what `predict` gives, mixed with the
 * shares of the classes, whatever the scale of the contributions.
 *
 * @returns one entry for each input column of formulas or grades; none for models without
 * @throws DataError or UnitError as `classSubject`
 * @see Cox, Biometrika 58, 155 (1971), doi:10.1093/biomet/58.1.155 (direction)
 * @example
 * const [alloy] = await classElementEffects(model, table, { random: createRandom(1) });
 * alloy?.elements[0]?.changes[model.classes.indexOf("bcc")]; // [0.42, …]: Cr makes the first row bcc
 */
export async function classElementEffects(
  model: PropertyClassModel,
  table: Table,
  options: ClassElementEffectsOptions,
): Promise<ClassFormulaElements[]> {
  const { random, target, nCurves = 8, nRows = 200, explained, ...run } = options;
  const t = targetIndex(model, target);
  const pooled = poolTable(model, table);
  const { encoder, classes } = model;
  const probabilities = (rows: Table): Float64Array => model.probabilitiesOf(encoder.encode(rows)).data;
  const codes = explained ?? mostProbable((await model.predict(table, run)).probabilities.data, classes.length);
  const found: ClassFormulaElements[] = [];
  const subjects = elementSubjects(pooled, {
    target: model.targets[t] as TargetInfo,
    nOutputs: classes.length,
    predict: async (rows) => probabilities(rows),
  });
  for (const one of subjects) {
    const moves = await elementMoves(one, pooled, run);
    const effects = moves.map(({ outputs: changes, ...amounts }) => {
      const ofExplained = Float64Array.from(codes, (c, i) => changes[c]?.[i] as number); // a class and a row
      const classMeanAbsolute = Float64Array.from(changes, meanAbsoluteChange);
      return { ...amounts, changes, classMeanAbsolute, meanAbsolute: meanAbsoluteChange(ofExplained) };
    });
    const elements = await withCurves(one, effects, { random, nCurves, nRows }, (element, rows) =>
      classColumnEffect(one.subject, element, { ...run, rows }),
    );
    found.push({ input: one.input, elements });
  }
  return found;
}

/** The first of the most probable classes of each row. */
export function mostProbable(probabilities: Float64Array, nClasses: number): Int32Array {
  return Int32Array.from({ length: probabilities.length / nClasses }, (_, i) => {
    const own = probabilities.subarray(i * nClasses, (i + 1) * nClasses);
    return own.indexOf(Math.max(...own));
  });
}
