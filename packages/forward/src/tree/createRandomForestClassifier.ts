import type { RunContext } from "@materiome/core";
import type { ClassTraining } from "../learner/checkClasses.ts";
import { type ClassificationModel, createClassificationModel } from "../learner/classificationModel.ts";
import {
  type Classifier,
  checkTreeSettings,
  createClassifier,
  optionCheck,
  triedColumns,
} from "../learner/classifier.ts";
import { type ClassWeights, weightRows } from "../learner/classWeights.ts";
import { assignFolds, type Sampling, scaleToMeanOne } from "./bag.ts";
import { createClassForest } from "./classForest.ts";
import { joinClassTrees } from "./classTrees.ts";
import { codeMatrix, shareBytes, shareCodes, shareNumbers } from "./codeMatrix.ts";
import { edgesOf } from "./edges.ts";
import {
  type GrowClassTreesInput,
  type GrowClassTreesOutput,
  growClassTrees,
  growClassTreesTask,
} from "./growClassTrees.ts";
import { growForest, treeRanges } from "./growForest.ts";

export interface RandomForestClassifierOptions {
  /** At most 32 000. @defaultValue 100 */
  readonly nTrees?: number | undefined;
  /** `best`: the best threshold of each column tried; `random`: one random threshold each (extra trees). @defaultValue "best" */
  readonly splitter?: "best" | "random" | undefined;
  /** Columns tried at each split: `sqrt` of their number, or a share above 0, at most 1. @defaultValue "sqrt" */
  readonly maxFeatures?: number | "sqrt" | undefined;
  /** Least number of rows in a leaf, repeats counted; with weights, least sum of weights scaled to mean 1. @defaultValue 1 */
  readonly minSamplesLeaf?: number | undefined;
  /** @defaultValue no limit */
  readonly maxDepth?: number | undefined;
  /**
   * `balanced`: each class has the same total weight, on top of the weights of the rows; or a factor for each class, in the order
   * of the labels. @defaultValue each row counts as it is
   */
  readonly classWeights?: ClassWeights | undefined;
  /**
   * Rows of a tree: `bootstrap` draws with replacement, `folds` leaves out one tenth in turn, `all` takes every row and
   * gives no out-of-bag predictions. Groups stay whole. @defaultValue "bootstrap" for the best, "folds" for the random splitter
   */
  readonly sampling?: Sampling | undefined;
}

export type RandomForestClassifier = Classifier;

const WHO = "random forest classifier";

const MOST_TREES = 32_000; // sums of shares stay below 2^31

/**
 * Random forest for classification, or extremely randomised trees: the mean of the class shares in the leaves of trees that
 * minimise Gini's impurity, each on a sample of the rows (whole groups, where the targets name groups).
 *
 * Columns are cut into at most 255 quantile bins, in training and in prediction; the shares of a leaf are kept in units of
 * 1/65535. Out-of-bag predictions come from the trees that did not see a row's group. Takes weights; refuses missing values.
 * The model predicts from rows, or from one array per feature (`PlanePredict`), with the same result.
 *
 * @throws DomainError for options outside their range
 * @see Breiman, Mach. Learn. 45, 5 (2001), doi:10.1023/A:1010933404324
 * @see Geurts, Ernst & Wehenkel, Mach. Learn. 63, 3 (2006), doi:10.1007/s10994-006-6226-1
 * @example
 * const forest = createRandomForestClassifier({ nTrees: 100, classWeights: "balanced" });
 * const model = await forest.fit(x, { kind: "classification", codes, labels: ["matrix", "precipitate"] }, { random: createRandom(1) });
 * const { probabilities } = await model.predict(x);
 */
export function createRandomForestClassifier(options: RandomForestClassifierOptions = {}): RandomForestClassifier {
  const settings = resolve(options);
  return createClassifier({
    name: WHO,
    type: "materiome/random-forest-classifier-learner",
    module: import.meta.url,
    settings,
    fit: fitForest,
  });
}

