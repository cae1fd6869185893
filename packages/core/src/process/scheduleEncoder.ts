import { FormatError, IncompatibleError } from "../errors/errors.ts";
import type { Encoder, EncoderReader } from "../features/featurizer.ts";
import type { Json, Serialized } from "../learner/portable.ts";
import type { Feature, FeatureMatrix } from "../matrix/matrix.ts";
import { columnTexts } from "../table/columnTexts.ts";
import { resolveColumn } from "../table/resolveColumn.ts";
import type { Table } from "../table/table.ts";
import { isRecord } from "./readStep.ts";
import { featureOptionProblems, type ScheduleFeatureOptions } from "./scheduleFeatureOptions.ts";
import { rowProcess, type ScheduleFeature, scheduleFeatures } from "./scheduleFeatures.ts";
import { readScheduleMapping, type ScheduleMapping, writeScheduleMapping } from "./scheduleMapping.ts";
import { schedulesFromTable } from "./schedulesFromTable.ts";

/** Why one number is NaN; `row` is the file's. */
export interface MissingFeature {
  readonly row: number;
  readonly feature: string;
  readonly reason: string;
}

/** Encoder of process columns; `mapping` says what they mean. */
export interface ScheduleEncoder extends Encoder<Table> {
  readonly mapping: ScheduleMapping;
  /** Every NaN that `encode` gives for these rows, with its reason. */
  missing(table: Table): readonly MissingFeature[];
}

export const SCHEDULE_ENCODER_TYPE = "core/schedule-encoder";
const VERSION = 1;

/** Reads a stored schedule encoder; the module of `ScheduleEncoder.module`. */
export const reader: EncoderReader<Table> = {
  types: [SCHEDULE_ENCODER_TYPE],
  read: async (data: unknown) => readScheduleEncoder(data),
};

/**
 * A schedule encoder from what its `toJSON` wrote.
 *
 * @throws FormatError if the data are damaged; IncompatibleError if they are of another version
 */
export function readScheduleEncoder(data: unknown): ScheduleEncoder {
  if (!isRecord(data) || data["type"] !== SCHEDULE_ENCODER_TYPE) {
    throw new FormatError(`readScheduleEncoder: expected "${SCHEDULE_ENCODER_TYPE}"`);
  }
  if (data["version"] !== VERSION) {
    throw new IncompatibleError(
      `readScheduleEncoder: version ${JSON.stringify(data["version"])} cannot be read, this release knows ${VERSION}; fit again or use the release that wrote it`,
    );
  }
  const params = data["params"];
  if (!isRecord(params) || !isRecord(params["options"]))
    throw new FormatError("readScheduleEncoder: params are damaged");
  const problems = featureOptionProblems(params["options"]);
  if (problems.length > 0) throw new FormatError(`readScheduleEncoder: ${problems.join("; ")}`);
  return createScheduleEncoder(readScheduleMapping(params["mapping"]), params["options"] as ScheduleFeatureOptions);
}

/** The encoder of a mapping; `scheduleFeaturizer(...).fit` checks the rows first. */
export function createScheduleEncoder(mapping: ScheduleMapping, options: ScheduleFeatureOptions): ScheduleEncoder {
  return new MappedScheduleEncoder(mapping, options);
}

class MappedScheduleEncoder implements ScheduleEncoder {
  readonly module: string = import.meta.url;
  readonly mapping: ScheduleMapping;
  readonly outputs: readonly Feature[];
  readonly #features: readonly ScheduleFeature[];
  readonly #options: ScheduleFeatureOptions;

  constructor(mapping: ScheduleMapping, options: ScheduleFeatureOptions) {
    this.mapping = mapping;
    this.#options = options;
    this.#features = scheduleFeatures(mapping, options);
    this.outputs = this.#features.map(({ name, unit, source }) => ({ name, unit, source }));
  }

  encode(table: Table): FeatureMatrix {
    const width = this.outputs.length;
    const data = new Float64Array(table.nRows * width);
    this.#compute(table, (row, k, value) => {
      data[row * width + k] = typeof value === "number" ? value : Number.NaN;
    });
    return { data, rows: table.nRows, columns: width, features: this.outputs };
  }

  missing(table: Table): readonly MissingFeature[] {
    const out: MissingFeature[] = [];
    this.#compute(table, (row, k, value) => {
      if (typeof value === "number") return;
      out.push({ row: table.rowNumber(row), feature: this.outputs[k]?.name ?? "", reason: value });
    });
    return out;
  }

  toJSON(): Serialized {
    const params = { mapping: writeScheduleMapping(this.mapping), options: this.#options };
    return {
      type: SCHEDULE_ENCODER_TYPE,
      version: VERSION,
      params: JSON.parse(JSON.stringify(params)) as Json,
      state: {},
    };
  }

  #compute(table: Table, visit: (row: number, feature: number, value: number | string) => void): void {
    const { schedules, mappedSteps } = schedulesFromTable(table, this.mapping);
    const { beamMaterial } = this.#options;
    const materials = beamMaterial === undefined ? [] : columnTexts(resolveColumn(table, beamMaterial.column));
    for (const [row, schedule] of schedules.entries()) {
      if (schedule === undefined) continue; // every row has one, or schedulesFromTable throws
      const process = rowProcess(
        schedule,
        mappedSteps[row] ?? [],
        this.mapping.steps.length,
        this.#options,
        materials[row],
      );
      for (const [k, feature] of this.#features.entries()) visit(row, k, feature.compute(process));
    }
  }
}
