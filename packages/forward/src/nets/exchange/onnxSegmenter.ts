import {
  createRaster,
  DataError,
  decodeArray,
  encodeArray,
  IncompatibleError,
  type Json,
  type Raster,
  type Segmenter,
  type Serialized,
  StoredReader,
} from "@materiome/core";
import { type OnnxHeader, readOnnxHeader } from "../../onnx/readOnnxHeader.ts";
import { STANDARD_OPERATORS } from "../../onnx/standardOperators.ts";
import { logistic, softmax } from "../unet/pixelLoss.ts";
import { checkGraph, type GraphSizes } from "./checkGraph.ts";
import { type OnnxRuntime, type OnnxRuntimeName, type OnnxSession, openOnnxRuntime } from "./onnxRuntime.ts";
import { outputChannels, readSegmenterDescription, type SegmenterDescription } from "./segmenterDescription.ts";
import { mirrored, type Stretch, tileStretches } from "./tileStretches.ts";

export interface ReadOnnxSegmenterOptions {
  /**
   * What runs the file: `node`, `web`, or an own build with the same interface (`import * as runtime from "onnxruntime-web/webgpu"`).
   * @defaultValue onnxruntime-node where it is installed, else onnxruntime-web
   */
  readonly runtime?: OnnxRuntimeName | OnnxRuntime | undefined;
  /** Threads inside the runtime. With `web` the first segmenter of a process decides. @defaultValue the runtime's own choice */
  readonly threads?: number | undefined;
}

/** A segmentation network in an ONNX file. */
export interface OnnxSegmenter extends Segmenter {
  readonly description: SegmenterDescription;
  /** Package that runs it, "given" where the caller brought it. */
  readonly runtime: string;
  /** Lets go of the runtime's memory; the segmenter is of no use after. */
  close(): Promise<void>;
}

const TYPE = "materiome/onnx-segmenter";
const VERSION = 1;

/**
 * A segmentation network made elsewhere (PyTorch, Keras, …) or by `exportUNetOnnx`, as a segmenter: `segmentTile` gives a probability per class
 * and pixel.
 *
 * A tile is scaled and normalised as the description says, continued to whole multiples by mirroring, cut into windows where the graph fixes a
 * size or the description a largest one (each keeps what is `halo` pixels inside), and what comes out is made into probabilities. Memory is
 * that of a window besides tile and result; images of any size go through `segmentTiles` of `@materiome/microstructure`.
 *
 * Needs one of the optional peers `onnxruntime-node` and `onnxruntime-web`; nothing is fetched.
 *
 * @param model - bytes of the ONNX file, which must hold its weights
 * @param description - parsed JSON, see {@link SegmenterDescription}
 * @throws FormatError where file or description are damaged or the description contradicts itself
 * @throws IncompatibleError where no runtime is installed, for an operator that it lacks (by name), and where inputs, outputs, shapes or types
 * of the graph are not those of the description
 * @example
 * const description = JSON.parse(await readFile("phases.json", "utf8"));
 * const segmenter = await readOnnxSegmenter(await readFile("phases.onnx"), description);
 * const { data } = await segmenter.segmentTile(image);
 */
export async function readOnnxSegmenter(
  model: Uint8Array,
  description: unknown,
  options: ReadOnnxSegmenterOptions = {},
): Promise<OnnxSegmenter> {
  const who = "readOnnxSegmenter";
  const { runtime: wanted, threads } = options;
  const checked = readSegmenterDescription(who, description);
  const header = readOnnxHeader(who, model);
  const sizes = checkGraph(who, header, checked);
  const { runtime, name, sessionOptions } =
    typeof wanted === "object"
      ? { runtime: wanted, name: "given", sessionOptions: threads === undefined ? {} : { intraOpNumThreads: threads } }
      : await openOnnxRuntime(who, wanted, threads);
  let session: OnnxSession;
  try {
    session = await runtime.InferenceSession.create(model, sessionOptions);
  } catch (cause) {
    throw new IncompatibleError(explainFailure(who, name, header, cause), { cause });
  }
  return createOnnxSegmenter({ model, description: checked, sizes, runtime, session, name });
}

/** Why a runtime cannot open a file. What it says itself may be a mere number. */
function explainFailure(who: string, name: string, { operators, operatorSets }: OnnxHeader, cause: unknown): string {
  const said = cause instanceof Error ? cause.message : "";
  const all = [...operators].sort();
  const foreign = all.filter((type) => !STANDARD_OPERATORS.has(type));
  const named = all.filter((type) => new RegExp(`\\b${type.slice(type.indexOf(":") + 1)}\\b`).test(said));
  const lacking = named.length > 0 ? named : foreign;
  const sets = [...operatorSets].map(([domain, version]) => `${domain || "ai.onnx"} ${version}`).join(", ");
  const what =
    lacking.length > 0
      ? `has no operator ${lacking.join(", ")} as the file uses it`
      : `cannot open the file: it is damaged, or the runtime lacks one of its operators ${all.join(", ")}`;
  return `${who}: ${name} ${what} (operator sets ${sets}); export the network with standard operators of an older set, or give a runtime that has them${said === "" ? "" : `. It said: ${said}`}`;
}

