import { DomainError, type Regressor } from "@materiome/core";
import { createAuto } from "../auto/createAuto.ts";
import { createRidge } from "../linear/createRidge.ts";
import { createRandomForest } from "../tree/createRandomForest.ts";

/** Learners by name. */
export type ModelName = "auto" | "forest" | "extra-trees" | "ridge" | "ridge-degree-2";

export const MODEL_NAMES: readonly ModelName[] = ["auto", "forest", "extra-trees", "ridge", "ridge-degree-2"];

/**
 * The learner of that name with its defaults.
 *
 * @param level - probability of its intervals
 * @param hasGaps - whether rows to predict may lack inputs, though those of a fold may not
 * @throws DomainError for another name
 * @example
 * const learner = learnerByName("extra-trees", 0.9);
 */
export function learnerByName(name: ModelName, level: number, hasGaps = false): Regressor {
  switch (name) {
    case "auto":
      return createAuto({ level, missing: hasGaps });
    case "forest":
      return createRandomForest({ level });
    case "extra-trees":
      return createRandomForest({ level, splitter: "random" });
    case "ridge":
      return createRidge({ level });
    case "ridge-degree-2":
      return createRidge({ level, degree: 2 });
    default:
      throw new DomainError(`model must be one of ${MODEL_NAMES.join(", ")}; got "${String(name)}"`);
  }
}
