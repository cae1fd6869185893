import {
  type ClassPrediction,
  createMatrix,
  decodeArray,
  encodeArray,
  type Feature,
  type FeatureMatrix,
  FormatError,
  type Matrix,
  type Model,
  type ModelReader,
  type PlanePredict,
  type RunContext,
  type Serialized,
  type SyncPredict,
} from "@materiome/core";
import { decodeBoostedClassifier } from "../boosting/boostedClassifier.ts";
import type { ClassScores } from "../explain/classScores.ts";
import { IMPUTED_CLASSIFICATION, readImputedClassification } from "../imputed/imputedClassification.ts";
import { decodeLinearClassifier } from "../linear/linearClassifier.ts";
import { decodeNetClassifier } from "../mlp/mlpClassifier.ts";
import { decodeSupportVectorClassifier } from "../neighbours/supportVectorClassifier.ts";
import { decodeClassForest } from "../tree/classForest.ts";
import { SHARE_SUM } from "../tree/classTrees.ts";
import type { CodedClassifier } from "../tree/codedClassifier.ts";
import { BLENDED_CLASSIFICATION, readBlendedClassification } from "./blendedClassification.ts";
import { checkInputs } from "./checkTraining.ts";
import { checkFeatures, isFeature, openStored } from "./storedModel.ts";

const TYPE = "materiome/classification";
const VERSION = 1;

/** Predictions of the training rows by trees or folds that saw neither the row nor its group. */
export interface OutOfBag {
  /** [nSamples, nClasses]; NaN for rows that every tree saw. */
  readonly probabilities: Matrix;
  /** Rows that some tree did not see; the scores are over these. */
  readonly nRows: number;
  /** Share of rows whose most probable class is the true one. */
  readonly accuracy: number;
  /** Brier score: mean over rows of Σ (probability − truth)² over classes, 0 … 2. */
  readonly brier: number;
}

/** A fitted classifier. Predictions are the same with and without a promise, from rows and from planes. */
export interface ClassificationModel
  extends Model<FeatureMatrix, ClassPrediction>,
    SyncPredict<ClassPrediction>,
    PlanePredict {
  readonly features: readonly Feature[];
  /** Training rows of each class, in the order of `labels`. */
  readonly counts: readonly number[];
  /** Undefined where every tree saw every row, and for boosting, whose trees build on each other. */
  readonly outOfBag: OutOfBag | undefined;
  /** Takes rows with missing values. @defaultValue false */
  readonly allowsMissing?: boolean | undefined;
  /** Scores that can be explained exactly; absent where the classifier has none. */
  readonly classScores?: (() => ClassScores) | undefined;
}

/** Whole sums, as the trees give them, so that they come back from a file bit by bit. */
export interface HeldOutShares {
  readonly codes: Int32Array;
  readonly count: Int32Array;
  readonly sum: Int32Array;
}

export interface ClassificationParts {
  readonly scorer: CodedClassifier;
  readonly features: readonly Feature[];
  readonly labels: readonly string[];
  readonly counts: readonly number[];
  readonly heldOut: HeldOutShares | undefined;
}

export function createClassificationModel(parts: ClassificationParts): ClassificationModel {
  const { scorer, features, labels, counts, heldOut } = parts;
  const predictSync = (x: Matrix): ClassPrediction => {
    checkFeatures(features, x);
    checkInputs("predict", { ...x, features }, false);
    const probabilities = createMatrix(x.rows, labels.length);
    scorer.predictRows(x, probabilities.data);
    return { kind: "classification", probabilities, labels };
  };
  return {
    features,
    labels,
    counts,
    outOfBag: heldOut === undefined ? undefined : scoreHeldOut(heldOut, labels.length),
    module: import.meta.url,
    predictSync,
    predictPlanes: scorer.predictPlanes,
    classScores: scorer.classScores,
    async predict(x: FeatureMatrix, run?: Omit<RunContext, "random">): Promise<ClassPrediction> {
      run?.signal?.throwIfAborted();
      return predictSync(x);
    },
    toJSON(): Serialized {
      return {
        type: TYPE,
        version: VERSION,
        params: { labels, counts, features: features.map(({ name, unit, source }) => ({ name, unit, source })) },
        state: {
          ...scorer.encode(),
          heldOut:
            heldOut === undefined
              ? null
              : {
                  codes: encodeArray(heldOut.codes),
                  count: encodeArray(heldOut.count),
                  sum: encodeArray(heldOut.sum),
                },
        },
      };
    },
  };
}