interface Parts {
  readonly model: Uint8Array;
  readonly description: SegmenterDescription;
  readonly sizes: GraphSizes;
  readonly runtime: OnnxRuntime;
  readonly session: OnnxSession;
  readonly name: string;
}

function createOnnxSegmenter(parts: Parts): OnnxSegmenter {
  const { description, name, session } = parts;
  const { tiling, targets } = description;
  return {
    module: import.meta.url,
    classes: targets.flatMap(({ labels }) => labels),
    halo: tiling.multiple * Math.ceil(tiling.halo / tiling.multiple),
    alignment: tiling.multiple,
    description,
    runtime: name,
    segmentTile: (tile) => segment(parts, tile),
    close: () => session.release(),
    toJSON: (): Serialized => ({
      type: TYPE,
      version: VERSION,
      params: { description: JSON.parse(JSON.stringify(description)) as Json },
      state: { model: encodeArray(Uint8Array.from(parts.model)) as never },
    }),
  };
}

async function segment(parts: Parts, tile: Raster<Float32Array>): Promise<Raster<Float32Array>> {
  const { description, sizes } = parts;
  const classes = description.targets.flatMap(({ labels }) => labels);
  checkTile(tile, description);
  const { width, height } = tile;
  const { multiple, halo, largest } = description.tiling;
  const limits = { multiple, halo };
  const columns = tileStretches(width, { ...limits, fixed: sizes.width, largest: largest?.[0] });
  const rows = tileStretches(height, { ...limits, fixed: sizes.height, largest: largest?.[1] });
  const windows = rows.flatMap((y) => columns.map((x) => ({ x, y })));
  const out = new Float32Array(width * height * classes.length);
  // Where the graph fixes a batch, as many of equal size go together as follow each other.
  const batch = sizes.batch ?? 1;
  for (let i = 0, end = 0; i < windows.length; i = end) {
    const { x, y } = windows[i] as Window; // i < length
    while (end < Math.min(windows.length, i + batch) && isSize(windows[end] as Window, x.size, y.size)) end++;
    const group = windows.slice(i, end);
    const found = await runGroup(parts, tile, group, batch);
    for (const [k, window] of group.entries()) keep(description, found, k, window, out, width);
  }
  toProbabilities(description, out, width);
  return createRaster(out, width, height, { channels: classes.length, pixelSizeUm: tile.pixelSizeUm });
}

interface Window {
  readonly x: Stretch;
  readonly y: Stretch;
}

function isSize({ x, y }: Window, width: number, height: number): boolean {
  return x.size === width && y.size === height;
}

