import {
  createRaster,
  FormatError,
  IncompatibleError,
  type Model,
  type Raster,
  type Serialized,
  ShapeError,
  StoredReader,
} from "@materiome/core";
import { NET_BACKENDS, type NetBackend } from "../engine.ts";
import type { Normalisation } from "../training/normalisation.ts";
import { decodeParameters, encodeParameters, type Parameters } from "../training/parameters.ts";
import { readCurve, readNormalisation, readNumbers } from "../training/readStored.ts";
import type { EpochRecord } from "../training/trainNetwork.ts";
import { partSide, segmentByParts } from "../unet/segmentByParts.ts";
import { unetOutputs } from "../unet/unetShard.ts";
import { checkFilters, haloOf, lengthsOf, type UNetSpec } from "../unet/unetSpec.ts";
import { checkExamples, type FieldComponent, type FieldExample, indicators } from "./fieldExample.ts";
import { type ComponentScores, scoreFields } from "./fieldScores.ts";

/** A trained network from phase map to field; `predict` gives one channel for each component, in their units. */
export interface FieldSurrogate extends Model<Raster, Raster<Float32Array>> {
  readonly components: readonly FieldComponent[];
  /** Labels that the training maps had. */
  readonly phases: readonly number[];
  readonly filters: readonly number[];
  /** Whether maps repeat themselves in both directions. */
  readonly isPeriodic: boolean;
  /** How far around a pixel its result depends on, in whole coarsest pixels. Both sides of a map must be at least this long. */
  readonly reachPx: number;
  /** Sides of maps must be multiples of this. */
  readonly alignment: number;
  readonly bestEpoch: number;
  /** Losses of each epoch, in squared standard deviations of the components. */
  readonly learningCurve: readonly EpochRecord[];
  /** Mean of each component over the pixels of each phase of the training maps, [phases, components]: what to beat. */
  readonly phaseMeans: readonly (readonly number[])[];
  /**
   * Scores on maps whose fields are known, beside those of a field that is the mean of each phase.
   *
   * @throws as `predict`, and ShapeError or DataError for fields that do not fit
   */
  score(examples: readonly FieldExample[]): Promise<FieldScores>;
}

/** One entry for each component. */
export interface FieldScores {
  readonly surrogate: readonly ComponentScores[];
  /** Each pixel told by the mean of its phase. */
  readonly phaseMeans: readonly ComponentScores[];
}

export interface FieldSurrogateParts {
  readonly spec: UNetSpec;
  readonly components: readonly FieldComponent[];
  readonly phases: readonly number[];
  readonly scale: Normalisation;
  readonly phaseMeans: readonly (readonly number[])[];
  readonly parameters: Parameters;
  readonly bestEpoch: number;
  readonly curve: readonly EpochRecord[];
  readonly backend: NetBackend;
}

const TYPE = "materiome/field-surrogate";
const VERSION = 1;

export function fieldSurrogate(parts: FieldSurrogateParts): FieldSurrogate {
  const { spec, components, phases: labels, scale, phaseMeans, parameters, bestEpoch, curve, backend } = parts;
  const who = "field surrogate";
  const isPeriodic = spec.isPeriodic === true;
  const k = components.length;
  const predict = async (phases: Raster): Promise<Raster<Float32Array>> => {
    const { width, height, pixelSizeUm } = phases;
    const x = indicators(who, phases, labels);
    checkMapSize(who, spec, width, height);
    const compute = (data: Float32Array, w: number, h: number): Promise<Float32Array> =>
      unetOutputs(spec, backend, parameters, [1, h, w, spec.channels], data);
    const outputs = await outputsOfMap(spec, x, width, height, compute);
    const data = outputs.map((value, i) => scale.mean[i % k]! + scale.deviation[i % k]! * value); // one for each component
    return createRaster(data, width, height, { channels: k, pixelSizeUm });
  };
  return {
    module: import.meta.url,
    components,
    phases: labels,
    filters: spec.filters,
    isPeriodic,
    reachPx: haloOf(spec),
    alignment: 2 ** (spec.filters.length - 1),
    bestEpoch,
    learningCurve: curve,
    phaseMeans,
    predict,
    async score(examples) {
      checkExamples(who, examples, components);
      const found: Raster<Float32Array>[] = [];
      for (const { phases } of examples) found.push(await predict(phases));
      const truth = examples.map(({ field }) => field);
      const means = examples.map(({ phases }) => byPhase(who, phases, labels, phaseMeans, k));
      return { surrogate: scoreFields(truth, found), phaseMeans: scoreFields(truth, means) };
    },
    toJSON: (): Serialized => ({
      type: TYPE,
      version: VERSION,
      params: {
        components: components.map((component) => ({ ...component })),
        phases: labels,
        filters: spec.filters,
        isPeriodic,
        backend,
      },
      state: {
        mean: scale.mean,
        deviation: scale.deviation,
        phaseMeans,
        parameters: encodeParameters(parameters),
        bestEpoch,
        curve: curve.map((record) => ({ ...record })),
      },
    }),
  };
}

/** @throws ShapeError for maps that the coarsest pixels do not fill, or that are smaller than what the network sees */
export function checkMapSize(who: string, spec: UNetSpec, width: number, height: number): void {
  const coarsest = 2 ** (spec.filters.length - 1);
  const reach = haloOf(spec);
  if (width % coarsest !== 0 || height % coarsest !== 0) {
    throw new ShapeError(
      `${who}: the map is ${width} × ${height} px; with ${spec.filters.length} levels both sides must be multiples of ${coarsest}. Use another size, or fewer filters`,
    );
  }
  if (Math.min(width, height) < reach) {
    throw new ShapeError(
      `${who}: the map is ${width} × ${height} px, the network looks ${reach} px around each pixel; use larger maps, or fewer filters`,
    );
  }
}

