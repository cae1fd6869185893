import { DataError, isMateriomeError } from "../errors/errors.ts";
import { type ExpressionOptions, expression } from "../expressions/expression.ts";
import type { Table } from "../table/table.ts";
import { ExpressionEncoder, type ExpressionFeature, inputsTable } from "./expressionEncoder.ts";
import type { FitContext } from "./featurizer.ts";
import { learnInput } from "./learnInput.ts";
import type { TableEncoder } from "./tableEncoder.ts";
import type { TableFeaturizer } from "./tableFeaturizer.ts";

/** Expressions by the name of the feature they give; with options where the text alone is not enough. */
export interface NamedExpressions {
  readonly [feature: string]: string | (ExpressionOptions & { readonly expression: string });
}

/**
 * Features that are expressions of columns, with units checked and carried: see `expression`. A condition gives 1 or 0.
 *
 * @throws DataError for no expressions; errors of `expression` from `fit`, naming the feature
 * @example
 * expressionFeaturizer({ "energy density": { expression: "P / (v * h * t)", unit: "J/mm3" }, isHot: 'T > quantity(900, "K")' });
 */
export function expressionFeaturizer(expressions: NamedExpressions): TableFeaturizer {
  const entries = Object.entries(expressions).map(([name, given]): ExpressionFeature => {
    const { expression: text, unit, outside } = typeof given === "string" ? { expression: given } : given;
    return { name, text, unit, outside: outside ?? "error" };
  });
  if (entries.length === 0) throw new DataError("expressionFeaturizer: no expression is given");
  return {
    citations: [],
    precheck: (table: Table) =>
      entries.flatMap(({ name, text, unit }) => {
        try {
          expression(text, table, { unit });
          return [];
        } catch (error) {
          if (isMateriomeError(error)) return [`"${name}": ${error.message}`];
          throw error;
        }
      }),
    fit: async (table: Table, _context: FitContext): Promise<TableEncoder> => {
      const used = new Set(
        entries.flatMap(({ text, unit }) => expression(text, table, { unit }).columns.map((column) => column.name)),
      );
      const inputs = table.columns.filter(({ name }) => used.has(name)).map((column) => learnInput(table, column));
      return new ExpressionEncoder(entries, inputs, inputsTable(inputs));
    },
  };
}