interface Found {
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

async function runGroup(
  { description, runtime, session, name }: Parts,
  tile: Raster<Float32Array>,
  group: readonly Window[],
  batch: number,
): Promise<Found> {
  const { input, output } = description;
  const [first] = group as [Window, ...Window[]]; // never empty
  const [width, height] = [first.x.size, first.y.size];
  const isFirst = input.layout === "NCHW";
  const dims = isFirst ? [batch, input.channels, height, width] : [batch, height, width, input.channels];
  const data = new Float32Array(batch * input.channels * height * width);
  for (const [k, window] of group.entries()) fill(description, tile, window, data, k * input.channels * height * width);
  const feeds = { [input.name]: new runtime.Tensor("float32", data, dims) };
  let results: { readonly [name: string]: unknown };
  try {
    results = await session.run(feeds);
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new IncompatibleError(
      `ONNX segmenter: the network failed on an input [${dims.join(", ")}]; does it take sizes that are multiples of ${description.tiling.multiple}? ${name} said: ${said}`,
      { location: { key: "tiling.multiple" }, cause },
    );
  }
  const result = results[output.name] as {
    readonly type: string;
    readonly dims: readonly number[];
    readonly data: Float32Array;
  };
  const channels = outputChannels(description);
  const expected = output.layout === "NCHW" ? [batch, channels, height, width] : [batch, height, width, channels];
  if (result.type !== "float32" || expected.some((n, i) => n !== result.dims[i]) || result.dims.length !== 4) {
    throw new IncompatibleError(
      `ONNX segmenter: output "${output.name}" is ${result.type} [${result.dims.join(", ")}], expected float32 [${expected.join(", ")}] (${output.layout}, ${channels} channels for ${description.targets.flatMap(({ labels }) => labels).join(", ")}); correct the description, or export the network with scores of every pixel as output`,
      { location: { key: "classes" } },
    );
  }
  return { data: result.data, width, height, channels };
}

function checkTile(tile: Raster<Float32Array>, { input }: SegmenterDescription): void {
  const isRepeated = tile.channels === 1 && input.repeatsGrey === true;
  if ((tile.channels !== input.channels && !isRepeated) || (tile.depth ?? 1) !== 1) {
    const remedy =
      tile.channels === 1
        ? "set input.repeatsGrey in its description if it is to get the grey in all of them"
        : "convert the image as the training images were";
    throw new IncompatibleError(
      `ONNX segmenter: the network takes images of ${input.channels} channels, got ${tile.channels}; ${remedy}`,
    );
  }
  const bad = tile.data.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  const pixel = Math.floor(bad / tile.channels);
  throw new DataError(
    `ONNX segmenter: pixel (${pixel % tile.width}, ${Math.floor(pixel / tile.width)}) is ${tile.data[bad]}, expected finite numbers`,
  );
}

/** Puts a window of the tile, scaled and normalised, into the input. */
function fill(
  { input }: SegmenterDescription,
  { data, width, height, channels }: Raster<Float32Array>,
  { x, y }: Window,
  out: Float32Array,
  start: number,
): void {
  const { scale = 1, mean, deviation, layout } = input;
  const size = x.size * y.size;
  const places = Int32Array.from({ length: x.size }, (_, j) => mirrored(x.from + j, width));
  for (let c = 0; c < input.channels; c++) {
    const [m, d] = [mean?.[c] ?? 0, deviation?.[c] ?? 1];
    const from = channels === 1 ? 0 : c;
    const [step, offset] = layout === "NCHW" ? [1, c * size] : [input.channels, c];
    let at = start + offset;
    for (let i = 0; i < y.size; i++) {
      const row = mirrored(y.from + i, height) * width;
      for (let j = 0; j < x.size; j++, at += step) {
        out[at] = (scale * data[(row + places[j]!) * channels + from]! - m) / d; // places lie inside the tile
      }
    }
  }
}

/** Copies what is kept of a window into the result, one channel per class. */
function keep(
  { output, targets }: SegmenterDescription,
  found: Found,
  k: number,
  { x, y }: Window,
  out: Float32Array,
  width: number,
): void {
  const { channels } = found;
  const labels = targets.flatMap((target) => target.labels);
  const place = output.foreground === undefined ? 0 : labels.indexOf(output.foreground);
  const size = found.width * found.height;
  const [channelStep, pixelStep] = output.layout === "NCHW" ? [size, 1] : [1, channels];
  for (let i = y.keepFrom; i < y.keepTo; i++) {
    let from = k * channels * size + ((i - y.from) * found.width + x.keepFrom - x.from) * pixelStep;
    let at = (i * width + x.keepFrom) * labels.length + place;
    for (let j = x.keepFrom; j < x.keepTo; j++, from += pixelStep, at += labels.length) {
      for (let c = 0; c < channels; c++) out[at + c] = found.data[from + c * channelStep]!; // inside the window
    }
  }
}

/** How far probabilities may be from what they must be: half precision inside a network. */
const TOLERANCE = 0.02;

/** @throws DataError where the network gives numbers that are no probabilities, or none at all */
function toProbabilities({ output, targets }: SegmenterDescription, out: Float32Array, width: number): void {
  const isLogit = output.values === "logits";
  const nLabels = targets.reduce((sum, { labels }) => sum + labels.length, 0);
  const refuse = (p: number, what: string): never => {
    const pixel = (p - (p % nLabels)) / nLabels;
    throw new DataError(
      `ONNX segmenter: at pixel (${pixel % width}, ${Math.floor(pixel / width)}) ${what}; ${isLogit ? "the network or the normalisation of its input is at fault" : 'if the network gives logits, say output.values: "logits"'}`,
      { location: { key: isLogit ? "input" : "output.values" } },
    );
  };
  const bad = out.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) refuse(bad, `the network gives ${out[bad]}`);
  if (output.foreground !== undefined) {
    const place = targets.flatMap(({ labels }) => labels).indexOf(output.foreground);
    for (let p = 0; p < out.length; p += 2) {
      if (isLogit) logistic(1, out, p + place);
      out[p + 1 - place] = 1 - out[p + place]!; // two classes
    }
  }
  let start = 0;
  for (const { kind, labels } of targets) {
    const n = labels.length;
    for (let p = start; kind !== "values" && p < out.length; p += nLabels) {
      if (isLogit && output.foreground === undefined) (kind === "classes" ? softmax : logistic)(n, out, p);
      let sum = 0;
      for (let c = 0; c < n; c++) {
        const value = out[p + c]!; // channels of this target
        if (value < -TOLERANCE || value > 1 + TOLERANCE) refuse(p, `"${labels[c]}" has the probability ${value}`);
        sum += value;
      }
      if (kind === "classes" && Math.abs(sum - 1) > TOLERANCE)
        refuse(p, `the probabilities of the classes sum to ${sum}`);
    }
    start += n;
  }
}

/** Reads what `OnnxSegmenter.toJSON` gives, by whichever runtime is installed. */
export const reader = {
  types: [TYPE] as readonly string[],
  read: async (data: unknown): Promise<OnnxSegmenter> => {
    const { params, state } = new StoredReader("readOnnxSegmenter").header(data, TYPE, [VERSION]);
    return readOnnxSegmenter(decodeArray(state["model"], "u8"), params["description"]);
  },
};
