import type { Matrix } from "../matrix/matrix.ts";
import type { ColumnInfo } from "../table/column.ts";
import type { Table } from "../table/table.ts";
import type { Model } from "./learner.ts";
import type { Prediction } from "./prediction.ts";

/** A predicted quantity with its unit ("" for none). */
export interface TargetInfo {
  readonly name: string;
  readonly unit: string;
}

/**
 * A model that takes table rows as a person writes them (composition, process, categories, with units) and returns
 * properties with interval, predictive distribution and domain. This is what inverse design searches over, without
 * knowing what learner is inside.
 */
export interface TableModel extends Model<Table, Prediction> {
  /** Columns that `predict` needs; a column of another, convertible unit is converted, an unconvertible one refused. */
  readonly inputs: readonly ColumnInfo[];
  readonly targets: readonly TargetInfo[];
  /** The training rows: input and group columns as the model takes them, and the measured targets. */
  readonly training: Table;
}

/** Capability of a table model, found by type guard: honest predictions of its own training rows. */
export interface HeldOutPredictions {
  /**
   * [training.nRows, targets.length], target units: predicted by members that saw neither the row nor its group; NaN where there was
   * none. Undefined where the learner held nothing out.
   */
  readonly heldOut: Matrix | undefined;
}

export function supportsHeldOut(model: object): model is HeldOutPredictions {
  return "heldOut" in model;
}
