import {
  type Classes,
  DomainError,
  type FeatureMatrix,
  type Json,
  type Learner,
  type LearnerCapability,
  type RunContext,
} from "@materiome/core";
import { type ClassTraining, checkClasses } from "./checkClasses.ts";
import type { ClassificationModel } from "./classificationModel.ts";
import { areClassWeights, type ClassWeights } from "./classWeights.ts";
import { storedSettings } from "./storedSettings.ts";

/** A learner of classes whose model gives probabilities from rows and from planes. */
export type Classifier = Learner<FeatureMatrix, Classes, ClassificationModel>;

/** Options, resolved, that all classifiers of trees have. */
export interface TreeClassifierSettings {
  /** Infinity: no limit. */
  readonly maxDepth: number;
  readonly maxFeatures: number | "sqrt";
  readonly classWeights?: ClassWeights | undefined;
}

/** Settings that can be stored. */
type Storable = { readonly [key: string]: Json | undefined };

export interface ClassifierParts<S extends Storable> {
  /** Stands at the head of messages: "random forest classifier". */
  readonly name: string;
  /** Of the stored learner. */
  readonly type: string;
  readonly module: string;
  readonly settings: S;
  readonly fit: (settings: S, rows: ClassTraining, run: RunContext) => Promise<ClassificationModel>;
}

/** A classifier: checks what it is given and stores its settings. It takes weights and refuses missing values. */
export function createClassifier<S extends Storable>(parts: ClassifierParts<S>): Classifier {
  const { name, type, module, settings } = parts;
  const supports: ReadonlySet<LearnerCapability> = new Set(["weights"]);
  return {
    supports,
    module,
    fit: async (x, y, run) => parts.fit(settings, checkClasses(name, x, y), run),
    toJSON: () => ({ type, version: 1, params: storedSettings(settings), state: null }),
  };
}

/** Refuses an option: "createX: name must be …, got …". */
export type CheckOption = (name: string, value: unknown, isAllowed: boolean, expected: string) => void;

/** @returns a check that throws DomainError in the name of `caller` */
export function optionCheck(caller: string): CheckOption {
  return (name, value, isAllowed, expected) => {
    if (!isAllowed) throw new DomainError(`${caller}: ${name} must be ${expected}, got ${String(value)}`);
  };
}

export function checkTreeSettings(check: CheckOption, settings: TreeClassifierSettings): void {
  const { maxDepth, maxFeatures, classWeights } = settings;
  const isTried = maxFeatures === "sqrt" || isShare(maxFeatures);
  check("maxFeatures", maxFeatures, isTried, '"sqrt" or above 0 and at most 1');
  check("maxDepth", maxDepth, maxDepth >= 1, "at least 1");
  const isKnown = classWeights === undefined || areClassWeights(classWeights);
  check("classWeights", classWeights, isKnown, '"balanced" or a factor of at least 0 for each class');
}

export const isShare = (value: unknown): boolean => typeof value === "number" && value > 0 && value <= 1;

/** Columns tried at a split, of d. */
export const triedColumns = ({ maxFeatures }: TreeClassifierSettings, d: number): number =>
  maxFeatures === "sqrt" ? Math.sqrt(d) : maxFeatures * d;
