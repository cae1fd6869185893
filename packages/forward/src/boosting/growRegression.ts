import { createRandom, type TaskFunction } from "@materiome/core";
import { type HistogramTrees, useHistogramTrees } from "@materiome/core/numerics";
import { drawRows, gradientSums } from "../kernels/index.ts";
import { addToScores } from "./addToScores.ts";
import { type BoostedTrees, createBoostedTree } from "./boostedTrees.ts";
import { type CodedRows, cutHalfWay } from "./codeRows.ts";
import { boundSides, clampValue, type GrownNode, growBoostedTree, type TreeGrowth } from "./growBoostedTree.ts";
import { type LossRows, type LossSettings, type RegressionLoss, regressionLoss } from "./regressionLoss.ts";

/** Boosts rounds `first` … `last − 1` of a regression; the same whichever thread does it. Shared arrays. */
export interface GrowRegressionInput {
  readonly coded: CodedRows;
  readonly loss: LossSettings;
  /** Targets, weights (0 for rows that are not trained on) and scores, which hold those after these rounds when done. */
  readonly rows: LossRows;
  /** Training rows first, `nTrain` of them, then the others, which only follow the splits. */
  readonly order: Int32Array;
  readonly nTrain: number;
  /** Weights of the rows that are not trained on, by which their loss is averaged; same order. */
  readonly heldWeights: Float64Array;
  readonly growth: Omit<TreeGrowth, "minHessian" | "tie" | "directions" | "isCategorical">;
  /** Training rows of a round. */
  readonly nDrawn: number;
  readonly key: string;
  readonly first: number;
  readonly last: number;
  /** Trees are given back, or else the scores of the rows that are not trained on. */
  readonly keepsTrees: boolean;
}

export interface GrowRegressionOutput {
  readonly trees: readonly BoostedTrees[];
  /** Sum of the weighted losses of the rows that are not trained on, after each round. */
  readonly losses: Float64Array;
  /** [rounds, n − nTrain]: their scores after each round; empty if trees are kept. */
  readonly heldScores: Float64Array;
  /** No further round can split its rows. */
  readonly isDone: boolean;
}

export const growRegressionTask: TaskFunction = { module: import.meta.url, name: "growRegression" };

export function growRegression(input: GrowRegressionInput): GrowRegressionOutput {
  const { coded, rows, order, nTrain, heldWeights, nDrawn, first, last, keepsTrees } = input;
  const n = order.length;
  const nHeld = n - nTrain;
  const nRounds = last - first;
  const loss = regressionLoss(input.loss);
  const { directions, isCategorical } = coded.roles;
  const growth: TreeGrowth = {
    ...input.growth,
    minHessian: 0,
    tie: TIE,
    directions: directions.some((direction) => direction !== 0) ? directions : undefined,
    isCategorical: isCategorical.includes(1) ? isCategorical : undefined,
  };
  const isRandom = nDrawn < nTrain || growth.nTry < coded.columns.length;
  const trees: BoostedTrees[] = [];
  const losses = new Float64Array(nRounds);
  const heldScores = new Float64Array(keepsTrees ? 0 : nRounds * nHeld);
  const placeCut = cutHalfWay(coded);
  const state = new Int32Array(4);
  const drawn = Int32Array.from({ length: nTrain }, (_, i) => i);
  let isDone = coded.columns.length === 0;
  const note = (round: number): void => {
    let sum = 0;
    for (let k = 0; k < nHeld; k++) {
      const i = order[nTrain + k] as number; // nTrain + nHeld rows
      const score = rows.scores[i] as number;
      sum += (heldWeights[k] as number) * loss.at(rows.y[i] as number, score);
      if (!keepsTrees) heldScores[(round - first) * nHeld + k] = score;
    }
    losses[round - first] = sum;
  };
  const boost = (round: number, histograms: HistogramTrees): void => {
    const random = createRandom(input.key).fork("round").fork(round);
    for (let k = 0; k < 4; k++) state[k] = random.int(4294967296) | 0;
    const { features } = histograms;
    // The order in which columns are tried starts afresh, so that a round does not depend on where a task began.
    for (let f = 0; f < features.length; f++) features[f] = f;
    if (nDrawn < nTrain) drawRows(nTrain, nDrawn, state, drawn);
    for (let k = 0; k < nTrain; k++) histograms.rows[k] = order[drawn[k] as number] as number; // k < nTrain
    histograms.rows.set(order.subarray(nTrain), nTrain);
    const { nodes, values } = growOne(histograms, loss, rows, growth, n, nTrain, nDrawn, state, placeCut, nSlots);
    if (nodes.length === 1) {
      if (!isRandom) isDone = true;
      return;
    }
    addToScores(
      nodes.filter(({ left }) => left < 0),
      values,
      histograms.rows,
      rows.scores,
    );
    if (keepsTrees) trees.push(createBoostedTree(nodes, values, coded));
  };
  const nSlots = 1 + Math.min(growth.maxLeaves, Math.max(1, Math.floor(nDrawn / growth.minSamplesLeaf)));
  const grow = (histograms?: HistogramTrees): void => {
    for (let round = first; round < last; round++) {
      if (!isDone && histograms !== undefined) boost(round, histograms);
      note(round);
    }
  };
  if (isDone) grow();
  else useHistogramTrees(coded.data, nSlots, grow);
  return { trees, losses, heldScores, isDone };
}

