import { DomainError, type Regressor } from "@materiome/core";
import { createElementAttention } from "../attention/createElementAttention.ts";
import { createAuto } from "../auto/createAuto.ts";
import type { AutoCriterion } from "../auto/families.ts";
import { createGradientBoosting } from "../boosting/createGradientBoosting.ts";
import { createGaussianProcess } from "../gaussianProcess/createGaussianProcess.ts";
import { createElasticNet } from "../linear/createElasticNet.ts";
import { createRidge } from "../linear/createRidge.ts";
import { createMlpEnsemble } from "../mlp/createMlpEnsemble.ts";
import { createKernelRidge } from "../neighbours/createKernelRidge.ts";
import { createSymbolicLaw } from "../symbolic/createSymbolicLaw.ts";
import { createRandomForest } from "../tree/createRandomForest.ts";

/** Learners by name. */
export type ModelName =
  | "auto"
  | "forest"
  | "extra-trees"
  | "boosting"
  | "gaussian-process"
  | "kernel-ridge"
  | "mlp"
  | "element-attention"
  | "elastic-net"
  | "law"
  | "ridge"
  | "ridge-degree-2";

export const MODEL_NAMES: readonly ModelName[] = [
  "auto",
  "forest",
  "extra-trees",
  "boosting",
  "gaussian-process",
  "kernel-ridge",
  "mlp",
  "element-attention",
  "elastic-net",
  "law",
  "ridge",
  "ridge-degree-2",
];

/** Learners that learn by the criterion that is named, without a search. */
export const HEED_CRITERION: ReadonlySet<ModelName> = new Set<ModelName>(["mlp", "element-attention"]);

/** What the learners of these names heed besides their defaults. */
export interface NamedLearnerOptions {
  /** Rows to predict may lack inputs, though those of a fold may not. @defaultValue false */
  readonly hasGaps?: boolean | undefined;
  /** Trials of each search of `auto`. @defaultValue all learners, and as many drawn settings as the rows allow */
  readonly trials?: number | undefined;
  /** What `auto` compares by, and what nets learn by. @defaultValue "squared" */
  readonly criterion?: AutoCriterion | undefined;
}

/**
 * The learner of that name with its defaults; boosting with slower, smaller trees that draw rows and columns, as small tables want.
 *
 * @param level - probability of its intervals
 * @throws DomainError for another name
 * @example
 * const learner = learnerByName("extra-trees", 0.9);
 */
export function learnerByName(name: ModelName, level: number, options: NamedLearnerOptions = {}): Regressor {
  switch (name) {
    case "auto":
      return createAuto({ level, missing: options.hasGaps, trials: options.trials, criterion: options.criterion });
    case "forest":
      return createRandomForest({ level });
    case "extra-trees":
      return createRandomForest({ level, splitter: "random" });
    case "boosting":
      return createGradientBoosting({ level, learningRate: 0.06, maxLeaves: 12, rowShare: 0.7, maxFeatures: 0.5 });
    case "gaussian-process":
      return createGaussianProcess({ level, folds: 5 });
    case "kernel-ridge":
      return createKernelRidge({ level });
    case "mlp":
      return createMlpEnsemble({ level, loss: options.criterion });
    case "element-attention":
      return createElementAttention({ level, loss: options.criterion });
    case "elastic-net":
      return createElasticNet({ level });
    case "law":
      return createSymbolicLaw({ level });
    case "ridge":
      return createRidge({ level });
    case "ridge-degree-2":
      return createRidge({ level, degree: 2 });
    default:
      throw new DomainError(`model must be one of ${MODEL_NAMES.join(", ")}; got "${String(name)}"`);
  }
}

/** The learner that predicts as {@link learnerByName} does, without what only the report of a final model needs. */
export function scorerByName(name: ModelName, level: number, options: NamedLearnerOptions): Regressor {
  return name === "law" ? createSymbolicLaw({ level, resamples: 0 }) : learnerByName(name, level, options);
}
