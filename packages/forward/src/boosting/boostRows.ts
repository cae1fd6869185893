import type { FeatureMatrix, RunContext } from "@materiome/core";
import { shareCodes, shareNumbers } from "../tree/codeMatrix.ts";
import { growForest } from "../tree/growForest.ts";
import { type BoostedTrees, joinBoostedTrees } from "./boostedTrees.ts";
import { type CodedRows, type ColumnRoles, codeRows } from "./codeRows.ts";
import {
  type GrowRegressionInput,
  type GrowRegressionOutput,
  growRegression,
  growRegressionTask,
} from "./growRegression.ts";
import { type LossSettings, regressionLoss } from "./regressionLoss.ts";

/** Rounds between two looks at the signal; the result does not depend on it. */
const ROUNDS_PER_TASK = 25;

/** What is boosted, and how; the same for each fold and for all rows. */
export interface BoostingPlan {
  readonly loss: LossSettings;
  readonly growth: GrowRegressionInput["growth"];
  readonly rowShare: number;
  readonly nRounds: number;
  /** Rounds without a better mean held-out loss after which folds stop. */
  readonly patience: number;
}

/** Some rows to train on, coded by their own bins, and the others. */
export interface Part {
  readonly coded: CodedRows;
  /** Training rows first, `nTrain` of them. */
  readonly order: Int32Array;
  readonly nTrain: number;
}

/** @param isHeld - rows to follow the trees. Default: none */
export function createPart(
  x: FeatureMatrix,
  isTrain: (row: number) => boolean,
  roles: ColumnRoles,
  isHeld: (row: number) => boolean = () => false,
): Part {
  const all = Int32Array.from({ length: x.rows }, (_, i) => i);
  const train = all.filter(isTrain);
  const order = shareCodes(Int32Array.from([...train, ...all.filter(isHeld)]));
  return { coded: codeRows(x, train, roles), order, nTrain: train.length };
}

interface Work {
  readonly part: Part;
  readonly intercept: number;
  readonly input: Omit<GrowRegressionInput, "first" | "last" | "keepsTrees">;
}

function workOf(part: Part, y: Float64Array, weights: Float64Array, plan: BoostingPlan, key: string): Work {
  const { coded, order, nTrain } = part;
  const train = order.subarray(0, nTrain);
  const take = (values: Float64Array, rows: Int32Array): Float64Array =>
    Float64Array.from(rows, (i) => values[i] as number); // rows of the data
  const intercept = regressionLoss(plan.loss).intercept(take(y, train), take(weights, train));
  const trained = new Float64Array(y.length);
  for (const i of train) trained[i] = weights[i] as number; // rows of the data
  return {
    part,
    intercept,
    input: {
      coded,
      loss: plan.loss,
      rows: {
        y: shareNumbers(y),
        weights: shareNumbers(trained),
        scores: shareNumbers(new Float64Array(y.length).fill(intercept)),
      },
      order,
      nTrain,
      heldWeights: take(weights, order.subarray(nTrain)),
      growth: plan.growth,
      nDrawn: Math.max(1, Math.round(plan.rowShare * nTrain)),
      key,
    },
  };
}

/** Trees of all rounds, trained on the training rows of a part. */
export async function boostRows(
  part: Part,
  y: Float64Array,
  weights: Float64Array,
  plan: BoostingPlan,
  run: RunContext,
): Promise<{ readonly intercept: number; readonly trees: BoostedTrees }> {
  const { intercept, input } = workOf(part, y, weights, plan, run.random.key);
  const trees: BoostedTrees[] = [];
  for (let first = 0; first < plan.nRounds; first += ROUNDS_PER_TASK) {
    const last = Math.min(plan.nRounds, first + ROUNDS_PER_TASK);
    const [grown] = await growBlocks([{ ...input, first, last, keepsTrees: true }], plan, run);
    trees.push(...(grown?.trees ?? []));
    run.onProgress?.({ stage: "rounds", done: last, total: plan.nRounds });
    if (grown?.isDone === true) break;
  }
  return { intercept, trees: joinBoostedTrees(trees) };
}

