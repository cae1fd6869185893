import { type Expression, expression } from "../expressions/expression.ts";
import type { StoredReader } from "../json/stored.ts";
import type { Serialized } from "../learner/portable.ts";
import type { Feature, FeatureMatrix, Matrix } from "../matrix/matrix.ts";
import { createCategoryColumn, createNumberColumn } from "../table/columns.ts";
import { Table } from "../table/table.ts";
import { type EncodedInput, encodedInputJson } from "./encodedInput.ts";
import { ENCODER_MODULE } from "./encoderModule.ts";
import { numericInputs } from "./numericInputs.ts";
import type { TableEncoder } from "./tableEncoder.ts";
import { readEncodedInputs } from "./tableEncoderState.ts";

export interface ExpressionFeature {
  readonly name: string;
  readonly text: string;
  readonly unit: string | undefined;
  readonly outside: "error" | "missing";
}

export const EXPRESSION_TYPE = "core/expression-encoder";
export const EXPRESSION_VERSION = 1;

/** Expressions bound to the columns and units they were fitted to. */
export class ExpressionEncoder implements TableEncoder {
  readonly module: string = ENCODER_MODULE;
  readonly inputs: readonly EncodedInput[];
  readonly outputs: readonly Feature[];
  readonly #entries: readonly ExpressionFeature[];
  readonly #expressions: readonly Expression[];

  /** @param table - has the inputs as columns; rows play no part */
  constructor(entries: readonly ExpressionFeature[], inputs: readonly EncodedInput[], table: Table) {
    this.inputs = inputs;
    this.#entries = entries;
    this.#expressions = entries.map(({ text, unit, outside }) => expression(text, table, { unit, outside }));
    this.outputs = entries.map(({ name }, k) => {
      const { unit, columns } = this.#expressions[k] as Expression; // one per entry
      return { name, unit, source: columns.map((column) => column.name) };
    });
  }

  encode(table: Table): FeatureMatrix {
    const columns = this.outputs.length;
    const data = new Float64Array(table.nRows * columns);
    for (const [k, one] of this.#expressions.entries()) {
      for (const [i, value] of one.evaluate(table).entries()) data[i * columns + k] = value;
    }
    return { data, rows: table.nRows, columns, features: this.outputs };
  }

  jacobian(table: Table, row: number): Matrix {
    const names = numericInputs(this.inputs).map(({ name }) => name);
    const data = new Float64Array(this.outputs.length * names.length);
    for (const [k, one] of this.#expressions.entries()) {
      const own = one.columns.filter(({ kind }) => kind === "number");
      for (const [j, slope] of one.gradient(table, row).entries()) {
        data[k * names.length + names.indexOf(own[j]?.name ?? "")] = slope;
      }
    }
    return { data, rows: this.outputs.length, columns: names.length };
  }

  toJSON(): Serialized {
    return {
      type: EXPRESSION_TYPE,
      version: EXPRESSION_VERSION,
      params: {
        expressions: this.#entries.map(({ name, text, unit, outside }) => ({
          name,
          text,
          unit: unit ?? null,
          outside,
        })),
      },
      state: { inputs: this.inputs.map(encodedInputJson) },
    };
  }
}

export function readExpressionEncoder(read: StoredReader, data: unknown): ExpressionEncoder {
  const { params, state } = read.header(data, EXPRESSION_TYPE, [EXPRESSION_VERSION]);
  const entries = read.list(params["expressions"], "params.expressions").map((entry): ExpressionFeature => {
    const { name, text, unit, outside } = read.record(entry, "an expression");
    return {
      name: read.text(name, "name of an expression"),
      text: read.text(text, "an expression"),
      unit: read.optionalText(unit, "unit of an expression"),
      outside: read.oneOf(outside, ["error", "missing"] as const, "outside"),
    };
  });
  const inputs = readEncodedInputs(state["inputs"]);
  return new ExpressionEncoder(entries, inputs, inputsTable(inputs));
}

/** A table without rows that has the inputs as columns. */
export function inputsTable(inputs: readonly EncodedInput[]): Table {
  return new Table(
    inputs.map((input) => {
      const { name, role, unit, header } = input;
      const options = { role, unit, header };
      return input.kind === "number" ? createNumberColumn(name, [], options) : createCategoryColumn(name, [], options);
    }),
  );
}
