import { ConvergenceError, createRandom, DomainError, type Matrix, shuffle } from "@materiome/core";
import {
  absoluteNetLoss,
  adamStep,
  gatherRows,
  laplaceNetLoss,
  likelihoodNetLoss,
  softmaxNetLoss,
  squaredNetLoss,
} from "../kernels/index.ts";
import type { Trainable } from "./trainable.ts";

/** What is learnt: means by squared, or medians by absolute errors. */
export type NetLoss = "squared" | "absolute";

/** Settings of the training of a net of any kind. */
export interface TrainingSettings {
  readonly epochs: number;
  readonly patience: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly batchSize: number | "auto";
  /** Of regression: a variance for each row, by β-NLL with this β, or one for all. */
  readonly noise: "constant" | "heteroscedastic";
  readonly loss: NetLoss;
  readonly beta: number;
}

/** What is learnt: columns of numbers with gaps (NaN), or classes. Arrays over shared memory. */
export type NetTargets =
  | { readonly kind: "values"; readonly values: Float64Array; readonly nTargets: number }
  | { readonly kind: "classes"; readonly codes: Int32Array; readonly nClasses: number };

/** One net to train: the same whichever thread does it. */
export interface TrainNetInput<S extends TrainingSettings = TrainingSettings> {
  readonly x: Float64Array;
  readonly nFeatures: number;
  readonly targets: NetTargets;
  readonly weights: Float64Array | undefined;
  readonly settings: S;
  readonly key: string;
  /** Rows to learn from, rows that say when to stop (none: after all epochs). */
  readonly train: Int32Array;
  readonly stop: Int32Array;
}

/** Mean and deviation of each target in the rows that a net learnt from. */
export interface TargetScaling {
  readonly mean: readonly number[];
  readonly scale: readonly number[];
  /** Rows that have the target. */
  readonly measured: readonly number[];
}

export interface TrainedNet<F> {
  readonly net: F;
  readonly scaling: TargetScaling;
  /** Epochs run, and the one whose weights were kept. */
  readonly epochs: number;
  readonly best: number;
  /** Mean loss of each epoch: while learning, and on the rows that say when to stop. */
  readonly trainLoss: readonly number[];
  readonly stopLoss: readonly number[];
}

/** Share of the epochs that learn means alone, before variances are learnt too. */
const WARM_START = 0.25;
/** Share of the steps in which the rate rises from 0; then it falls as a cosine to 0. */
const RISE = 0.05;
const [BETA_1, BETA_2] = [0.9, 0.99];

/** A training that is run epoch by epoch. */
export interface Training<F> {
  /** @returns false when there is no more to do */
  epoch(): boolean;
  result(): TrainedNet<F>;
}

/** Rows of one part, ready for a net. */
interface Part {
  readonly inputs: Matrix;
  readonly values: Float64Array;
  readonly codes: Int32Array;
  readonly weights: Float64Array;
  readonly totalWeight: number;
}

/**
 * Adam with decoupled weight decay on batches drawn anew each epoch, the rate rising and then falling as a cosine; the weights of the
 * epoch with the least loss on the rows `stop` are kept.
 *
 * @throws ConvergenceError where the loss stops being a number, naming the step
 */
