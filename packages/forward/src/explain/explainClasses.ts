import {
  type ClassPrediction,
  columnTexts,
  createMatrix,
  DataError,
  deriveGroups,
  type Matrix,
  resolveColumn,
  type Table,
  type TargetInfo,
  takeTableRows,
} from "@materiome/core";
import type { PropertyClassModel } from "../property/classModel.ts";
import { type ClassColumnEffect, classColumnEffect } from "./classColumnEffect.ts";
import { type ClassFormulaElements, classElementEffects, mostProbable } from "./classElementEffects.ts";
import { type ClassImportance, classImportance } from "./classImportance.ts";
import { classShapleyValues } from "./classShapleyValues.ts";
import { type ClassScale, type ClassSubject, classSubject } from "./classSubject.ts";
import { closerLook, drawTraining, meanAbsoluteOf } from "./closerLook.ts";
import { derivedParts, type InputParts } from "./derivedParts.ts";
import type { ExplainTableOptions } from "./explainTable.ts";
import { type InteractionStrength, interactionStrengths } from "./interactionStrengths.ts";
import { predictRows, type SubjectInput } from "./subject.ts";
import { targetIndex } from "./tableSubject.ts";
import { unseenRows } from "./unseenRows.ts";

export interface ExplainClassesOptions extends ExplainTableOptions {
  /** Class that is explained in every row. @defaultValue the one predicted, row by row */
  readonly class?: string | undefined;
  /** @defaultValue the scale on which contributions are exact */
  readonly scale?: ClassScale | undefined;
}

/** Why a model of classes calls the rows of a table what it calls them, by input column. */
export interface ClassExplanation {
  readonly target: TargetInfo;
  readonly classes: readonly string[];
  readonly inputs: readonly SubjectInput[];
  /** What contributions add up to. Effects and interactions are always of probabilities. */
  readonly scale: ClassScale;
  /** Mean over the background rows for each class. */
  readonly base: Float64Array;
  /** Contributions to each class, [nRows, nInputs]: a row plus the class's `base` is its score. */
  readonly values: readonly Matrix[];
  /** Of contributions that were sampled, likewise; undefined where they are exact. */
  readonly standardError: readonly Matrix[] | undefined;
  /** What is predicted of each class on the scale of the contributions, [nRows, nClasses]. */
  readonly scores: Matrix;
  /** Mean absolute contribution of each input to each class. */
  readonly classMeanAbsolute: readonly Float64Array[];
  /** That to the class explained in each row. */
  readonly meanAbsolute: Float64Array;
  /** Class explained in each row: the one asked for, or the most probable one. */
  readonly explained: Int32Array;
  /** Of columns that several features are computed from: which of these the score of the class explained depends on. */
  readonly parts: readonly InputParts[];
  /** Of columns of formulas and grades: what each element in them does to probabilities. */
  readonly elements: readonly ClassFormulaElements[];
  readonly predicted: Int32Array;
  readonly nBackground: number;
  readonly nTraining: number;
  readonly prediction: ClassPrediction;
  /** Measured class, undefined where there is none. */
  readonly measured: readonly (string | undefined)[];
  /** From the measured rows that the model was not trained on; undefined, with the reason, where these are fewer than 10. */
  readonly importance: ClassImportance | undefined;
  readonly noImportance: string | undefined;
  /** Measured rows of classes that the model does not have: it misses all of them, and they are not among those of `importance`. */
  readonly nOtherClasses: number;
  /**
   * Part of every probability that is the share of the class among the training rows, whatever the row: 1 where the learner's own
   * probabilities were of no use on held-out rows.
   */
  readonly priorShare: number;
  /** Of the number columns with the largest contributions, over the training rows. */
  readonly effects: readonly ClassColumnEffect[];
  /** Among the columns with the largest contributions, over training rows; largest first. */
  readonly interactions: readonly InteractionStrength[];
  /** Columns that go along with each other in the training rows: how credit is split among them says little. */
  readonly correlated: readonly (readonly string[])[];
}

/**
 * Explains the predictions of a model of classes for the rows of a table: the counterpart of `explainTable`.
 *
 * Contributions are Shapley values by column for every class (`classShapleyValues`), permutation importance is that of log loss and
 * accuracy on measured rows which are none of the training rows, effect curves and interactions are of probabilities over the training rows.
 * A column of formulas or grades is one player, and beside it stands what each of its elements does (`classElementEffects`).
 *
 * @throws DataError for missing columns or values, an empty table, or a class or target that the model does not have
 * @throws IncompatibleError for log-odds of a learner that has none
 * @example
 * const { base, values, classes } = await explainClasses(model, table, { random: createRandom(1) });
 */
