import { atomicFractions } from "../composition/composition.ts";
import { magpieFeatureNames, magpieFeatures, magpieFeatureUnits } from "../composition/magpie.ts";
import type { Composition } from "../composition/parseFormula.ts";
import { DataError, IncompatibleError, UnitError } from "../errors/errors.ts";
import type { Serialized } from "../learner/portable.ts";
import type { Feature, FeatureMatrix } from "../matrix/matrix.ts";
import type { Column, ColumnInfo } from "../table/column.ts";
import { columnTexts, numberText } from "../table/columnTexts.ts";
import { compositionsOf } from "../table/compositionsOf.ts";
import { resolveColumn } from "../table/resolveColumn.ts";
import type { Table } from "../table/table.ts";
import { nearestNames } from "../text/nearestNames.ts";
import { convertUnit, isConvertible } from "../units/convertUnit.ts";
import type { Encoder, EncoderReader } from "./featurizer.ts";
import { readTableEncoderState } from "./tableEncoderState.ts";

/** What a formula column is turned into: atomic fractions of the elements, Magpie statistics of element properties. */
export type FormulaFeatures = "fractions" | "magpie";

export interface TableEncoderOptions {
  /** Features of formula columns. @defaultValue both */
  readonly features: readonly FormulaFeatures[];
  /** Element without a value of some property: NaN, or the mean over all elements. @defaultValue "none": NaN */
  readonly magpieImpute: "none" | "mean";
  /**
   * A label that was not met while fitting: refuse (`error`), treat as missing (`missing`: NaN in all features of the
   * column), or as none of the known labels (`other`: 0 in all). @defaultValue "error"
   */
  readonly unknownCategory: "error" | "missing" | "other";
}

/** One input column as it was fitted. */
export type EncodedInput = Omit<ColumnInfo, "roleFrom" | "describes"> &
  (
    | { readonly kind: "number" }
    | { readonly kind: "category"; readonly labels: readonly string[] }
    | { readonly kind: "formula"; readonly elements: readonly string[] }
  );

/** Fitted encoder of table rows; `inputs` says which columns it needs. */
export interface TableEncoder extends Encoder<Table> {
  readonly inputs: readonly EncodedInput[];
}

export const TABLE_ENCODER_TYPE = "core/table-encoder";
const VERSION = 1;

/** Reads a stored table encoder; the module of `TableEncoder.module`. */
export const reader: EncoderReader<Table> = {
  types: [TABLE_ENCODER_TYPE],
  read: async (data: unknown) => readTableEncoder(data),
};

/**
 * A table encoder from what its `toJSON` wrote.
 *
 * @throws FormatError if the data are damaged; IncompatibleError if they are of another version
 * @example
 * const again = readTableEncoder(JSON.parse(JSON.stringify(encoder)));
 */
export function readTableEncoder(data: unknown): TableEncoder {
  const { inputs, options } = readTableEncoderState(data, TABLE_ENCODER_TYPE, VERSION);
  return createTableEncoder(inputs, options);
}

/** Builds the encoder from what was learned; `tableFeaturizer(...).fit` is the usual way to one. */
export function createTableEncoder(inputs: readonly EncodedInput[], options: TableEncoderOptions): TableEncoder {
  return new FittedTableEncoder(inputs, options);
}

class FittedTableEncoder implements TableEncoder {
  readonly module: string = import.meta.url;
  readonly inputs: readonly EncodedInput[];
  readonly outputs: readonly Feature[];
  readonly #options: TableEncoderOptions;

  constructor(inputs: readonly EncodedInput[], options: TableEncoderOptions) {
    this.inputs = inputs;
    this.#options = options;
    const nFormulas = inputs.filter((input) => input.kind === "formula").length;
    this.outputs = inputs.flatMap((input) => outputsOf(input, options, nFormulas > 1));
  }

