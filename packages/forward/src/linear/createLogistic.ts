import { type RunContext, takeRows } from "@materiome/core";
import type { ClassTraining } from "../learner/checkClasses.ts";
import { nestedChoice } from "../learner/chooseByFolds.ts";
import { type ClassificationModel, createClassificationModel } from "../learner/classificationModel.ts";
import { type Classifier, createClassifier, optionCheck } from "../learner/classifier.ts";
import { areClassWeights, type ClassWeights, weightRows } from "../learner/classWeights.ts";
import { innerFolds, rowsOutside } from "../learner/heldOutByFolds.ts";
import { scaleToMeanOne } from "../tree/bag.ts";
import { SHARE_SUM } from "../tree/classTrees.ts";
import type { CodedClassifier } from "../tree/codedClassifier.ts";
import { logisticFits } from "./logisticFits.ts";

export interface LogisticOptions {
  /**
   * Penalty on the coefficients of standardised features, in Σ weight · log loss + ½ penalty Σ coefficient²; `auto`: of
   * 10⁻³ … 10³ the one with the least log loss on inner folds. @defaultValue "auto"
   */
  readonly penalty?: number | "auto" | undefined;
  /**
   * `balanced`: each class has the same total weight, on top of the weights of the rows; or a factor for each class, in the order
   * of the labels. @defaultValue each row counts as it is
   */
  readonly classWeights?: ClassWeights | undefined;
  /** Inner folds; fewer where there are fewer rows or groups. @defaultValue 5 */
  readonly folds?: number | undefined;
}

const WHO = "logistic regression";
/** Falling: the simpler first. */
const PENALTIES = [1e3, 1e2, 10, 1, 0.1, 1e-2, 1e-3];
/** Least probability that counts: a class that the other folds do not have would cost infinitely much. */
const LEAST = 1e-9;

/**
 * Multinomial logistic regression on standardised features with a penalty on the squared coefficients, intercepts free; of two
 * classes one vector of coefficients, of more one for each.
 *
 * The penalty is chosen by inner folds (whole groups), and each fold is predicted by what the others chose: those are the
 * held-out probabilities (`outOfBag`, kept in units of 1/65535). Weights of the rows are scaled to mean 1. A class without
 * training rows has the probability 0. Missing values are refused.
 *
 * @throws DomainError for options outside their range; `fit` throws DataError for fewer than 3 rows or groups where the penalty
 * is to be chosen, ConvergenceError if the minimum is not found
 * @see Hastie, Tibshirani & Friedman, The Elements of Statistical Learning (2009), section 4.4, doi:10.1007/978-0-387-84858-7
 * @example
 * const learner = createLogistic({ classWeights: "balanced" });
 * const model = await learner.fit(x, { kind: "classification", codes, labels: ["brittle", "ductile"] }, { random: createRandom(1) });
 * const { probabilities } = await model.predict(x);
 */
export function createLogistic(options: LogisticOptions = {}): Classifier {
  const { penalty = "auto", classWeights, folds = 5 } = options;
  const check = optionCheck("createLogistic");
  const isPenalty = penalty === "auto" || (penalty > 0 && Number.isFinite(penalty));
  check("penalty", penalty, isPenalty, '"auto" or a number above 0');
  check("folds", folds, Number.isInteger(folds) && folds >= 2, "a whole number of at least 2");
  const isKnown = classWeights === undefined || areClassWeights(classWeights);
  check("classWeights", classWeights, isKnown, '"balanced" or a factor of at least 0 for each class');
  return createClassifier({
    name: WHO,
    type: "materiome/logistic-learner",
    module: import.meta.url,
    settings: { penalty, classWeights, folds },
    fit: async (settings, rows, run) => fitLogistic(settings, rows, run),
  });
}

interface Settings {
  readonly penalty: number | "auto";
  readonly classWeights: ClassWeights | undefined;
  readonly folds: number;
}

function fitLogistic(settings: Settings, rows: ClassTraining, run: RunContext): ClassificationModel {
  run.signal?.throwIfAborted();
  const { x, codes, labels } = rows;
  const nClasses = labels.length;
  const given = weightRows(WHO, settings.classWeights, rows);
  const weights = given === undefined ? new Float64Array(x.rows).fill(1) : scaleToMeanOne(given);
  const penalties = settings.penalty === "auto" ? PENALTIES : [settings.penalty];
  const folds = innerFolds(rows, settings.folds, run.random.fork("inner split"));
  const sum = new Int32Array(x.rows * nClasses);
  const probabilitiesOf = (scorer: CodedClassifier, at: Int32Array): Float64Array => {
    const out = new Float64Array(at.length * nClasses);
    scorer.predictRows(takeRows(x, at), out);
    return out;
  };
  const { candidate, fits } = nestedChoice<readonly CodedClassifier[]>(
    folds,
    {
      fitWithout(left) {
        const kept = rowsOutside(folds, left);
        return logisticFits(
          WHO,
          takeRows(x, kept),
          kept.map((i) => codes[i] as number), // rows of the set
          Float64Array.from(kept, (i) => weights[i] as number),
          nClasses,
          penalties,
          run.signal,
        );
      },
      lossesOn: (scorers, test) =>
        scorers.map((scorer) => {
          const p = probabilitiesOf(scorer, test);
          let loss = 0;
          for (const [r, i] of test.entries()) {
            const own = p[r * nClasses + (codes[i] as number)] as number;
            loss -= (weights[i] as number) * Math.log(Math.max(LEAST, own));
          }
          return loss;
        }),
      keep(scorers, chosen, test) {
        const p = probabilitiesOf(scorers[chosen] as CodedClassifier, test);
        for (const [r, i] of test.entries()) {
          for (let c = 0; c < nClasses; c++) {
            sum[i * nClasses + c] = Math.round(SHARE_SUM * (p[r * nClasses + c] as number));
          }
        }
      },
    },
    { name: WHO, nCandidates: penalties.length, signal: run.signal },
  );
  return createClassificationModel({
    scorer: fits[candidate] as CodedClassifier, // one per penalty
    features: x.features,
    labels: [...labels],
    counts: Array.from(rows.counts),
    heldOut: { codes: codes.slice(), count: new Int32Array(x.rows).fill(1), sum },
  });
}
