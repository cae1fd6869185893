import { DataError, DomainError, IncompatibleError, UnitError } from "../errors/errors.ts";
import type { ColumnInfo } from "../table/column.ts";
import { columnTexts } from "../table/columnTexts.ts";
import { resolveColumn } from "../table/resolveColumn.ts";
import type { Table } from "../table/table.ts";
import { rangesText } from "../text/rangesText.ts";
import { convertUnit, isConvertible } from "../units/convertUnit.ts";
import { canonicalUnitText } from "../units/unit.ts";
import { compileExpression, type Variables } from "./compileExpression.ts";
import { parseExpression } from "./parseExpression.ts";
import type { Part } from "./part.ts";

export interface ExpressionOptions {
  /** Unit of the result. @defaultValue the one that follows from the columns */
  readonly unit?: string | undefined;
  /** A row whose columns are all there but whose value is not (1/0, log of −1): `error`, or `missing`. @defaultValue "error" */
  readonly outside?: "error" | "missing" | undefined;
}

/** A checked expression over the columns of a table. */
export interface Expression {
  readonly text: string;
  /** A condition gives 1, 0, or NaN where a value that decides is missing. */
  readonly kind: "number" | "condition";
  /** "" for a plain number and for conditions. */
  readonly unit: string;
  /** The columns it uses, in the order of their appearance, with the unit in which they were found. */
  readonly columns: readonly (ColumnInfo & { readonly kind: "number" | "category" })[];
  /**
   * Its value in every row of a table with those columns, in any convertible unit; NaN where a value is missing.
   *
   * @throws DomainError naming the rows where it does not exist; IncompatibleError or UnitError for a column that is missing
   * or of another quantity
   */
  evaluate(table: Table): Float64Array;
  /** Derivative by each numeric column at one row, in the units of `columns`; length: number of numeric columns. */
  gradient(table: Table, row: number): Float64Array;
}

/**
 * Reads an expression of column names, checks its units, and makes it ready to be evaluated:
 *
 * - arithmetic `+ - * / ^`, comparisons, `and or not`, `condition ? a : b`, and the functions exp, log (= ln), log10, log2,
 *   log1p, expm1, sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, sqrt, cbrt, abs, sign, floor, ceil, round, min, max, pow,
 *   isMissing;
 * - names with spaces or signs in backticks or quotes: `` `Yield strength` / E ``; a category is compared with a label:
 *   `route == "cast"`; `pi` and `gasConstant` (J/mol/K) are known;
 * - every quantity has the unit of its column. Units multiply and cancel; what is added or compared must convert; exp, log
 *   and their like take plain numbers; powers of quantities are whole numbers (else sqrt, cbrt). °C and °F count in kelvin,
 *   `%` and ppm as plain ratios, so that products and quotients mean something;
 * - `quantity(900, "MPa")` is a number with a unit, `number(C, "wt%")` the number of a quantity in a unit (for empirical
 *   formulas), `to(x, "J/mm3")` the same quantity in another unit.
 *
 * Missing values stay missing. Only what is listed here can be written: an expression cannot reach anything outside it.
 *
 * @param table - gives names and units; rows play no part
 * @throws FormatError for what cannot be read; DataError for an unknown column (nearest names); UnitError where units do not
 * fit; all quote the part of the expression
 * @example
 * const energy = expression("P / (v * h * t)", table, { unit: "J/mm3" });
 * deriveColumn(table, createNumberColumn("energy density", energy.evaluate(table), { role: "process", unit: energy.unit }));
 */
