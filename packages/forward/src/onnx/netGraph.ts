import { scaleRows } from "../kernels/index.ts";
import { layersOf } from "../mlp/denseNet.ts";
import type { FittedNet } from "../mlp/fittedNet.ts";
import { readNetClassification } from "../mlp/mlpClassifier.ts";
import { decodeMembers } from "../mlp/mlpPredictor.ts";
import { SQUASH_LIMIT } from "../mlp/robustScaling.ts";
import { addStandardised } from "./linearGraph.ts";
import type { OnnxGraph, OnnxMatrix } from "./onnxGraph.ts";
import type { Stored } from "./stored.ts";

/** Mean of nets, [nSamples, 1]. */
export function addNets(graph: OnnxGraph, stored: Stored, x: OnnxMatrix): string {
  const members = decodeMembers(stored["members"], x.columns);
  const means = members.map(({ net, mean, scale }) => {
    const output = graph.pick(addNet(graph, net, x), [0]).name;
    return graph.add("Add", [graph.add("Mul", [output, graph.scalar(scale)]), graph.scalar(mean)]);
  });
  return average(graph, means);
}

/** Mean probabilities of nets of classes, [nSamples, nPresent], and the classes that are present. */
export function addNetClasses(
  graph: OnnxGraph,
  stored: Stored,
  x: OnnxMatrix,
  nClasses: number,
): { readonly probabilities: string; readonly present: Int32Array } {
  const { nets, present } = readNetClassification(stored, x.columns, nClasses);
  const each = nets.map((net) => graph.add("Softmax", [addNet(graph, net, x).name], { axis: { int: 1 } }));
  return { probabilities: average(graph, each), present };
}

export function average(graph: OnnxGraph, parts: readonly string[]): string {
  const sum = parts.reduce((whole, part) => graph.add("Add", [whole, part]));
  return graph.add("Div", [sum, graph.scalar(parts.length)]);
}

/** Outputs of a net for rows of features, [nSamples, nOutputs]. */
function addNet(graph: OnnxGraph, { shape, parameters, scaling }: FittedNet, x: OnnxMatrix): OnnxMatrix {
  const { nInputs, activation } = shape;
  const layers = layersOf(shape);
  let name = nInputs === 0 ? undefined : addSquashed(graph, addStandardised(graph, scaling, x));
  for (const [l, { nIn, nOut, weightsAt, biasAt }] of layers.entries()) {
    const weights = parameters.slice(weightsAt, biasAt);
    // Factors of the inputs are the first parameters, one for each row of the first weights.
    if (l === 0) scaleRows(nIn, nOut, parameters, parameters, weightsAt, weights);
    const bias = graph.numbers(parameters.slice(biasAt, biasAt + nOut), [1, nOut]);
    const z =
      name === undefined
        ? graph.constantColumn(x, 0)
        : graph.add("MatMul", [name, graph.numbers(weights, [nIn, nOut])]);
    name = graph.add("Add", [z, bias]);
    if (l === layers.length - 1) break;
    name = activation === "relu" ? graph.add("Relu", [name]) : addSilu(graph, name);
  }
  return { name: name as string, type: "double", columns: shape.nOutputs }; // a layer of outputs always
}

/** z / (1 + exp −z): written as z times a logistic, onnxruntime fuses it to an operator that has no double precision. */
export function addSilu(graph: OnnxGraph, z: string): string {
  const under = graph.add("Add", [graph.add("Exp", [graph.add("Neg", [z])]), graph.scalar(1)]);
  return graph.add("Div", [z, under]);
}

/** t / √(1 + (t / limit)²); a t whose square would be infinite is held at a size that makes no difference. */
export function addSquashed(graph: OnnxGraph, t: OnnxMatrix): string {
  const most = graph.scalar(SQUASH_LIMIT * 1e8);
  const held = graph.add("Clip", [t.name, graph.scalar(-SQUASH_LIMIT * 1e8), most]);
  const share = graph.add("Div", [held, graph.scalar(SQUASH_LIMIT)]);
  const under = graph.add("Add", [graph.add("Mul", [share, share]), graph.scalar(1)]);
  return graph.add("Div", [held, graph.add("Sqrt", [under])]);
}
