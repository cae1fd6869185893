import type { Matrix, Random } from "@materiome/core";
import { multiplyMatrices } from "@materiome/core/numerics";
import {
  activateRows,
  addBias,
  columnSums,
  multiplyInto,
  RELU,
  SILU,
  scaleRows,
  splitScaledGradient,
} from "../kernels/index.ts";

/** `silu`: z σ(z); `relu`: max(z, 0). */
export type Activation = "silu" | "relu";

/** Layers of a dense net: each input times a factor of its own, hidden layers with an activation, a linear layer of outputs. */
export interface NetShape {
  readonly nInputs: number;
  readonly hidden: readonly number[];
  readonly nOutputs: number;
  readonly activation: Activation;
}

/** Where the numbers of a layer lie among the parameters: weights [nIn, nOut], then nOut biases. */
export interface DenseLayer {
  readonly nIn: number;
  readonly nOut: number;
  readonly weightsAt: number;
  readonly biasAt: number;
}

/** Layers in order, behind the nInputs factors of the inputs. */
export function layersOf({ nInputs, hidden, nOutputs }: NetShape): readonly DenseLayer[] {
  const layers: DenseLayer[] = [];
  let at = nInputs;
  let nIn = nInputs;
  for (const nOut of [...hidden, nOutputs]) {
    layers.push({ nIn, nOut, weightsAt: at, biasAt: at + nIn * nOut });
    at += (nIn + 1) * nOut;
    nIn = nOut;
  }
  return layers;
}

export function countParameters(shape: NetShape): number {
  const last = layersOf(shape).at(-1) as DenseLayer; // a layer of outputs always
  return last.biasAt + last.nOut;
}

/**
 * Parameters to start from: factors of the inputs 1, weights normal with variance 2 / nIn (He et al., ICCV (2015),
 * doi:10.1109/ICCV.2015.123), those of the outputs a tenth of that in size, so that the net starts near the mean; biases 0.
 */
export function drawParameters(shape: NetShape, random: Random): Float64Array {
  const parameters = new Float64Array(countParameters(shape));
  const layers = layersOf(shape);
  parameters.fill(1, 0, shape.nInputs);
  for (const [l, { nIn, weightsAt, biasAt }] of layers.entries()) {
    const size = Math.sqrt(2 / nIn) * (l === layers.length - 1 ? 0.1 : 1);
    for (let k = weightsAt; k < biasAt; k++) parameters[k] = size * random.normal();
  }
  return parameters;
}

/** What a pass forward leaves for the pass back. */
export interface ForwardPass {
  /** [nSamples, nOutputs]. */
  readonly outputs: Matrix;
  /** False where a number overflowed; the outputs mean nothing then. */
  readonly isSound: boolean;
  /** What each layer takes, and by which slopes the output of each hidden layer goes back through its activation. */
  readonly taken: readonly Matrix[];
  readonly slopes: readonly Float64Array[];
}

/**
 * Outputs for rows of inputs.
 *
 * @param mask - factor of each activation of hidden layer l, shape [nSamples, hidden[l]]: 0 drops it; for training
 */
export function passForward(
  shape: NetShape,
  parameters: Float64Array,
  inputs: Matrix,
  mask?: ((layer: number) => Float64Array) | undefined,
): ForwardPass {
  const { rows } = inputs;
  const layers = layersOf(shape);
  const taken: Matrix[] = [inputs];
  const slopes: Float64Array[] = [];
  let isBroken = 0;
  for (const [l, { nIn, nOut, weightsAt, biasAt }] of layers.entries()) {
    // Factors of the inputs are factors of the rows of the first weights.
    const data = l === 0 ? new Float64Array(nIn * nOut) : parameters.subarray(weightsAt, biasAt);
    if (l === 0) scaleRows(nIn, nOut, parameters, parameters, weightsAt, data);
    const weights = { rows: nIn, columns: nOut, data };
    const z = multiplyMatrices(taken[l] as Matrix, weights); // one before each layer
    if (l === layers.length - 1) isBroken |= addBias(rows, nOut, parameters, biasAt, z.data);
    else {
      const slope = new Float64Array(rows * nOut);
      const activation = shape.activation === "relu" ? RELU : SILU;
      isBroken |= activateRows(rows, nOut, activation, parameters, biasAt, z.data, slope);
      if (mask !== undefined) {
        const kept = mask(l);
        multiplyInto(kept.length, z.data, kept);
        multiplyInto(kept.length, slope, kept);
      }
      slopes.push(slope);
    }
    taken.push(z);
    if (isBroken !== 0) break;
  }
  return { outputs: taken.at(-1) as Matrix, isSound: isBroken === 0, taken, slopes };
}

/** Gradient of a loss by the parameters, from its gradient by the outputs, [nSamples, nOutputs]. */
export function passBack(
  shape: NetShape,
  parameters: Float64Array,
  { taken, slopes }: ForwardPass,
  byOutputs: Float64Array,
  gradient: Float64Array,
): void {
  const rows = byOutputs.length / shape.nOutputs;
  const layers = layersOf(shape);
  let back: Matrix = { rows, columns: shape.nOutputs, data: byOutputs };
  for (let l = layers.length - 1; l >= 0; l--) {
    const { nIn, nOut, weightsAt, biasAt } = layers[l] as DenseLayer; // l < layers
    columnSums(rows, nOut, back.data, gradient, biasAt);
    const byWeights = multiplyMatrices(taken[l] as Matrix, back, { isTransposedA: true });
    if (l === 0) {
      splitScaledGradient(nIn, nOut, byWeights.data, parameters, weightsAt, gradient);
      return;
    }
    gradient.set(byWeights.data, weightsAt);
    const weights = { rows: nIn, columns: nOut, data: parameters.subarray(weightsAt, biasAt) };
    back = multiplyMatrices(back, weights, { isTransposedB: true });
    multiplyInto(rows * nIn, back.data, slopes[l - 1] as Float64Array); // one behind each hidden layer
  }
}
