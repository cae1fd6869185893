import {
  type AnyModel,
  type ColumnInfo,
  FormatError,
  type HeldOutPredictions,
  IncompatibleError,
  type Matrix,
  type ModelReader,
  type Prediction,
  type PredictiveDistribution,
  type RegressionModel,
  type RunContext,
  type Serialized,
  type Table,
  type TableModel,
  type TargetInfo,
  tableFromJSON,
  tableToJSON,
} from "@materiome/core";
import { readTableEncoder, type TableEncoder } from "@materiome/core/features";
import { type ForwardModel, readForwardModel, reader as regressionReader } from "../learner/regressionModel.ts";
import { checkDomain, decodeDomain, encodeDomain, type TrainedDomain } from "./domain.ts";
import { odditiesOf } from "./oddities.ts";
import { refuseMissing } from "./refuseMissing.ts";

const TYPE = "materiome/property-model";
const VERSION = 1;

/**
 * Predicts properties from table rows: encodes them as in training, runs one model per target, and says per row whether
 * it knows such rows. Immutable. `predict` refuses a missing input (DataError with file, row and column) where a model
 * takes none, and calls it outside the domain where no training row lacked that input.
 */
export interface PropertyModel extends TableModel, HeldOutPredictions {
  readonly encoder: TableEncoder;
  /** One per target. */
  readonly models: readonly RegressionModel[];
  /** Whether rows with missing inputs are predicted. */
  readonly takesMissing: boolean;
}

export interface PropertyModelParts {
  readonly encoder: TableEncoder;
  readonly targets: readonly TargetInfo[];
  readonly models: readonly RegressionModel[];
  readonly training: Table;
  readonly domain: TrainedDomain;
}

export function createPropertyModel(parts: PropertyModelParts): PropertyModel {
  const { encoder, targets, models, training, domain } = parts;
  return {
    encoder,
    models,
    takesMissing: models.every(takesMissing),
    heldOut: joinHeldOut(models, targets, training),
    targets,
    training,
    inputs: encoder.inputs.map(({ name, role, unit, header }): ColumnInfo => ({ name, role, unit, header })),
    module: import.meta.url,
    async predict(table: Table, run?: Omit<RunContext, "random">): Promise<Prediction> {
      const x = encoder.encode(table);
      if (!models.every(takesMissing)) refuseMissing(table, x);
      const predictions: Prediction[] = [];
      for (const model of models) predictions.push(await model.predict(x, run));
      return { ...joinPredictions(predictions), domain: checkDomain(domain, x, odditiesOf(encoder, table, training)) };
    },
    toJSON(): Serialized {
      return {
        type: TYPE,
        version: VERSION,
        params: { targets: targets.map(({ name, unit }) => ({ name, unit })) },
        state: {
          encoder: { ...encoder.toJSON() },
          models: models.map((model) => ({ ...model.toJSON() })),
          training: tableToJSON(training),
          domain: encodeDomain(domain),
        },
      };
    },
  };
}

/** Predictions of one target each, side by side; what one of them lacks, the whole lacks. */
export function joinPredictions(predictions: readonly Prediction[]): Prediction {
  const [first] = predictions;
  if (first === undefined) throw new FormatError("property model: no targets");
  const join = (of: (prediction: Prediction) => Matrix | undefined): Matrix | undefined => {
    const parts = predictions.map(of);
    if (!parts.every((part) => part !== undefined)) return undefined;
    const { rows } = first.mean;
    const columns = parts.length;
    const data = new Float64Array(rows * columns);
    for (const [t, part] of parts.entries()) {
      for (const [i, value] of part.data.entries()) data[i * columns + t] = value;
    }
    return { rows, columns, data };
  };
  const parts = predictions.map((prediction) => prediction.distribution);
  const hasAll = parts.every((part) => part !== undefined);
  const partOf = (target: number): PredictiveDistribution => {
    const part = parts[target];
    if (part === undefined) throw new IncompatibleError(`distribution: target ${target} of ${parts.length}`);
    return part;
  };
  return {
    kind: "regression",
    mean: join((p) => p.mean) as Matrix, // every prediction has one
    std: join((p) => p.std),
    lower: join((p) => p.lower),
    upper: join((p) => p.upper),
    level: first.level,
    uncertainty: predictions.every((p) => p.uncertainty === first.uncertainty) ? first.uncertainty : undefined,
    distribution: hasAll
      ? {
          cdf: (row, target, value) => partOf(target).cdf(row, 0, value),
          quantile: (row, target, p) => partOf(target).quantile(row, 0, p),
        }
      : undefined,
  };
}

/** What the models kept of rows held out, at the rows of the table: each model had only those where its target was measured. */
function joinHeldOut(
  models: readonly RegressionModel[],
  targets: readonly TargetInfo[],
  training: Table,
): Matrix | undefined {
  const m = targets.length;
  const data = new Float64Array(training.nRows * m).fill(Number.NaN);
  for (const [t, { name }] of targets.entries()) {
    const mean = (models[t] as Partial<ForwardModel>).heldOut?.mean;
    const { valid } = training.number(name);
    const measured = Array.from(valid.keys()).filter((i) => valid[i] !== 0);
    // Learners that merge replicates hold out fewer rows than were measured: which is which is not known.
    if (mean === undefined || mean.length !== measured.length) return undefined;
    for (const [k, i] of measured.entries()) data[i * m + t] = mean[k] as number; // as many
  }
  return { rows: training.nRows, columns: m, data };
}

/** Whether a model predicts rows with missing inputs; others than this package's see to it themselves. */
function takesMissing(model: RegressionModel): boolean {
  return (model as Partial<ForwardModel>).predictor?.allowsMissing !== false;
}

/** Reads property models; models inside that are not of this package are read by `nested`. */
export const reader: ModelReader = {
  types: [TYPE],
  async read(data: unknown, nested: ModelReader): Promise<AnyModel> {
    const { type, version, params, state } = (data ?? {}) as Record<string, unknown>;
    if (type !== TYPE) {
      throw new IncompatibleError(
        `model: expected a stored "${TYPE}", found ${JSON.stringify(type)}; give the model.json that train wrote`,
      );
    }
    if (version !== VERSION) {
      throw new IncompatibleError(
        `model: stored "${TYPE}" has version ${JSON.stringify(version)}, this program reads version ${VERSION}; train the model again, or use the program that wrote it`,
      );
    }
    const { targets } = (params ?? {}) as Record<string, unknown>;
    const { encoder, models, training, domain } = (state ?? {}) as Record<string, unknown>;
    if (
      !Array.isArray(targets) ||
      !targets.every(isTarget) ||
      !Array.isArray(models) ||
      models.length !== targets.length
    ) {
      throw new FormatError("model: targets and models do not match; the file is damaged, train again");
    }
    const readEncoder = readTableEncoder(encoder);
    const read: RegressionModel[] = [];
    for (const stored of models as unknown[]) {
      const isOwn = regressionReader.types.includes((stored as { type?: string } | null)?.type ?? "");
      read.push(isOwn ? readForwardModel(stored) : ((await nested.read(stored, nested)) as RegressionModel));
    }
    return createPropertyModel({
      encoder: readEncoder,
      targets,
      models: read,
      training: tableFromJSON(training),
      domain: decodeDomain(domain, readEncoder.outputs.length),
    });
  },
};

function isTarget(value: unknown): value is TargetInfo {
  const { name, unit } = (value ?? {}) as Record<string, unknown>;
  return typeof name === "string" && typeof unit === "string";
}
