import { createMatrix, DomainError, type Matrix, ShapeError } from "@materiome/core";
import type { ModelTerm } from "./modelTerms.ts";

/** One factor of a design in coded units. */
export interface DesignFactor {
  /**
   * `number`: −1 … 1. `category`: `levels` unordered levels, coded −1, …, 1 evenly; in a model it takes levels − 1 columns of
   * effects (−1 at the last level).
   */
  readonly kind: "number" | "category";
  /** Of a category how many; of a number the coded values it may take, where it may not take all. */
  readonly levels?: number | readonly number[] | undefined;
  /** Reset only between whole plots. @defaultValue false */
  readonly isHardToChange?: boolean | undefined;
}

/** Number of levels of a category; 0 for a number. */
export function categoryLevels(factor: DesignFactor): number {
  if (factor.kind === "number") return 0;
  if (!(typeof factor.levels === "number" && Number.isInteger(factor.levels) && factor.levels >= 2)) {
    throw new DomainError(`design: a category factor needs a number of levels of at least 2, got ${factor.levels}`);
  }
  return factor.levels;
}

/**
 * Columns of a model at one run: the product of powers of each term; a term with a category factor has a column for each of its effects.
 */
export function createRowModel(
  factors: readonly DesignFactor[],
  terms: readonly ModelTerm[],
): { readonly columns: number; write(row: ArrayLike<number>, out: Float64Array, at: number): void } {
  interface Part {
    readonly powers: readonly (readonly [factor: number, power: number])[];
    readonly effects: readonly (readonly [factor: number, level: number, levels: number])[];
  }
  const parts = terms.flatMap((term): Part[] => {
    if (term.length !== factors.length || !term.every((power) => Number.isInteger(power) && power >= 0)) {
      throw new ShapeError(`design: a term needs one whole power for each of ${factors.length} factors, got ${term}`);
    }
    let combinations: Part[] = [{ powers: [], effects: [] }];
    term.forEach((power, j) => {
      if (power === 0) return;
      const levels = categoryLevels(factors[j] as DesignFactor); // as many as factors
      if (levels === 0) {
        combinations = combinations.map((part) => ({ ...part, powers: [...part.powers, [j, power] as const] }));
        return;
      }
      if (power > 1) throw new DomainError(`design: a category (factor ${j}) has no square; leave out term ${term}`);
      combinations = combinations.flatMap((part) =>
        Array.from({ length: levels - 1 }, (_, level) => ({
          ...part,
          effects: [...part.effects, [j, level, levels] as const],
        })),
      );
    });
    return combinations;
  });
  return {
    columns: parts.length,
    write(row, out, at) {
      parts.forEach(({ powers, effects }, column) => {
        let value = 1;
        for (const [j, power] of powers) value *= (row[j] as number) ** power; // j < factors
        for (const [j, level, levels] of effects) {
          const found = Math.round((((row[j] as number) + 1) / 2) * (levels - 1));
          value *= found === level ? 1 : found === levels - 1 ? -1 : 0;
        }
        out[at + column] = value;
      });
    },
  };
}

/**
 * The model matrix X of a design: one row a run, one column a term (levels − 1 where a category is in it).
 *
 * @param runs [n, k] in coded units
 * @param factors @defaultValue k numbers
 * @throws ShapeError if terms or factors do not fit the runs
 * @throws DomainError for powers of a category
 * @example
 * modelMatrix(fullFactorial([2, 2]).runs, modelTerms(2, "interactions")).columns; // 4
 */
export function modelMatrix(runs: Matrix, terms: readonly ModelTerm[], factors?: readonly DesignFactor[]): Matrix {
  const given = factors ?? Array.from({ length: runs.columns }, () => ({ kind: "number" }) as const);
  if (given.length !== runs.columns) {
    throw new ShapeError(`modelMatrix: ${given.length} factors for runs of ${runs.columns} columns`);
  }
  const model = createRowModel(given, terms);
  const out = createMatrix(runs.rows, model.columns);
  for (let i = 0; i < runs.rows; i++) {
    model.write(runs.data.subarray(i * runs.columns, (i + 1) * runs.columns), out.data, i * model.columns);
  }
  return out;
}
