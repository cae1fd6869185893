import {
  type ClassPrediction,
  decodeArray,
  encodeArray,
  type Feature,
  type FeatureMatrix,
  FormatError,
  type Matrix,
  type RunContext,
  type Serialized,
} from "@materiome/core";
import { checkInputs } from "../learner/checkTraining.ts";
import type { ClassificationModel } from "../learner/classificationModel.ts";
import { checkFeatures, openStored } from "../learner/storedModel.ts";
import { checkPlanes } from "../tree/codedClassifier.ts";
import { type Filling, fillGaps, isWholeFilling } from "./imputedPredictor.ts";

export const IMPUTED_CLASSIFICATION = "materiome/imputed-classification";
const VERSION = 1;

/** A fitted classifier behind what fills the gaps; of the features without the marks. */
export function imputedClassification(
  filling: Filling,
  inner: ClassificationModel,
  features: readonly Feature[],
): ClassificationModel {
  const { labels, counts, outOfBag, module } = inner;
  const predictSync = (x: Matrix): ClassPrediction => {
    checkFeatures(features, x);
    checkInputs("predict", { ...x, features }, true);
    return inner.predictSync(fillGaps(filling, x));
  };
  return {
    ...{ features, labels, counts, outOfBag, module, predictSync },
    allowsMissing: true,
    async predict(x: FeatureMatrix, run?: Omit<RunContext, "random">): Promise<ClassPrediction> {
      run?.signal?.throwIfAborted();
      return predictSync(x);
    },
    predictPlanes(planes: readonly Float32Array[], n: number, out: Float32Array): void {
      checkPlanes(planes, n, features.length, labels.length, out);
      const filled = planes.map((plane, f) =>
        Float32Array.from({ length: n }, (_, i) => {
          const value = plane[i] as number; // n values a plane
          return Number.isNaN(value) ? (filling.median[f] as number) : value;
        }),
      );
      const marks = Array.from(filling.marked, (f) =>
        Float32Array.from({ length: n }, (_, i) => (Number.isNaN(planes[f]?.[i]) ? 1 : 0)),
      );
      inner.predictPlanes([...filled, ...marks], n, out);
    },
    toJSON(): Serialized {
      return {
        type: IMPUTED_CLASSIFICATION,
        version: VERSION,
        params: { features: features.map(({ name, unit, source }) => ({ name, unit, source })) },
        state: {
          median: encodeArray(filling.median),
          marked: encodeArray(filling.marked),
          classifier: { ...inner.toJSON() },
        },
      };
    },
  };
}

/** @throws FormatError if the stored medians or the features are damaged */
export function readImputedClassification(
  data: unknown,
  read: (inner: unknown) => ClassificationModel,
): ClassificationModel {
  const { params, state } = openStored(data, IMPUTED_CLASSIFICATION, VERSION);
  const features = params["features"];
  const filling = { median: decodeArray(state["median"], "f64"), marked: decodeArray(state["marked"], "i32") };
  const inner = read(state["classifier"]);
  if (
    !Array.isArray(features) ||
    !isWholeFilling(filling, features.length) ||
    inner.features.length !== features.length + filling.marked.length
  ) {
    throw new FormatError("model: the stored medians are damaged; train again");
  }
  return imputedClassification(filling, inner, inner.features.slice(0, features.length));
}
