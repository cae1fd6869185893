import { ConvergenceError, DomainError, type Json, type RunContext } from "@materiome/core";
import { adamStep } from "../../kernels/index.ts";
import {
  copyParameters,
  decodeParameters,
  encodeParameters,
  type Parameters,
  setParameters,
  shareParameters,
} from "./parameters.ts";

/** What one step gives: mean loss, gradients of trained parameters, and parameters that are set rather than trained. */
export interface StepResult {
  readonly loss: number;
  readonly gradients: Parameters;
  /** Such as running statistics. */
  readonly updates?: Parameters | undefined;
}

/** A network to be trained. Everything depends on its arguments alone, so that training can be taken up anywhere. */
export interface NetworkTask {
  /** For messages and progress reports. */
  readonly name: string;
  /** Where training starts; left as it is. */
  readonly parameters: Parameters;
  readonly stepsPerEpoch: number;
  /** Whether weight decay applies. */
  isDecayed(name: string): boolean;
  step(parameters: Parameters, epoch: number, i: number): Promise<StepResult>;
  /** Loss on data that training does not see; smaller is better. */
  validate(parameters: Parameters): Promise<number>;
}

export interface TrainingOptions {
  /** At most this many passes over the batches. @defaultValue 30 */
  readonly epochs?: number;
  /** Largest step size of Adam. @defaultValue 0.002 */
  readonly learningRate?: number;
  /** Decoupled weight decay (AdamW). @defaultValue 1e-4 */
  readonly weightDecay?: number;
  /**
   * How the rate falls: `cosine` to a hundredth over all epochs, `plateau` to half when the validation loss has not improved for a third of
   * `patience`, `constant` not. @defaultValue "cosine"
   */
  readonly schedule?: "cosine" | "plateau" | "constant";
  /**
   * What is validated and kept is a running mean of the weights, of which each step replaces 1 − `averaging` (more in the first steps): steadier than
   * those of single steps, which jump about. 0: the weights as they are. @defaultValue 0.99
   */
  readonly averaging?: number;
  /** Gradients longer than this are shortened to it. @defaultValue 5 */
  readonly clipNorm?: number;
  /** Training ends when the validation loss has not improved for this many epochs. @defaultValue 10 */
  readonly patience?: number;
  /** Called after each epoch with all that is needed to go on from there; plain JSON. */
  readonly onCheckpoint?: ((checkpoint: TrainingCheckpoint) => void) | undefined;
  /** Goes on from a checkpoint of the same network, data, options and seed; the result is that of uninterrupted training. */
  readonly resume?: TrainingCheckpoint | undefined;
}

/** One epoch of the learning curve. */
export interface EpochRecord {
  readonly epoch: number;
  /** Mean over the steps of the epoch, with the weights of each step. */
  readonly trainingLoss: number;
  readonly validationLoss: number;
  readonly learningRate: number;
}

/** State of training after an epoch, as JSON. */
export interface TrainingCheckpoint {
  readonly type: "materiome/training-checkpoint";
  readonly version: 1;
  readonly steps: number;
  readonly bestEpoch: number;
  readonly curve: readonly EpochRecord[];
  readonly parameters: Json;
  readonly average: Json;
  readonly best: Json;
  readonly first: Json;
  readonly second: Json;
}

export interface TrainedNetwork {
  /** Those of the epoch with the smallest validation loss. */
  readonly parameters: Parameters;
  readonly bestEpoch: number;
  readonly curve: readonly EpochRecord[];
}

/** The loss is no longer a number. `checkpoint` holds the best weights so far; undefined where no epoch was completed. */
export class DivergenceError extends ConvergenceError {
  readonly checkpoint: TrainingCheckpoint | undefined;

  constructor(message: string, steps: number, loss: number, checkpoint: TrainingCheckpoint | undefined) {
    super(message, steps, loss);
    this.checkpoint = checkpoint;
  }
}

const BETA1 = 0.9;
const BETA2 = 0.999;

export interface ResolvedTraining {
  readonly epochs: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly schedule: "cosine" | "plateau" | "constant";
  readonly averaging: number;
  readonly clipNorm: number;
  readonly patience: number;
}

