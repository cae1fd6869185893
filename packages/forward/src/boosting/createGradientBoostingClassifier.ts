import { DataError, type FeatureMatrix, type RunContext, takeRows } from "@materiome/core";
import { MOST_SAMPLES, tileCodes } from "@materiome/core/numerics";
import type { ClassTraining } from "../learner/checkClasses.ts";
import { type ClassificationModel, createClassificationModel } from "../learner/classificationModel.ts";
import {
  type Classifier,
  checkTreeSettings,
  createClassifier,
  isShare,
  optionCheck,
  triedColumns,
} from "../learner/classifier.ts";
import { type ClassWeights, weightRows } from "../learner/classWeights.ts";
import { joinCodedTrees } from "../tree/classTrees.ts";
import { codeMatrix, shareCodes, shareNumbers } from "../tree/codeMatrix.ts";
import { coarseCodes, edgesOf } from "../tree/edges.ts";
import { growForest } from "../tree/growForest.ts";
import { createBoostedClassifier } from "./boostedClassifier.ts";
import { MIN_HESSIAN } from "./growBoostedTree.ts";
import { type GrowRoundsInput, type GrowRoundsOutput, growRounds, growRoundsTask } from "./growRounds.ts";

export interface GradientBoostingClassifierOptions {
  /** Rounds: one tree each for two classes, k trees for k classes. At most 10 000. @defaultValue 100 */
  readonly nRounds?: number | undefined;
  /** Factor of every leaf's value, above 0, at most 1; smaller ones want more rounds. @defaultValue 0.1 */
  readonly learningRate?: number | undefined;
  /** Leaves of a tree, 2 … 4096. @defaultValue 31 */
  readonly maxLeaves?: number | undefined;
  /** @defaultValue no limit */
  readonly maxDepth?: number | undefined;
  /** Least number of rows in a leaf, whatever they weigh; at most half the rows of a round. @defaultValue 20 */
  readonly minSamplesLeaf?: number | undefined;
  /** Penalty λ on the leaves' values, at least 0, in units of the hessian (at most ¼ a row of weight 1). @defaultValue 0 */
  readonly l2?: number | undefined;
  /**
   * Share of the rows that each round draws, above 0, at most 1. Single rows are drawn, also where the targets name groups:
   * nothing is estimated from the rows left out, and whole groups would let a round see few of few groups. @defaultValue 1
   */
  readonly rowShare?: number | undefined;
  /** Columns tried at each split: `sqrt` of their number, or a share above 0, at most 1. @defaultValue 1 */
  readonly maxFeatures?: number | "sqrt" | undefined;
  /**
   * `balanced`: each class has the same total weight, on top of the weights of the rows; or a factor for each class, in the order
   * of the labels. @defaultValue each row counts as it is
   */
  readonly classWeights?: ClassWeights | undefined;
}

export type GradientBoostingClassifier = Classifier;

const WHO = "gradient boosting classifier";
const MOST_ROUNDS = 10_000;
const MOST_LEAVES = 4096;
/** Rounds between two looks at the signal; the result does not depend on it. */
const ROUNDS_PER_TASK = 10;

/**
 * Histogram gradient boosting for classification: trees that each take a Newton step on the log loss of those before. Two
 * classes share one score (logistic), k classes have one each (softmax), starting from the log of the weighted class shares.
 *
 * With the sums G and H of gradients and hessians in a node, a leaf is worth −learningRate G / (H + λ), and trees grow leaf by
 * leaf where G²/(H + λ) of the children exceeds that of the parent most. Leaves hold at least 10⁻³ of hessian. Columns are cut
 * into at most 255 quantile bins, in training and in prediction. Takes weights (a weight of 2 counts as two rows, save in
 * `minSamplesLeaf` and in where columns of more than 255 values are cut; rows of weight 0 are left out); refuses missing values.
 * The model predicts from rows, or from one array per feature (`PlanePredict`), with the same result; it has no out-of-bag scores.
 *
 * @throws DomainError for options outside their range; `fit` throws DataError for fewer rows than two leaves hold
 * @see Friedman, Ann. Stat. 29, 1189 (2001), doi:10.1214/aos/1013203451
 * @see Chen & Guestrin, KDD 2016, doi:10.1145/2939672.2939785, eqs. 5 and 7
 * @see Ke et al., NeurIPS 2017 (LightGBM): leaf-wise growth on histograms
 * @example
 * const boosting = createGradientBoostingClassifier({ nRounds: 300, learningRate: 0.06, minSamplesLeaf: 40, l2: 1 });
 * const model = await boosting.fit(x, { kind: "classification", codes, labels: ["matrix", "precipitate"] }, { random: createRandom(1) });
 * const { probabilities } = await model.predict(x);
 */
