import { atomicFractions } from "../composition/composition.ts";
import type { Composition } from "../composition/parseFormula.ts";
import { DomainError } from "../errors/errors.ts";
import { quantileSorted } from "../statistics/quantile.ts";
import type { Column, NumberColumn } from "../table/column.ts";
import { type CompositionKind, tryCompositionOfText } from "../table/compositionOfText.ts";
import { codesOf } from "../table/groupRows.ts";
import { resolveColumn } from "../table/resolveColumn.ts";
import type { Table } from "../table/table.ts";

/** What rows are compared by: numbers with a tolerance, and codes that must be equal. */
export interface ComparedColumns {
  /** One per dimension: name of the column, values without NaN (missing ones are 0), tolerance. */
  readonly dimensions: readonly { readonly values: Float64Array; readonly tolerance: number }[];
  /** Categories, texts, and which values are missing. */
  readonly codes: readonly Int32Array[];
  readonly tolerances: Readonly<Record<string, ColumnTolerance>>;
}

/** What counts as near in a column. */
export interface ColumnTolerance {
  /** `absolute`: in the unit of the column; `relative`: |ln(a / b)|, of formulas for each element. */
  readonly kind: "absolute" | "relative";
  readonly value: number;
}

/** Default tolerance of formulas: each element within one percent of its own amount, so that traces count as well. */
const COMPOSITION_TOLERANCE = 0.01;
/** Share of the values that must fit a number of decimals for it to be the resolution of the column. */
const MOST_VALUES = 0.9;
/** Ratio of the 95 % to the 5 % quantile from which on a positive column is compared by ratios. */
const WIDE = 100;
/** Largest share of its range that the resolution of a column may make its tolerance. */
const WIDEST_BY_RESOLUTION = 0.01;

/**
 * Splits columns into what can be near and what is equal or not.
 *
 * The tolerance of a number column is `relative` times its range, or half its resolution where that is more (at most a
 * hundredth of the range): 1093.15 K among temperatures in whole kelvins is near 1093 K. Positive columns nine tenths of which
 * span two decades (grain sizes, holding times) are compared by ratios: `relative` times the range of their logarithms. Formulas with the same
 * elements are compared by the ratios of their atomic fractions.
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
  const tolerances: Record<string, ColumnTolerance> = {};
  for (const column of columns) {
    if (column.kind === "number") {
      const asked = own.get(column.name);
      const tolerance =
        asked === undefined ? toleranceOf(column, relative) : ({ kind: "absolute", value: asked } as const);
      tolerances[column.name] = tolerance;
      const scale = tolerance.kind === "relative" ? Math.log : (value: number): number => value;
      const values = column.values.map((value, i) => (column.valid[i] === 0 || Number.isNaN(value) ? 0 : scale(value)));
      dimensions.push({ values, tolerance: slack(tolerance.value, values) });
      codes.push(Int32Array.from(column.valid, (flag, i) => (flag === 0 ? 0 : Number.isNaN(column.values[i]) ? 1 : 2)));
    } else if (column.kind === "formula" || column.kind === "grade") {
      const tolerance = own.get(column.name) ?? COMPOSITION_TOLERANCE;
      tolerances[column.name] = { kind: "relative", value: tolerance };
      const { logFractions, elements } = elementFractions(column.texts, column.kind);
      for (const values of logFractions) dimensions.push({ values, tolerance: slack(tolerance, values) });
      codes.push(elements);
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

function toleranceOf(column: NumberColumn, relative: number): ColumnTolerance {
  const values = column.values.filter((value, i) => column.valid[i] !== 0 && Number.isFinite(value));
  if (values.length === 0) return { kind: "absolute", value: 0 };
  values.sort();
  const low = values.at(0) ?? Number.NaN;
  const high = values.at(-1) ?? Number.NaN;
  const isWide = low > 0 && quantileSorted(values, 0.95) >= WIDE * quantileSorted(values, 0.05);
  if (isWide && !column.values.includes(Number.POSITIVE_INFINITY)) {
    return { kind: "relative", value: relative * Math.log(high / low) };
  }
  const range = high - low;
  const byResolution = relative === 0 ? 0 : Math.min(resolutionOf(values) / 2, WIDEST_BY_RESOLUTION * range);
  return { kind: "absolute", value: Math.max(relative * range, byResolution) };
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

/**
 * Logarithm of the atomic fraction of each element that occurs (0 where a formula lacks it), and a code for the set of
 * elements; texts that are no formula have codes of their own.
 */
function elementFractions(
  texts: readonly (string | undefined)[],
  kind: CompositionKind,
): {
  readonly logFractions: readonly Float64Array[];
  readonly elements: Int32Array;
} {
  const parsed = new Map<string, { readonly code: number; readonly composition: Composition | undefined }>();
  const codes = new Map<string, number>();
  const byElement = new Map<string, Float64Array>();
  const elements = Int32Array.from(texts, (text, i) => {
    if (text === undefined) return -1;
    let known = parsed.get(text);
    if (known === undefined) {
      const formula = tryCompositionOfText(text, kind);
      const composition = formula === undefined ? undefined : atomicFractions(formula);
      const set = composition === undefined ? `text ${text}` : [...composition.keys()].sort().join(" ");
      const code = codes.get(set) ?? codes.size;
      codes.set(set, code);
      known = { code, composition };
      parsed.set(text, known);
    }
    for (const [element, fraction] of known.composition ?? []) {
      const column = byElement.get(element) ?? new Float64Array(texts.length);
      byElement.set(element, column);
      column[i] = Math.log(fraction);
    }
    return known.code;
  });
  return { logFractions: [...byElement.values()], elements };
}
