import { type BatchTarget, DomainError, IncompatibleError, StoredReader } from "@materiome/core";
import { writeOnnx } from "../../onnx/onnxFile.ts";
import { OnnxGraph } from "../../onnx/onnxGraph.ts";
import { type ImageViews, viewsOf } from "../cnn/cnnShard.ts";
import { type CnnBlock, type CnnSpec, featuresOf, levelsOf } from "../cnn/cnnSpec.ts";
import { IMAGE_CLASSIFIER_TYPE, type ImageClassifier } from "../cnn/imageClassifier.ts";
import { IMAGE_REGRESSOR_TYPE, type ImageRegressor } from "../cnn/imageRegressor.ts";
import { type ImageNetwork, readNetwork } from "../cnn/storedNetwork.ts";
import type { Parameters } from "../training/parameters.ts";
import { foldBlock } from "../unet/foldBlock.ts";
import { addConvolution, addNormalisation } from "./imageGraph.ts";

export interface ExportImageNetworkOnnxOptions {
  /** Version of the program that writes the file. @defaultValue "" */
  readonly version?: string | undefined;
  /** Further entries of `metadata_props`: seed, hash of the data, licence. @defaultValue none */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** What an ONNX file does not say of a network of whole images. */
export interface ImageNetworkDescription {
  readonly format: "materiome/image-network-description";
  readonly version: 1;
  readonly input: {
    readonly name: string;
    readonly layout: "NCHW";
    readonly channels: number;
    readonly height: number;
    readonly width: number;
  };
  readonly output: { readonly name: string; readonly values: "probabilities" | "values" };
  /** Columns of the output in this order. */
  readonly targets: readonly BatchTarget[];
  /** What is inside: mean and deviation of the input, views whose mean is taken, what outputs are divided by before softmax. */
  readonly network: object;
}

export interface ExportedImageNetwork {
  /** Bytes of the ONNX file. */
  readonly model: Uint8Array;
  /** For a JSON file beside it; the entry `description` of `metadata_props` holds it too. */
  readonly description: ImageNetworkDescription;
}

const INPUT = "image";
const OWN = "description";
const FORMAT = "materiome/image-network-description";

/**
 * A trained classifier or regressor of whole images as an ONNX file, for onnxruntime and whatever else reads that format.
 *
 * Input `image` [n, channels, height, width], single precision, of the size that the network was trained on; output `probabilities`
 * [n, classes], or `values` [n, targets] in the units of the targets, without interval. Normalisation, flips and turns with their mean, temperature and
 * softmax are inside; batch normalisation is folded into the convolutions. Operators: set `ai.onnx` 16 (ONNX 1.12 of 2022, IR version 8). Results agree
 * with `predict` to 10⁻⁴ (values: of their standard deviation) and mostly far better.
 *
 * @throws IncompatibleError for other models; DomainError for metadata that is written already
 * @see https://onnx.ai/onnx/operators/
 * @example
 * const { model, description } = exportImageNetworkOnnx(classifier);
 * await writeFile("defects.onnx", model);
 * await writeFile("defects.json", JSON.stringify(description, null, 2));
 */
export function exportImageNetworkOnnx(
  network: ImageClassifier | ImageRegressor,
  options: ExportImageNetworkOnnxOptions = {},
): ExportedImageNetwork {
  const who = "exportImageNetworkOnnx";
  const { version = "", metadata = {} } = options;
  if (metadata[OWN] !== undefined) {
    throw new DomainError(`${who}: the metadata entry "${OWN}" is written already; rename it`);
  }
  const { parts, targets, temperature } = partsOf(who, network);
  const { spec, normalisation, scale } = parts.settings;
  const isClasses = temperature !== undefined;
  const output = isClasses ? "probabilities" : "values";
  const description: ImageNetworkDescription = {
    format: FORMAT,
    version: 1,
    input: { name: INPUT, layout: "NCHW", channels: spec.channels, height: spec.height, width: spec.width },
    output: { name: output, values: output },
    targets: targets.map((target) => ({ ...target })),
    network: {
      ...{ filters: spec.filters, depths: spec.depths, views: parts.views },
      normalisation: { ...normalisation, isInside: true },
      ...(isClasses ? { temperature } : {}),
    },
  };
  const graph = new OnnxGraph();
  graph.inputs.push({ name: INPUT, type: "float", dims: ["n", spec.channels, spec.height, spec.width] });
  graph.outputs.push({ name: output, type: "float", dims: ["n", spec.outputs] });
  const views = addViews(graph, addNormalisation(graph, INPUT, normalisation), parts.views);
  const outputs = addNetwork(graph, spec, parts.parameters, views);
  const single = (values: readonly number[]): string => graph.numbers(values, [1, values.length], "float");
  const found = isClasses
    ? addMean(graph, softmaxOf(graph, graph.add("Div", [outputs, single([temperature])])), parts.views, spec.outputs)
    : graph.add("Add", [
        graph.add("Mul", [addMean(graph, outputs, parts.views, spec.outputs), single(scale.deviation)]),
        single(scale.mean),
      ]);
  graph.nodes.push({ type: "Identity", domain: "", inputs: [found], outputs: [output], attributes: {} });
  const labels = targets.flatMap((target) => target.labels);
  const model = writeOnnx({
    producer: "materiome",
    producerVersion: version,
    name: targets.map(({ name }) => name).join(", "),
    description: `Network of whole images: ${labels.join(", ")}`,
    nodes: graph.nodes,
    tensors: graph.tensors,
    inputs: graph.inputs,
    outputs: graph.outputs,
    metadata: new Map([[OWN, JSON.stringify(description)], ...Object.entries(metadata)]),
  });
  return { model, description };
}

/** By its stored form; the temperature is that of a classifier, 1 where it was not calibrated. */
function partsOf(
  who: string,
  network: ImageClassifier | ImageRegressor,
): { readonly parts: ImageNetwork; readonly targets: readonly BatchTarget[]; readonly temperature?: number } {
  const data: unknown = JSON.parse(JSON.stringify(network));
  const { type } = (data ?? {}) as { readonly type?: unknown };
  const stored = new StoredReader(who);
  if (type === IMAGE_REGRESSOR_TYPE) {
    const { network: parts, targets } = readNetwork(who, stored, type, data);
    return { parts, targets };
  }
  if (type === IMAGE_CLASSIFIER_TYPE) {
    const { network: parts, targets } = readNetwork(who, stored, type, data);
    return { parts, targets, temperature: (network as ImageClassifier).calibration?.temperature ?? 1 };
  }
  throw new IncompatibleError(
    `${who}: the model is no network of createImageClassifier or createImageRegressor; it is of type ${JSON.stringify(type)}`,
  );
}

/** All views of all images, view after view, [views · n, channels, height, width]. */
function addViews(graph: OnnxGraph, x: string, views: ImageViews): string {
  if (views === "none") return x;
  const end = Number.MIN_SAFE_INTEGER;
  const reversed = (name: string, axes: readonly number[]): string => {
    if (axes.length === 0) return name;
    const all = (value: number): string =>
      graph.numbers(
        axes.map(() => value),
        [axes.length],
        "int64",
      );
    return graph.add("Slice", [name, all(-1), all(end), graph.numbers(axes, [axes.length], "int64"), all(-1)]);
  };
  const turned = Array.from({ length: viewsOf(views) }, (_, view) => {
    const flipped = reversed(
      x,
      [view & 1 ? 3 : 0, view & 2 ? 2 : 0].filter((axis) => axis > 0),
    );
    return view & 4 ? graph.add("Transpose", [flipped], { perm: { ints: [0, 1, 3, 2] } }) : flipped;
  });
  return graph.add("Concat", turned, { axis: { int: 0 } });
}

/** Mean over the views of rows [views · n, columns]. */
function addMean(graph: OnnxGraph, rows: string, views: ImageViews, columns: number): string {
  if (views === "none") return rows;
  const apart = graph.add("Reshape", [rows, graph.numbers([viewsOf(views), -1, columns], [3], "int64")]);
  return graph.add("ReduceMean", [apart], { axes: { ints: [0] }, keepdims: { int: 0 } });
}

function softmaxOf(graph: OnnxGraph, rows: string): string {
  return graph.add("Softmax", [rows], { axis: { int: 1 } });
}

function addNetwork(graph: OnnxGraph, spec: CnnSpec, parameters: Parameters, x: string): string {
  let [h, height, width] = [x, spec.height, spec.width];
  for (const [level, blocks] of levelsOf(spec).entries()) {
    if (level > 0) {
      h = graph.add("MaxPool", [h], { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } });
      [height, width] = [Math.floor(height / 2), Math.floor(width / 2)];
    }
    for (const block of blocks) {
      const next = addBlock(graph, h, parameters, block, height, width);
      [height, width] = [Math.ceil(height / block.stride), Math.ceil(width / block.stride)];
      h = block.isAdded ? graph.add("Add", [h, next]) : next;
    }
  }
  const pool = (by: string): string => graph.add("Flatten", [graph.add(by, [h])]);
  const pooled = [
    ...(spec.pooling === "max" ? [] : [pool("GlobalAveragePool")]),
    ...(spec.pooling === "mean" ? [] : [pool("GlobalMaxPool")]),
  ];
  const features = featuresOf(spec);
  const head = graph.numbers(parameters["head.filter"] as Float32Array, [features, spec.outputs], "float");
  const bias = graph.numbers(parameters["head.bias"] as Float32Array, [spec.outputs], "float"); // both of every network
  return graph.add("Add", [graph.add("MatMul", [graph.join(pooled), head]), bias]);
}

/** Of a square, exchanged axes leave the sizes as they are; views of other images are flips alone. */
function addBlock(
  graph: OnnxGraph,
  x: string,
  parameters: Parameters,
  block: CnnBlock,
  height: number,
  width: number,
): string {
  const { filter, bias } = foldBlock(parameters, block);
  const { inputs, outputs, stride } = block;
  const [top, bottom] = padsOf(height, stride);
  const [left, right] = padsOf(width, stride);
  const pads = [top, left, bottom, right] as const;
  return graph.add("Relu", [addConvolution(graph, x, filter, bias, { side: 3, inputs, outputs, stride, pads })]);
}

/** Pixels before and behind an axis so that ⌈length / stride⌉ results are left, the odd one behind, as TensorFlow does. */
function padsOf(length: number, stride: number): readonly [number, number] {
  const total = Math.max(0, (Math.ceil(length / stride) - 1) * stride + 3 - length);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}
