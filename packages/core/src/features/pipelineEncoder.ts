import type { Json, Serialized } from "../learner/portable.ts";
import type { Feature, FeatureMatrix, Matrix } from "../matrix/matrix.ts";
import type { Table } from "../table/table.ts";
import { takeTableRows } from "../table/takeTableRows.ts";
import { type EncodedInput, encodedInputJson } from "./encodedInput.ts";
import { ENCODER_MODULE } from "./encoderModule.ts";
import type { Encoder } from "./featurizer.ts";
import type { FittedStep } from "./steps/featureStep.ts";
import { applySteps } from "./steps/fitSteps.ts";
import type { TableEncoder } from "./tableEncoder.ts";

export const PIPELINE_TYPE = "core/feature-pipeline";
export const PIPELINE_VERSION = 1;

/** Fitted pipeline: the encoder of the first part, then the steps. */
export interface FittedPipeline extends TableEncoder {
  readonly steps: readonly FittedStep[];
  /** What the steps did and why, in their order. */
  readonly report: readonly string[];
}

/** An encoder and fitted steps. */
export class PipelineEncoder implements FittedPipeline {
  readonly module: string = ENCODER_MODULE;
  readonly inputs: readonly EncodedInput[];
  readonly outputs: readonly Feature[];
  readonly steps: readonly FittedStep[];
  readonly jacobian?: (table: Table, row: number) => Matrix;
  readonly #encoder: Encoder<Table>;

  constructor(encoder: Encoder<Table>, inputs: readonly EncodedInput[], steps: readonly FittedStep[]) {
    this.#encoder = encoder;
    this.inputs = inputs;
    this.steps = steps;
    this.outputs = steps.at(-1)?.outputs ?? encoder.outputs;
    if (encoder.jacobian !== undefined) {
      this.jacobian = (table, row): Matrix => {
        let chain = encoder.jacobian?.(table, row) as Matrix; // as checked above
        let x = encoder.encode(takeTableRows(table, [row]));
        for (const step of steps) {
          chain = multiply(step.jacobian(x.data), chain);
          x = step.transform(x);
        }
        return chain;
      };
    }
  }

  get report(): readonly string[] {
    return this.steps.flatMap((step) => step.report);
  }

  encode(table: Table): FeatureMatrix {
    return applySteps(this.steps, this.#encoder.encode(table), table);
  }

  toJSON(): Serialized {
    return {
      type: PIPELINE_TYPE,
      version: PIPELINE_VERSION,
      params: {},
      state: {
        inputs: this.inputs.map(encodedInputJson),
        encoder: this.#encoder.toJSON() as unknown as Json,
        steps: this.steps.map((step) => step.toJSON() as unknown as Json),
      },
    };
  }
}

function multiply(a: Matrix, b: Matrix): Matrix {
  const data = new Float64Array(a.rows * b.columns);
  for (let i = 0; i < a.rows; i++) {
    for (let k = 0; k < a.columns; k++) {
      const factor = a.data[i * a.columns + k] as number; // k < columns
      if (factor === 0) continue;
      for (let j = 0; j < b.columns; j++) {
        const at = i * b.columns + j;
        data[at] = (data[at] as number) + factor * (b.data[k * b.columns + j] as number); // j < columns
      }
    }
  }
  return { data, rows: a.rows, columns: b.columns };
}
