import { FormatError, IncompatibleError, type ModelReader, type Segmenter, StoredReader } from "@materiome/core";
import {
  averageSegmenters,
  SEGMENTER_AVERAGE_TYPE,
  SEGMENTER_AVERAGE_VERSION,
  type SegmenterAverage,
} from "./averageSegmenters.ts";
import type { InstanceRule } from "./instanceRule.ts";
import type { MicrographSegmenter } from "./micrographSegmenter.ts";
import { PIXEL_CLASSIFIER_TYPE } from "./pixelClassifier.ts";
import { readPixelClassifier } from "./readPixelClassifier.ts";
import {
  createTrainedSegmenter,
  TRAINED_SEGMENTER_TYPE,
  TRAINED_SEGMENTER_VERSIONS,
  type TrainedSegmenter,
} from "./trainedSegmenter.ts";

/**
 * Reads what `segment train` or `segment average` writes, a pixel classifier, a net or an average, from parsed JSON; `nested` reads the models inside, for instance
 * `reader` of @materiome/forward.
 *
 * @throws IncompatibleError for another type or version; FormatError for a damaged file
 * @example
 * const classifier = await readMicrographSegmenter(JSON.parse(await readFile("phases.model.json", "utf8")), reader);
 */
export async function readMicrographSegmenter(data: unknown, nested: ModelReader): Promise<MicrographSegmenter> {
  const type = typeof data === "object" && data !== null ? (data as { readonly type?: unknown }).type : undefined;
  if (type === PIXEL_CLASSIFIER_TYPE) return readPixelClassifier(data, nested);
  if (type === TRAINED_SEGMENTER_TYPE) return readTrainedSegmenter(data, nested);
  if (type === SEGMENTER_AVERAGE_TYPE) return readAverage(data, nested);
  throw new IncompatibleError(
    `readMicrographSegmenter: the file holds ${JSON.stringify(type) ?? "no type"}, expected "${PIXEL_CLASSIFIER_TYPE}", "${TRAINED_SEGMENTER_TYPE}" or "${SEGMENTER_AVERAGE_TYPE}"; give a model that segment train wrote`,
  );
}

async function readAverage(data: unknown, nested: ModelReader): Promise<SegmenterAverage> {
  const who = "readMicrographSegmenter";
  const stored = new StoredReader(who);
  const { state } = stored.header(data, SEGMENTER_AVERAGE_TYPE, [SEGMENTER_AVERAGE_VERSION]);
  const members: MicrographSegmenter[] = [];
  for (const member of stored.list(state["members"], "members")) {
    members.push(await readMicrographSegmenter(member, nested));
  }
  try {
    return averageSegmenters(members);
  } catch (cause) {
    throw new FormatError(`${who}: the file is damaged (${(cause as Error).message})`, { cause });
  }
}

async function readTrainedSegmenter(data: unknown, nested: ModelReader): Promise<TrainedSegmenter> {
  const who = "readMicrographSegmenter";
  const stored = new StoredReader(who);
  const { version, params, state } = stored.header(data, TRAINED_SEGMENTER_TYPE, TRAINED_SEGMENTER_VERSIONS);
  const channels = stored.oneOf(params["channels"], ["grey", "colour"] as const, "channels");
  const normalise = stored.oneOf(params["normalise"], ["none", "image"] as const, "normalise");
  const ranges = stored.list(params["ranges"], "ranges").map((range) => {
    const { low, high, isLimited } = stored.record(range, "a range");
    return { low: stored.number(low, "low"), high: stored.number(high, "high"), isLimited: isLimited === true };
  });
  const colourSpace = stored.oneOf(params["colourSpace"] ?? "lab", ["lab", "rgb"] as const, "colourSpace");
  const views = stored.oneOf(params["views"] ?? "none", ["none", "flips", "square"] as const, "views");
  const pixelSizeUm = params["pixelSizeUm"] === null ? undefined : stored.number(params["pixelSizeUm"], "pixelSizeUm");
  const instances = version === 1 ? undefined : readInstances(stored, params["instances"]);
  const segmenter = (await nested.read(state["segmenter"], nested)) as Partial<Segmenter>;
  if (typeof segmenter.segmentTile !== "function") {
    throw new FormatError(`${who}: the file holds a model that segments nothing; it is damaged, train again`);
  }
  try {
    return createTrainedSegmenter(segmenter as Segmenter, {
      channels,
      normalise,
      pixelSizeUm,
      colourSpace,
      ranges,
      views,
      instances,
    });
  } catch (cause) {
    throw new FormatError(`${who}: the file is damaged (${(cause as Error).message})`, { cause });
  }
}

function readInstances(stored: StoredReader, value: unknown): InstanceRule {
  const { kind, depth } = stored.record(value, "instances");
  return { kind: stored.oneOf(kind, ["grains", "particles"] as const, "kind"), depth: stored.number(depth, "depth") };
}
