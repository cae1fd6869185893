import { decodeArray, encodeArray, FormatError, type Json, type Matrix } from "@materiome/core";
import { decodeStandardiser, encodeStandardiser, type Standardiser } from "../linear/standardiser.ts";
import { type Activation, countParameters, layersOf, type NetShape, passForward } from "./denseNet.ts";
import { squash } from "./robustScaling.ts";

/** A net as it was trained, with the scaling of its inputs. */
export interface FittedNet {
  readonly shape: NetShape;
  readonly parameters: Float64Array;
  readonly scaling: Standardiser;
}

/** Rows that pass at once: enough for speed, few enough for memory. */
const BLOCK = 1024;

/** Outputs of a net for rows of features, [nSamples, nOutputs]. */
export function netOutputs({ shape, parameters, scaling }: FittedNet, x: Matrix): Float64Array {
  const out = new Float64Array(x.rows * shape.nOutputs);
  for (let first = 0; first < x.rows; first += BLOCK) {
    const rows = Math.min(BLOCK, x.rows - first);
    const data = x.data.subarray(first * x.columns, (first + rows) * x.columns);
    const { outputs } = passForward(shape, parameters, squash(scaling, { rows, columns: x.columns, data }));
    out.set(outputs.data, first * shape.nOutputs);
  }
  return out;
}

/** The net with some of its outputs alone. */
export function takeOutputs(net: FittedNet, kept: readonly number[]): FittedNet {
  const { shape, parameters } = net;
  const own = { ...shape, nOutputs: kept.length };
  const last = layersOf(shape).at(-1);
  const to = layersOf(own).at(-1);
  if (last === undefined || to === undefined) return net; // there is a layer of outputs always
  const taken = new Float64Array(countParameters(own));
  taken.set(parameters.subarray(0, last.weightsAt));
  for (const [k, c] of kept.entries()) {
    for (let r = 0; r <= last.nIn; r++) {
      // Row nIn is that of the biases.
      taken[to.weightsAt + r * kept.length + k] = parameters[last.weightsAt + r * shape.nOutputs + c] as number;
    }
  }
  return { ...net, shape: own, parameters: taken };
}

export function encodeNet({ shape, parameters, scaling }: FittedNet): { [key: string]: Json } {
  const { hidden, nOutputs, activation } = shape;
  return {
    hidden: [...hidden],
    nOutputs,
    activation,
    scaling: encodeStandardiser(scaling),
    parameters: encodeArray(parameters),
  };
}

/** @throws FormatError where weights and layers do not fit together */
export function decodeNet(data: unknown, nFeatures: number): FittedNet {
  const { hidden, nOutputs, activation, ...rest } = (data ?? {}) as { readonly [key: string]: unknown };
  const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 1;
  if (
    !(Array.isArray(hidden) && hidden.every(isCount) && isCount(nOutputs)) ||
    !(activation === "silu" || activation === "relu")
  ) {
    throw new FormatError("mlp: the stored layers are damaged; train again");
  }
  const scaling = decodeStandardiser(rest["scaling"], nFeatures);
  const shape = { nInputs: scaling.used.length, hidden, nOutputs, activation: activation as Activation };
  const parameters = decodeArray(rest["parameters"], "f64");
  const expected = countParameters(shape);
  if (parameters.length !== expected) {
    throw new FormatError(
      `mlp: the stored net has ${parameters.length} weights, its layers ${[shape.nInputs, ...hidden, nOutputs].join("-")} need ${expected}; the file is damaged, train again`,
    );
  }
  return { shape, parameters, scaling };
}