export interface FoldedBoosting {
  /** Mean loss of rows that were held out, before the first round and after each. */
  readonly curve: readonly number[];
  /** Rounds with the least of these. */
  readonly nRounds: number;
  /** Score of each row by the fold that held it out, after the number of rounds that the other folds like best; NaN if none did. */
  readonly heldOut: Float64Array;
}

/**
 * Boosts every fold side by side, and takes the number of rounds whose mean held-out loss is least. The rows of a fold are
 * predicted after the number that is best on the other folds, so that their own loss has no part in its choice.
 *
 * @param least - rounds taken at least
 */
export async function boostFolds(
  parts: readonly Part[],
  y: Float64Array,
  weights: Float64Array,
  plan: BoostingPlan,
  least: number,
  run: RunContext,
): Promise<FoldedBoosting> {
  const works = parts.map((part, k) => workOf(part, y, weights, plan, run.random.fork("fold").fork(k).key));
  const loss = regressionLoss(plan.loss);
  const heldOut = new Float64Array(y.length).fill(Number.NaN);
  const held = parts.map(({ order, nTrain }) => order.subarray(nTrain));
  const totals = works.map(({ input }) => input.heldWeights.reduce((sum, w) => sum + w, 0));
  const atStart = works.map(({ input, intercept }, k) => {
    let sum = 0;
    for (const [at, i] of (held[k] as Int32Array).entries()) {
      if (least === 0) heldOut[i] = intercept;
      sum += (input.heldWeights[at] as number) * loss.at(y[i] as number, intercept); // one weight a row
    }
    return sum;
  });
  const all = createChoice(totals, -1, least);
  const others = works.map((_, k) => createChoice(totals, k, least));
  for (const choice of [all, ...others]) choice.note(0, atStart);
  let isOver = false;
  for (let first = 0; first < plan.nRounds && !isOver; first += ROUNDS_PER_TASK) {
    const last = Math.min(plan.nRounds, first + ROUNDS_PER_TASK);
    const inputs = works.map(({ input }) => ({ ...input, first, last, keepsTrees: false }));
    const grown = await growBlocks(inputs, plan, run);
    for (let round = first; round < last && !isOver; round++) {
      const sums = grown.map(({ losses }) => losses[round - first] as number); // one a round
      all.note(round + 1, sums);
      for (const [k, choice] of others.entries()) {
        if (!choice.note(round + 1, sums)) continue;
        const rows = held[k] as Int32Array; // one a fold
        const scores = grown[k]?.heldScores.subarray((round - first) * rows.length) ?? [];
        for (const [at, i] of rows.entries()) heldOut[i] = scores[at] as number; // one a held-out row
      }
      isOver = round + 1 - all.nRounds() >= plan.patience;
    }
    run.onProgress?.({ stage: "rounds of folds", done: last, total: plan.nRounds });
    isOver ||= grown.every(({ isDone }) => isDone);
  }
  return { curve: all.curve, nRounds: all.nRounds(), heldOut };
}

interface Choice {
  readonly curve: readonly number[];
  nRounds(): number;
  /** Notes the summed losses of each fold after so many rounds; true if they are the best so far. */
  note(round: number, sums: readonly number[]): boolean;
}

/** The number of rounds with the least mean loss over all folds but one. */
function createChoice(totals: readonly number[], leftOut: number, least: number): Choice {
  const counts = totals.map((_, k) => k !== leftOut);
  const total = totals.reduce((sum, weight, k) => sum + (counts[k] ? weight : 0), 0);
  const curve: number[] = [];
  let best = least;
  return {
    curve,
    nRounds: () => best,
    note(round, sums) {
      const mean = sums.reduce((sum, value, k) => sum + (counts[k] ? value : 0), 0) / total;
      curve.push(mean);
      const isBest = round >= least && (round === least || mean < (curve[best] as number)); // best < curve.length
      if (isBest) best = round;
      return isBest;
    },
  };
}

function growBlocks(
  inputs: readonly GrowRegressionInput[],
  plan: BoostingPlan,
  run: RunContext,
): Promise<GrowRegressionOutput[]> {
  const [{ order, coded }] = inputs as [GrowRegressionInput];
  const work = order.length * coded.columns.length * plan.nRounds * inputs.length;
  return growForest(growRegression, growRegressionTask, inputs, work, { ...run, onProgress: undefined });
}
