import { atomicFractions } from "../composition/composition.ts";
import { type Composition, tryParseFormula } from "../composition/parseFormula.ts";
import { DomainError } from "../errors/errors.ts";
import type { Column, NumberColumn } from "../table/column.ts";
import { codesOf } from "../table/groupRows.ts";
import { resolveColumn } from "../table/resolveColumn.ts";
import type { Table } from "../table/table.ts";

/** What rows are compared by: numbers with a tolerance, and codes that must be equal. */
export interface ComparedColumns {
  /** One per dimension: name of the column, values without NaN (missing ones are 0), tolerance. */
  readonly dimensions: readonly { readonly values: Float64Array; readonly tolerance: number }[];
  /** Categories, texts, and which values are missing. */
  readonly codes: readonly Int32Array[];
  /** Tolerance per column, in its unit; of formulas in atomic fractions. */
  readonly tolerances: Readonly<Record<string, number>>;
}

/** Default tolerance of formulas, in atomic fractions. */
const COMPOSITION_TOLERANCE = 0.001;
/** Share of the values that must fit a number of decimals for it to be the resolution of the column. */
const MOST_VALUES = 0.9;
/** Largest share of its range that the resolution of a column may make its tolerance. */
const WIDEST_BY_RESOLUTION = 0.01;

/**
 * Splits columns into what can be near and what is equal or not.
 *
 * The tolerance of a number column is `relative` times its range, or half its resolution where that is more (at most a
 * hundredth of the range): 1093.15 K among temperatures in whole kelvins is near 1093 K. Formulas are compared by the
 * atomic fractions of their elements.
 *
 * @throws DomainError for a tolerance that is negative or no number
 */
export function comparedColumns(
  table: Table,
  columns: readonly Column[],
  relative: number,
  absolute: Readonly<Record<string, number>>,
): ComparedColumns {
  const own = new Map(Object.entries(absolute).map(([name, value]) => [resolveColumn(table, name).name, value]));
  for (const value of [relative, ...own.values()]) {
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
      throw new DomainError(`findDuplicateRows: a tolerance must be a number ≥ 0, got ${value}`);
    }
  }
  const dimensions: { values: Float64Array; tolerance: number }[] = [];
  const codes: Int32Array[] = [];
  const tolerances: Record<string, number> = {};
  for (const column of columns) {
    if (column.kind === "number") {
      const tolerance = own.get(column.name) ?? toleranceOf(column, relative);
      tolerances[column.name] = tolerance;
      const values = column.values.map((value, i) => (column.valid[i] === 0 || Number.isNaN(value) ? 0 : value));
      dimensions.push({ values, tolerance: slack(tolerance, values) });
      codes.push(Int32Array.from(column.valid, (flag, i) => (flag === 0 ? 0 : Number.isNaN(column.values[i]) ? 1 : 2)));
    } else if (column.kind === "formula") {
      const tolerance = own.get(column.name) ?? COMPOSITION_TOLERANCE;
      tolerances[column.name] = tolerance;
      const { fractions, unread } = elementFractions(column.texts);
      for (const values of fractions) dimensions.push({ values, tolerance: slack(tolerance, values) });
      codes.push(unread);
    } else {
      codes.push(codesOf(column));
    }
  }
  return { dimensions, codes, tolerances };
}

/** Adds what rounding does to differences: 0.8 − 0.7 must be within 0.1. */
function slack(tolerance: number, values: Float64Array): number {
  let largest = 0;
  for (const value of values) if (Math.abs(value) > largest && Number.isFinite(value)) largest = Math.abs(value);
  return tolerance === 0 ? 0 : tolerance + 4 * Number.EPSILON * largest;
}

function toleranceOf(column: NumberColumn, relative: number): number {
  const values = column.values.filter((value, i) => column.valid[i] !== 0 && Number.isFinite(value));
  if (values.length === 0) return 0;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const range = high - low;
  return Math.max(
    relative * range,
    relative === 0 ? 0 : Math.min(resolutionOf(values) / 2, WIDEST_BY_RESOLUTION * range),
  );
}

/** Ten to the minus the decimals that nine in ten values make do with; 0 where that is more than six. */
function resolutionOf(values: Float64Array): number {
  for (let decimals = 0; decimals <= 6; decimals++) {
    const scale = 10 ** decimals;
    let nFit = 0;
    for (const value of values) {
      const scaled = value * scale;
      if (Math.abs(scaled - Math.round(scaled)) <= 1e-9 * Math.max(1, Math.abs(scaled))) nFit++;
    }
    if (nFit >= MOST_VALUES * values.length) return 1 / scale;
  }
  return 0;
}

/** Atomic fraction of each element that occurs, per row; texts that are no formula get a code of their own. */
function elementFractions(texts: readonly (string | undefined)[]): {
  readonly fractions: readonly Float64Array[];
  readonly unread: Int32Array;
} {
  const parsed = new Map<string, Composition | undefined>();
  const unreadCodes = new Map<string, number>();
  const byElement = new Map<string, Float64Array>();
  const unread = new Int32Array(texts.length);
  for (const [i, text] of texts.entries()) {
    if (text === undefined) {
      unread[i] = 1;
      continue;
    }
    if (!parsed.has(text)) {
      const composition = tryParseFormula(text);
      parsed.set(text, composition === undefined ? undefined : atomicFractions(composition));
    }
    const composition = parsed.get(text);
    if (composition === undefined) {
      const code = unreadCodes.get(text) ?? unreadCodes.size + 2;
      unreadCodes.set(text, code);
      unread[i] = code;
      continue;
    }
    for (const [element, fraction] of composition) {
      const column = byElement.get(element) ?? new Float64Array(texts.length);
      byElement.set(element, column);
      column[i] = fraction;
    }
  }
  return { fractions: [...byElement.values()], unread };
}