/** Outputs of a whole map; large ones in parts that see what lies around them, across the borders where the map repeats itself. */
export async function outputsOfMap(
  spec: UNetSpec,
  x: Float32Array,
  width: number,
  height: number,
  compute: (x: Float32Array, width: number, height: number) => Promise<Float32Array>,
  side: number = partSide(spec),
): Promise<Float32Array> {
  if (width <= side && height <= side) return compute(x, width, height);
  if (spec.isPeriodic !== true) return segmentByParts(spec, x, width, height, compute, side);
  const halo = haloOf(spec);
  const [wide, tall] = [width + 2 * halo, height + 2 * halo];
  const wrapped = window(x, width, height, spec.channels, -halo, -halo, wide, tall);
  const found = await segmentByParts(spec, wrapped, wide, tall, compute, side);
  return window(found, wide, tall, spec.outputs, halo, halo, width, height);
}

/** A part of an image that repeats itself. */
function window(
  data: Float32Array,
  width: number,
  height: number,
  channels: number,
  left: number,
  top: number,
  wide: number,
  tall: number,
): Float32Array {
  const out = new Float32Array(wide * tall * channels);
  for (let y = 0; y < tall; y++) {
    const row = ((y + top + height) % height) * width;
    for (let x = 0; x < wide; x++) {
      const from = (row + ((x + left + width) % width)) * channels;
      for (let c = 0; c < channels; c++) out[(y * wide + x) * channels + c] = data[from + c]!; // inside the image
    }
  }
  return out;
}

function byPhase(
  who: string,
  phases: Raster,
  labels: readonly number[],
  means: readonly (readonly number[])[],
  k: number,
): Raster<Float32Array> {
  const n = labels.length;
  const isOf = indicators(who, phases, labels);
  const data = new Float32Array(phases.data.length * k);
  for (let i = 0; i < isOf.length; i++) {
    if (isOf[i] === 1) data.set(means[i % n]!, Math.floor(i / n) * k); // n indicators a pixel
  }
  return createRaster(data, phases.width, phases.height, { channels: k });
}

/**
 * Reads a stored surrogate back; its predictions are bit for bit those of the one that was stored.
 *
 * @param data - what `toJSON` gave, through JSON
 * @throws IncompatibleError for another type or version
 * @throws FormatError for damaged content and for weights that do not fit the architecture
 * @example
 * const surrogate = readFieldSurrogate(JSON.parse(await readFile("flux.model.json", "utf8")));
 */
export function readFieldSurrogate(data: unknown): FieldSurrogate {
  const who = "readFieldSurrogate";
  const stored = new StoredReader(who);
  const { type, version, params, state } = stored.record(data, "the model");
  if (type !== TYPE || version !== VERSION) {
    throw new IncompatibleError(
      `${who}: expected "${TYPE}" of version ${VERSION}, found ${JSON.stringify(type)} of version ${JSON.stringify(version)}`,
    );
  }
  const settings = stored.record(params, "params");
  const values = stored.record(state, "state");
  const components = stored.list(settings["components"], "components").map((component) => {
    const { name, unit } = stored.record(component, "a component");
    return { name: stored.text(name, "name"), unit: stored.text(unit, "unit") };
  });
  const phases = readNumbers(stored, settings["phases"], "phases");
  const filters = readNumbers(stored, settings["filters"], "filters");
  checkFilters(who, filters);
  const { isPeriodic } = settings;
  if (typeof isPeriodic !== "boolean") throw new FormatError(`${who}: isPeriodic must be true or false`);
  const spec = surrogateSpec(phases.length, filters, components.length, isPeriodic);
  const phaseMeans = stored
    .list(values["phaseMeans"], "phaseMeans")
    .map((means) => readNumbers(stored, means, "phaseMeans"));
  if (phaseMeans.length !== phases.length || phaseMeans.some((means) => means.length !== components.length)) {
    throw new FormatError(`${who}: phaseMeans do not fit ${phases.length} phases and ${components.length} components`);
  }
  const scale = { mean: values["mean"], deviation: values["deviation"] };
  return fieldSurrogate({
    spec,
    components,
    phases,
    scale: readNormalisation(who, stored, scale, components.length),
    phaseMeans,
    parameters: decodeParameters(who, values["parameters"], lengthsOf(spec)),
    bestEpoch: stored.number(values["bestEpoch"], "bestEpoch"),
    curve: readCurve(stored, values["curve"]),
    backend: stored.oneOf(settings["backend"], NET_BACKENDS, "backend"),
  });
}

/** Not normalised: means over the images of a step would hide how much there is of each phase. */
export function surrogateSpec(
  channels: number,
  filters: readonly number[],
  outputs: number,
  isPeriodic: boolean,
): UNetSpec {
  return { channels, filters: [...filters], outputs, isPeriodic, isNormalised: false };
}

/** Reads what `FieldSurrogate.toJSON` gives. */
export const reader = {
  types: [TYPE] as readonly string[],
  read: async (data: unknown): Promise<FieldSurrogate> => readFieldSurrogate(data),
};
