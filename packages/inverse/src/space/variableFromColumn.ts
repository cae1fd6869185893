import { type Column, DataError } from "@materiome/core";
import { levelsIn, seenLevel, validValues } from "./columnValues.ts";
import { inferStep } from "./inferStep.ts";
import { quantityIn } from "./quantity.ts";
import type { Variable } from "./variable.ts";

/** Limits of one knob. Numbers are in the column's unit; text may carry another unit ("1100 K"). */
export interface VariableBounds {
  readonly min?: number | string | undefined;
  readonly max?: number | string | undefined;
  /** Step of proposals, counted from the lower bound. @defaultValue see {@link inferStep} */
  readonly step?: number | string | undefined;
  /** @defaultValue "linear" */
  readonly scale?: "linear" | "log" | undefined;
  /** Only whole numbers. @defaultValue false */
  readonly integer?: boolean | undefined;
  /** Categories to choose from. @defaultValue those of the training rows */
  readonly levels?: readonly string[] | undefined;
}

/**
 * A knob from a training column: its range or categories, narrowed or widened by limits.
 *
 * @throws DataError for limits that do not fit the kind of column, unseen levels, or a column without values
 * @throws UnitError for a limit whose unit cannot be converted
 */
export function variableFromColumn(column: Column, limits: VariableBounds): Variable {
  const { name, role, unit } = column;
  if (column.kind !== "number") {
    const levels = limits.levels?.map((level) => seenLevel(column, level, "bounds")) ?? levelsIn(column);
    if (limits.min !== undefined || limits.max !== undefined || limits.step !== undefined) {
      throw new DataError(`bounds "${name}": a ${column.kind} column takes levels, not a minimum, maximum or step`);
    }
    return { kind: "category", name, role, unit, columnKind: column.kind, levels };
  }
  if (limits.levels !== undefined) {
    throw new DataError(`bounds "${name}": a number takes a minimum and maximum, not levels`);
  }
  const at = `bounds "${name}"`;
  const values = validValues(column);
  if (values.length === 0) throw new DataError(`"${name}" has no value in any training row; fix it`);
  const min = limits.min === undefined ? least(values) : quantityIn(unit, limits.min, at);
  const max = limits.max === undefined ? -least(values.map((value) => -value)) : quantityIn(unit, limits.max, at);
  if (limits.integer === true) return { kind: "integer", name, role, unit, min, max };
  const scale = limits.scale ?? "linear";
  if (limits.step !== undefined) {
    // A step is a difference: 10 K and 10 degC are the same step, so it is converted without the offset.
    const step =
      quantityIn(unit, limits.step, at) - (typeof limits.step === "string" ? zeroOf(unit, limits.step, at) : 0);
    return { kind: "continuous", name, role, unit, min, max, step, origin: min, scale };
  }
  const inferred = inferStep(values);
  return { kind: "continuous", name, role, unit, min, max, step: inferred?.step, origin: inferred?.origin, scale };
}

/** What zero of the unit written in `text` is in the column's unit: 0 for all but temperature scales. */
function zeroOf(unit: string, text: string, at: string): number {
  return quantityIn(unit, text.trim().replace(/^[+-]?[\d.]+(?:[eE][+-]?\d+)?/, "0"), at);
}

function least(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
}