/** @throws DomainError for values out of range */
export function resolveTraining(who: string, options: TrainingOptions): ResolvedTraining {
  const { epochs = 30, learningRate = 0.002, weightDecay = 1e-4, schedule = "cosine" } = options;
  const { averaging = 0.99, clipNorm = 5, patience = 10 } = options;
  const refuse = (what: string, value: unknown, expected: string): never => {
    throw new DomainError(`${who}: ${what} must be ${expected}, got ${String(value)}`);
  };
  for (const [what, value] of Object.entries({ epochs, patience })) {
    if (!(Number.isSafeInteger(value) && value >= 1)) refuse(what, value, "a whole number of at least 1");
  }
  if (!(learningRate > 0 && learningRate <= 1)) refuse("learningRate", learningRate, "above 0 and at most 1");
  if (!(weightDecay >= 0 && weightDecay <= 1)) refuse("weightDecay", weightDecay, "between 0 and 1");
  if (!(averaging >= 0 && averaging < 1)) refuse("averaging", averaging, "at least 0 and below 1");
  if (!(clipNorm > 0)) refuse("clipNorm", clipNorm, "above 0");
  if (!["cosine", "plateau", "constant"].includes(schedule))
    refuse("schedule", schedule, "cosine, plateau or constant");
  return { epochs, learningRate, weightDecay, schedule, averaging, clipNorm, patience };
}

/**
 * Trains a network with Adam, decoupled weight decay, shortened gradients, averaged weights and early stopping; keeps the weights of the best epoch.
 *
 * @see B. T. Polyak, A. B. Juditsky, doi:10.1137/0330046 (averaging); I. Loshchilov, F. Hutter, arXiv:1711.05101 (AdamW)
 * @throws DivergenceError where a loss or a gradient is not finite, with the step and the best weights, or no validation loss is a number
 * @throws the abort reason
 */
export async function trainNetwork(
  task: NetworkTask,
  options: TrainingOptions,
  run: Pick<RunContext, "signal" | "onProgress">,
): Promise<TrainedNetwork> {
  const settings = resolveTraining(task.name, options);
  const parameters = shareParameters(task.parameters);
  const zeros = Object.fromEntries(Object.entries(parameters).map(([name, p]) => [name, new Float32Array(p.length)]));
  const state = startState(task, parameters, zeros, options.resume);
  let checkpoint = options.resume;
  const { curve } = state;
  while (curve.length < settings.epochs && curve.length - state.bestEpoch < settings.patience) {
    const epoch = curve.length;
    let sum = 0;
    let rate = settings.learningRate;
    for (let i = 0; i < task.stepsPerEpoch; i++) {
      await new Promise<void>((resolve) => setImmediate(resolve)); // lets a signal through
      run.signal?.throwIfAborted();
      const { loss, gradients, updates } = await task.step(parameters, epoch, i);
      state.steps++;
      const norm = normOf(gradients);
      if (!Number.isFinite(loss) || !Number.isFinite(norm)) {
        const kept =
          checkpoint === undefined
            ? "no epoch was completed"
            : `the best weights are those of epoch ${state.bestEpoch}`;
        throw new DivergenceError(
          `${task.name}: the ${Number.isFinite(loss) ? "gradient" : "loss"} is not finite at step ${state.steps} (epoch ${epoch + 1}, batch ${i + 1}); ${kept}. The learning rate was ${settings.learningRate}: use a smaller one, and look for extreme values in the images`,
          state.steps,
          loss,
          checkpoint,
        );
      }
      rate = rateAt(settings, state.steps, task.stepsPerEpoch, curve, state.bestEpoch);
      const factor = norm > settings.clipNorm ? settings.clipNorm / norm : 1;
      const [shrink1, shrink2] = [1 - BETA1 ** state.steps, 1 - BETA2 ** state.steps];
      for (const [name, gradient] of Object.entries(gradients)) {
        const decay = task.isDecayed(name) ? settings.weightDecay : 0;
        const shortened = factor < 1 ? gradient.map((value) => factor * value) : gradient;
        // Gradients carry names of parameters.
        const [first, second, values] = [state.first[name]!, state.second[name]!, parameters[name]!];
        adamStep(0, values.length, rate, decay, BETA1, BETA2, shrink1, shrink2, shortened, first, second, values);
      }
      for (const [name, values] of Object.entries(updates ?? {})) parameters[name]?.set(values);
      // The first steps are from random weights, which the mean must forget.
      const keep = Math.min(settings.averaging, state.steps / (9 + state.steps));
      averageInto(state.average, parameters, keep);
      sum += loss;
      run.onProgress?.({ stage: task.name, done: state.steps, total: settings.epochs * task.stepsPerEpoch });
    }
    const validationLoss = await task.validate(state.average);
    const isBest = !(curve.some((record) => record.validationLoss <= validationLoss) || Number.isNaN(validationLoss));
    curve.push({ epoch: epoch + 1, trainingLoss: sum / task.stepsPerEpoch, validationLoss, learningRate: rate });
    if (isBest) {
      state.bestEpoch = epoch + 1;
      setParameters(state.best, state.average);
    }
    if (options.onCheckpoint !== undefined || options.resume !== undefined || isBest) {
      checkpoint = encodeState(state, parameters);
      options.onCheckpoint?.(checkpoint);
    }
  }
  if (state.bestEpoch === 0) {
    throw new DivergenceError(
      `${task.name}: the validation loss is not a number after any of ${curve.length} epochs, so that none can be chosen; look for values that are not finite in the validation images and their targets`,
      state.steps,
      Number.NaN,
      undefined,
    );
  }
  return { parameters: copyParameters(state.best), bestEpoch: state.bestEpoch, curve };
}

