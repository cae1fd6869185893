import {
  type BatchTarget,
  FormatError,
  IncompatibleError,
  type Json,
  type Serialized,
  type StoredReader,
} from "@materiome/core";
import { NET_BACKENDS } from "../engine.ts";
import { decodeParameters, encodeParameters, type Parameters } from "../training/parameters.ts";
import { readCurve, readNormalisation, readNumbers, readTargets } from "../training/readStored.ts";
import type { EpochRecord } from "../training/trainNetwork.ts";
import type { ImageViews } from "./cnnShard.ts";
import { type CnnSpec, checkLevels, checkSize, lengthsOf } from "./cnnSpec.ts";
import type { CnnSettings } from "./cnnTask.ts";

const VERSION = 1;

/** What a fitted network predicts with: the settings of its training that still matter, weights, and how they came about. */
export interface ImageNetwork {
  readonly settings: Pick<CnnSettings, "spec" | "backend" | "normalisation" | "scale">;
  readonly views: ImageViews;
  readonly parameters: Parameters;
  readonly bestEpoch: number;
  readonly curve: readonly EpochRecord[];
}

export function storeNetwork(
  type: string,
  { settings, views, parameters, bestEpoch, curve }: ImageNetwork,
  targets: readonly BatchTarget[],
  more: { readonly [key: string]: Json },
): Serialized {
  const { spec, backend, normalisation, scale } = settings;
  return {
    type,
    version: VERSION,
    params: {
      ...{ height: spec.height, width: spec.width, channels: spec.channels, stride: spec.stride },
      ...{ filters: spec.filters, depths: spec.depths, isResidual: spec.isResidual, pooling: spec.pooling },
      ...{ targets: targets.map((target) => ({ ...target })), views, backend },
    },
    state: {
      mean: normalisation.mean,
      deviation: normalisation.deviation,
      targetMean: scale.mean,
      targetDeviation: scale.deviation,
      parameters: encodeParameters(parameters),
      bestEpoch,
      curve: curve.map((record) => ({ ...record })),
      ...more,
    },
  };
}

/** @throws IncompatibleError for another type or version; FormatError for damaged content */
export function readNetwork(
  who: string,
  stored: StoredReader,
  type: string,
  data: unknown,
): {
  readonly network: ImageNetwork;
  readonly targets: readonly BatchTarget[];
  readonly state: Readonly<Record<string, unknown>>;
} {
  const found = stored.record(data, "the model");
  if (found["type"] !== type || found["version"] !== VERSION) {
    throw new IncompatibleError(
      `${who}: expected "${type}" of version ${VERSION}, found ${JSON.stringify(found["type"])} of version ${JSON.stringify(found["version"])}`,
    );
  }
  const params = stored.record(found["params"], "params");
  const state = stored.record(found["state"], "state");
  const targets = readTargets(stored, params["targets"]);
  const { isResidual } = params;
  if (typeof isResidual !== "boolean") throw new FormatError(`${who}: isResidual must be true or false`);
  const spec: CnnSpec = {
    height: stored.number(params["height"], "height"),
    width: stored.number(params["width"], "width"),
    channels: stored.number(params["channels"], "channels"),
    stride: stored.oneOf(params["stride"], [1, 2] as const, "stride"),
    filters: readNumbers(stored, params["filters"], "filters"),
    depths: readNumbers(stored, params["depths"], "depths"),
    isResidual,
    pooling: stored.oneOf(params["pooling"], ["mean", "max", "both"] as const, "pooling"),
    outputs: targets.reduce((sum, { labels }) => sum + labels.length, 0),
  };
  checkLevels(who, spec);
  checkSize(who, spec);
  return {
    targets,
    state,
    network: {
      settings: {
        spec,
        backend: stored.oneOf(params["backend"], NET_BACKENDS, "backend"),
        normalisation: readNormalisation(
          who,
          stored,
          { mean: state["mean"], deviation: state["deviation"] },
          spec.channels,
        ),
        scale: readNormalisation(
          who,
          stored,
          { mean: state["targetMean"], deviation: state["targetDeviation"] },
          spec.outputs,
        ),
      },
      views: stored.oneOf(params["views"], ["none", "flips", "square"] as const, "views"),
      parameters: decodeParameters(who, state["parameters"], lengthsOf(spec)),
      bestEpoch: stored.number(state["bestEpoch"], "bestEpoch"),
      curve: readCurve(stored, state["curve"]),
    },
  };
}
