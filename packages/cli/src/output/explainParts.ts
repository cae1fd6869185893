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
