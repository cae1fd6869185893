import { decodeArray, FormatError, IncompatibleError, type Regressor, type Serialized } from "@materiome/core";
import { createElementAttention } from "../attention/createElementAttention.ts";
import { createAuto } from "../auto/createAuto.ts";
import { createAutoClassifier } from "../auto/createAutoClassifier.ts";
import { createGradientBoosting } from "../boosting/createGradientBoosting.ts";
import { createGradientBoostingClassifier } from "../boosting/createGradientBoostingClassifier.ts";
import { createConstant } from "../constant/createConstant.ts";
import { createGaussianProcess, type GaussianProcess } from "../gaussianProcess/createGaussianProcess.ts";
import { createProcessByEvidence } from "../gaussianProcess/createProcessByEvidence.ts";
import { createHurdle } from "../hurdle/createHurdle.ts";
import { createImputed } from "../imputed/createImputed.ts";
import { createImputedClassifier } from "../imputed/createImputedClassifier.ts";
import { createBayesianRidge } from "../linear/createBayesianRidge.ts";
import { createElasticNet } from "../linear/createElasticNet.ts";
import { createHuber } from "../linear/createHuber.ts";
import { createLogistic } from "../linear/createLogistic.ts";
import { createPartialLeastSquares } from "../linear/createPartialLeastSquares.ts";
import { createRidge } from "../linear/createRidge.ts";
import { createLogarithmic } from "../logarithmic/createLogarithmic.ts";
import { createMlp } from "../mlp/createMlp.ts";
import { createMlpClassifier } from "../mlp/createMlpClassifier.ts";
import { createMlpEnsemble } from "../mlp/createMlpEnsemble.ts";
import { createMlpMultiTask } from "../mlp/createMlpMultiTask.ts";
import { createKernelRidge } from "../neighbours/createKernelRidge.ts";
import { createNearestNeighbours } from "../neighbours/createNearestNeighbours.ts";
import { createSupportVectorClassifier } from "../neighbours/createSupportVectorClassifier.ts";
import { createSupportVectorRegression } from "../neighbours/createSupportVectorRegression.ts";
import { createResidualLearner } from "../physics/createResidualLearner.ts";
import { createQuotients } from "../quotients/createQuotients.ts";
import { createRanked } from "../ranked/createRanked.ts";
import { createStack } from "../stack/createStack.ts";
import { createSymbolicLaw } from "../symbolic/createSymbolicLaw.ts";
import { createMultiFidelity, type MultiFidelityOptions } from "../tasks/createMultiFidelity.ts";
import { createMultiTask } from "../tasks/createMultiTask.ts";
import { createStackedTargets } from "../tasks/createStackedTargets.ts";
import { createTransfer } from "../transfer/createTransfer.ts";
import { createRandomForest } from "../tree/createRandomForest.ts";
import { createRandomForestClassifier } from "../tree/createRandomForestClassifier.ts";
import { createConformal } from "../uncertainty/createConformal.ts";
import type { Classifier } from "./classifier.ts";
import { readForwardModel } from "./regressionModel.ts";
import type { ForwardLearner } from "./regressor.ts";

const VERSION = 1;

type Create = (params: Record<string, unknown>) => Regressor;

