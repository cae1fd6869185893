import { FormatError } from "../errors/errors.ts";
import { StoredReader } from "../json/stored.ts";
import { readScheduleEncoder, SCHEDULE_ENCODER_TYPE } from "../process/scheduleEncoder.ts";
import type { Table } from "../table/table.ts";
import { COMBINED_TYPE, COMBINED_VERSION, CombinedEncoder } from "./combinedEncoder.ts";
import { EXPRESSION_TYPE, readExpressionEncoder } from "./expressionEncoder.ts";
import type { Encoder, EncoderReader } from "./featurizer.ts";
import { PIPELINE_TYPE, PIPELINE_VERSION, PipelineEncoder } from "./pipelineEncoder.ts";
import { readFeatureStep } from "./steps/readFeatureStep.ts";
import { readColumnEncoder, TABLE_ENCODER_TYPE, type TableEncoder } from "./tableEncoder.ts";
import { readEncodedInputs } from "./tableEncoderState.ts";

const read = new StoredReader("readTableEncoder");

/** Reads every stored encoder of this package; `TableEncoder.module` leads here. */
export const reader: EncoderReader<Table> = {
  types: [TABLE_ENCODER_TYPE, COMBINED_TYPE, EXPRESSION_TYPE, PIPELINE_TYPE],
  read: async (data: unknown) => readTableEncoder(data),
};

/**
 * An encoder of table rows (columns, combination or pipeline) from what its `toJSON` wrote; encodes bit for bit as before.
 *
 * @throws FormatError if the data are damaged; IncompatibleError if they are of another version
 * @example
 * const again = readTableEncoder(JSON.parse(JSON.stringify(encoder)));
 */
export function readTableEncoder(data: unknown): TableEncoder {
  const type = read.record(data, "the encoder")["type"];
  if (type === PIPELINE_TYPE) {
    const { state } = read.header(data, PIPELINE_TYPE, [PIPELINE_VERSION]);
    const steps = read.list(state["steps"], "state.steps").map(readFeatureStep);
    return new PipelineEncoder(readPart(state["encoder"]), readEncodedInputs(state["inputs"]), steps);
  }
  if (type === COMBINED_TYPE) {
    const { state } = read.header(data, COMBINED_TYPE, [COMBINED_VERSION]);
    const parts = read.list(state["parts"], "state.parts").map(readPart);
    return new CombinedEncoder(parts, readEncodedInputs(state["inputs"]));
  }
  if (type === EXPRESSION_TYPE) return readExpressionEncoder(read, data);
  if (type === TABLE_ENCODER_TYPE) return readColumnEncoder(data);
  throw new FormatError(`readTableEncoder: expected a stored encoder of table rows, got ${JSON.stringify(type)}`);
}

/** Parts need not list their inputs: who holds them does. */
function readPart(data: unknown): Encoder<Table> {
  const isSchedule = read.record(data, "a part")["type"] === SCHEDULE_ENCODER_TYPE;
  return isSchedule ? readScheduleEncoder(data) : readTableEncoder(data);
}
