import { magpieFeatureNames, magpieFeatureUnits } from "../composition/magpie.ts";
import { DataError, IncompatibleError } from "../errors/errors.ts";
import type { Serialized } from "../learner/portable.ts";
import type { Feature, FeatureMatrix } from "../matrix/matrix.ts";
import type { Column } from "../table/column.ts";
import { resolveColumn } from "../table/resolveColumn.ts";
import { Table } from "../table/table.ts";
import { nearestNames } from "../text/nearestNames.ts";
import {
  type Block,
  encodeCategories,
  encodeElementColumns,
  encodeFormulas,
  encodeNumbers,
  isElementInput,
} from "./encodeColumn.ts";
import type { EncodedInput, TableEncoderOptions } from "./encodedInput.ts";
import type { Encoder, EncoderReader } from "./featurizer.ts";
import { readTableEncoderState } from "./tableEncoderState.ts";

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
    const elements = options.elementColumns === undefined ? [] : inputs.filter(isElementInput);
    if (options.elementColumns !== undefined && elements.length === 0) {
      throw new DataError("tableEncoder: elementColumns is given, but no input holds the amount of an element");
    }
    const source = elements.map((input) => input.name);
    this.outputs = [
      ...inputs.flatMap((input) => outputsOf(input, options, nFormulas > 1)),
      ...(source.length > 0 ? magpieOutputs(nFormulas > 0 ? "alloy: " : "", source) : []),
    ];
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
    if (this.#options.elementColumns !== undefined) {
      const elements = this.inputs.flatMap((input, k) => {
        const column = columns[k];
        return isElementInput(input) && column !== undefined ? [{ ...column, name: input.name, role: input.role }] : [];
      });
      const sub = new Table(elements, table.source, table.rowNumbers);
      encodeElementColumns(sub, this.#options.elementColumns, this.#options.magpieImpute, { data, width, offset });
    }
    return { data, rows: table.nRows, columns: width, features: this.outputs };
  }

  toJSON(): Serialized {
    const { features, magpieImpute, unknownCategory, elementColumns } = this.#options;
    return {
      type: TABLE_ENCODER_TYPE,
      version: VERSION,
      params: {
        features: [...features],
        magpieImpute,
        unknownCategory,
        ...(elementColumns === undefined
          ? {}
          : { elementColumns: { balance: elementColumns.balance ?? null, unit: elementColumns.unit ?? null } }),
      },
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
  if (options.features.includes("magpie")) outputs.push(...magpieOutputs(prefix, source));
  return outputs;
}

function magpieOutputs(prefix: string, source: readonly string[]): Feature[] {
  const units = magpieFeatureUnits();
  return magpieFeatureNames().map((name, k) => ({ name: prefix + name, unit: units[k] ?? "", source }));
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
