import type { Table } from "@materiome/core";
import type { SearchSpace } from "../space/searchSpace.ts";
import { undeclaredSumNotes } from "../space/undeclaredSums.ts";
import type { Limits } from "../spec/limits.ts";
import type { Spec } from "../spec/spec.ts";
import type { OptimismBasis } from "./optimism/optimismOf.ts";
import type { ProcessWindow } from "./posterior/processWindow.ts";
import type { Criterion, Sensitivity } from "./result.ts";

export interface NotesContext {
  readonly n: number;
  readonly nChosen: number;
  readonly minDistance: number;
  readonly isRefused: boolean;
  readonly specs: readonly Spec[];
  readonly limits: readonly Limits[];
  readonly sensitivities: readonly Sensitivity[];
  readonly space: SearchSpace;
  readonly training: Table;
  /** True if the correlation of held-out errors was used. */
  readonly isCorrelated: boolean;
  readonly basis: OptimismBasis;
  readonly criterion: Criterion;
  readonly window: ProcessWindow | null;
  /** True if a window was asked for. */
  readonly isExplored: boolean;
}

/** Share of a total below which a tolerance is rounding. */
const EXACT = 2e-6;

/** What a person should know before acting on the suggestions. */
export function notesOf(context: NotesContext): readonly string[] {
  const { n, nChosen, minDistance, isRefused, specs, limits, sensitivities, space } = context;
  const notes: string[] = specs
    .filter((spec) => spec.assumedUnit !== undefined)
    .map(
      (spec) =>
        `"${spec.target}" carries no unit in the table: its numbers were taken to be in ${spec.assumedUnit}, which nothing here can check.`,
    );
  const flat = space.variables
    .map((variable) => variable.name)
    .filter((name) => sensitivities.every((s) => s.name !== name || s.isFlat));
  if (sensitivities.length > 0 && flat.length > 0) {
    notes.push(
      `Turning ${flat.join(", ")} changes the prediction by less than 1 % of the measured range here: where suggestions differ in nothing else, keep to your practice.`,
    );
  }
  const constant = space.fixed.filter((input) => input.why === "constant").map((input) => input.name);
  if (constant.length > 0) notes.push(`The same in every training row, so not varied: ${constant.join(", ")}.`);
  for (const { columns, total, tolerance } of space.sums) {
    // Sums of training rows are met as nearly as these are; those that a person asked for exactly.
    const within =
      tolerance > EXACT * Math.abs(total) ? ` ± ${Number(tolerance.toPrecision(2))}, as in the training rows` : "";
    notes.push(`${columns.join(" + ")} is kept at ${total}${within}.`);
  }
  notes.push(...undeclaredSumNotes(context.training, space));
  if (isRefused) return notes;
  if (nChosen < n) {
    notes.push(
      `Only ${nChosen} of ${n} suggestions: no more settings are likely enough and at least ${minDistance} apart.`,
    );
  }
  if (limits.length > 1) {
    notes.push(
      context.isCorrelated
        ? "The probability of meeting all targets uses the correlation of their errors in held-out rows."
        : "The probability takes the targets as independent given the settings: the model keeps too few held-out errors to tell their correlation.",
    );
  }
  const { basis, window } = context;
  notes.push(
    context.criterion === "corrected"
      ? "The best of many predictions is optimistic: settings were judged by probabilities from which held-out rows took that back."
      : "The best of many predictions is optimistic: expect results somewhat short of them on average.",
  );
  if ("missing" in basis)
    notes.push(`How optimistic cannot be told, so what the model predicts is what counts: ${basis.missing}.`);
  if (window === null && context.isExplored) {
    notes.push(
      "No process window and no routes: so few predictions leave nothing to draw them from; allow more (maxWindowEvaluations, --window-evaluations).",
    );
  }
  if (window?.rHat !== undefined && window.effectiveSampleSize !== undefined) {
    if (!(window.rHat <= 1.05 && window.effectiveSampleSize >= 100)) {
      notes.push(
        `The process window is rough: R-hat ${window.rHat.toFixed(2)}, ${Math.round(window.effectiveSampleSize)} effective draws; allow more predictions (maxWindowEvaluations, --window-evaluations).`,
      );
    }
  }
  return notes;
}
