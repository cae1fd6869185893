import { atomicFractions, atomicFractionsFromMass, withBalance } from "../composition/composition.ts";
import type { Composition } from "../composition/parseFormula.ts";
import { DataError, MateriomeError, UnitError } from "../errors/errors.ts";
import { convertUnit } from "../units/convertUnit.ts";
import { parseUnit } from "../units/unit.ts";
import type { NumberColumn } from "./column.ts";
import { elementOf } from "./inferRole.ts";
import type { Table } from "./table.ts";

export interface CompositionsFromColumnsOptions {
  /** Element that makes up the rest. @defaultValue none: the amounts are the whole composition */
  readonly balance?: string | undefined;
  /** Unit of columns that state none, such as "wt%" or "at%". @defaultValue none: such columns are an error */
  readonly unit?: string | undefined;
}

/**
 * Atomic fractions per row from the element columns (`C wt%`, `Mn (wt%)`, `O content (wppm)`) of role composition.
 *
 * A missing amount counts as 0, which is what an unlisted element means in a table of analyses; a row without any amount
 * gives undefined. Elements of amount 0 are left out.
 *
 * @throws DataError if there are no element columns, or naming the row whose amounts are negative or exceed the whole
 * @throws UnitError if a column has no unit and `unit` is not given, or mass and atomic units are mixed
 * @example
 * compositionsFromColumns(table, { balance: "Fe", unit: "wt%" })[0]; // Map { "C" → 0.0162, …, "Fe" → 0.97 }
 */
export function compositionsFromColumns(
  table: Table,
  options: CompositionsFromColumnsOptions = {},
): (Composition | undefined)[] {
  const columns = elementColumns(table);
  if (columns.length === 0) {
    throw new DataError("the table has no element columns of role composition", { location: { file: table.source } });
  }
  const units = columns.map(({ column }) => column.unit || (options.unit ?? ""));
  const dimensions = new Set(units.map((unit) => parseUnit(unit).dimension));
  const isMass = dimensions.has("massFraction1");
  for (const [k, { column }] of columns.entries()) {
    const { dimension } = parseUnit(units[k] ?? "");
    if (dimension === "massFraction1" || dimension === "atomicFraction1") continue;
    const found = column.unit === "" ? "no unit" : `the unit "${column.unit}"`;
    throw new UnitError(`the amounts have ${found}; say whether they are wt% or at%`, {
      location: { file: table.source, column: column.name },
    });
  }
  if (dimensions.size > 1) {
    throw new UnitError("mass and atomic amounts stand side by side; convert one kind beforehand", {
      location: { file: table.source },
    });
  }
  const fractions = columns.map(({ column }, k) =>
    convertUnit(column.values, units[k] ?? "", isMass ? "mass fraction" : "atomic fraction"),
  );
  return Array.from({ length: table.nRows }, (_, row) => {
    const amounts = new Map<string, number>();
    let nPresent = 0;
    for (const [k, { element, column }] of columns.entries()) {
      if (column.valid[row] === 0) continue;
      nPresent++;
      const amount = fractions[k]?.[row] ?? 0;
      if (amount !== 0) amounts.set(element, amount);
    }
    if (nPresent === 0) return undefined;
    try {
      const all = options.balance === undefined ? amounts : withBalance(amounts, options.balance);
      return isMass ? atomicFractionsFromMass(all) : atomicFractions(all);
    } catch (cause) {
      if (!(cause instanceof MateriomeError)) throw cause;
      throw new DataError(cause.message, { cause, location: { file: table.source, row: table.rowNumber(row) } });
    }
  });
}

/** Number columns of role composition whose name is an element's. */
export function elementColumns(table: Table): { readonly element: string; readonly column: NumberColumn }[] {
  return table.withRole("composition").flatMap((column) => {
    if (column.kind !== "number") return [];
    const element = elementOf({ ...column, min: 0, max: 0 });
    return element === undefined ? [] : [{ element, column }];
  });
}
