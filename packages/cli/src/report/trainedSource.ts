import type { Table } from "@materiome/core";
import type { TrainedPropertyModel } from "@materiome/forward";
import { displayUnit } from "../terminal/displayUnit.ts";

/** What the report and the card of a training speak of. */
export interface TrainedSource {
  readonly table: Table;
  readonly path: string;
  readonly trained: TrainedPropertyModel;
}

/** `name (unit)`, or the bare name. */
export function withUnit(name: string, unit: string): string {
  return unit === "" ? name : `${name} (${displayUnit(unit)})`;
}