function scoreHeldOut({ codes, count, sum }: HeldOutShares, nClasses: number): OutOfBag {
  const probabilities = createMatrix(codes.length, nClasses);
  let nRows = 0;
  let nRight = 0;
  let squares = 0;
  for (const [i, truth] of codes.entries()) {
    const nTrees = count[i] as number; // i < n
    let best = 0;
    let error = 0;
    for (let c = 0; c < nClasses; c++) {
      const at = i * nClasses + c; // below n × nClasses
      const p = (sum[at] as number) / (SHARE_SUM * nTrees); // NaN where no tree left the row out
      probabilities.data[at] = p;
      if ((sum[at] as number) > (sum[i * nClasses + best] as number)) best = c;
      error += (p - (c === truth ? 1 : 0)) ** 2;
    }
    if (nTrees === 0) continue;
    nRows++;
    if (best === truth) nRight++;
    squares += error;
  }
  return { probabilities, nRows, accuracy: nRight / nRows, brier: squares / nRows };
}

/** Reads classifiers that the classifiers of this package have fitted. */
export const reader: ModelReader = {
  types: [TYPE, IMPUTED_CLASSIFICATION, BLENDED_CLASSIFICATION],
  async read(data: unknown): Promise<ClassificationModel> {
    return readClassificationModel(data);
  },
};

/** What a stored classifier holds, by the name it is stored under. */
const DECODE: Readonly<Record<string, (data: unknown, nFeatures: number, nClasses: number) => CodedClassifier>> = {
  boosting: decodeBoostedClassifier,
  linear: decodeLinearClassifier,
  mlp: decodeNetClassifier,
  supportVectors: decodeSupportVectorClassifier,
  forest: decodeClassForest,
};

/**
 * @throws IncompatibleError for another type or version
 * @throws FormatError for a damaged file
 */
export function readClassificationModel(data: unknown): ClassificationModel {
  const { type } = (data ?? {}) as { readonly type?: unknown };
  if (type === IMPUTED_CLASSIFICATION) return readImputedClassification(data, readClassificationModel);
  if (type === BLENDED_CLASSIFICATION) return readBlendedClassification(data, readClassificationModel);
  const { params, state } = openStored(data, TYPE, VERSION);
  const { labels, counts, features } = params;
  if (
    !Array.isArray(labels) ||
    !labels.every((label) => typeof label === "string") ||
    !Array.isArray(counts) ||
    counts.length !== labels.length ||
    !counts.every((count) => Number.isInteger(count) && count >= 0) ||
    !Array.isArray(features) ||
    !features.every(isFeature)
  ) {
    throw new FormatError("model: labels, counts or features are missing; the file is damaged, train again");
  }
  const kind = Object.keys(DECODE).find((name) => state[name] !== undefined) ?? "forest";
  const decode = DECODE[kind] ?? decodeClassForest;
  const scorer = decode(state[kind], features.length, labels.length);
  return createClassificationModel({
    scorer,
    features,
    labels,
    counts,
    heldOut: state["heldOut"] === null ? undefined : decodeHeldOut(state["heldOut"], labels.length),
  });
}

function decodeHeldOut(data: unknown, nClasses: number): HeldOutShares {
  const stored = (data ?? {}) as { readonly [key: string]: unknown };
  const codes = decodeArray(stored["codes"], "i32");
  const count = decodeArray(stored["count"], "i32");
  const sum = decodeArray(stored["sum"], "i32");
  if (count.length !== codes.length || sum.length !== codes.length * nClasses) {
    throw new FormatError("model: the held-out rows are inconsistent; the file is damaged, train again");
  }
  return { codes, count, sum };
}
