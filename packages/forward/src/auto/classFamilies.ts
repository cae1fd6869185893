import { type Classes, createRandom, type FeatureMatrix, type TaskFunction } from "@materiome/core";
import { createGradientBoostingClassifier } from "../boosting/createGradientBoostingClassifier.ts";
import type { Classifier } from "../learner/classifier.ts";
import { createLogistic } from "../linear/createLogistic.ts";
import { logisticFits } from "../linear/logisticFits.ts";
import { scaleToMeanOne } from "../tree/bag.ts";
import { createRandomForestClassifier } from "../tree/createRandomForestClassifier.ts";

export interface ClassCandidate {
  readonly name: string;
  readonly create: () => Classifier;
}

/** Classifiers that are fitted together. */
export interface ClassFamily {
  readonly name: string;
  readonly candidates: readonly ClassCandidate[];
  /** Of logistic regressions, which are fitted one after the other. */
  readonly penalties?: readonly number[];
  /** Rows or groups below which it is not tried. */
  readonly fewestRows?: number;
}

/** Candidates, since a choice of its own inside each inner fold would cost a hundred fits. Smaller ones take longest. */
export const PENALTY = 10;
const SMALLER_PENALTIES = [1, 0.1];
const BOOSTING = {
  nRounds: 150,
  learningRate: 0.06,
  maxLeaves: 8,
  minSamplesLeaf: 4,
  l2: 1,
  rowShare: 0.7,
  maxFeatures: 0.5,
} as const;

/** In the order in which equal ones are preferred. */
export const CLASS_FAMILIES: readonly ClassFamily[] = [
  logistic("logistic", [PENALTY]),
  single("extra-trees", () => createRandomForestClassifier({ nTrees: 300, splitter: "random" })),
  single("forest", () => createRandomForestClassifier({ nTrees: 300 })),
  { ...single("boosting", () => createGradientBoostingClassifier(BOOSTING)), fewestRows: 40 },
];

/** Tried where {@link CLASS_FAMILIES}' logistic comes within this factor of the least log loss. */
export const NEAR_LOGISTIC = 1.2;
export const SMALLER_LOGISTIC: ClassFamily = logistic("logistic of smaller penalty", SMALLER_PENALTIES);

function logistic(name: string, penalties: readonly number[]): ClassFamily {
  return {
    name,
    penalties,
    candidates: penalties.map((penalty) => ({
      name: `logistic (penalty ${penalty})`,
      create: (): Classifier => createLogistic({ penalty }),
    })),
  };
}

function single(name: string, create: () => Classifier): ClassFamily {
  return { name, candidates: [{ name, create }] };
}

export interface ClassFoldTask {
  readonly family: string;
  readonly train: FeatureMatrix;
  readonly classes: Classes;
  readonly test: FeatureMatrix;
  readonly key: string;
}

export const foldPrediction: TaskFunction = { module: import.meta.url, name: "predictFold" };

/** Probabilities of the test rows, [nRows, nClasses], by each candidate of a family fitted to the training rows; in a worker thread. */
export async function predictFold({ family, train, classes, test, key }: ClassFoldTask): Promise<Float64Array[]> {
  const nClasses = classes.labels.length;
  const { candidates, penalties } = [...CLASS_FAMILIES, SMALLER_LOGISTIC].find(
    ({ name }) => name === family,
  ) as ClassFamily; // one of them
  if (penalties !== undefined) {
    const { codes, weights } = classes;
    const counted = weights === undefined ? new Float64Array(train.rows).fill(1) : scaleToMeanOne(weights);
    return logisticFits(family, train, codes, counted, nClasses, penalties, undefined).map((scorer) => {
      const out = new Float64Array(test.rows * nClasses);
      scorer.predictRows(test, out);
      return out;
    });
  }
  const [candidate] = candidates;
  const model = await (candidate as ClassCandidate)
    .create()
    .fit(train, classes, { random: createRandom(key), threads: 1 });
  return [model.predictSync(test).probabilities.data];
}