export function createGradientBoostingClassifier(
  options: GradientBoostingClassifierOptions = {},
): GradientBoostingClassifier {
  const settings = resolve(options);
  return createClassifier({
    name: WHO,
    type: "materiome/gradient-boosting-classifier-learner",
    module: import.meta.url,
    settings,
    fit: fitBoosting,
  });
}

type Settings = {
  readonly [K in keyof Required<Omit<GradientBoostingClassifierOptions, "classWeights">>]: NonNullable<
    GradientBoostingClassifierOptions[K]
  >;
} & Pick<GradientBoostingClassifierOptions, "classWeights">;

function resolve(options: GradientBoostingClassifierOptions): Settings {
  const { nRounds = 100, learningRate = 0.1, maxLeaves = 31, minSamplesLeaf = 20, l2 = 0, rowShare = 1 } = options;
  const { maxDepth = Number.POSITIVE_INFINITY, maxFeatures = 1, classWeights } = options;
  const check = optionCheck("createGradientBoostingClassifier");
  const isWhole = (value: number, least: number, most: number): boolean =>
    Number.isInteger(value) && value >= least && value <= most;
  check("nRounds", nRounds, isWhole(nRounds, 1, MOST_ROUNDS), `1 … ${MOST_ROUNDS}`);
  check("learningRate", learningRate, isShare(learningRate), "above 0 and at most 1");
  check("maxLeaves", maxLeaves, isWhole(maxLeaves, 2, MOST_LEAVES), `2 … ${MOST_LEAVES}`);
  check("minSamplesLeaf", minSamplesLeaf, isWhole(minSamplesLeaf, 1, MOST_SAMPLES), "a whole number of at least 1");
  check("l2", l2, Number.isFinite(l2) && l2 >= 0, "a number of at least 0");
  check("rowShare", rowShare, isShare(rowShare), "above 0 and at most 1");
  checkTreeSettings(check, { maxDepth, maxFeatures, classWeights });
  return { nRounds, learningRate, maxLeaves, maxDepth, minSamplesLeaf, l2, rowShare, maxFeatures, classWeights };
}

