import type { PlainFunction } from "./functions.ts";

/** A part of an expression whose units were checked. */
export interface Part {
  readonly kind: "number" | "condition";
  /** "" for a plain number. */
  readonly unit: string;
  /** Value at a row; of a condition 1, 0, or NaN where a value that decides is missing. */
  readonly at: (row: number) => number;
  /** Derivative by variable k at a row. */
  readonly by: (row: number, k: number) => number;
  /** Set where the value is the same in every row. */
  readonly constant?: number | undefined;
}

const zero = (): number => 0;

/** What every condition has in common. */
export const CONDITION: Omit<Part, "at"> = { kind: "condition", unit: "", by: zero };

/** A number that is the same in every row. */
export function constantPart(value: number, unit: string): Part {
  return { kind: "number", unit, at: () => value, by: zero, constant: value };
}

/** Marks a part of constants, to be folded. */
export function constants(parts: readonly Part[]): { readonly constant?: number } {
  return parts.every((part) => part.constant !== undefined) ? { constant: 0 } : {};
}

/** Computes a part of constants once. */
export function folded(part: Part): Part {
  return part.constant === undefined ? part : constantPart(part.at(0), part.unit);
}

/** A part times a factor. */
export function scaled(part: Part, factor: number, unit: string = part.unit): Part {
  if (factor === 1) return { ...part, unit };
  return folded({
    ...part,
    unit,
    at: (row) => part.at(row) * factor,
    by: (row, k) => part.by(row, k) * factor,
  });
}

/** A function of a part, with the chain rule. */
export function apply(part: Part, { of, slope }: PlainFunction, unit: string): Part {
  return folded({
    ...part,
    unit,
    at: (row) => of(part.at(row)),
    by: (row, k) => {
      const inner = part.by(row, k);
      return inner === 0 ? 0 : slope(part.at(row)) * inner;
    },
  });
}
