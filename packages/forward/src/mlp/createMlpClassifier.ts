import { type RunContext, takeRows } from "@materiome/core";
import type { ClassTraining } from "../learner/checkClasses.ts";
import { checkDivisible } from "../learner/checkTraining.ts";
import { type ClassificationModel, createClassificationModel } from "../learner/classificationModel.ts";
import { type Classifier, createClassifier, optionCheck } from "../learner/classifier.ts";
import { areClassWeights, type ClassWeights, weightRows } from "../learner/classWeights.ts";
import { innerFolds } from "../learner/heldOutByFolds.ts";
import { SHARE_SUM } from "../tree/classTrees.ts";
import { resolveMembers } from "./createMlpEnsemble.ts";
import { planMembers } from "./fitNets.ts";
import { addProbabilities, mlpClassifier } from "./mlpClassifier.ts";
import { type MlpSettings, type NetOptions, resolveNet } from "./mlpSettings.ts";
import { DENSE } from "./trainNet.ts";
import { type PlannedNet, planNet, trainNets } from "./trainNets.ts";

export interface MlpClassifierOptions extends NetOptions {
  /** Nets, at least as many as folds. @defaultValue 10 */
  readonly nMembers?: number | undefined;
  /**
   * `balanced`: each class has the same total weight, on top of the weights of the rows; or a factor for each class, in the order
   * of the labels. @defaultValue each row counts as it is
   */
  readonly classWeights?: ClassWeights | undefined;
}

const WHO = "mlp classifier";

type Settings = Omit<MlpSettings, "level" | "noise" | "loss" | "beta" | "hidden"> & {
  readonly hidden: number[];
  readonly nMembers: number;
  readonly classWeights: ClassWeights | undefined;
};

/**
 * Classes by the mean probabilities of several fully connected nets with a softmax, trained as those of `createMlpEnsemble` on the log
 * loss. Held-out probabilities (`outOfBag`, kept in units of 1/65535) are those of the nets that did not see the row's group. A
 * class without training rows has the probability 0. Takes weights, refuses missing values.
 *
 * @throws DomainError for options outside their range; `fit` throws DataError for fewer than 3 rows or groups, ConvergenceError
 * where the loss stops being a number
 * @example
 * const learner = createMlpClassifier({ classWeights: "balanced" });
 * const model = await learner.fit(x, { kind: "classification", codes, labels: ["bcc", "fcc"] }, { random: createRandom(1) });
 * const { probabilities } = await model.predict(x);
 */
export function createMlpClassifier(options: MlpClassifierOptions = {}): Classifier {
  const check = optionCheck("createMlpClassifier");
  const { level: _level, noise: _noise, loss: _loss, beta: _beta, ...settings } = resolveNet(check, options);
  const { classWeights } = options;
  const nMembers = resolveMembers(check, options.nMembers, settings.folds);
  const isKnown = classWeights === undefined || areClassWeights(classWeights);
  check("classWeights", classWeights, isKnown, '"balanced" or a factor of at least 0 for each class');
  return createClassifier({
    name: WHO,
    type: "materiome/mlp-classifier-learner",
    module: import.meta.url,
    settings: { ...settings, hidden: [...settings.hidden], nMembers, classWeights },
    fit: fitClasses,
  });
}

async function fitClasses(settings: Settings, rows: ClassTraining, run: RunContext): Promise<ClassificationModel> {
  run.signal?.throwIfAborted();
  checkDivisible(WHO, rows);
  const { x, codes, labels } = rows;
  const present = Int32Array.from(rows.counts.keys()).filter((c) => (rows.counts[c] as number) > 0); // c < length
  const places = new Map(Array.from(present, (c, k) => [c, k]));
  const own = codes.map((code) => places.get(code) as number); // present
  const folds = innerFolds(rows, settings.folds, run.random.fork("outer split"));
  const plan = planMembers(settings.nMembers, folds.nFolds, (k, m) =>
    planNet(rows, folds, k, settings.stopShare, run.random.fork("net").fork(m)),
  );
  const weights = weightRows(WHO, settings.classWeights, rows);
  const targets = { kind: "classes", codes: own, nClasses: present.length } as const;
  const trained = await trainNets(
    rows,
    weights,
    targets,
    { ...settings, noise: "constant", loss: "squared", beta: 0 },
    plan,
    run,
    DENSE,
  );
  const count = new Int32Array(x.rows);
  const sum = new Int32Array(x.rows * labels.length);
  for (const [m, { net }] of trained.entries()) {
    const { heldOut } = plan[m] as PlannedNet; // one for each
    const p = new Float64Array(heldOut.length * present.length);
    addProbabilities(net, takeRows(x, heldOut), p);
    for (const [r, i] of heldOut.entries()) {
      count[i] = (count[i] as number) + 1; // i < rows
      for (const [k, c] of present.entries()) {
        const at = i * labels.length + c;
        sum[at] = (sum[at] as number) + Math.round(SHARE_SUM * (p[r * present.length + k] as number));
      }
    }
  }
  return createClassificationModel({
    scorer: mlpClassifier({
      nFeatures: x.columns,
      nClasses: labels.length,
      present,
      nets: trained.map(({ net }) => net),
    }),
    features: x.features,
    labels: [...labels],
    counts: Array.from(rows.counts),
    heldOut: { codes: codes.slice(), count, sum },
  });
}
