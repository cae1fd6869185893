import { decodeArray, encodeArray, FormatError, type Json, type Matrix, type TaskFunction } from "@materiome/core";
import { isElement } from "@materiome/core/composition";
import type { Predictor } from "../learner/predictor.ts";
import { decodeStandardiser, encodeStandardiser, type Standardiser } from "../linear/standardiser.ts";
import { decodeNetMembers, netPredictor } from "../mlp/mlpPredictor.ts";
import { fitRobustScaling, squash } from "../mlp/robustScaling.ts";
import type { NetKind, Trainable } from "../mlp/trainable.ts";
import { startTraining, type TrainedNet, type TrainingSettings, type TrainNetInput } from "../mlp/trainingLoop.ts";
import { type AmountColumns, fractionsOf } from "./amountColumns.ts";
import { elementVectors } from "./elementTokens.ts";
import { drawSetNet, layoutOf, movesOf, passSetNet, type SetShape } from "./setNet.ts";

/** Settings of a net over elements and of its training. */
export interface SetNetSettings extends TrainingSettings {
  readonly width: number;
  readonly heads: number;
  readonly layers: number;
  readonly hidden: number;
  readonly amounts: AmountColumns;
}

/** A net as it was trained: where it finds amounts, and the scaling of the other features. */
export interface FittedSetNet {
  readonly amounts: AmountColumns;
  readonly scaling: Standardiser;
  readonly sizes: Pick<SetShape, "width" | "heads" | "layers" | "hidden" | "nOutputs">;
  readonly parameters: Float64Array;
}

export function decodeElementAttention(data: { readonly [key: string]: unknown }, nFeatures: number): Predictor {
  return netPredictor(SET_NETS, decodeNetMembers(SET_NETS, data["members"], nFeatures));
}

/** Rows that pass at once: enough for speed, few enough for memory. */
const BLOCK = 256;
/** Elements that a composition has, roughly. */
const TYPICAL_TOKENS = 4;

/** Trains a net to the end. */
export function trainSetNet(input: TrainNetInput<SetNetSettings>): TrainedNet<FittedSetNet> {
  const training = startTraining(input, buildSetNet);
  while (training.epoch());
  return training.result();
}

const task: TaskFunction = { module: import.meta.url, name: "trainSetNet" };

/** Nets with attention over the elements of a composition. */
export const SET_NETS: NetKind<SetNetSettings, FittedSetNet> = {
  name: "elementAttention",
  task,
  build: buildSetNet,
  work: ({ width, layers, hidden }) => TYPICAL_TOKENS * layers * 8 * width * width + width * hidden,
  countParameters: (net) => layoutOf(shapeOf(net)).nParameters,
  nOutputs: ({ sizes }) => sizes.nOutputs,
  outputs(net: FittedSetNet, x: Matrix): Float64Array {
    const shape = shapeOf(net);
    const out = new Float64Array(x.rows * shape.nOutputs);
    for (let first = 0; first < x.rows; first += BLOCK) {
      const rows = Math.min(BLOCK, x.rows - first);
      const data = x.data.subarray(first * x.columns, (first + rows) * x.columns);
      const { outputs } = passSetNet(shape, net.parameters, inputsOf(net, { rows, columns: x.columns, data }));
      out.set(outputs.data, first * shape.nOutputs);
    }
    return out;
  },
  take: (net) => net, // has one target
  encode: ({ amounts, scaling, sizes, parameters }: FittedSetNet): { [key: string]: Json } => ({
    ...sizes,
    amounts: { columns: [...amounts.columns], elements: [...amounts.elements], whole: amounts.whole },
    scaling: encodeStandardiser(scaling),
    parameters: encodeArray(parameters),
  }),
  decode: decodeSetNet,
};

function buildSetNet(
  { settings }: TrainNetInput<SetNetSettings>,
  train: Matrix,
  nOutputs: number,
): Trainable<FittedSetNet> {
  const { amounts, width, heads, layers, hidden } = settings;
  const whole = fitRobustScaling(train);
  const kept = Array.from(whole.used.keys()).filter((k) => !amounts.columns.includes(whole.used[k] as number)); // k < used
  const scaling: Standardiser = {
    used: Int32Array.from(kept, (k) => whole.used[k] as number),
    centre: Float64Array.from(kept, (k) => whole.centre[k] as number),
    scale: Float64Array.from(kept, (k) => whole.scale[k] as number),
  };
  const net = { amounts, scaling, sizes: { width, heads, layers, hidden, nOutputs } };
  const shape = shapeOf(net);
  return {
    nParameters: layoutOf(shape).nParameters,
    nOutputs,
    moves: movesOf(shape),
    draw: (random) => drawSetNet(shape, random),
    prepare: (x) => inputsOf(net, x),
    forward: (parameters, inputs) => passSetNet(shape, parameters, inputs),
    finish: (parameters) => ({ ...net, parameters }),
  };
}

export function shapeOf({ amounts, scaling, sizes }: Omit<FittedSetNet, "parameters">): SetShape {
  return { ...sizes, vectors: elementVectors(amounts), nScalars: scaling.used.length };
}

/** Fractions of the elements, then the other features, scaled. */
function inputsOf({ amounts, scaling }: Pick<FittedSetNet, "amounts" | "scaling">, x: Matrix): Matrix {
  const fractions = fractionsOf(amounts, x);
  const scalars = squash(scaling, x);
  const columns = fractions.columns + scalars.columns;
  const data = new Float64Array(x.rows * columns);
  for (let i = 0; i < x.rows; i++) {
    data.set(fractions.data.subarray(i * fractions.columns, (i + 1) * fractions.columns), i * columns);
    data.set(scalars.data.subarray(i * scalars.columns, (i + 1) * scalars.columns), i * columns + fractions.columns);
  }
  return { rows: x.rows, columns, data };
}

/** @throws FormatError where weights and sizes do not fit together */
function decodeSetNet(data: unknown, nFeatures: number): FittedSetNet {
  const { width, heads, layers, hidden, nOutputs, amounts, ...rest } = (data ?? {}) as {
    readonly [key: string]: unknown;
  };
  const sizes = { width, heads, layers, hidden, nOutputs };
  const areCounts = Object.values(sizes).every((value) => Number.isInteger(value) && (value as number) >= 1);
  const { columns, elements, whole } = (amounts ?? {}) as { readonly [key: string]: unknown };
  if (
    !(areCounts && Array.isArray(columns) && Array.isArray(elements) && columns.length === elements.length) ||
    !(columns.every((f) => Number.isInteger(f) && f >= 0 && f < nFeatures) && typeof whole === "number") ||
    !elements.every((symbol) => typeof symbol === "string" && isElement(symbol))
  ) {
    throw new FormatError("element attention: the stored sizes or amounts are damaged; train again");
  }
  const net: FittedSetNet = {
    amounts: { columns, elements, whole },
    scaling: decodeStandardiser(rest["scaling"], nFeatures),
    sizes: sizes as FittedSetNet["sizes"], // counts
    parameters: decodeArray(rest["parameters"], "f64"),
  };
  const expected = layoutOf(shapeOf(net)).nParameters;
  if (net.parameters.length !== expected) {
    throw new FormatError(
      `element attention: the stored net has ${net.parameters.length} weights, its sizes need ${expected}; the file is damaged, train again`,
    );
  }
  return net;
}
