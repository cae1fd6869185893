import {
  type Classes,
  type FeatureMatrix,
  FormatError,
  IncompatibleError,
  type Learner,
  type Regressor,
  type Serialized,
} from "@materiome/core";
import { createAuto } from "../auto/createAuto.ts";
import { createGradientBoostingClassifier } from "../boosting/createGradientBoostingClassifier.ts";
import { createRidge } from "../linear/createRidge.ts";
import { createRandomForest } from "../tree/createRandomForest.ts";
import { createRandomForestClassifier } from "../tree/createRandomForestClassifier.ts";
import type { ClassificationModel } from "./classificationModel.ts";

const VERSION = 1;

type Create = (params: Record<string, unknown>) => Regressor;

const CREATE: Readonly<Record<string, Create>> = {
  "materiome/random-forest-learner": (params) =>
    createRandomForest({
      ...params,
      maxDepth: params["maxDepth"] === null ? undefined : (params["maxDepth"] as number),
    }),
  "materiome/ridge-learner": (params) => createRidge(params),
  "materiome/auto-learner": (params) => createAuto(params),
};

/** True if the learner is one of this package's, so that another thread can build it from its stored form. */
export function isStoredLearner(stored: Serialized): boolean {
  return stored.type in CREATE && stored.version === VERSION;
}

/**
 * A learner of this package from what its `toJSON` wrote.
 *
 * @throws IncompatibleError for another type or version; FormatError if it is damaged
 * @example
 * const again = readLearner(createRandomForest({ nTrees: 50 }).toJSON());
 */
export function readLearner(data: unknown): Regressor {
  const { type, version, params } = (data ?? {}) as Record<string, unknown>;
  const create = typeof type === "string" ? CREATE[type] : undefined;
  if (create === undefined || version !== VERSION) {
    throw new IncompatibleError(
      `readLearner: found ${JSON.stringify(type)} version ${JSON.stringify(version)}, expected version ${VERSION} of ${Object.keys(CREATE).join(", ")}`,
    );
  }
  if (typeof params !== "object" || params === null) throw new FormatError(`readLearner: ${type} has no parameters`);
  return create(params as Record<string, unknown>);
}

/** A learner of classes whose model gives probabilities from rows and from planes. */
export type Classifier = Learner<FeatureMatrix, Classes, ClassificationModel>;

const CREATE_CLASSIFIER: Readonly<Record<string, (params: Record<string, unknown>) => Classifier>> = {
  "materiome/random-forest-classifier-learner": (params) => createRandomForestClassifier(params),
  "materiome/gradient-boosting-classifier-learner": (params) => createGradientBoostingClassifier(params),
};

/**
 * A classifier of this package from what its `toJSON` wrote.
 *
 * @throws IncompatibleError for another type or version; FormatError if it is damaged
 * @example
 * const again = readClassifier(createRandomForestClassifier({ nTrees: 50 }).toJSON());
 */
export function readClassifier(data: unknown): Classifier {
  const { type, version, params } = (data ?? {}) as Record<string, unknown>;
  const create = typeof type === "string" ? CREATE_CLASSIFIER[type] : undefined;
  if (create === undefined || version !== VERSION) {
    throw new IncompatibleError(
      `readClassifier: found ${JSON.stringify(type)} version ${JSON.stringify(version)}, expected version ${VERSION} of ${Object.keys(CREATE_CLASSIFIER).join(", ")}`,
    );
  }
  if (typeof params !== "object" || params === null) throw new FormatError(`readClassifier: ${type} has no parameters`);
  return create(Object.fromEntries(Object.entries(params).filter(([, value]) => value !== null)));
}
