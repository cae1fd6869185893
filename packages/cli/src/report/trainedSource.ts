import type { Table } from "@materiome/core";
import type { PropertyMetrics, TrainedPropertyModel } from "@materiome/forward";
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

/** What must be minded of a training: leakage, and rows left out. */
export function trainingWarnings({ leakage, dropped }: Pick<PropertyMetrics, "leakage" | "dropped">): string[] {
  return [
    ...leakage.warnings,
    ...dropped.map(({ reason, rows }) => `${counted(rows.length, "row")} left out: ${reason}`),
  ];
}
