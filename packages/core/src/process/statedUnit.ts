import { DataError } from "../errors/errors.ts";
import type { Column } from "../table/column.ts";
import { isConvertible } from "../units/convertUnit.ts";

/**
 * Unit of a column: the stated one, else its own. They may differ (a header can be wrong) but not measure different things:
 * names match in any case, and a "t" that is not there would be read from "T".
 */
export function statedUnit(column: Column, stated: string | undefined): string {
  if (stated === undefined) return column.unit;
  if (column.unit !== "" && !isConvertible(column.unit, stated)) {
    throw new DataError(`column "${column.name}" is in ${column.unit}, stated is ${stated}; another column is meant?`);
  }
  return stated;
}