/** Less is rounding. */
const TIE = 1 + 1e-9;
/** Share of a row's mean hessian that a leaf holds at least. */
const LEAST_HESSIAN = 1e-3;

function growOne(
  histograms: HistogramTrees,
  loss: RegressionLoss,
  rows: LossRows,
  growth: TreeGrowth,
  n: number,
  nTrain: number,
  nDrawn: number,
  state: Int32Array,
  placeCut: (feature: number, code: number, nextCode: number) => number,
  nSlots: number,
): { readonly nodes: readonly GrownNode[]; readonly values: Float64Array } {
  const sums = new Float64Array(2);
  const chosen = histograms.rows.subarray(0, nDrawn);
  const parameter = loss.parameter(rows, chosen);
  loss.gradients(rows, parameter, histograms.gradients, histograms.hessians);
  gradientSums(rows.y.length, histograms.gradients, histograms.hessians, sums);
  histograms.quantise(sums[0] as number, sums[1] as number); // two sums
  const minHessian = (LEAST_HESSIAN * (sums[1] as number)) / nTrain;
  const nodes = growBoostedTree(histograms, n, nDrawn, { ...growth, minHessian }, state, nSlots, placeCut);
  const stepOf = (node: GrownNode): number => {
    const newton = -node.gradient / (node.hessian + growth.l2);
    if (loss.step === undefined) return newton;
    const leaf = histograms.rows.subarray(node.start, node.end);
    return loss.step(rows, leaf, newton, parameter, growth.learningRate);
  };
  return { nodes, values: leafValues(nodes, stepOf, growth) };
}

/**
 * Values of the leaves in the order of the nodes. Steps of a loss that are not its Newton steps have bounds of their own, passed
 * down from the root in the same way.
 */
function leafValues(
  nodes: readonly GrownNode[],
  stepOf: (node: GrownNode) => number,
  { directions, learningRate }: TreeGrowth,
): Float64Array {
  const values: number[] = [];
  const whole = { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY };
  const bounds = new Array(nodes.length).fill(whole) as (typeof whole)[];
  for (const [k, node] of nodes.entries()) {
    const own = bounds[k] as typeof whole; // one a node, parents before children
    if (node.left < 0) {
      values.push(learningRate * clampValue(own, stepOf(node)));
      continue;
    }
    if (directions === undefined) continue;
    const [left, right] = [nodes[node.left], nodes[node.left + 1]] as [GrownNode, GrownNode]; // children follow
    const direction = directions[node.feature] as number; // a coded feature
    const sides = direction === 0 ? [own, own] : boundSides(own, direction, stepOf(left), stepOf(right));
    bounds[node.left] = sides[0] as typeof whole;
    bounds[node.left + 1] = sides[1] as typeof whole;
  }
  return Float64Array.from(values);
}
