import { type BatchTarget, FormatError, type Json } from "@materiome/core";
import { checkParameter } from "../training/parameters.ts";
import {
  createSegmenter,
  partsOf,
  readUNetSettings,
  storeUNetSettings,
  type UNetSegmenter,
  type UNetSettings,
} from "../unet/unetSegmenter.ts";
import { blocksOf, type UNetSpec } from "../unet/unetSpec.ts";
import { outputsFirst, outputsLast } from "./filterLayout.ts";
import { floatsOf, readSafetensors, writeSafetensors } from "./safetensors.ts";

/** What weights alone do not say of a U-Net. */
export interface UNetArchitecture {
  readonly channels: number;
  /** Filters of each level, from full resolution down. */
  readonly filters: readonly number[];
  readonly targets: readonly BatchTarget[];
  /** Of each channel of the training images; the network gets (value − mean) / deviation. */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** Entry of the file's metadata that holds the rest of the network. */
const ENTRY = "materiome";

/**
 * The weights of a trained U-Net as a safetensors file, under the names and in the layout of PyTorch:
 * `down.L.B.conv.weight` [outputs, inputs, 3, 3] and `down.L.B.norm.{weight, bias, running_mean, running_var}` of block B (0, 1) on level L
 * (0 is full resolution), likewise `up.L.B`, and `head.weight` [k, filters, 1, 1], `head.bias`. Names do not change between versions. What else the
 * network needs is JSON in the entry `materiome` of the file's metadata: `readUNetSafetensors` gives back the same network bit for bit.
 *
 * @throws IncompatibleError for other segmenters
 * @see https://github.com/huggingface/safetensors#format
 * @example
 * await writeFile("phases.safetensors", exportUNetSafetensors(segmenter));
 */
export function exportUNetSafetensors(segmenter: UNetSegmenter): Uint8Array {
  const { parameters, ...settings } = partsOf("exportUNetSafetensors", segmenter);
  const tensors = new Map(
    torchTensors(settings.spec).map(({ name, parameter, shape, filter }) => {
      const values = parameters[parameter] as Float32Array; // of this network
      return [name, { shape, values: filter === undefined ? values : outputsFirst(values, ...filter) }];
    }),
  );
  return writeSafetensors(tensors, { [ENTRY]: JSON.stringify(storeUNetSettings(settings)) });
}

/**
 * Reads weights of a U-Net of our architecture, written by `exportUNetSafetensors` or trained elsewhere under the same names.
 * `num_batches_tracked`, which PyTorch adds, is left out.
 *
 * @param architecture - of files without our metadata, such as PyTorch writes; in place of what the file says
 * @throws FormatError for a damaged file, and for arrays that are missing, surplus, of another shape or type, by name
 * @example
 * const segmenter = readUNetSafetensors(await readFile("phases.safetensors"));
 */
export function readUNetSafetensors(bytes: Uint8Array, architecture?: UNetArchitecture): UNetSegmenter {
  const who = "readUNetSafetensors";
  const { tensors, metadata } = readSafetensors(who, bytes);
  const settings = architecture === undefined ? storedSettings(who, metadata[ENTRY]) : settingsOf(who, architecture);
  const expected = torchTensors(settings.spec);
  const names = new Set(expected.map(({ name }) => name));
  const surplus = [...tensors.keys()].find((name) => !names.has(name) && !name.endsWith(".norm.num_batches_tracked"));
  if (surplus !== undefined) throw new FormatError(`${who}: "${surplus}" does not belong to this network`);
  const parameters: Record<string, Float32Array> = {};
  for (const { name, parameter, shape, filter } of expected) {
    const tensor = tensors.get(name);
    if (tensor === undefined) throw new FormatError(`${who}: the file has no "${name}"`);
    if (tensor.shape.join() !== shape.join()) {
      throw new FormatError(
        `${who}: "${name}" is [${tensor.shape.join(", ")}], this network needs [${shape.join(", ")}]; the weights belong to another architecture`,
      );
    }
    const values = floatsOf(who, name, tensor);
    checkParameter(who, name, values, values.length);
    parameters[parameter] = filter === undefined ? values : outputsLast(values, ...filter);
  }
  return createSegmenter({ ...settings, parameters });
}

function storedSettings(who: string, text: string | undefined): UNetSettings {
  if (text === undefined) {
    throw new FormatError(
      `${who}: the file's metadata say nothing of the network (entry "${ENTRY}"); give the architecture as second argument`,
    );
  }
  let stored: Json;
  try {
    stored = JSON.parse(text);
  } catch (cause) {
    throw new FormatError(`${who}: the entry "${ENTRY}" of the file's metadata is no JSON`, { cause });
  }
  return readUNetSettings(who, stored);
}

/** Of weights without a training of ours: no epochs are known. */
function settingsOf(who: string, { channels, filters, targets, mean, deviation }: UNetArchitecture): UNetSettings {
  const spec = { channels, filters, outputs: 0 };
  const settings = {
    spec,
    targets,
    normalisation: { mean, deviation },
    bestEpoch: 0,
    curve: [],
    backend: "wasm",
  } as const;
  return readUNetSettings(who, JSON.parse(JSON.stringify(storeUNetSettings(settings))));
}

interface TorchTensor {
  readonly name: string;
  readonly parameter: string;
  readonly shape: readonly number[];
  /** Taps, inputs and outputs of a filter. */
  readonly filter?: readonly [number, number, number] | undefined;
}

function torchTensors(spec: UNetSpec): TorchTensor[] {
  const { down, up } = blocksOf(spec);
  const blocks = (part: "down" | "up", levels: typeof down): TorchTensor[] =>
    levels.flatMap((pair, level) =>
      pair.flatMap(({ name, inputs, outputs }, b): TorchTensor[] => [
        {
          name: `${part}.${level}.${b}.conv.weight`,
          parameter: `${name}.filter`,
          shape: [outputs, inputs, 3, 3],
          filter: [9, inputs, outputs],
        },
        ...NORM.map(([torch, ours]) => ({
          name: `${part}.${level}.${b}.norm.${torch}`,
          parameter: `${name}.${ours}`,
          shape: [outputs],
        })),
      ]),
    );
  const first = spec.filters[0] as number; // at least one level
  return [
    ...blocks("down", down),
    ...blocks("up", up),
    {
      name: "head.weight",
      parameter: "head.filter",
      shape: [spec.outputs, first, 1, 1],
      filter: [1, first, spec.outputs],
    },
    { name: "head.bias", parameter: "head.bias", shape: [spec.outputs] },
  ];
}

const NORM = [
  ["weight", "scale"],
  ["bias", "shift"],
  ["running_mean", "mean"],
  ["running_var", "variance"],
] as const;
