import type { Table } from "@materiome/core";
import type { PropertyMetrics, SearchLimits, TrainedPropertyModel } from "@materiome/forward";
import { displayUnit } from "../terminal/displayUnit.ts";
import { counted } from "../terminal/figures.ts";

/** Where a table comes from and what may be done with it. */
export interface DataOrigin {
  readonly path: string;
  readonly sha256: string;
  /** Title and citation, where the file is of a registered dataset. */
  readonly dataset: { readonly name: string; readonly title: string; readonly citation: string } | undefined;
  /** As given or as registered; undefined: nobody has said. */
  readonly licence: string | undefined;
}

/** What the report and the card of a training speak of. */
export interface TrainedSource {
  readonly table: Table;
  readonly origin: DataOrigin;
  /** Name of the learner. */
  readonly learner: string;
  /** Command line that makes the same model from the same file. */
  readonly command: string;
  readonly trained: TrainedPropertyModel;
}

/** `name (unit)`, or the bare name. */
export function withUnit(name: string, unit: string): string {
  return unit === "" ? name : `${name} (${displayUnit(unit)})`;
}

/** What must be minded of a training: leakage, what the time cut, and rows left out. */
export function trainingWarnings({
  leakage,
  dropped,
  search,
}: Pick<PropertyMetrics, "leakage" | "dropped" | "search">): string[] {
  return [
    ...leakage.warnings,
    ...(search === null ? [] : budgetWarnings(search)),
    ...dropped.map(({ reason, rows }) => `${counted(rows.length, "row")} left out: ${reason}`),
  ];
}

function budgetWarnings({ trials, cuts, leftOut, budgetMinutes, tookMinutes }: SearchLimits): string[] {
  return [
    ...cuts.map(
      (cut) =>
        `for want of time ${cut.searches === 1 ? "a search" : `${cut.searches} searches`} for ${STAGES[cut.stage] ?? cut.stage} made ${counted(cut.trials, "trial")}, that for the model ${trials}`,
    ),
    ...leftOut.map((part) => `the ${part} is left out for want of time`),
    ...(budgetMinutes !== null && tookMinutes !== null && tookMinutes > budgetMinutes
      ? [`took ${tookMinutes} minutes, more than the budget of ${budgetMinutes}`]
      : []),
  ];
}

const STAGES: Readonly<Record<string, string>> = {
  folds: "the scores",
  "random folds": "the optimistic scores",
  "learning curve": "the learning curve",
};
