import {
  type ClassPrediction,
  decodeArray,
  encodeArray,
  type FeatureMatrix,
  FormatError,
  type Matrix,
  type RunContext,
  type Serialized,
} from "@materiome/core";
import { applyBlend, type ClassBlend } from "./classBlend.ts";
import type { ClassificationModel } from "./classificationModel.ts";
import { openStored } from "./storedModel.ts";

export const BLENDED_CLASSIFICATION = "materiome/blended-classification";
const VERSION = 1;

/**
 * A fitted classifier whose probabilities are mixed with shares of the classes. `outOfBag` stays that of the classifier inside, before
 * mixing; scores that can be explained exactly are left out.
 */
export function blendedClassification(blend: ClassBlend, inner: ClassificationModel): ClassificationModel {
  const { features, labels, counts, outOfBag, module, allowsMissing } = inner;
  const predictSync = (x: Matrix): ClassPrediction => {
    const prediction = inner.predictSync(x);
    return { ...prediction, probabilities: applyBlend(blend, prediction.probabilities) };
  };
  return {
    ...{ features, labels, counts, outOfBag, module, allowsMissing, predictSync },
    async predict(x: FeatureMatrix, run?: Omit<RunContext, "random">): Promise<ClassPrediction> {
      run?.signal?.throwIfAborted();
      return predictSync(x);
    },
    predictPlanes(planes: readonly Float32Array[], n: number, out: Float32Array): void {
      inner.predictPlanes(planes, n, out);
      const k = labels.length;
      const { data } = applyBlend(blend, { data: Float64Array.from(out.subarray(0, n * k)), rows: n, columns: k });
      out.set(data);
    },
    toJSON(): Serialized {
      return {
        type: BLENDED_CLASSIFICATION,
        version: VERSION,
        params: null,
        state: {
          share: blend.share,
          prior: encodeArray(Float64Array.from(blend.prior)),
          mixed: { ...inner.toJSON() },
        },
      };
    },
  };
}

/** @throws FormatError if the stored shares are damaged */
export function readBlendedClassification(
  data: unknown,
  read: (inner: unknown) => ClassificationModel,
): ClassificationModel {
  const { state } = openStored(data, BLENDED_CLASSIFICATION, VERSION);
  const blend = decodeBlend(state);
  const inner = read(state["mixed"]);
  if (inner.labels.length !== blend.prior.length) {
    throw new FormatError("model: there are not as many shares as classes; the file is damaged, train again");
  }
  return blendedClassification(blend, inner);
}

/** @throws FormatError if the stored shares are damaged */
export function decodeBlend({ share, prior }: { readonly [key: string]: unknown }): ClassBlend {
  const shares = Array.from(decodeArray(prior, "f64"));
  const sum = shares.reduce((total, one) => total + one, 0);
  const areShares = shares.every((one) => one >= 0) && Math.abs(sum - 1) < 1e-9;
  if (typeof share !== "number" || !(share >= 0 && share <= 1) || !areShares) {
    throw new FormatError("model: the shares of the classes are damaged; train again");
  }
  return { share, prior: shares };
}