async function fitBoosting(settings: Settings, rows: ClassTraining, run: RunContext): Promise<ClassificationModel> {
  run.signal?.throwIfAborted();
  const { nRounds, rowShare } = settings;
  const { x, codes, weights } = takeWeighted(rows, settings.classWeights);
  const { rows: n, columns: d } = x;
  const { present, shares } = shareOfClasses(codes, weights, rows.labels);
  const nDrawn = Math.max(2, Math.round(rowShare * n)); // two classes have two rows
  checkRoom(settings, n, nDrawn);
  const nOutputs = present.length === 2 ? 1 : present.length;
  const intercepts = Float64Array.from(
    nOutputs === 1 ? [Math.log((shares[1] as number) / (shares[0] as number))] : shares.map(Math.log), // two shares
  );
  const data = codeMatrix(x);
  const usable = data.usable;
  const tiled = new Uint8Array(new SharedArrayBuffer(Math.ceil(Math.max(1, usable.length) / 8) * n * 8));
  tileCodes(n, data.coarse, usable, tiled);
  const outputOf = new Int32Array(rows.labels.length);
  for (const [k, code] of present.entries()) outputOf[code] = k;
  const scores = new Float64Array(n * nOutputs);
  for (const [k, intercept] of intercepts.entries()) scores.fill(intercept, k * n, (k + 1) * n);
  const input: Omit<GrowRoundsInput, "first" | "last"> = {
    data: { n, codes: tiled, nBins: usable.map((f) => coarseCodes(data, f)) },
    classes: shareCodes(codes.map((code) => outputOf[code] as number)), // code < labels
    weights: shareNumbers(weights),
    nOutputs,
    scores: shareNumbers(scores),
    growth: { ...settings, nTry: Math.max(1, Math.round(triedColumns(settings, d))), minHessian: MIN_HESSIAN },
    nDrawn,
    key: run.random.key,
  };
  const parts: { readonly treeStart: Int32Array; readonly nodes: Int32Array }[] = [];
  const values: number[] = [];
  for (let first = 0; first < nRounds; first += ROUNDS_PER_TASK) {
    const last = Math.min(nRounds, first + ROUNDS_PER_TASK);
    const [grown] = await growForest<GrowRoundsInput, GrowRoundsOutput>(
      growRounds,
      growRoundsTask,
      [{ ...input, first, last }],
      n * d * nRounds,
      { ...run, onProgress: undefined },
    );
    for (const nodes of grown?.nodes ?? []) {
      // Back from the features in the tiles to those of the rows.
      for (let k = 0; k < nodes.length; k += 2) {
        const word = nodes[k] as number; // k < length
        if (nodes[k + 1] !== k / 2) nodes[k] = ((usable[word >> 8] as number) << 8) | (word & 255);
      }
      parts.push({ treeStart: Int32Array.of(0, nodes.length / 2), nodes });
    }
    for (const leaves of grown?.values ?? []) values.push(...leaves);
    run.onProgress?.({ stage: "rounds", done: last, total: nRounds });
  }
  const trees = { ...joinCodedTrees(parts), values: Float64Array.from(values), nOutputs };
  return createClassificationModel({
    scorer: createBoostedClassifier({ trees, intercepts, present, edges: edgesOf(data) }, d, rows.labels.length),
    features: x.features,
    labels: [...rows.labels],
    counts: Array.from(rows.counts),
    heldOut: undefined,
  });
}

/** The rows that weigh something, and their weights. */
function takeWeighted(
  rows: ClassTraining,
  classWeights: ClassWeights | undefined,
): { readonly x: FeatureMatrix; readonly codes: Int32Array; readonly weights: Float64Array } {
  const weights = weightRows(WHO, classWeights, rows) ?? new Float64Array(rows.codes.length).fill(1);
  const { x, codes } = rows;
  if (x.rows > MOST_SAMPLES) throw new DataError(`${WHO}: takes at most ${MOST_SAMPLES} rows, got ${x.rows}`);
  if (weights.every((w) => w > 0)) return { x, codes, weights };
  const kept = Array.from(weights.keys()).filter((i) => (weights[i] as number) > 0); // i < length
  return {
    x: { ...takeRows(x, kept), features: x.features },
    codes: Int32Array.from(kept, (i) => codes[i] as number), // same length
    weights: Float64Array.from(kept, (i) => weights[i] as number),
  };
}

/** @throws DataError if no round could split its rows, so that the model would know the class shares only */
function checkRoom({ minSamplesLeaf, rowShare }: Settings, n: number, nDrawn: number): void {
  if (nDrawn >= 2 * minSamplesLeaf) return;
  const drawn = rowShare < 1 ? `, of which a round draws ${nDrawn}` : "";
  const remedy = `give more rows or a minSamplesLeaf of at most ${Math.floor(nDrawn / 2)}`;
  throw new DataError(
    `${WHO}: ${n} rows with a weight${drawn}, but a split needs 2 · minSamplesLeaf = ${2 * minSamplesLeaf}; ${remedy}`,
  );
}

/** @throws DataError if all weighted rows are of one class */
function shareOfClasses(
  codes: Int32Array,
  weights: Float64Array,
  labels: readonly string[],
): { readonly present: Int32Array; readonly shares: readonly number[] } {
  const totals = new Float64Array(labels.length);
  for (const [i, code] of codes.entries()) totals[code] = (totals[code] as number) + (weights[i] as number); // code < length
  const present = Int32Array.from(totals.keys()).filter((code) => (totals[code] as number) > 0);
  if (present.length < 2) {
    const only = labels[present[0] as number]; // some row weighs something
    throw new DataError(`${WHO}: all rows with a weight are of class "${only}"; give weight to at least 2 classes`);
  }
  const total = totals.reduce((sum, w) => sum + w, 0);
  return { present, shares: Array.from(present, (code) => (totals[code] as number) / total) };
}
