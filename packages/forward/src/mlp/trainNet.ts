import type { Matrix, Random, TaskFunction } from "@materiome/core";
import {
  type Activation,
  countParameters,
  drawParameters,
  layersOf,
  type NetShape,
  passBack,
  passForward,
} from "./denseNet.ts";
import { decodeNet, encodeNet, type FittedNet, netOutputs, takeOutputs } from "./fittedNet.ts";
import { fitRobustScaling, squash } from "./robustScaling.ts";
import type { Move, NetKind, Trainable } from "./trainable.ts";
import { startTraining, type TrainedNet, type TrainingSettings, type TrainNetInput } from "./trainingLoop.ts";

/** Settings of a dense net and of its training. */
export interface NetSettings extends TrainingSettings {
  readonly hidden: readonly number[];
  readonly activation: Activation;
  readonly dropout: number;
}

/** Factors of the inputs learn faster than weights: there is one for each input, and they choose among them. */
const INPUT_RATE = 3;

export const trainNetTask: TaskFunction = { module: import.meta.url, name: "trainNet" };

/** Trains a dense net to the end. */
export function trainNet(input: TrainNetInput<NetSettings>): TrainedNet<FittedNet> {
  const training = startTraining(input, buildDense);
  while (training.epoch());
  return training.result();
}

/** Fully connected nets. */
export const DENSE: NetKind<NetSettings, FittedNet> = {
  name: "mlp",
  task: trainNetTask,
  build: buildDense,
  work: ({ hidden }, nFeatures) =>
    [nFeatures, ...hidden].reduce((sum, width, l, all) => sum + width * (all[l + 1] ?? 1), 0),
  countParameters: ({ shape }) => countParameters(shape),
  nOutputs: ({ shape }) => shape.nOutputs,
  outputs: netOutputs,
  take: takeOutputs,
  encode: encodeNet,
  decode: decodeNet,
};

function buildDense({ settings }: TrainNetInput<NetSettings>, train: Matrix, nOutputs: number): Trainable<FittedNet> {
  const scaling = fitRobustScaling(train);
  const { hidden, activation } = settings;
  const shape: NetShape = { nInputs: scaling.used.length, hidden, nOutputs, activation };
  return {
    nParameters: countParameters(shape),
    nOutputs,
    moves: movesOf(shape),
    draw: (random) => drawParameters(shape, random),
    prepare: (x) => squash(scaling, x),
    forward(parameters, inputs, drops) {
      const mask = drops !== undefined && settings.dropout > 0 ? maskOf(settings, inputs.rows, drops) : undefined;
      const pass = passForward(shape, parameters, inputs, mask);
      return {
        outputs: pass.outputs,
        isSound: pass.isSound,
        back: (byOutputs, gradient) => passBack(shape, parameters, pass, byOutputs, gradient),
      };
    },
    finish: (parameters) => ({ shape, parameters, scaling }),
  };
}

function movesOf(shape: NetShape): Move[] {
  const layers = layersOf(shape).flatMap(({ weightsAt, biasAt, nOut }) => [
    { from: weightsAt, to: biasAt, factor: 1, decays: true },
    { from: biasAt, to: biasAt + nOut, factor: 1, decays: false },
  ]);
  return [{ from: 0, to: shape.nInputs, factor: INPUT_RATE, decays: false }, ...layers];
}

/** Inverted dropout: what is kept grows by 1 / (1 − rate). */
function maskOf({ dropout, hidden }: NetSettings, rows: number, random: Random): (layer: number) => Float64Array {
  return (layer) =>
    Float64Array.from({ length: rows * (hidden[layer] as number) }, () =>
      random.next() < dropout ? 0 : 1 / (1 - dropout),
    );
}
