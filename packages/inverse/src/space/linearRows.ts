import { convertUnit, DataError } from "@materiome/core";
import type { LinearConstraint, OrderConstraint, RatioConstraint } from "./constraint.ts";
import { shortNumber, withUnit } from "./numberText.ts";
import type { SearchSpace, SumConstraint } from "./searchSpace.ts";
import { isNumeric } from "./variable.ts";

/** min ≤ Σ (coefficients_j x_j + shifts_j) + constant ≤ max over the active variables of a space. */
export interface LinearRow {
  /** By variable, 0 where it plays no part. */
  readonly coefficients: Float64Array;
  /** From units with another zero; counted where the variable is active. */
  readonly shifts: Float64Array;
  /** From fixed inputs and plain numbers. */
  readonly constant: number;
  readonly min: number;
  readonly max: number;
  /** By how much the limits may be missed. */
  readonly tolerance: number;
  /** The limits themselves are not allowed. */
  readonly isStrict: boolean;
  /** Does not apply unless all its variables are active; otherwise inactive ones count as 0. */
  readonly needsAll: boolean;
  /** Amounts that add up; the sampler meets `min` = `max` exactly on the grid. */
  readonly isSum: boolean;
  /** Variables and fixed inputs that it is about. */
  readonly names: readonly string[];
  /** What is limited, such as "Cr + 2 Ni". */
  readonly left: string;
  readonly unit: string;
  /** The whole constraint, for messages. */
  readonly text: string;
}

/**
 * The sums and the linear, order and ratio constraints of a space as rows. Fixed inputs are put in.
 *
 * @throws DataError for a name that is no numeric input
 */
export function linearRows(space: SearchSpace): readonly LinearRow[] {
  return [
    ...space.sums.map((sum) => sumRow(space, sum)),
    ...(space.constraints ?? []).flatMap((constraint) => {
      if (constraint.kind === "linear") return [linearRow(space, constraint)];
      if (constraint.kind === "order") return [orderRow(space, constraint)];
      return constraint.kind === "ratio" ? ratioRows(space, constraint) : [];
    }),
  ];
}

/** Value of a row at a point; undefined where it does not apply, NaN where a value is missing that should be there. */
export function rowValue(row: LinearRow, point: Float64Array): number | undefined {
  let sum = row.constant;
  for (let j = 0; j < point.length; j++) {
    const c = row.coefficients[j] as number; // both have one entry per variable
    if (c === 0) continue;
    const x = point[j] as number;
    if (!Number.isNaN(x)) sum += c * x + (row.shifts[j] as number);
    else if (row.needsAll) return undefined;
  }
  return sum;
}

interface Term {
  readonly name: string;
  readonly coefficient: number;
  readonly unit?: string | undefined;
}

/** Puts terms into one row of coefficients, units converted. */
function collect(
  space: SearchSpace,
  terms: readonly Term[],
  at: string,
): Pick<LinearRow, "coefficients" | "shifts" | "constant" | "names"> {
  const coefficients = new Float64Array(space.variables.length);
  const shifts = new Float64Array(space.variables.length);
  let constant = 0;
  for (const { name, coefficient, unit } of terms) {
    const j = space.variables.findIndex((variable) => variable.name === name);
    const variable = space.variables[j];
    const input = variable ?? space.fixed.find((fixed) => fixed.name === name);
    if (input === undefined) throw new DataError(`search space: ${at} names "${name}", which is no input`);
    const { shift, slope } = conversion(input.unit, unit ?? input.unit);
    if (variable !== undefined) {
      if (!isNumeric(variable))
        throw new DataError(`search space: ${at} needs numbers, "${name}" is a choice of texts`);
      coefficients[j] = (coefficients[j] ?? 0) + coefficient * slope;
      shifts[j] = (shifts[j] ?? 0) + coefficient * shift;
    } else {
      const value = "value" in input ? input.value : undefined;
      if (typeof value !== "number") throw new DataError(`search space: ${at} needs numbers, "${name}" is a text`);
      constant += coefficient * (value * slope + shift);
    }
  }
  return { coefficients, shifts, constant, names: terms.map(({ name }) => name) };
}

function conversion(from: string, to: string): { readonly shift: number; readonly slope: number } {
  const shift = convertUnit(0, from, to);
  return { shift, slope: from === to ? 1 : convertUnit(1, from, to) - shift };
}

function sumRow(space: SearchSpace, sum: SumConstraint): LinearRow {
  const left = sum.columns.join(" + ");
  const unit = unitOf(space, sum.columns[0]);
  const parts = collect(
    space,
    sum.columns.map((name) => ({ name, coefficient: 1 })),
    "a sum",
  );
  const tolerance = sum.tolerance * (1 + 1e-9);
  const text = `${left} = ${withUnit(sum.total, unit)}`;
  const { total } = sum;
  return {
    ...parts,
    min: total,
    max: total,
    tolerance,
    isStrict: false,
    needsAll: false,
    isSum: true,
    left,
    unit,
    text,
  };
}