  encode(table: Table): FeatureMatrix {
    const columns = this.#findColumns(table);
    const width = this.outputs.length;
    const data = new Float64Array(table.nRows * width);
    let offset = 0;
    for (const [k, input] of this.inputs.entries()) {
      const column = columns[k] as Column; // one per input
      const block: Block = { data, width, offset };
      switch (input.kind) {
        case "number":
          offset += encodeNumbers(table, column, input.unit, block);
          break;
        case "category":
          offset += encodeCategories(table, column, input.labels, this.#options.unknownCategory, block);
          break;
        case "formula":
          offset += encodeFormulas(table, column, input.elements, this.#options, block);
          break;
      }
    }
    return { data, rows: table.nRows, columns: width, features: this.outputs };
  }

  toJSON(): Serialized {
    const { features, magpieImpute, unknownCategory } = this.#options;
    return {
      type: TABLE_ENCODER_TYPE,
      version: VERSION,
      params: { features: [...features], magpieImpute, unknownCategory },
      state: {
        inputs: this.inputs.map((input) => ({
          name: input.name,
          role: input.role,
          unit: input.unit,
          kind: input.kind,
          ...(input.header === undefined ? {} : { header: input.header }),
          ...(input.kind === "category" ? { labels: [...input.labels] } : {}),
          ...(input.kind === "formula" ? { elements: [...input.elements] } : {}),
        })),
      },
    };
  }

  #findColumns(table: Table): Column[] {
    const columns: Column[] = [];
    const missing: string[] = [];
    for (const { name } of this.inputs) {
      const column = findColumn(table, name);
      if (column !== undefined) {
        columns.push(column);
        continue;
      }
      const near = nearestNames(name, table.names, 1)[0];
      missing.push(near === undefined ? `"${name}"` : `"${name}" (there is "${near}")`);
    }
    if (missing.length > 0) {
      const what = missing.length === 1 ? "the input column" : `${missing.length} input columns`;
      throw new IncompatibleError(`the table lacks ${what} ${missing.join(", ")}`, {
        location: { file: table.source },
      });
    }
    return columns;
  }
}

/** Where one input writes: features `offset` … of every row of `width` features. */
interface Block {
  readonly data: Float64Array;
  readonly width: number;
  readonly offset: number;
}

function outputsOf(input: EncodedInput, options: TableEncoderOptions, prefixed: boolean): Feature[] {
  const { name, unit } = input;
  const source = [name];
  if (input.kind === "number") return [{ name, unit, source }];
  if (input.kind === "category") return input.labels.map((label) => ({ name: `${name} = ${label}`, unit: "", source }));
  const prefix = prefixed ? `${name}: ` : "";
  const outputs: Feature[] = [];
  if (options.features.includes("fractions")) {
    for (const element of [...input.elements, OTHER]) {
      outputs.push({ name: `${prefix}${element} fraction`, unit: "atomic fraction", source });
    }
  }
  if (options.features.includes("magpie")) {
    const units = magpieFeatureUnits();
    for (const [k, statistic] of magpieFeatureNames().entries()) {
      outputs.push({ name: prefix + statistic, unit: units[k] ?? "", source });
    }
  }
  return outputs;
}

const OTHER = "other elements";

function findColumn(table: Table, name: string): Column | undefined {
  try {
    return resolveColumn(table, name);
  } catch (error) {
    if (error instanceof DataError) return undefined;
    throw error;
  }
}

function encodeNumbers(table: Table, column: Column, unit: string, { data, width, offset }: Block): number {
  const location = { file: table.source, column: column.name };
  if (column.kind !== "number") {
    const i = columnTexts(column).findIndex((text) => text !== undefined);
    if (i < 0) {
      for (let row = 0; row < table.nRows; row++) data[row * width + offset] = Number.NaN;
      return 1;
    }
    throw new IncompatibleError(`numbers are expected, found "${columnTexts(column)[i]}"`, {
      location: { ...location, row: table.rowNumber(i) },
    });
  }
  if (!isConvertible(column.unit, unit)) {
    const has = column.unit === "" ? "has no unit" : `is in ${column.unit}`;
    throw new UnitError(
      `the column ${has}, but was fitted ${unit === "" ? "without a unit" : `in ${unit}`}; state the unit in the header or the schema`,
      { location },
    );
  }
  const values = convertUnit(column.values, column.unit, unit);
  for (const [row, value] of values.entries()) {
    data[row * width + offset] = column.valid[row] === 0 ? Number.NaN : value;
  }
  return 1;
}

function encodeCategories(
  table: Table,
  column: Column,
  labels: readonly string[],
  unknown: TableEncoderOptions["unknownCategory"],
  { data, width, offset }: Block,
): number {
  const index = new Map(labels.map((label, k) => [label, k]));
  for (const [row, text] of columnTexts(column).entries()) {
    const start = row * width + offset;
    const k = text === undefined ? undefined : index.get(text);
    if (k !== undefined) {
      data[start + k] = 1;
    } else if (text === undefined || unknown === "missing") {
      data.fill(Number.NaN, start, start + labels.length);
    } else if (unknown === "error") {
      const near = nearestNames(text, labels, 1)[0];
      const hint = near === undefined ? `known are ${shortList(labels)}` : `did you mean "${near}"?`;
      throw new DataError(`the label "${text}" was not among the rows that the model was fitted to; ${hint}`, {
        location: { file: table.source, row: table.rowNumber(row), column: column.name },
      });
    }
  }
  return labels.length;
}

function encodeFormulas(
  table: Table,
  column: Column,
  elements: readonly string[],
  options: TableEncoderOptions,
  { data, width, offset }: Block,
): number {
  const index = new Map(elements.map((element, k) => [element, k]));
  const nFractions = options.features.includes("fractions") ? elements.length + 1 : 0;
  const nMagpie = options.features.includes("magpie") ? magpieFeatureNames().length : 0;
  const done = new Map<Composition, Float64Array>();
  for (const [row, composition] of compositionsOf(table, column).entries()) {
    const start = row * width + offset;
    if (composition === undefined) {
      data.fill(Number.NaN, start, start + nFractions + nMagpie);
      continue;
    }
    let values = done.get(composition);
    if (values === undefined) {
      values = new Float64Array(nFractions + nMagpie);
      if (nFractions > 0) {
        for (const [element, fraction] of atomicFractions(composition)) {
          const k = index.get(element) ?? elements.length;
          values[k] = (values[k] ?? 0) + fraction;
        }
      }
      if (nMagpie > 0) values.set(magpieFeatures(composition, { impute: options.magpieImpute }), nFractions);
      done.set(composition, values);
    }
    data.set(values, start);
  }
  return nFractions + nMagpie;
}

function shortList(labels: readonly string[]): string {
  const shown = labels.slice(0, 8).map((label) => `"${label}"`);
  return labels.length > 8 ? `${shown.join(", ")} and ${numberText(labels.length - 8)} more` : shown.join(", ");
}
