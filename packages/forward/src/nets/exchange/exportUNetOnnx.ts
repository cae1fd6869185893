import { DomainError } from "@materiome/core";
import { writeOnnx } from "../../onnx/onnxFile.ts";
import { OnnxGraph } from "../../onnx/onnxGraph.ts";
import type { Parameters } from "../training/parameters.ts";
import { foldBlock } from "../unet/foldBlock.ts";
import { partsOf, type UNetParts, type UNetSegmenter } from "../unet/unetSegmenter.ts";
import { type Block, blocksOf, haloOf, type UNetSpec } from "../unet/unetSpec.ts";
import { addConvolution, addNormalisation } from "./imageGraph.ts";
import { DESCRIPTION_FORMAT, type SegmenterDescription } from "./segmenterDescription.ts";

export interface ExportUNetOnnxOptions {
  /** Edge of a pixel of the training images, µm. @defaultValue undefined: not in the description */
  readonly pixelSizeUm?: number | undefined;
  /** Version of the program that writes the file. @defaultValue "" */
  readonly version?: string | undefined;
  /** Further entries of `metadata_props`: seed, hash of the data, licence. @defaultValue none */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

export interface ExportedUNet {
  /** Bytes of the ONNX file. */
  readonly model: Uint8Array;
  /** For a JSON file beside it; the entry `description` of `metadata_props` holds it too. */
  readonly description: SegmenterDescription;
}

const INPUT = "image";
const OUTPUT = "probabilities";
const OWN = "description";

/**
 * A trained U-Net as an ONNX file, for onnxruntime and whatever else reads that format.
 *
 * Input `image` [n, channels, height, width], single precision, values as in the training images, any height and width; output
 * `probabilities` [n, k, height, width], as `segmentTile` gives: normalisation, softmax and logistic functions are inside, and so is the
 * mirroring of images whose sides are no multiples of the coarsest pixel. Batch normalisation is folded into the convolutions.
 * Operators: set `ai.onnx` 16 (ONNX 1.12 of 2022, IR version 8). Probabilities agree with `segmentTile` to 10⁻⁴ and mostly far better.
 *
 * @throws IncompatibleError for other segmenters; DomainError for options out of range
 * @see https://onnx.ai/onnx/operators/
 * @example
 * const { model, description } = exportUNetOnnx(segmenter);
 * await writeFile("phases.onnx", model);
 * await writeFile("phases.json", JSON.stringify(description, null, 2));
 */
export function exportUNetOnnx(segmenter: UNetSegmenter, options: ExportUNetOnnxOptions = {}): ExportedUNet {
  const who = "exportUNetOnnx";
  const { pixelSizeUm, version = "", metadata = {} } = options;
  if (pixelSizeUm !== undefined && !(pixelSizeUm > 0 && pixelSizeUm < Number.POSITIVE_INFINITY)) {
    throw new DomainError(`${who}: pixelSizeUm must be positive, got ${pixelSizeUm}`);
  }
  if (metadata[OWN] !== undefined) {
    throw new DomainError(`${who}: the metadata entry "${OWN}" is written already; rename it`);
  }
  const parts = partsOf(who, segmenter);
  const description = describeUNet(parts, pixelSizeUm);
  const graph = new OnnxGraph();
  const { spec, targets } = parts;
  graph.inputs.push({ name: INPUT, type: "float", dims: ["n", spec.channels, "height", "width"] });
  graph.outputs.push({ name: OUTPUT, type: "float", dims: ["n", spec.outputs, "height", "width"] });
  const frame = addFrame(graph, 2 ** (spec.filters.length - 1));
  const x = frame.mirror(addNormalisation(graph, INPUT, parts.normalisation));
  const probabilities = addProbabilities(graph, parts, addNetwork(graph, spec, parts.parameters, x));
  graph.nodes.push({
    type: "Identity",
    domain: "",
    inputs: [frame.cut(probabilities)],
    outputs: [OUTPUT],
    attributes: {},
  });
  const model = writeOnnx({
    producer: "materiome",
    producerVersion: version,
    name: targets.map(({ name }) => name).join(", "),
    description: `U-Net: ${targets.flatMap(({ labels }) => labels).join(", ")}`,
    nodes: graph.nodes,
    tensors: graph.tensors,
    inputs: graph.inputs,
    outputs: graph.outputs,
    metadata: new Map([[OWN, JSON.stringify(description)], ...Object.entries(metadata)]),
  });
  return { model, description };
}

function describeUNet({ spec, targets, normalisation }: UNetParts, pixelSizeUm?: number): SegmenterDescription {
  const { channels, filters } = spec;
  return {
    format: DESCRIPTION_FORMAT,
    version: 1,
    input: { name: INPUT, layout: "NCHW", channels },
    output: { name: OUTPUT, layout: "NCHW", values: "probabilities" },
    tiling: { multiple: 2 ** (filters.length - 1), halo: haloOf(spec) },
    targets: targets.map((target) => ({ ...target })),
    ...(pixelSizeUm === undefined ? {} : { pixelSizeUm }),
    network: { kind: "U-Net", filters, normalisation: { ...normalisation, isInside: true } },
  };
}

/** Continues images to whole multiples of the coarsest pixel by mirroring, and cuts results back to their size. */
function addFrame(
  graph: OnnxGraph,
  coarsest: number,
): { readonly mirror: (x: string) => string; readonly cut: (x: string) => string } {
  if (coarsest === 1) return { mirror: (x) => x, cut: (x) => x };
  const whole = (value: number): string => graph.numbers([value], [], "int64");
  const shape = graph.add("Shape", [INPUT]);
  const [zero, one, two, multiple] = [whole(0), whole(1), whole(2), whole(coarsest)];
  const less = whole(coarsest - 1);
  const mirrorAxis = (x: string, axis: 2 | 3): string => {
    const size = graph.add("Gather", [shape, whole(axis)]);
    const full = graph.add("Mul", [graph.add("Div", [graph.add("Add", [size, less]), multiple]), multiple]);
    const period = graph.add("Mul", [size, two]);
    const place = graph.add("Mod", [graph.add("Range", [zero, full, one]), period]);
    const back = graph.add("Sub", [graph.add("Sub", [period, one]), place]);
    return graph.add("Gather", [x, graph.add("Min", [place, back])], { axis: { int: axis } });
  };
  return {
    mirror: (x) => mirrorAxis(mirrorAxis(x, 2), 3),
    cut: (x) => {
      const axes = graph.numbers([2, 3], [2], "int64");
      const ends = graph.add("Gather", [shape, axes]);
      return graph.add("Slice", [x, graph.numbers([0, 0], [2], "int64"), ends, axes]);
    },
  };
}

function addNetwork(graph: OnnxGraph, spec: UNetSpec, parameters: Parameters, x: string): string {
  const { down, up } = blocksOf(spec);
  const apply = (input: string, block: Block): string => {
    const { filter, bias } = foldBlock(parameters, block);
    return graph.add("Relu", [addConvolution(graph, input, filter, bias, { side: 3, ...block })]);
  };
  const skips: string[] = [];
  let h = x;
  for (const [level, blocks] of down.entries()) {
    if (level > 0) h = graph.add("MaxPool", [h], { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } });
    h = blocks.reduce(apply, h);
    skips.push(h);
  }
  const doubled = up.length === 0 ? "" : graph.numbers([1, 1, 2, 2], [4], "float");
  for (let level = up.length - 1; level >= 0; level--) {
    const low = graph.add("Resize", [h, "", doubled], {
      mode: { text: "nearest" },
      coordinate_transformation_mode: { text: "asymmetric" },
      nearest_mode: { text: "floor" },
    });
    h = graph.add("Concat", [skips[level] as string, low], { axis: { int: 1 } });
    h = (up[level] as Block[]).reduce(apply, h);
  }
  const head = parameters["head.filter"] as Float32Array; // of every network, and the bias
  const bias = parameters["head.bias"] as Float32Array;
  return addConvolution(graph, h, head, bias, { side: 1, inputs: spec.filters[0] as number, outputs: spec.outputs });
}

function addProbabilities(graph: OnnxGraph, { targets }: UNetParts, outputs: string): string {
  const sizes = targets.map(({ labels }) => labels.length);
  const split =
    targets.length === 1
      ? [outputs]
      : graph.addMany("Split", [outputs, graph.numbers(sizes, [sizes.length], "int64")], sizes.length, {
          axis: { int: 1 },
        });
  const found = targets.map(({ kind }, t) => {
    const part = split[t] as string; // one per target
    if (kind === "values") return part;
    return kind === "classes" ? graph.add("Softmax", [part], { axis: { int: 1 } }) : graph.add("Sigmoid", [part]);
  });
  return found.length === 1 ? (found[0] as string) : graph.add("Concat", found, { axis: { int: 1 } });
}
