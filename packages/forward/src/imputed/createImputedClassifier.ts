import type { Classes, Feature, FeatureMatrix, Json, LearnerCapability, RunContext, Serialized } from "@materiome/core";
import { checkClasses } from "../learner/checkClasses.ts";
import type { ClassificationModel } from "../learner/classificationModel.ts";
import type { Classifier } from "../learner/classifier.ts";
import { filledFeatures, fitFilling, markOf } from "./fitFilling.ts";
import { imputedClassification } from "./imputedClassification.ts";
import { fillGaps } from "./imputedPredictor.ts";

/**
 * A classifier on rows whose gaps hold the median of the training rows, with marks of where they were: what {@link createImputed} is for
 * regression. Every classifier of this package needs it where inputs are missing. `model.report` says what was filled, beside what the
 * classifier inside reports. With `createAutoClassifier` inside, the medians are those of all rows given, not of each inner fold.
 *
 * @throws nothing itself; `fit` throws ShapeError for rows that differ in number, DomainError for values that are infinite or a code
 * without a label, DataError for fewer than two rows, classes or groups, IncompatibleError for noise variances, and what the
 * classifier inside throws
 * @see Van Ness, Bosschieter, Halpin-Gregorio & Udell, KDD 2023, doi:10.1145/3580305.3599911 (on the marks)
 * @example
 * const learner = createImputedClassifier(createLogistic());
 * const model = await learner.fit(x, y, { random: createRandom(1) }); // x may hold NaN
 */
export function createImputedClassifier(classifier: Classifier): Classifier {
  const supports: ReadonlySet<LearnerCapability> = new Set([...classifier.supports, "missing" as const]);
  return {
    supports,
    module: import.meta.url,
    async fit(x: FeatureMatrix, y: Classes, run: RunContext): Promise<ClassificationModel & { readonly report: Json }> {
      checkClasses("imputed classifier", x, y, true);
      const { filling, counts } = fitFilling(x);
      const features = [...x.features, ...Array.from(filling.marked, (f) => markOf(x.features[f] as Feature))]; // marked < d
      const inner = await classifier.fit({ ...fillGaps(filling, x), features }, y, run);
      const report = (inner as { readonly report?: Json }).report;
      return {
        ...imputedClassification(filling, inner, x.features),
        report: {
          ...(typeof report === "object" && report !== null && !Array.isArray(report) ? report : {}),
          filled: filledFeatures(x.features, filling, counts),
        },
      };
    },
    toJSON(): Serialized {
      return {
        type: "materiome/imputed-classifier-learner",
        version: 1,
        params: { classifier: { ...classifier.toJSON() } },
        state: null,
      };
    },
  };
}