const CREATE: Readonly<Record<string, Create>> = {
  "materiome/random-forest-learner": (params) =>
    createRandomForest({
      ...params,
      maxDepth: params["maxDepth"] === null ? undefined : (params["maxDepth"] as number),
    }),
  "materiome/ridge-learner": (params) => createRidge(params),
  "materiome/process-by-evidence-learner": ({ learners }) =>
    createProcessByEvidence(
      (Array.isArray(learners) ? learners : []).map((one) => readLearner(one) as GaussianProcess),
    ),
  "materiome/gaussian-process-learner": (params) => createGaussianProcess(givenOf(params)),
  "materiome/stacked-targets-learner": (params) =>
    createStackedTargets({ ...params, learner: readForward(params["learner"]) }),
  "materiome/multi-task-learner": (params) => createMultiTask(givenOf(params)),
  "materiome/multi-fidelity-learner": (params) =>
    createMultiFidelity(givenOf(params) as unknown as MultiFidelityOptions), // checked when created
  "materiome/stack-learner": (params) =>
    createStack({
      ...params,
      learners: (Array.isArray(params["learners"]) ? params["learners"] : []).map(readForward),
    }),
  "materiome/residual-learner": (params) =>
    createResidualLearner({
      ...params,
      law: params["law"] as string, // checked when created
      learner: readForward(params["learner"]),
    }),
  "materiome/elastic-net-learner": (params) => createElasticNet(params),
  "materiome/partial-least-squares-learner": (params) => createPartialLeastSquares(params),
  "materiome/bayesian-ridge-learner": (params) => createBayesianRidge(params),
  "materiome/huber-learner": (params) => createHuber(params),
  "materiome/nearest-neighbours-learner": (params) => createNearestNeighbours(params),
  "materiome/kernel-ridge-learner": (params) => createKernelRidge(params),
  "materiome/symbolic-law-learner": (params) => createSymbolicLaw(params),
  "materiome/constant-learner": (params) => createConstant(params),
  "materiome/hurdle-learner": ({ classifier, learner, ...params }) =>
    createHurdle({ ...givenOf(params), classifier: readClassifier(classifier), learner: readForward(learner) }),
  "materiome/imputed-learner": (params) => createImputed(readForward(params["learner"])),
  "materiome/logarithmic-learner": ({ learner, ...params }) => createLogarithmic(readForward(learner), params),
  "materiome/transfer-learner": ({ source, learner, sourceRows, ...params }) =>
    createTransfer({
      ...params,
      source: readForwardModel(source),
      learner: readForward(learner),
      sourceRows: sourceRows === null ? undefined : decodeArray(sourceRows, "f64"),
    }),
  "materiome/mlp-learner": (params) => createMlp(givenOf(params)),
  "materiome/mlp-ensemble-learner": (params) => createMlpEnsemble(givenOf(params)),
  "materiome/element-attention-learner": (params) => createElementAttention(givenOf(params)),
  "materiome/mlp-multi-task-learner": (params) => createMlpMultiTask(givenOf(params)),
  "materiome/support-vector-regression-learner": (params) => createSupportVectorRegression(params),
  "materiome/quotients-learner": ({ learner, ...params }) => createQuotients(readForward(learner), params),
  "materiome/ranked-learner": (params) => createRanked(readForward(params["learner"])),
  "materiome/auto-learner": (params) => createAuto(givenOf(params)),
  "materiome/conformal-learner": ({ learner, ...params }) => createConformal(readLearner(learner), params),
  "materiome/gradient-boosting-learner": (params) => createGradientBoosting(givenOf(params)),
};

/** All learners here fit forward models. */
const readForward = (data: unknown): ForwardLearner => readLearner(data) as ForwardLearner;

/** True if the learner is one of this package's, so that another thread can build it from its stored form. */
export function isStoredLearner(stored: Serialized): boolean {
  if (!(stored.type in CREATE && stored.version === VERSION)) return false;
  const {
    classifier,
    learner,
    learners = [],
  } = (stored.params ?? {}) as {
    classifier?: Serialized;
    learner?: Serialized;
    learners?: readonly Serialized[];
  };
  if (classifier !== undefined && !(classifier.type in CREATE_CLASSIFIER)) return false;
  return [...(learner === undefined ? [] : [learner]), ...learners].every(isStoredLearner); // of one around others
}

/**
 * A learner of this package from what its `toJSON` wrote.
 *
 * @throws IncompatibleError for another type or version; FormatError if it is damaged
 * @example
 * const again = readLearner(createRandomForest({ nTrees: 50 }).toJSON());
 */
export function readLearner(data: unknown): Regressor {
  const { create, params } = openStoredLearner("readLearner", data, CREATE);
  return create(params);
}

const CREATE_CLASSIFIER: Readonly<Record<string, (params: Record<string, unknown>) => Classifier>> = {
  "materiome/random-forest-classifier-learner": (params) => createRandomForestClassifier(params),
  "materiome/logistic-learner": (params) => createLogistic(params),
  "materiome/mlp-classifier-learner": (params) => createMlpClassifier(params),
  "materiome/support-vector-classifier-learner": (params) => createSupportVectorClassifier(params),
  "materiome/auto-classifier-learner": (params) => createAutoClassifier(params),
  "materiome/imputed-classifier-learner": (params) => createImputedClassifier(readClassifier(params["classifier"])),
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
  const { create, params } = openStoredLearner("readClassifier", data, CREATE_CLASSIFIER);
  return create(givenOf(params));
}

/** JSON has null where nothing was set. */
function givenOf(params: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== null));
}

function openStoredLearner<C>(
  caller: string,
  data: unknown,
  known: Readonly<Record<string, C>>,
): { readonly create: C; readonly params: Record<string, unknown> } {
  const { type, version, params } = (data ?? {}) as Record<string, unknown>;
  const create = typeof type === "string" ? known[type] : undefined;
  if (create === undefined || version !== VERSION) {
    throw new IncompatibleError(
      `${caller}: found ${JSON.stringify(type)} version ${JSON.stringify(version)}, expected version ${VERSION} of ${Object.keys(known).join(", ")}`,
    );
  }
  if (typeof params !== "object" || params === null) throw new FormatError(`${caller}: ${type} has no parameters`);
  return { create, params: params as Record<string, unknown> };
}
