import { type NormaliseOptions, normaliseFractions } from "../composition/normaliseFractions.ts";
import { elementsFromOxides } from "../composition/oxides.ts";
import { type Composition, tryParseFormula } from "../composition/parseFormula.ts";
import { DataError, MateriomeError, UnitError } from "../errors/errors.ts";
import { convertUnit } from "../units/convertUnit.ts";
import { parseUnit } from "../units/unit.ts";
import type { NumberColumn } from "./column.ts";
import { elementOf } from "./inferRole.ts";
import { resolveColumn } from "./resolveColumn.ts";
import type { Table } from "./table.ts";

export interface CompositionsFromColumnsOptions extends NormaliseOptions {
  /**
   * Unit of columns that state none, such as "wt%" or "at%"; of columns in plain % or ppm only the kind is taken (by mass
   * or by atoms). @defaultValue none: such columns are an error
   */
  readonly unit?: string | undefined;
  /** Columns by name or header that hold the amounts of oxides or other compounds, named by formula. @defaultValue none */
  readonly oxides?: readonly string[] | undefined;
}

/**
 * Atomic fractions per row from the element columns (`C wt%`, `Mn (wt%)`, `O content (wppm)`) of role composition, and
 * from the columns of oxides (`SiO2 wt%`, `CaO mol%`) that are named.
 *
 * A missing amount counts as 0, which is what an unlisted element means in a table of analyses; a row without any amount
 * gives undefined. Elements of amount 0 are left out. The amounts become the whole by the rule `normalise`: by default they
 * must sum to 100 % within `tolerance`, or the element `balance` makes up the rest.
 *
 * @throws DataError if there are no such columns, two hold the same element, or naming rows and columns whose amounts are
 * negative, infinite, all zero, or break the rule of normalisation
 * @throws UnitError if a column has no unit and `unit` is not given, or mass and atomic units are mixed
 * @example
 * compositionsFromColumns(table, { balance: "Fe", unit: "wt%" })[0]; // Map { "C" → 0.0162, …, "Fe" → 0.97 }
 */
export function compositionsFromColumns(
  table: Table,
  options: CompositionsFromColumnsOptions = {},
): (Composition | undefined)[] {
  if (options.balance !== undefined) normaliseFractions(new Map(), options); // what is wrong with it is wrong in every row
  const columns = amountColumns(table, options.oxides ?? []);
  const { fractions, isMass } = fractionsOf(table, columns, options.unit);
  const problems: Problem[] = [];
  const compositions = Array.from({ length: table.nRows }, (_, row): Composition | undefined => {
    const amounts = new Map<string, number>();
    const present: string[] = [];
    const before = problems.length;
    for (const [k, { formula, column }] of columns.entries()) {
      if (column.valid[row] === 0) continue;
      present.push(column.name);
      const amount = fractions[k]?.[row] ?? Number.NaN;
      if (!(amount >= 0 && amount < Number.POSITIVE_INFINITY)) {
        const message = `the amount of ${formula} is ${column.values[row]}; amounts must be finite and not negative`;
        problems.push({ message, row: table.rowNumber(row), column: column.name });
      } else if (amount !== 0) amounts.set(formula, amount);
    }
    if (present.length === 0 || problems.length > before) return undefined;
    try {
      return elementsFromOxides(normaliseFractions(amounts, options), isMass ? "mass" : "mole");
    } catch (cause) {
      if (!(cause instanceof MateriomeError)) throw cause;
      const concerned =
        amounts.size === 0 ? present : columns.flatMap((c) => (amounts.has(c.formula) ? [c.column.name] : []));
      problems.push({ message: `${cause.message} (columns ${shortList(concerned)})`, row: table.rowNumber(row) });
      return undefined;
    }
  });
  throwIfAny(table, problems);
  return compositions;
}

/**
 * Number columns of role composition whose name is an element's. A column such as `C wt%` counts too where its role was
 * only inferred and came out otherwise, since that is what amounts below 0 or above 100 lead to.
 */
export function elementColumns(table: Table): { readonly element: string; readonly column: NumberColumn }[] {
  return table.columns.flatMap((column) => {
    if (column.kind !== "number") return [];
    const isMisjudged = column.roleFrom !== undefined && isAmount(parseUnit(column.unit).dimension);
    if (column.role !== "composition" && !isMisjudged) return [];
    const element = elementOf({ ...column, min: 0, max: 0 });
    return element === undefined ? [] : [{ element, column }];
  });
}

