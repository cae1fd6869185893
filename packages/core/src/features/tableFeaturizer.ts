import { DataError } from "../errors/errors.ts";
import type { Column } from "../table/column.ts";
import { columnTexts, countPresent } from "../table/columnTexts.ts";
import { inputColumnsFor } from "../table/inputColumns.ts";
import { resolveColumn } from "../table/resolveColumn.ts";
import type { Table } from "../table/table.ts";
import type { CategoryEncoding, EncodedInput, TableEncoderOptions } from "./encodedInput.ts";
import type { Featurizer, FitContext } from "./featurizer.ts";
import { alloyFeaturizers, formulaFeaturizers } from "./formulaFeaturizer.ts";
import { impossibleAmounts } from "./impossibleAmounts.ts";
import { learnInput } from "./learnInput.ts";
import { createTableEncoder, type TableEncoder } from "./tableEncoder.ts";

export interface TableFeaturizerOptions extends Partial<TableEncoderOptions> {
  /** Input columns by name or header. @defaultValue all that `inputColumnsFor` finds, given `targets` */
  readonly inputs?: readonly string[] | undefined;
  /** Columns that must not be inputs, by name or header. @defaultValue none */
  readonly targets?: readonly string[] | undefined;
  /** How categories become numbers, by column name or header. @defaultValue one-hot for every category */
  readonly encodings?: { readonly [column: string]: CategoryEncoding } | undefined;
}

/** Featurizer of table rows; the encoder it fits says which columns it needs. */
export interface TableFeaturizer extends Featurizer<Table> {
  fit(rows: Table, context: FitContext): Promise<TableEncoder>;
}

/**
 * Features from the columns of a table, by kind:
 *
 * - number columns pass through in their own unit, NaN where missing;
 * - category columns become one 0/1 feature per label met while fitting, named `column = label` (or what `encodings` says);
 *   a missing category is NaN in all of them; a label not met while fitting: see `unknownCategory`;
 * - formula columns become atomic fractions of the elements met while fitting, plus the fraction of all others (0 in
 *   every fitted row, so a domain check sees an element that is new), and the 132 Magpie statistics, or what `features` says;
 * - with `elementColumns`, columns of element amounts also give the composition features of the alloy they describe.
 *
 * What is learned (labels, elements) comes from the rows given to `fit` only. Rows to encode may have their columns in
 * any order and in any unit that converts.
 *
 * @throws DataError from `fit`, listing what `precheck` lists: inputs without values, inputs of free text
 * @example
 * const encoder = await tableFeaturizer({ targets: ["Hardness"] }).fit(table, { random: createRandom(1) });
 * encoder.encode(table).features.map((feature) => feature.name);
 */
export function tableFeaturizer(options: TableFeaturizerOptions = {}): TableFeaturizer {
  const encoding: TableEncoderOptions = {
    features: options.features ?? ["fractions", "magpie"],
    magpieImpute: options.magpieImpute ?? "none",
    unknownCategory: options.unknownCategory ?? "error",
    elementColumns: options.elementColumns,
  };
  const precheck = (table: Table): string[] => {
    const inputs = inputsOf(table, options);
    return [...inputs.flatMap(problemsOf), ...impossibleAmounts(table, inputs)];
  };
  return {
    citations: [
      ...new Set(
        [...formulaFeaturizers(encoding.features, encoding.magpieImpute), ...alloyFeaturizers(encoding)].flatMap(
          (featurizer) => featurizer.citations,
        ),
      ),
    ],
    precheck,
    fit: async (table: Table): Promise<TableEncoder> => {
      const problems = precheck(table);
      const inputs = inputsOf(table, options);
      if (inputs.length === 0)
        problems.push("no column can be an input; give columns a role in the schema, or name inputs");
      if (problems.length > 0) {
        throw new DataError(`tableFeaturizer: ${problems.join("; ")}`, { location: { file: table.source } });
      }
      const stated = new Map(
        Object.entries(options.encodings ?? {}).map(([name, how]) => [resolveColumn(table, name).name, how] as const),
      );
      const encoder = createTableEncoder(
        inputs.map((column) => learn(table, column, stated.get(column.name))),
        encoding,
      );
      const names = new Set<string>();
      for (const { name, source } of encoder.outputs) {
        if (names.has(name)) {
          throw new DataError(
            `tableFeaturizer: two features are named "${name}" (the second from ${source.join(", ")}); rename the column, or leave out one of the two`,
            { location: { file: table.source } },
          );
        }
        names.add(name);
      }
      return encoder;
    },
  };
}

function inputsOf(table: Table, options: TableFeaturizerOptions): readonly Column[] {
  const targets = options.targets ?? [];
  if (options.inputs === undefined) return inputColumnsFor(table, targets);
  const aimed = new Set(targets.map((name) => resolveColumn(table, name).name));
  const inputs = options.inputs.map((name) => resolveColumn(table, name));
  const both = inputs.find((column) => aimed.has(column.name));
  if (both !== undefined) {
    throw new DataError(`tableFeaturizer: "${both.name}" is both an input and a target`, {
      location: { file: table.source, column: both.name },
    });
  }
  return inputs;
}

function problemsOf(column: Column): string[] {
  if (column.kind === "text")
    return [`"${column.name}" is free text; declare it a category or a formula, or leave it out`];
  if (countPresent(column) === 0) return [`"${column.name}" has no values; leave it out`];
  return [];
}

/** What is learned of a column under the encoding asked for. */
function learn(table: Table, column: Column, encoding: CategoryEncoding | undefined): EncodedInput {
  const input = learnInput(table, column);
  if (encoding === undefined || encoding === "one-hot") return input;
  const location = { file: table.source, column: column.name };
  if (input.kind !== "category") {
    throw new DataError(`tableFeaturizer: an encoding is stated for a column of ${input.kind}s`, { location });
  }
  const texts = columnTexts(column).filter((text) => text !== undefined);
  if (encoding === "frequency") {
    const count = (label: string): number => texts.filter((text) => text === label).length;
    return { ...input, encoding, frequencies: input.labels.map((label) => count(label) / texts.length) };
  }
  const unplaced = input.labels.filter((label) => !encoding.includes(label));
  if (unplaced.length > 0 || new Set(encoding).size !== encoding.length) {
    const what =
      unplaced.length > 0
        ? `the stated order has no place for ${unplaced.map((label) => `"${label}"`).join(", ")}`
        : "the stated order names a label twice";
    throw new DataError(`tableFeaturizer: ${what}; it is ${encoding.map((label) => `"${label}"`).join(" < ")}`, {
      location,
    });
  }
  return { ...input, labels: [...encoding], encoding: "ordinal" };
}
