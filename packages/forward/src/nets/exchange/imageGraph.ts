import type { OnnxGraph } from "../../onnx/onnxGraph.ts";
import type { Normalisation } from "../training/normalisation.ts";
import { outputsFirst } from "./filterLayout.ts";

/** (x − mean) / deviation of each channel of x [n, channels, height, width], single precision. */
export function addNormalisation(graph: OnnxGraph, x: string, { mean, deviation }: Normalisation): string {
  const perChannel = (values: readonly number[]): string => graph.numbers(values, [1, values.length, 1, 1], "float");
  const coarse = mean.map(Math.fround);
  // What single precision leaves of the mean matters where an image is much brighter than it is varied.
  const rest = mean.map((m, c) => m - coarse[c]!); // one per channel
  let less = graph.add("Sub", [x, perChannel(coarse)]);
  if (rest.some((value) => value !== 0)) less = graph.add("Sub", [less, perChannel(rest)]);
  return graph.add("Div", [less, perChannel(deviation)]);
}

export interface ConvolutionShape {
  readonly side: 1 | 3;
  readonly inputs: number;
  readonly outputs: number;
  /** @defaultValue 1 */
  readonly stride?: number | undefined;
  /** Pixels of 0 added above, left, below and right. @defaultValue half a side each */
  readonly pads?: readonly [number, number, number, number] | undefined;
}

/** Convolution by a filter as TensorFlow.js keeps it, [side, side, inputs, outputs]. */
export function addConvolution(
  graph: OnnxGraph,
  x: string,
  filter: Float32Array,
  bias: Float32Array,
  { side, inputs, outputs, stride = 1, pads }: ConvolutionShape,
): string {
  const turned = graph.numbers(
    outputsFirst(filter, side * side, inputs, outputs),
    [outputs, inputs, side, side],
    "float",
  );
  const margin = (side - 1) / 2;
  return graph.add("Conv", [x, turned, graph.numbers(bias, [outputs], "float")], {
    kernel_shape: { ints: [side, side] },
    pads: { ints: pads ?? [margin, margin, margin, margin] },
    ...(stride === 1 ? {} : { strides: { ints: [stride, stride] } }),
  });
}
