import type { Json, Serialized } from "../learner/portable.ts";
import type { Feature, FeatureMatrix, Matrix } from "../matrix/matrix.ts";
import type { Table } from "../table/table.ts";
import { type EncodedInput, encodedInputJson } from "./encodedInput.ts";
import { ENCODER_MODULE } from "./encoderModule.ts";
import type { Encoder } from "./featurizer.ts";
import { numericInputs } from "./numericInputs.ts";
import type { TableEncoder } from "./tableEncoder.ts";

export const COMBINED_TYPE = "core/combined-encoder";
export const COMBINED_VERSION = 1;

/** Several encoders side by side. */
export class CombinedEncoder implements TableEncoder {
  readonly module: string = ENCODER_MODULE;
  readonly inputs: readonly EncodedInput[];
  readonly outputs: readonly Feature[];
  readonly jacobian?: (table: Table, row: number) => Matrix;
  readonly #parts: readonly Encoder<Table>[];

  constructor(parts: readonly Encoder<Table>[], inputs: readonly EncodedInput[]) {
    this.inputs = inputs;
    this.#parts = parts;
    this.outputs = parts.flatMap((part) => part.outputs);
    const all = numericInputs(inputs);
    const placed = parts.map((part) => {
      const own = numericInputs((part as Partial<TableEncoder>).inputs ?? []);
      return { part, to: own.map(({ name }) => all.findIndex((input) => input.name === name)) };
    });
    const rows = this.outputs.length;
    if (parts.every((part) => part.jacobian !== undefined && "inputs" in part)) {
      this.jacobian = (table, row): Matrix => {
        const data = new Float64Array(rows * all.length);
        let start = 0;
        for (const { part, to } of placed) {
          const own = part.jacobian?.(table, row) as Matrix; // every part has one
          for (const [at, value] of own.data.entries()) {
            const column = to[at % own.columns] as number; // one per own input
            data[(start + Math.floor(at / own.columns)) * all.length + column] = value;
          }
          start += own.rows;
        }
        return { data, rows, columns: all.length };
      };
    }
  }

  encode(table: Table): FeatureMatrix {
    const columns = this.outputs.length;
    const data = new Float64Array(table.nRows * columns);
    let offset = 0;
    for (const part of this.#parts) {
      const x = part.encode(table);
      for (let i = 0; i < x.rows; i++) {
        data.set(x.data.subarray(i * x.columns, (i + 1) * x.columns), i * columns + offset);
      }
      offset += x.columns;
    }
    return { data, rows: table.nRows, columns, features: this.outputs };
  }

  toJSON(): Serialized {
    return {
      type: COMBINED_TYPE,
      version: COMBINED_VERSION,
      params: {},
      state: {
        inputs: this.inputs.map(encodedInputJson),
        parts: this.#parts.map((part) => part.toJSON() as unknown as Json),
      },
    };
  }
}