export async function explainClasses(
  model: PropertyClassModel,
  table: Table,
  options: ExplainClassesOptions,
): Promise<ClassExplanation> {
  const { random, nBackground = 100, nCurves = 8, nInteracting = 5, correlation = 0.8, scale, ...rest } = options;
  const { class: asked, target, ...run } = rest;
  if (table.nRows === 0) throw new DataError("the table has no rows to explain", { location: { file: table.source } });
  targetIndex(model, target); // one target
  const { classes } = model;
  const askedCode = asked === undefined ? undefined : codeOf(classes, asked);
  const subject = classSubject(model, table, { scale });
  const likely = subject.scale === "probability" ? subject : classSubject(model, table, { scale: "probability" });
  const { inputs, rows, training, nOutputs } = subject;
  const nInputs = inputs.length;
  const background = drawTraining(training, nBackground, random.fork("background"));
  const shapley = await classShapleyValues(subject, rows, background, { ...run, random: random.fork("coalitions") });
  const { base, values, standardError } = shapley;
  const prediction = await model.predict(table, run);
  const predicted = mostProbable(prediction.probabilities.data, nOutputs);
  const explained = askedCode === undefined ? predicted : predicted.map(() => askedCode);
  const classMeanAbsolute = values.map(meanAbsoluteOf);
  const meanAbsolute = new Float64Array(nInputs);
  for (const [i, c] of explained.entries()) {
    const own = (values[c] as Matrix).data; // a class
    for (let k = 0; k < nInputs; k++) {
      meanAbsolute[k] = (meanAbsolute[k] as number) + Math.abs(own[i * nInputs + k] as number) / rows.length; // k < nInputs
    }
  }
  const parts = await derivedParts(subject, rows, background, {
    ...{ threads: run.threads, signal: run.signal },
    random: random.fork("parts"),
    outputs: explained,
  });
  const elements = await classElementEffects(model, table, {
    ...run,
    random: random.fork("elements"),
    nCurves,
    explained,
  });
  const look = closerLook(inputs, training, meanAbsolute, { random, nCurves, nInteracting, correlation });
  const { effectRows, acting } = look;
  const effects: ClassColumnEffect[] = [];
  for (const name of look.curved) effects.push(await classColumnEffect(likely, name, { ...run, rows: effectRows }));
  const interactions =
    acting.length < 2 ? [] : await interactionStrengths(likely, { ...run, inputs: acting, rows: look.interactionRows });
  const measured = measuredClasses(table, subject.target);
  return {
    target: subject.target,
    classes,
    inputs,
    scale: subject.scale,
    base,
    values,
    standardError,
    scores: createMatrix(rows.length, nOutputs, await predictRows(subject, rows, run)),
    classMeanAbsolute,
    meanAbsolute,
    explained,
    parts,
    elements,
    predicted,
    nBackground: background.length,
    nTraining: training.length,
    prediction,
    measured,
    ...(await heldOutImportance(model, table, likely, measured, { ...options, correlation })),
    nOtherClasses: measured.filter((label) => label !== undefined && !classes.includes(label)).length,
    priorShare: model.blend.share,
    effects,
    interactions,
    correlated: look.correlated,
  };
}

/** @throws DataError naming the classes if there is no such class */
export function codeOf(classes: readonly string[], name: string): number {
  const code = classes.indexOf(name);
  if (code >= 0) return code;
  const known = classes.map((label) => `"${label}"`).join(", ");
  throw new DataError(`the model has no class "${name}"; its classes are ${known}`);
}

function measuredClasses(table: Table, { name }: TargetInfo): readonly (string | undefined)[] {
  if (!table.has(name)) return new Array<undefined>(table.nRows).fill(undefined);
  return columnTexts(resolveColumn(table, name));
}

async function heldOutImportance(
  model: PropertyClassModel,
  table: Table,
  likely: ClassSubject,
  measured: readonly (string | undefined)[],
  { random, correlation, ...options }: ExplainClassesOptions,
): Promise<Pick<ClassExplanation, "importance" | "noImportance">> {
  const { classes } = model;
  const { name } = likely.target;
  const known = measured.map((label) => (label !== undefined && classes.includes(label) ? label : undefined));
  const trained = columnTexts(model.training.column(name));
  const { rows, why } = unseenRows(
    likely,
    known,
    trained,
    `the table has no classes of "${name}" that the model knows`,
  );
  if (why !== undefined) return { importance: undefined, noImportance: why };
  const grouping = deriveGroups(takeTableRows(table, rows));
  const codes = Int32Array.from(rows, (i) => classes.indexOf(known[i] as string)); // rows with a class
  const importance = await classImportance(likely, rows, codes, {
    ...{ threads: options.threads, signal: options.signal, onProgress: options.onProgress },
    correlation,
    random: random.fork("importance"),
    groups: grouping.kind === "none" ? undefined : grouping.codes,
  });
  return { importance, noImportance: undefined };
}