export function startTraining<S extends TrainingSettings, F>(
  input: TrainNetInput<S>,
  build: (input: TrainNetInput<S>, train: Matrix, nOutputs: number) => Trainable<F>,
): Training<F> {
  const { settings, targets, nFeatures } = input;
  const random = createRandom(input.key);
  const all: Matrix = { rows: input.x.length / nFeatures, columns: nFeatures, data: input.x };
  const nTargets = targets.kind === "values" ? targets.nTargets : 0;
  const hasVariance = targets.kind === "values" && settings.noise === "heteroscedastic";
  const nOutputs = targets.kind === "classes" ? targets.nClasses : hasVariance ? 2 * nTargets : nTargets;
  const net = build(input, rowsOf(all, input.train), nOutputs);
  const standardised = standardiseTargets(input);
  const prepare = (x: Matrix): Matrix => net.prepare(x);
  const train = partOf(input, input.train, all, prepare, standardised);
  const stop = partOf(input, input.stop, all, prepare, standardised);
  const parameters = net.draw(random.fork("weights"));
  const [gradient, first, second] = [0, 1, 2].map(() => new Float64Array(parameters.length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const nRows = input.train.length;
  const batchSize = Math.min(nRows, settings.batchSize === "auto" ? sizeOfBatch(nRows) : settings.batchSize);
  const nBatches = Math.ceil(nRows / batchSize);
  const nSteps = nBatches * settings.epochs;
  const warmEpochs = hasVariance ? Math.ceil(WARM_START * settings.epochs) : 0;
  // Rows without any target have no loss: they say nothing about when to stop.
  const isMeasured = (value: number, at: number): boolean =>
    !Number.isNaN(value) && (stop.weights[Math.floor(at / nTargets)] as number) > 0; // one per row
  const hasStop = targets.kind === "classes" ? input.stop.length > 0 : stop.values.some(isMeasured);
  const lossOf = (part: Part, outputs: Float64Array, epoch: number, into: Float64Array): number => {
    const n = part.inputs.rows;
    if (targets.kind === "classes") {
      return softmaxNetLoss(n, targets.nClasses, outputs, part.codes, part.weights, into);
    }
    const isAbsolute = settings.loss === "absolute";
    if (hasVariance && epoch >= warmEpochs) {
      const likelihood = isAbsolute ? laplaceNetLoss : likelihoodNetLoss;
      return likelihood(n, nTargets, settings.beta, outputs, part.values, part.weights, into);
    }
    const distance = isAbsolute ? absoluteNetLoss : squaredNetLoss;
    return distance(n, nTargets, nOutputs, outputs, part.values, part.weights, into);
  };
  const trainLoss: number[] = [];
  const stopLoss: number[] = [];
  let step = 0;
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  let kept = parameters;
  const drops = random.fork("dropout");

  const learn = (part: Part, epoch: number): number => {
    const byOutputs = new Float64Array(part.inputs.rows * nOutputs);
    const own = drops.fork(step);
    let loss = Number.NaN;
    let cause: unknown;
    step++;
    try {
      const pass = net.forward(parameters, part.inputs, own);
      if (pass.isSound) loss = lossOf(part, pass.outputs.data, epoch, byOutputs);
      for (let k = 0; k < byOutputs.length; k++) byOutputs[k] = (byOutputs[k] as number) / part.inputs.rows;
      if (Number.isFinite(loss)) pass.back(byOutputs, gradient);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error; // a product of numbers that are not finite
      cause = error;
      loss = Number.NaN;
    }
    if (!Number.isFinite(loss)) {
      throw new ConvergenceError(
        `mlp: the loss is ${loss} at step ${step} of ${nSteps} (epoch ${epoch + 1}); use a smaller learningRate than ${settings.learningRate}, or look for rows that lie far from all others`,
        step,
        loss,
        { cause },
      );
    }
    const rate = settings.learningRate * rateAt(step / nSteps);
    for (const { from, to, factor, decays } of net.moves) {
      adamStep(
        ...([from, to, factor * rate, decays ? settings.weightDecay : 0, BETA_1, BETA_2] as const),
        ...([1 - BETA_1 ** step, 1 - BETA_2 ** step, gradient, first, second, parameters] as const),
      );
    }
    return loss;
  };

  return {
    epoch() {
      const epoch = trainLoss.length;
      if (epoch >= settings.epochs || nRows === 0) return false;
      const order = shuffle(nRows, random.fork("order").fork(epoch));
      let sum = 0;
      for (let b = 0; b < nBatches; b++) {
        sum += learn(batchOf(train, order, b * batchSize, Math.min(batchSize, nRows - b * batchSize)), epoch);
      }
      trainLoss.push(sum / train.totalWeight);
      if (hasStop) {
        const { outputs, isSound } = net.forward(parameters, stop.inputs, undefined);
        const scratch = new Float64Array(outputs.data.length);
        const loss = isSound ? lossOf(stop, outputs.data, epoch, scratch) / stop.totalWeight : Number.POSITIVE_INFINITY;
        stopLoss.push(loss);
        if (epoch >= warmEpochs && loss < least) {
          least = loss;
          best = epoch;
          kept = parameters.slice();
        }
        if (epoch - Math.max(best, warmEpochs) >= settings.patience) return false;
      } else best = epoch;
      return trainLoss.length < settings.epochs;
    },
    result: () => ({
      net: net.finish(kept),
      scaling: standardised,
      epochs: trainLoss.length,
      best: best + 1,
      trainLoss,
      stopLoss,
    }),
  };
}

/** Of some twenty batches an epoch, a power of two from 16 to 128. */
function sizeOfBatch(nRows: number): number {
  return 2 ** Math.min(7, Math.max(4, Math.round(Math.log2(nRows / 20))));
}

/** Factor of the rate at a share of the steps, 0 … 1. */
function rateAt(share: number): number {
  if (share < RISE) return share / RISE;
  return 0.5 * (1 + Math.cos((Math.PI * (share - RISE)) / (1 - RISE)));
}

function rowsOf(x: Matrix, rows: Int32Array): Matrix {
  const data = new Float64Array(rows.length * x.columns);
  gatherRows(rows.length, x.columns, x.data, rows, 0, data);
  return { rows: rows.length, columns: x.columns, data };
}

/** Weights of rows; 1 each where they are not given, or all 0. */
function weightsOf(weights: Float64Array | undefined, rows: Int32Array): Float64Array {
  const own = Float64Array.from(rows, (i) => (weights === undefined ? 1 : (weights[i] as number))); // rows of the set
  return own.some((w) => w > 0) ? own : own.fill(1);
}

/** Weighted mean and deviation of each target over the rows to learn from; those of a constant are itself and 1. */
function standardiseTargets({ targets, train, weights }: TrainNetInput): TargetScaling {
  if (targets.kind === "classes") return { mean: [], scale: [], measured: [] };
  const { values, nTargets } = targets;
  const own = weightsOf(weights, train);
  const mean: number[] = [];
  const scale: number[] = [];
  const measured: number[] = [];
  for (let t = 0; t < nTargets; t++) {
    let [count, total, sum, squares] = [0, 0, 0, 0];
    const each = (visit: (value: number, weight: number) => void): void => {
      for (const [r, i] of train.entries()) {
        const value = values[i * nTargets + t] as number; // rows of the set
        if (!Number.isNaN(value)) visit(value, own[r] as number);
      }
    };
    each((value, weight) => {
      count++;
      total += weight;
      sum += weight * value;
    });
    const centre = total > 0 ? sum / total : 0;
    each((value, weight) => {
      squares += weight * (value - centre) ** 2;
    });
    const std = total > 0 ? Math.sqrt(squares / total) : 0;
    measured.push(count);
    mean.push(centre);
    scale.push(std > 1e-12 * Math.abs(centre) ? std : 1);
  }
  return { mean, scale, measured };
}

function partOf(
  { targets, weights }: TrainNetInput,
  rows: Int32Array,
  x: Matrix,
  prepare: (x: Matrix) => Matrix,
  { mean, scale }: TargetScaling,
): Part {
  const own = weightsOf(weights, rows);
  const nTargets = targets.kind === "values" ? targets.nTargets : 0;
  const values = new Float64Array(rows.length * nTargets);
  for (const [r, i] of rows.entries()) {
    for (let t = 0; t < nTargets; t++) {
      const value = (targets as { values: Float64Array }).values[i * nTargets + t] as number; // of kind values
      values[r * nTargets + t] = (value - (mean[t] as number)) / (scale[t] as number);
    }
  }
  return {
    inputs: prepare(rowsOf(x, rows)),
    values,
    codes: targets.kind === "classes" ? rows.map((i) => targets.codes[i] as number) : new Int32Array(0),
    weights: own,
    totalWeight: own.reduce((sum, w) => sum + w, 0),
  };
}

function batchOf(part: Part, order: Int32Array, from: number, n: number): Part {
  const take = (values: Float64Array, width: number): Float64Array => {
    const out = new Float64Array(n * width);
    gatherRows(n, width, values, order, from, out);
    return out;
  };
  const { columns, data, rows } = part.inputs;
  const taken = order.subarray(from, from + n);
  return {
    inputs: { rows: n, columns, data: take(data, columns) },
    values: take(part.values, part.values.length / rows),
    codes: part.codes.length === 0 ? part.codes : taken.map((r) => part.codes[r] as number), // rows of the part
    weights: take(part.weights, 1),
    totalWeight: 0,
  };
}
