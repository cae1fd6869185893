import type { CompositionFeaturizer } from "../composition/compositionFeaturizer.ts";
import { DataError, IncompatibleError } from "../errors/errors.ts";
import type { Json, Serialized } from "../learner/portable.ts";
import type { Feature, FeatureMatrix, Matrix } from "../matrix/matrix.ts";
import type { Column } from "../table/column.ts";
import { isCompositionKind } from "../table/compositionOfText.ts";
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
import { type EncodedInput, encodedInputJson, type FormulaFeatures, type TableEncoderOptions } from "./encodedInput.ts";
import { ENCODER_MODULE } from "./encoderModule.ts";
import type { Encoder } from "./featurizer.ts";
import { alloyFeaturizers, formulaFeaturizers, hasFractions } from "./formulaFeaturizer.ts";
import { numericInputs } from "./numericInputs.ts";
import { readTableEncoderState } from "./tableEncoderState.ts";

/** Fitted encoder of table rows; `inputs` says which columns it needs. */
export interface TableEncoder extends Encoder<Table> {
  readonly inputs: readonly EncodedInput[];
}

export const TABLE_ENCODER_TYPE = "core/table-encoder";
const VERSION = 2;

/** Reads a stored encoder of plain columns, of version 1 or 2. */
export function readColumnEncoder(data: unknown): TableEncoder {
  const { inputs, options } = readTableEncoderState(data, TABLE_ENCODER_TYPE);
  return createTableEncoder(inputs, options);
}

/** Builds the encoder from what was learned; `tableFeaturizer(...).fit` is the usual way to one. */
export function createTableEncoder(inputs: readonly EncodedInput[], options: TableEncoderOptions): TableEncoder {
  return new FittedTableEncoder(inputs, options);
}

class FittedTableEncoder implements TableEncoder {
  readonly module: string = ENCODER_MODULE;
  readonly inputs: readonly EncodedInput[];
  readonly outputs: readonly Feature[];
  readonly jacobian?: (table: Table, row: number) => Matrix;
  readonly #options: TableEncoderOptions;
  readonly #featurizers: readonly CompositionFeaturizer[];
  readonly #alloyFeaturizers: readonly CompositionFeaturizer[];

  constructor(inputs: readonly EncodedInput[], options: TableEncoderOptions) {
    this.inputs = inputs;
    this.#options = options;
    this.#featurizers = formulaFeaturizers(options.features, options.magpieImpute);
    this.#alloyFeaturizers = alloyFeaturizers(options);
    const nFormulas = inputs.filter(({ kind }) => isCompositionKind(kind)).length;
    const elements = options.elementColumns === undefined ? [] : inputs.filter(isElementInput);
    if (options.elementColumns !== undefined && elements.length === 0) {
      throw new DataError("tableEncoder: elementColumns is given, but no input holds the amount of an element");
    }
    const source = elements.map((input) => input.name);
    this.outputs = [
      ...inputs.flatMap((input) => outputsOf(input, hasFractions(options.features), this.#featurizers, nFormulas > 1)),
      ...featurizerOutputs(this.#alloyFeaturizers, nFormulas > 0 ? "alloy: " : "", source),
    ];
    // Features of the alloy have kinks (minimum, mode) and no simple derivative.
    if (options.elementColumns === undefined) this.jacobian = () => this.#jacobian();
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
          offset += encodeCategories(table, column, input, this.#options.unknownCategory, block);
          break;
        case "formula":
        case "grade":
          offset += encodeFormulas(
            table,
            column,
            input,
            hasFractions(this.#options.features),
            this.#featurizers,
            block,
          );
          break;
      }
    }
    if (this.#options.elementColumns !== undefined) {
      const elements = this.inputs.flatMap((input, k) => {
        const column = columns[k];
        return isElementInput(input) && column !== undefined ? [{ ...column, name: input.name, role: input.role }] : [];
      });
      const sub = new Table(elements, table.source, table.rowNumbers);
      encodeElementColumns(sub, this.#options.elementColumns, this.#alloyFeaturizers, { data, width, offset });
    }
    return { data, rows: table.nRows, columns: width, features: this.outputs };
  }

  toJSON(): Serialized {
    const { features, magpieImpute, unknownCategory, elementColumns } = this.#options;
    return {
      type: TABLE_ENCODER_TYPE,
      version: VERSION,
      params: {
        features: features.map(formulaFeaturesJson),
        magpieImpute,
        unknownCategory,
        ...(elementColumns === undefined
          ? {}
          : {
              elementColumns: {
                balance: elementColumns.balance ?? null,
                unit: elementColumns.unit ?? null,
                normalise: elementColumns.normalise ?? (elementColumns.balance === undefined ? "none" : "balance"),
                ...(elementColumns.tolerance === undefined ? {} : { tolerance: elementColumns.tolerance }),
                features: elementColumns.features?.map(formulaFeaturesJson) ?? null,
              },
            }),
      },
      state: { inputs: this.inputs.map(encodedInputJson) },
    };
  }

  /** Numbers pass through; labels and formulas do not depend on them. */
  #jacobian(): Matrix {
    const columns = numericInputs(this.inputs).length;
    const data = new Float64Array(this.outputs.length * columns);
    let output = 0;
    let column = 0;
    for (const input of this.inputs) {
      if (input.kind === "number") data[output++ * columns + column++] = 1;
      else output += outputsOf(input, hasFractions(this.#options.features), this.#featurizers, false).length;
    }
    return { data, rows: this.outputs.length, columns };
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

function outputsOf(
  input: EncodedInput,
  withFractions: boolean,
  featurizers: readonly CompositionFeaturizer[],
  prefixed: boolean,
): Feature[] {
  const { name, unit } = input;
  const source = [name];
  if (input.kind === "number") return [{ name, unit, source }];
  if (input.kind === "category") {
    const { encoding = "one-hot", labels } = input;
    if (encoding === "one-hot") return labels.map((label) => ({ name: `${name} = ${label}`, unit: "", source }));
    return [{ name: encoding === "ordinal" ? `${name} (rank)` : `${name} (frequency)`, unit: "", source }];
  }
  const prefix = prefixed ? `${name}: ` : "";
  const fractions = withFractions ? [...input.elements, OTHER] : [];
  return [
    ...fractions.map((element) => ({ name: `${prefix}${element} fraction`, unit: "atomic fraction", source })),
    ...featurizerOutputs(featurizers, prefix, source),
  ];
}

function featurizerOutputs(
  featurizers: readonly CompositionFeaturizer[],
  prefix: string,
  source: readonly string[],
): Feature[] {
  return featurizers.flatMap(({ features }) =>
    features.map(({ name, unit }) => ({ name: prefix + name, unit, source })),
  );
}

function formulaFeaturesJson(entry: FormulaFeatures): Json {
  return typeof entry === "string" ? entry : { name: entry.name, options: entry.options ?? null };
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
