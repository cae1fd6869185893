import type { Json, Matrix, Random, TaskFunction } from "@materiome/core";
import type { TrainingSettings, TrainNetInput } from "./trainingLoop.ts";

/** What a pass forward gives, and the way back. */
export interface Forward {
  /** [nSamples, nOutputs]. */
  readonly outputs: Matrix;
  /** False where a number overflowed; the outputs mean nothing then. */
  readonly isSound: boolean;
  /** Writes the gradient of a loss by the parameters, from its gradient by the outputs. */
  back(byOutputs: Float64Array, gradient: Float64Array): void;
}

/** Parameters `from` … `to` − 1, which learn `factor` times as fast as others and shrink or do not. */
export interface Move {
  readonly from: number;
  readonly to: number;
  readonly factor: number;
  readonly decays: boolean;
}

/** What the training of a net needs to know of it. `F` is the net once it is trained: plain data, that threads hand over. */
export interface Trainable<F> {
  readonly nParameters: number;
  readonly nOutputs: number;
  readonly moves: readonly Move[];
  draw(random: Random): Float64Array;
  /** Inputs of the net for rows of features. */
  prepare(x: Matrix): Matrix;
  /** @param drops - draws the activations that are dropped, while training */
  forward(parameters: Float64Array, inputs: Matrix, drops: Random | undefined): Forward;
  finish(parameters: Float64Array): F;
}

/** A kind of nets: how they are trained in threads, predict and are stored. */
export interface NetKind<S extends TrainingSettings, F> {
  /** Of the stored predictor; a literal that never changes. */
  readonly name: string;
  readonly task: TaskFunction;
  build(input: TrainNetInput<S>, train: Matrix, nOutputs: number): Trainable<F>;
  /** Multiplications of a pass, roughly, for each row. */
  work(settings: S, nFeatures: number): number;
  countParameters(net: F): number;
  nOutputs(net: F): number;
  /** Outputs for rows of features, [nSamples, nOutputs]. */
  outputs(net: F, x: Matrix): Float64Array;
  /** The net with some of its outputs alone. */
  take(net: F, kept: readonly number[]): F;
  encode(net: F): { [key: string]: Json };
  decode(data: unknown, nFeatures: number): F;
}

/** A net of one target, standardised while it learnt: a mean, and a variance where it has a second output. */
export interface NetMember<F> {
  readonly net: F;
  readonly mean: number;
  readonly scale: number;
}
