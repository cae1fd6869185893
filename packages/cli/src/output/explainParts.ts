import type { Domain } from "@materiome/core";
import type { Explanation } from "@materiome/forward";

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
