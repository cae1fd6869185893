import type { Domain } from "@materiome/core";
import type { ElementAmounts, Explanation } from "@materiome/forward";

export type ByColumn = Readonly<Record<string, number>>;

/** What `explain.json` says of every row, of numbers or of classes. */
export interface RowParts {
  readonly inDomain: boolean | null;
  readonly domainReason: string | null;
  readonly settings: Readonly<Record<string, number | string | null>>;
}

export interface InteractionPart {
  readonly columns: readonly string[];
  readonly size: number;
  readonly h: number | null;
}

/** A column in `explain.json` with the features computed from it, falling by how much what is predicted moves with each alone. */
export interface PartsOfColumn {
  readonly features?: readonly { readonly name: string; readonly unit: string; readonly meanAbsoluteChange: number }[];
}

/** Nothing for a column that no features are computed from. */
export function partsOf(parts: Explanation["parts"], column: string): PartsOfColumn {
  const found = parts.find(({ input }) => input === column)?.parts;
  if (found === undefined) return {};
  return { features: found.map(({ feature: name, unit, meanAbsoluteChange }) => ({ name, unit, meanAbsoluteChange })) };
}

/** What stands beside the effect of an element, of numbers and of classes. Amounts in at%; null without any training row. */
export interface ElementPart {
  readonly element: string;
  readonly medianAmount: number | null;
  /** Of the training rows; effects outside it are extrapolated. */
  readonly trainingRange: { readonly min: number | null; readonly max: number | null };
  /** Training rows that hold any of it. */
  readonly trainingRowsWithIt: number;
}

export function elementPart({ element, reference, training }: ElementAmounts): ElementPart {
  const { min, max } = rangeOf(training);
  return {
    element,
    medianAmount: orNull(reference),
    trainingRange: { min: orNull(min), max: orNull(max) },
    trainingRowsWithIt: training.filter((amount) => amount > 0).length,
  };
}

/** Least and largest of some numbers; NaN for none. */
export function rangeOf(values: Float64Array): { readonly min: number; readonly max: number } {
  const sorted = values.slice().sort();
  return { min: sorted[0] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN };
}

/** By column of formulas or grades and by element. */
export type RowElements<C> = Readonly<Record<string, Readonly<Record<string, C & { readonly amount: number }>>>>;

/** Nothing for a model without formulas; rows without a formula have no elements. */
export function rowElements<E extends ElementAmounts, C>(
  columns: readonly { readonly input: string; readonly elements: readonly E[] }[],
  i: number,
  changeOf: (effect: E) => C | undefined,
): { readonly elements?: RowElements<C> } {
  if (columns.length === 0) return {};
  const of = (all: readonly E[]): RowElements<C>[string] =>
    Object.fromEntries(
      all.flatMap((effect) => {
        const change = changeOf(effect);
        return change === undefined ? [] : [[effect.element, { amount: effect.amounts[i] ?? Number.NaN, ...change }]];
      }),
    );
  return { elements: Object.fromEntries(columns.map(({ input, elements }) => [input, of(elements)])) };
}

type Inputs = Explanation["inputs"];

export function rowParts(inputs: Inputs, domain: Domain | undefined, i: number): RowParts {
  return {
    inDomain: domain === undefined ? null : domain.inDomain[i] === 1,
    domainReason: domain?.reason(i) ?? null,
    settings: Object.fromEntries(inputs.map((input) => [input.name, input.texts?.[i] ?? orNull(input.values?.[i])])),
  };
}

export function interactionParts(interactions: Explanation["interactions"]): InteractionPart[] {
  return interactions.map(({ inputs: columns, size, h }) => ({ columns, size, h: orNull(h) }));
}

/** Row `row` of a matrix of a value for each input. */
export function byColumn(inputs: Inputs, data: Float64Array | undefined, row: number): ByColumn {
  return Object.fromEntries(inputs.map(({ name }, c) => [name, data?.[row * inputs.length + c] ?? Number.NaN]));
}

export function orNull(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}
