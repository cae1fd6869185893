import { FormatError, IncompatibleError, type Regressor, type Serialized } from "@materiome/core";
import { createAuto } from "../auto/createAuto.ts";
import { createRidge } from "../linear/createRidge.ts";
import { createRandomForest } from "../tree/createRandomForest.ts";
import { createRandomForestClassifier, type RandomForestClassifier } from "../tree/createRandomForestClassifier.ts";

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

const CLASSIFIER = "materiome/random-forest-classifier-learner";

/**
 * A classifier of this package from what its `toJSON` wrote.
 *
 * @throws IncompatibleError for another type or version; FormatError if it is damaged
 * @example
 * const again = readClassifier(createRandomForestClassifier({ nTrees: 50 }).toJSON());
 */
export function readClassifier(data: unknown): RandomForestClassifier {
  const { type, version, params } = (data ?? {}) as Record<string, unknown>;
  if (type !== CLASSIFIER || version !== VERSION) {
    throw new IncompatibleError(
      `readClassifier: found ${JSON.stringify(type)} version ${JSON.stringify(version)}, expected version ${VERSION} of ${CLASSIFIER}`,
    );
  }
  if (typeof params !== "object" || params === null) {
    throw new FormatError(`readClassifier: ${CLASSIFIER} has no parameters`);
  }
  const given = Object.entries(params).filter(([, value]) => value !== null);
  return createRandomForestClassifier(Object.fromEntries(given));
}