interface State {
  steps: number;
  bestEpoch: number;
  readonly curve: EpochRecord[];
  /** In shared memory, as threads validate it. */
  readonly average: Parameters;
  readonly best: Parameters;
  readonly first: Parameters;
  readonly second: Parameters;
}

function startState(task: NetworkTask, parameters: Parameters, zeros: Parameters, resume?: TrainingCheckpoint): State {
  const average = shareParameters(parameters);
  if (resume === undefined) {
    const best = copyParameters(parameters);
    return {
      steps: 0,
      bestEpoch: 0,
      curve: [],
      average,
      best,
      first: copyParameters(zeros),
      second: copyParameters(zeros),
    };
  }
  const who = `${task.name}: checkpoint`;
  if (resume.type !== "materiome/training-checkpoint" || resume.version !== 1) {
    throw new DomainError(`${who} is none of this program; give what onCheckpoint received`);
  }
  const lengths = Object.fromEntries(Object.entries(parameters).map(([name, values]) => [name, values.length]));
  setParameters(parameters, decodeParameters(who, resume.parameters, lengths));
  setParameters(average, decodeParameters(who, resume.average, lengths));
  return {
    steps: resume.steps,
    bestEpoch: resume.bestEpoch,
    curve: [...resume.curve],
    average,
    best: decodeParameters(who, resume.best, lengths),
    first: decodeParameters(who, resume.first, lengths),
    second: decodeParameters(who, resume.second, lengths),
  };
}

function encodeState(state: State, parameters: Parameters): TrainingCheckpoint {
  return {
    type: "materiome/training-checkpoint",
    version: 1,
    steps: state.steps,
    bestEpoch: state.bestEpoch,
    curve: [...state.curve],
    parameters: encodeParameters(parameters),
    average: encodeParameters(state.average),
    best: encodeParameters(state.best),
    first: encodeParameters(state.first),
    second: encodeParameters(state.second),
  };
}

/** average ← keep · average + (1 − keep) · parameters */
function averageInto(average: Parameters, parameters: Parameters, keep: number): void {
  for (const [name, mean] of Object.entries(average)) {
    const values = parameters[name]!; // of the same names and lengths
    for (let i = 0; i < mean.length; i++) mean[i]! += (1 - keep) * (values[i]! - mean[i]!);
  }
}

function normOf(gradients: Parameters): number {
  let sum = 0;
  for (const gradient of Object.values(gradients)) {
    for (let i = 0; i < gradient.length; i++) sum += gradient[i]! * gradient[i]!; // i < length
  }
  return Math.sqrt(sum);
}

function rateAt(
  { learningRate, schedule, epochs, patience }: ResolvedTraining,
  step: number,
  stepsPerEpoch: number,
  curve: readonly EpochRecord[],
  bestEpoch: number,
): number {
  if (schedule === "constant") return learningRate;
  if (schedule === "cosine") {
    const done = (step - 1) / Math.max(1, epochs * stepsPerEpoch - 1);
    return learningRate * (0.01 + 0.99 * 0.5 * (1 + Math.cos(Math.PI * done)));
  }
  // As long as the last rate is kept, counted from the last epoch that improved or changed it.
  const last = curve.at(-1)?.learningRate ?? learningRate;
  const held = curve.filter((record) => record.learningRate === last && record.epoch > bestEpoch).length;
  return held >= Math.max(1, Math.ceil(patience / 3)) ? last / 2 : last;
}
