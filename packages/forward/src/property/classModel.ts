import {
  type AnyModel,
  type ClassPrediction,
  type ColumnInfo,
  type FeatureMatrix,
  FormatError,
  IncompatibleError,
  type Matrix,
  type Model,
  type ModelReader,
  type RunContext,
  type Serialized,
  type Table,
  type TargetInfo,
  tableFromJSON,
  tableToJSON,
} from "@materiome/core";
import { readTableEncoder, type TableEncoder } from "@materiome/core/features";
import { againstPrior, applyBlend, type ClassBlend } from "../learner/classBlend.ts";
import { type ClassificationModel, readClassificationModel } from "../learner/classificationModel.ts";
import { type ClassSets, classSets, decodeClassSets, encodeClassSets } from "../uncertainty/classSets.ts";
import { checkDomain, decodeDomain, encodeDomain, type TrainedDomain } from "./domain.ts";
import { odditiesOf } from "./oddities.ts";
import { refuseMissing } from "./refuseMissing.ts";

const TYPE = "materiome/property-class-model";
const VERSION = 1;

/** What can be done about gaps where the training rows had none. */
export const CLASS_GAPS =
  "no training row of this model of classes lacked an input, and it takes no missing values; fill them, drop the rows, or train on rows with such gaps";

/**
 * Predicts a class from table rows: probabilities, and whether it knows such rows. Immutable. Where no training row lacked an input, `predict`
 * refuses a missing one (DataError with file, row and column).
 */
export interface PropertyClassModel extends Model<Table, ClassPrediction> {
  readonly encoder: TableEncoder;
  readonly takesMissing: boolean;
  readonly inputs: readonly ColumnInfo[];
  readonly targets: readonly TargetInfo[];
  readonly classes: readonly string[];
  readonly training: Table;
  /** The learner inside, which takes what `encoder` makes of table rows, and what its probabilities are mixed with. */
  readonly classifier: ClassificationModel;
  readonly blend: ClassBlend;
  /** Probabilities of encoded rows, [nSamples, nClasses], without a check of the domain. */
  probabilitiesOf(x: FeatureMatrix): Matrix;
  /**
   * For each row the classes that cannot be ruled out: the set holds the true class with probability `level`, class by class, as
   * far as new rows are like the held-out ones. A set is empty where each class is ruled out: the row is unlike the rows of every class,
   * or lies between classes, or is one of the share 1 − `level` of ordinary rows whose sets miss their class.
   *
   * @param prediction - what `predict` gave
   */
  setsOf(prediction: ClassPrediction, level: number): readonly (readonly string[])[];
}

export interface PropertyClassModelParts {
  readonly encoder: TableEncoder;
  readonly target: TargetInfo;
  readonly model: ClassificationModel;
  readonly labels: readonly string[];
  readonly blend: ClassBlend;
  readonly sets: ClassSets;
  readonly training: Table;
  readonly domain: TrainedDomain;
}

export function createPropertyClassModel(parts: PropertyClassModelParts): PropertyClassModel {
  const { encoder, target, model, labels, blend, sets, training, domain } = parts;
  const takesMissing = model.allowsMissing === true;
  const probabilitiesOf = (x: FeatureMatrix): Matrix => applyBlend(blend, model.predictSync(x).probabilities);
  return {
    encoder,
    takesMissing,
    targets: [target],
    classes: labels,
    training,
    classifier: model,
    blend,
    probabilitiesOf,
    inputs: encoder.inputs.map(({ name, role, unit, header }): ColumnInfo => ({ name, role, unit, header })),
    module: import.meta.url,
    setsOf: ({ probabilities }, level) =>
      classSets(sets, sets.isRelative ? againstPrior(blend, probabilities) : probabilities, level).map((own) =>
        own.map((c) => labels[c] as string),
      ), // a class
    async predict(table: Table, run?: Omit<RunContext, "random">): Promise<ClassPrediction> {
      const x = encoder.encode(table);
      if (!takesMissing) refuseMissing(table, x, CLASS_GAPS);
      run?.signal?.throwIfAborted();
      return {
        kind: "classification",
        probabilities: probabilitiesOf(x),
        labels,
        domain: checkDomain(domain, x, odditiesOf(encoder, table, training)),
      };
    },
    toJSON(): Serialized {
      return {
        type: TYPE,
        version: VERSION,
        params: { target: { name: target.name, unit: target.unit }, labels: [...labels] },
        state: {
          encoder: { ...encoder.toJSON() },
          model: { ...model.toJSON() },
          blend: { share: blend.share, prior: [...blend.prior] },
          sets: encodeClassSets(sets),
          training: tableToJSON(training),
          domain: encodeDomain(domain),
        },
      };
    },
  };
}

/** Reads models of classes of table rows. */
export const reader: ModelReader = {
  types: [TYPE],
  async read(data: unknown): Promise<AnyModel> {
    const { version, params, state } = (data ?? {}) as Record<string, unknown>;
    if (version !== VERSION) {
      throw new IncompatibleError(
        `model: stored "${TYPE}" has version ${JSON.stringify(version)}, this program reads version ${VERSION}; train the model again, or use the program that wrote it`,
      );
    }
    const { target, labels } = (params ?? {}) as Record<string, unknown>;
    const { encoder, model, blend, sets, training, domain } = (state ?? {}) as Record<string, unknown>;
    const { name, unit } = (target ?? {}) as Record<string, unknown>;
    const { share, prior } = (blend ?? {}) as Record<string, unknown>;
    if (
      typeof name !== "string" ||
      typeof unit !== "string" ||
      !Array.isArray(labels) ||
      !labels.every((label) => typeof label === "string") ||
      typeof share !== "number" ||
      !Array.isArray(prior) ||
      prior.length !== labels.length
    ) {
      throw new FormatError("model: target, classes or their shares are missing; the file is damaged, train again");
    }
    const readEncoder = readTableEncoder(encoder);
    const fitted = readClassificationModel(model);
    if (fitted.labels.join("\n") !== labels.join("\n")) {
      throw new FormatError("model: the classes of the learner are others; the file is damaged, train again");
    }
    return createPropertyClassModel({
      encoder: readEncoder,
      target: { name, unit },
      model: fitted,
      labels,
      blend: { share, prior: prior as number[] },
      sets: decodeClassSets(sets, labels.length),
      training: tableFromJSON(training),
      domain: decodeDomain(domain, readEncoder.outputs.length),
    });
  },
};