function linearRow(space: SearchSpace, constraint: LinearConstraint): LinearRow {
  const { terms, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, unit = "" } = constraint;
  const left = terms.map(termText).join(" ");
  const limits = limitsText(left, constraint.min, constraint.max, unit);
  const parts = collect(space, terms, constraint.label ?? limits);
  const size = Math.max(...[min, max].filter(Number.isFinite).map(Math.abs));
  const tolerance = 1e-9 * (size + scaleOf(space, parts.coefficients));
  const text = constraint.label === undefined ? limits : `${constraint.label} (${limits})`;
  return { ...parts, min, max, tolerance, isStrict: false, needsAll: false, isSum: false, left, unit, text };
}

function orderRow(space: SearchSpace, constraint: OrderConstraint): LinearRow {
  const { below, above, gap = 0, orEqual = false } = constraint;
  const unit = unitOf(space, typeof above === "string" ? above : typeof below === "string" ? below : undefined);
  const terms = [above, below].flatMap((side, i) =>
    typeof side === "string" ? [{ name: side, coefficient: i === 0 ? 1 : -1, unit }] : [],
  );
  const formula = `${below}${gap === 0 ? "" : ` + ${gap}`} ${orEqual ? "<=" : "<"} ${above}`;
  const parts = collect(space, terms, constraint.label ?? formula);
  const constant = parts.constant + (typeof above === "number" ? above : 0) - (typeof below === "number" ? below : 0);
  return {
    ...parts,
    constant,
    min: gap,
    max: Number.POSITIVE_INFINITY,
    tolerance: orEqual ? 1e-9 * (Math.abs(gap) + scaleOf(space, parts.coefficients)) : 0,
    isStrict: !orEqual,
    needsAll: true,
    isSum: false,
    left: `${above} - ${below}`,
    unit,
    text: constraint.label === undefined ? formula : `${constraint.label} (${formula})`,
  };
}

function ratioRows(space: SearchSpace, constraint: RatioConstraint): readonly LinearRow[] {
  const { numerator, denominator } = constraint;
  const formula = limitsText(`${numerator} / ${denominator}`, constraint.min, constraint.max, "");
  const text = constraint.label === undefined ? formula : `${constraint.label} (${formula})`;
  const unit = unitOf(space, denominator);
  return [constraint.min, constraint.max].flatMap((limit, i) => {
    if (limit === undefined) return [];
    // min: numerator − limit · denominator ≥ 0; max: limit · denominator − numerator ≥ 0.
    const sign = i === 0 ? 1 : -1;
    const terms = [
      { name: numerator, coefficient: sign, unit },
      { name: denominator, coefficient: -sign * limit, unit },
    ];
    const parts = collect(space, terms, text);
    const share = limit === 1 ? denominator : `${shortNumber(limit)} ${denominator}`;
    const left = i === 0 ? `${numerator} - ${share}` : `${share} - ${numerator}`;
    const tolerance = 1e-9 * scaleOf(space, parts.coefficients);
    const max = Number.POSITIVE_INFINITY;
    return [{ ...parts, min: 0, max, tolerance, isStrict: false, needsAll: true, isSum: false, left, unit, text }];
  });
}

/** How large the terms of a row can be: rounding errors are a share of it. */
function scaleOf(space: SearchSpace, coefficients: Float64Array): number {
  return space.variables.reduce((sum, variable, j) => {
    const c = coefficients[j] ?? 0;
    if (c === 0 || !isNumeric(variable)) return sum;
    const ends = variable.kind === "ordinal" ? variable.values : [variable.min, variable.max];
    return sum + Math.abs(c) * Math.max(...ends.map(Math.abs));
  }, 0);
}

function unitOf(space: SearchSpace, name: string | undefined): string {
  return [...space.variables, ...space.fixed].find((input) => input.name === name)?.unit ?? "";
}

function termText({ name, coefficient, unit }: Term, i: number): string {
  const size = Math.abs(coefficient);
  const sign = coefficient < 0 ? (i === 0 ? "-" : "- ") : i === 0 ? "" : "+ ";
  return `${sign}${size === 1 ? "" : `${shortNumber(size)} `}${name}${unit === undefined ? "" : ` [${unit}]`}`;
}

function limitsText(left: string, min: number | undefined, max: number | undefined, unit: string): string {
  if (min !== undefined && min === max) return `${left} = ${withUnit(min, unit)}`;
  if (min !== undefined && max === undefined) return `${left} >= ${withUnit(min, unit)}`;
  const upper = max === undefined ? "" : ` <= ${withUnit(max, unit)}`;
  return min === undefined ? `${left}${upper}` : `${withUnit(min, unit)} <= ${left}${upper}`;
}
