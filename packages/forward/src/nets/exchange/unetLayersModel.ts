import { FormatError, IncompatibleError, type Json, StoredReader } from "@materiome/core";
import { checkParameter } from "../training/parameters.ts";
import {
  createSegmenter,
  partsOf,
  readUNetSettings,
  storeUNetSettings,
  type UNetSegmenter,
} from "../unet/unetSegmenter.ts";
import { lengthsOf } from "../unet/unetSpec.ts";
import { layersOfUNet, weightSlots } from "./unetLayers.ts";

export interface ExportUNetLayersModelOptions {
  /** Name of the file of weights that the model names. @defaultValue "weights.bin" */
  readonly weightsFile?: string | undefined;
}

/** A model of TensorFlow.js layers, as two files. */
export interface ExportedLayersModel {
  /** Content of `model.json`. */
  readonly model: { readonly [key: string]: Json };
  /** Bytes of the file beside it. */
  readonly weights: Uint8Array;
}

/** Entry of `userDefinedMetadata`. */
const ENTRY = "materiome";

/**
 * A trained U-Net as a LayersModel of TensorFlow.js (`tf.loadLayersModel`), in the Keras format of its layers.
 *
 * Input [n, height, width, channels], values as in the training images, height and width multiples of the coarsest pixel (2 to the number of
 * poolings); output [n, height, width, k], probabilities and values as `segmentTile` gives them, to 10⁻⁴ and mostly far better.
 *
 * @throws IncompatibleError for other segmenters
 * @see https://www.tensorflow.org/js/guide/save_load
 * @example
 * const { model, weights } = exportUNetLayersModel(segmenter);
 * await writeFile("phases/model.json", JSON.stringify(model));
 * await writeFile("phases/weights.bin", weights);
 */
export function exportUNetLayersModel(
  segmenter: UNetSegmenter,
  options: ExportUNetLayersModelOptions = {},
): ExportedLayersModel {
  const { weightsFile = "weights.bin" } = options;
  const { parameters, ...settings } = partsOf("exportUNetLayersModel", segmenter);
  const slots = weightSlots(settings);
  const weights = new Uint8Array(4 * slots.reduce((sum, { length }) => sum + length, 0));
  const view = new DataView(weights.buffer);
  let at = 0;
  for (const slot of slots) {
    for (const value of slot.take(parameters)) {
      view.setFloat32(at, value, true);
      at += 4;
    }
  }
  const model = {
    format: "layers-model",
    generatedBy: "materiome",
    convertedBy: null,
    modelTopology: { keras_version: "tfjs-layers 4.22.0", backend: "tensor_flow.js", ...layersOfUNet(settings) },
    weightsManifest: [
      { paths: [weightsFile], weights: slots.map(({ name, shape }) => ({ name, shape, dtype: "float32" })) },
    ],
    userDefinedMetadata: { [ENTRY]: storeUNetSettings(settings) as unknown as Json },
  };
  return { model, weights };
}

/**
 * Reads a U-Net that `exportUNetLayersModel` wrote, also after further training in TensorFlow.js (`model.save` keeps what is needed).
 *
 * @param model - parsed `model.json`
 * @param weights - bytes of the files that it names, one after the other
 * @throws IncompatibleError for a LayersModel of other layers
 * @throws FormatError for damaged content, and for weights that are missing, surplus, of another shape or compressed, by name
 * @example
 * const segmenter = readUNetLayersModel(JSON.parse(await readFile("phases/model.json", "utf8")), await readFile("phases/weights.bin"));
 */
export function readUNetLayersModel(model: unknown, weights: Uint8Array): UNetSegmenter {
  const who = "readUNetLayersModel";
  const stored = new StoredReader(who);
  const { modelTopology, weightsManifest, userDefinedMetadata } = stored.record(model, "the model");
  const own = (userDefinedMetadata as Readonly<Record<string, unknown>> | undefined)?.[ENTRY];
  if (own === undefined) {
    throw new IncompatibleError(
      `${who}: the model has no entry "${ENTRY}" in userDefinedMetadata; only U-Nets that exportUNetLayersModel wrote can be read. Convert others to ONNX and read them with readOnnxSegmenter`,
    );
  }
  const settings = readUNetSettings(who, own);
  checkLayers(stored, modelTopology, layersOfUNet(settings));
  const slots = new Map(weightSlots(settings).map((slot) => [slot.name, slot]));
  const parameters: Record<string, Float32Array> = {};
  const view = new DataView(weights.buffer, weights.byteOffset, weights.byteLength);
  let at = 0;
  for (const group of stored.list(weightsManifest, "weightsManifest")) {
    for (const entry of stored.list(stored.record(group, "a group of weights")["weights"], "weights")) {
      const { name, shape, dtype, quantization } = stored.record(entry, "an entry of weights");
      const slot = slots.get(String(name));
      if (slot === undefined)
        throw new FormatError(`${who}: weights "${String(name)}" do not belong to this network, or come twice`);
      slots.delete(slot.name);
      if (dtype !== "float32" || quantization !== undefined || String(shape) !== slot.shape.join()) {
        const kind = quantization === undefined ? String(dtype) : "compressed";
        throw new FormatError(
          `${who}: weights "${slot.name}" are ${kind} [${String(shape)}], expected float32 [${slot.shape.join(",")}]`,
        );
      }
      if (at + 4 * slot.length > weights.length) {
        throw new FormatError(
          `${who}: ${weights.length} bytes of weights end within "${slot.name}"; give all files of weights, one after the other`,
        );
      }
      const values = Float32Array.from({ length: slot.length }, (_, i) => view.getFloat32(at + 4 * i, true));
      at += 4 * slot.length;
      checkParameter(who, slot.name, values, slot.length);
      slot.put(who, values, parameters);
    }
  }
  const [missing] = slots.keys();
  if (missing !== undefined) throw new FormatError(`${who}: the model has no weights "${missing}"`);
  if (at < weights.length) throw new FormatError(`${who}: ${weights.length} bytes of weights, the model names ${at}`);
  const inOrder = Object.keys(lengthsOf(settings.spec)).map((key) => [key, parameters[key] as Float32Array] as const);
  return createSegmenter({ ...settings, parameters: Object.fromEntries(inOrder) });
}

function checkLayers(stored: StoredReader, topology: unknown, expected: unknown): void {
  const whole = stored.record(topology, "modelTopology");
  const found = layerNames(stored, whole["model_config"] ?? whole);
  const names = layerNames(stored, expected);
  const other = found.find((layer) => !names.includes(layer)) ?? names.find((layer) => !found.includes(layer));
  if (other === undefined) return;
  throw new IncompatibleError(
    `${stored.who}: layer ${other} is none of this U-Net's; only U-Nets that exportUNetLayersModel wrote can be read. Convert others to ONNX and read them with readOnnxSegmenter`,
  );
}

/** Layers and what they take; TensorFlow.js writes them in another order. */
function layerNames(stored: StoredReader, model: unknown): string[] {
  const config = stored.record(stored.record(model, "the topology")["config"], "config of the topology");
  return stored.list(config["layers"], "layers").map((layer) => {
    const { class_name: kind, config: own, inbound_nodes: nodes } = stored.record(layer, "a layer");
    const sources = stored.list(nodes, "inbound_nodes").flatMap((node) => stored.list(node, "a node"));
    const from = sources.map((source) => stored.list(source, "a source")[0]).join(" and ");
    return `"${String(stored.record(own, "config of a layer")["name"])}" (${String(kind)}${from && ` of ${from}`})`;
  });
}
