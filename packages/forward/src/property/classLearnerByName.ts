import { DomainError } from "@materiome/core";
import { createAutoClassifier } from "../auto/createAutoClassifier.ts";
import { createGradientBoostingClassifier } from "../boosting/createGradientBoostingClassifier.ts";
import { createImputedClassifier } from "../imputed/createImputedClassifier.ts";
import type { Classifier } from "../learner/classifier.ts";
import { createLogistic } from "../linear/createLogistic.ts";
import { createMlpClassifier } from "../mlp/createMlpClassifier.ts";
import { createSupportVectorClassifier } from "../neighbours/createSupportVectorClassifier.ts";
import { createRandomForestClassifier } from "../tree/createRandomForestClassifier.ts";

/** Learners of classes by name. */
export type ClassModelName = "auto" | "forest" | "extra-trees" | "boosting" | "logistic" | "support-vectors" | "mlp";

export const CLASS_MODEL_NAMES: readonly ClassModelName[] = [
  "auto",
  "forest",
  "extra-trees",
  "boosting",
  "logistic",
  "support-vectors",
  "mlp",
];

/** What the learners of these names heed besides their defaults. */
export interface NamedClassifierOptions {
  /** Candidates that each search of `auto` tries. @defaultValue all */
  readonly trials?: number | undefined;
  /** Whether `auto` mixes its probabilities itself. @defaultValue true */
  readonly blend?: boolean | undefined;
  /** Rows lack inputs: medians stand in the gaps, with marks. @defaultValue false */
  readonly hasGaps?: boolean | undefined;
}

/**
 * The learner of classes of that name, set for small tables.
 *
 * @throws DomainError for another name
 * @example
 * const learner = classLearnerByName("logistic");
 */
export function classLearnerByName(name: ClassModelName, options: NamedClassifierOptions = {}): Classifier {
  const learner = plainLearner(name, options);
  return options.hasGaps === true ? createImputedClassifier(learner) : learner;
}

function plainLearner(name: ClassModelName, options: NamedClassifierOptions): Classifier {
  switch (name) {
    case "auto":
      return createAutoClassifier({ trials: options.trials, blend: options.blend });
    case "forest":
      return createRandomForestClassifier({ nTrees: 300 });
    case "extra-trees":
      return createRandomForestClassifier({ nTrees: 300, splitter: "random" });
    case "boosting":
      return createGradientBoostingClassifier({
        nRounds: 150,
        learningRate: 0.06,
        maxLeaves: 8,
        minSamplesLeaf: 4,
        l2: 1,
        rowShare: 0.7,
        maxFeatures: 0.5,
      });
    case "logistic":
      return createLogistic();
    case "support-vectors":
      return createSupportVectorClassifier();
    case "mlp":
      return createMlpClassifier();
    default:
      throw new DomainError(`model of classes must be one of ${CLASS_MODEL_NAMES.join(", ")}; got "${String(name)}"`);
  }
}