type Settings = {
  readonly [K in keyof Required<Omit<RandomForestClassifierOptions, "classWeights">>]: NonNullable<
    RandomForestClassifierOptions[K]
  >;
} & Pick<RandomForestClassifierOptions, "classWeights">;

function resolve(options: RandomForestClassifierOptions): Settings {
  const { nTrees = 100, splitter = "best", maxFeatures = "sqrt", minSamplesLeaf = 1, classWeights } = options;
  const { maxDepth = Number.POSITIVE_INFINITY } = options;
  const sampling = options.sampling ?? (splitter === "best" ? "bootstrap" : "folds");
  const check = optionCheck("createRandomForestClassifier");
  check("nTrees", nTrees, Number.isInteger(nTrees) && nTrees >= 1 && nTrees <= MOST_TREES, `1 … ${MOST_TREES}`);
  check("splitter", splitter, splitter === "best" || splitter === "random", '"best" or "random"');
  check("minSamplesLeaf", minSamplesLeaf, minSamplesLeaf >= 1, "at least 1");
  check("sampling", sampling, ["bootstrap", "folds", "all"].includes(sampling), '"bootstrap", "folds" or "all"');
  checkTreeSettings(check, { maxDepth, maxFeatures, classWeights });
  return { nTrees, splitter, maxFeatures, minSamplesLeaf, maxDepth, sampling, classWeights };
}

async function fitForest(settings: Settings, rows: ClassTraining, run: RunContext): Promise<ClassificationModel> {
  run.signal?.throwIfAborted();
  const { x, codes: classes, labels } = rows;
  const { nTrees, sampling } = settings;
  const { rows: n, columns: d } = x;
  const nClasses = labels.length;
  const weights = weightRows(WHO, settings.classWeights, rows);
  const data = codeMatrix(x);
  const tried = triedColumns(settings, d);
  const common = {
    data,
    codes: shareBytes(rowMajor(data.coarse, n, d)),
    classes: shareCodes(classes),
    nClasses,
    weights: weights === undefined ? undefined : shareNumbers(scaleToMeanOne(weights)),
    groups: shareCodes(rows.groups),
    nGroups: rows.nGroups,
    ...assignFolds(rows.nGroups, run),
    key: run.random.key,
    sampling,
    nTry: Math.max(1, Math.round(tried)),
    minSamplesLeaf: settings.minSamplesLeaf,
    maxDepth: settings.maxDepth,
    isRandomSplit: settings.splitter === "random",
  };
  const outputs = await growForest<GrowClassTreesInput, GrowClassTreesOutput>(
    growClassTrees,
    growClassTreesTask,
    treeRanges(nTrees).map((range) => ({ ...common, ...range })),
    n * tried * nTrees,
    run,
  );
  return createClassificationModel({
    scorer: createClassForest(
      joinClassTrees(
        outputs.map(({ trees }) => trees),
        nClasses,
      ),
      edgesOf(data),
      d,
    ),
    features: x.features,
    labels: [...labels],
    counts: Array.from(rows.counts),
    heldOut:
      sampling === "all"
        ? undefined
        : {
            codes: classes.slice(),
            count: addUp(outputs.map(({ heldOutCount }) => heldOutCount)),
            sum: addUp(outputs.map(({ heldOutSum }) => heldOutSum)),
          },
  });
}

function rowMajor(columnMajor: Uint8Array, n: number, d: number): Uint8Array {
  const out = new Uint8Array(n * d);
  for (let f = 0; f < d; f++) {
    for (let i = 0; i < n; i++) out[i * d + f] = columnMajor[f * n + i] as number; // within n × d
  }
  return out;
}

function addUp(parts: readonly Int32Array[]): Int32Array {
  const sum = new Int32Array(parts[0]?.length ?? 0);
  for (const part of parts) {
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (part[i] as number); // same length
  }
  return sum;
}