export function expression(text: string, table: Table, options: ExpressionOptions = {}): Expression {
  const { outside = "error" } = options;
  const columns: (ColumnInfo & { readonly kind: "number" | "category" })[] = [];
  const numbers: Float64Array[] = [];
  const texts: (readonly (string | undefined)[])[] = [];
  const variables: Variables = {
    find(name) {
      const column = find(table, name);
      if (column === undefined) return undefined;
      let index = columns.findIndex((known) => known.name === column.name);
      if (index < 0) {
        const { name: own, role, unit, header, kind } = column;
        columns.push({ name: own, role, unit, header, kind: kind === "number" ? kind : "category" });
        index = columns.length - 1;
      }
      return { index, unit: column.unit, isCategory: column.kind !== "number" };
    },
    unknown: (name) => {
      try {
        resolveColumn(table, name);
      } catch (error) {
        return new Error((error as DataError).message.replace(/^.*?: (?=no column|")/, ""));
      }
      return new Error(`no column "${name}"`);
    },
    numbers: (k) => numbers[k] as Float64Array, // bound before every evaluation
    texts: (k) => texts[k] ?? [],
  };
  const root = converted(compileExpression(parseExpression(text), text, variables), text, options.unit);
  const numeric = columns.flatMap(({ kind }, k) => (kind === "number" ? [k] : []));

  let bound: Table | undefined;
  const bind = (rows: Table): void => {
    // Gradients are asked for row by row.
    if (rows === bound) return;
    bound = undefined;
    for (const [k, { name, unit, kind }] of columns.entries()) {
      const column = find(rows, name);
      const location = { file: rows.source, column: name };
      if (column === undefined) {
        throw new IncompatibleError(`expression "${text}": the table lacks the column`, { location });
      }
      if (kind === "category") {
        texts[k] = columnTexts(column);
        continue;
      }
      if (column.kind !== "number") {
        throw new IncompatibleError(`expression "${text}": numbers are needed, the column is ${column.kind}`, {
          location,
        });
      }
      if (!isConvertible(column.unit, unit)) {
        throw new UnitError(
          `expression "${text}": the column is in ${column.unit || "no unit"}, but was in ${unit || "no unit"} when the expression was checked`,
          { location },
        );
      }
      // Missing numbers are NaN already.
      numbers[k] = column.unit === unit ? column.values : convertUnit(column.values, column.unit, unit);
    }
    bound = rows;
  };

  return {
    text,
    kind: root.kind,
    unit: root.unit,
    columns,
    evaluate(rows: Table): Float64Array {
      bind(rows);
      const out = new Float64Array(rows.nRows);
      const wrong: number[] = [];
      const { at } = root;
      for (let i = 0; i < out.length; i++) {
        const value = at(i);
        out[i] = value;
        if (Number.isFinite(value)) continue;
        if (
          numeric.some((k) => Number.isNaN(numbers[k]?.[i])) ||
          texts.some((list) => list.length > 0 && list[i] === undefined)
        ) {
          continue;
        }
        out[i] = Number.NaN;
        wrong.push(rows.rowNumber(i));
      }
      if (wrong.length === 0 || outside === "missing") return out;
      throw new DomainError(
        `expression "${text}": has no finite value in ${rangesText(wrong)} (division by 0, or a function outside its range); guard it by a condition, or say outside: "missing"`,
        { location: { file: rows.source } },
      );
    },
    gradient(rows: Table, row: number): Float64Array {
      bind(rows);
      return Float64Array.from(numeric, (k) => root.by(row, k));
    },
  };
}

function find(table: Table, name: string): ReturnType<typeof resolveColumn> | undefined {
  try {
    return resolveColumn(table, name);
  } catch (error) {
    if (error instanceof DataError && !error.message.includes("could be any of")) return undefined;
    throw error;
  }
}

function converted(part: Part, text: string, wanted: string | undefined): Part {
  if (wanted === undefined || part.kind === "condition") return part;
  const unit = canonicalUnitText(wanted);
  if (unit === part.unit) return part;
  if (!isConvertible(part.unit, unit)) {
    throw new UnitError(
      `expression "${text}": the result is in ${part.unit || "no unit"}, which does not convert to ${unit || "a plain number"}`,
    );
  }
  const shift = convertUnit(0, part.unit, unit);
  const slope = convertUnit(1, part.unit, unit) - shift;
  return { ...part, unit, at: (row) => part.at(row) * slope + shift, by: (row, k) => part.by(row, k) * slope };
}