interface AmountColumn {
  readonly formula: string;
  readonly column: NumberColumn;
}

interface Problem {
  readonly message: string;
  readonly row: number;
  readonly column?: string | undefined;
}

function amountColumns(table: Table, oxides: readonly string[]): AmountColumn[] {
  const columns: AmountColumn[] = elementColumns(table).map(({ element, column }) => ({ formula: element, column }));
  for (const name of oxides) {
    const column = resolveColumn(table, name);
    const location = { file: table.source, column: column.name };
    if (column.kind !== "number") throw new DataError("amounts of an oxide must be numbers", { location });
    const formula = column.name.trim().split(/[\s_(]/)[0] ?? "";
    if (tryParseFormula(formula) === undefined) {
      throw new DataError(`"${formula}" is no formula; the name of a column of oxide amounts starts with one`, {
        location,
      });
    }
    columns.push({ formula, column });
  }
  if (columns.length === 0) {
    throw new DataError("the table has no element columns of role composition", { location: { file: table.source } });
  }
  for (const [k, { formula, column }] of columns.entries()) {
    const other = columns.slice(0, k).find((earlier) => earlier.formula === formula);
    if (other === undefined) continue;
    throw new DataError(`the columns "${other.column.name}" and "${column.name}" both hold ${formula}; drop one`, {
      location: { file: table.source },
    });
  }
  return columns;
}

/** Fractions of the whole per column, and whether they are by mass. */
function fractionsOf(
  table: Table,
  columns: readonly AmountColumn[],
  unit: string | undefined,
): { readonly fractions: readonly Float64Array[]; readonly isMass: boolean } {
  const kinds = columns.map(({ column }) => {
    const own = column.unit === "" ? (unit ?? "") : column.unit;
    const { dimension } = parseUnit(own);
    if (isAmount(dimension)) return { own, dimension, plain: false };
    const meant = unit === undefined ? "" : parseUnit(unit).dimension;
    if (dimension === RATIO && isAmount(meant)) return { own, dimension: meant, plain: true };
    const found = column.unit === "" ? "no unit" : `the unit "${column.unit}"`;
    throw new UnitError(`the amounts have ${found}; say whether they are wt% or at%`, {
      location: { file: table.source, column: column.name },
    });
  });
  const isMass = kinds[0]?.dimension === MASS;
  const odd = kinds.findIndex(({ dimension }) => (dimension === MASS) !== isMass);
  if (odd >= 0) {
    throw new UnitError(
      `mass and atomic amounts stand side by side ("${columns[0]?.column.name}" and "${columns[odd]?.column.name}"); convert one kind beforehand`,
      { location: { file: table.source } },
    );
  }
  const fractions = columns.map(({ column }, k) => {
    const { own = "", plain = false } = kinds[k] ?? {};
    return convertUnit(column.values, own, plain ? "fraction" : isMass ? "mass fraction" : "atomic fraction");
  });
  return { fractions, isMass };
}

function isAmount(dimension: string): boolean {
  return dimension === MASS || dimension === ATOMS;
}

const MASS = parseUnit("mass fraction").dimension;
const ATOMS = parseUnit("atomic fraction").dimension;
const RATIO = parseUnit("fraction").dimension;
const MOST_SHOWN = 20;

function throwIfAny(table: Table, problems: readonly Problem[]): void {
  const [first] = problems;
  if (first === undefined) return;
  if (problems.length === 1) {
    throw new DataError(first.message, { location: { file: table.source, row: first.row, column: first.column } });
  }
  const lines = problems
    .slice(0, MOST_SHOWN)
    .map(({ row, column, message }) => `  row ${row}${column === undefined ? "" : `, column "${column}"`}: ${message}`);
  if (problems.length > MOST_SHOWN) lines.push(`  … and ${problems.length - MOST_SHOWN} more`);
  throw new DataError(`${problems.length} problems with amounts\n${lines.join("\n")}`, {
    location: { file: table.source },
  });
}

function shortList(names: readonly string[]): string {
  const shown = names.slice(0, 8).map((name) => `"${name}"`);
  return names.length > 8 ? `${shown.join(", ")} and ${names.length - 8} more` : shown.join(", ");
}
