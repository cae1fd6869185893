import { type BatchTarget, FormatError, IncompatibleError, StoredReader } from "@materiome/core";
import { readTargets } from "../training/readStored.ts";

/**
 * What an ONNX file does not say of a segmentation network: how its input is made of an image and what its output means. Plain JSON, written
 * beside the file.
 */
export interface SegmenterDescription {
  readonly format: "materiome/segmenter-description";
  readonly version: 1;
  readonly input: {
    /** Name in the graph. */
    readonly name: string;
    /** Order of the axes: images, channels, rows, columns, or channels last. */
    readonly layout: "NCHW" | "NHWC";
    readonly channels: number;
    /** The network gets (scale · value − mean) / deviation; 1 / 255 where it was trained on 0 … 1 made of 8 bits. @defaultValue 1 */
    readonly scale?: number | undefined;
    /** One per channel, in the units after `scale`. @defaultValue 0 */
    readonly mean?: readonly number[] | undefined;
    /** One per channel, in the units after `scale`. @defaultValue 1 */
    readonly deviation?: readonly number[] | undefined;
    /** Whether an image of one channel is given to all channels alike. @defaultValue false: it is refused */
    readonly repeatsGrey?: boolean | undefined;
  };
  readonly output: {
    /** Name in the graph. */
    readonly name: string;
    readonly layout: "NCHW" | "NHWC";
    /**
     * `probabilities`: as they are. `logits`: softmax over `classes`, logistic function of `presence`; `values` as they are.
     */
    readonly values: "probabilities" | "logits";
    /** Of networks that tell two classes apart by one channel: the class whose probability or logit that is. @defaultValue none: one channel a class */
    readonly foreground?: string | undefined;
  };
  readonly tiling: {
    /** Width and height given to the network are multiples of this: 2 to the number of poolings. */
    readonly multiple: number;
    /** Pixels around one pixel that its result depends on. */
    readonly halo: number;
    /** Largest width and height given to the network at once; larger tiles are cut. @defaultValue none, or what the graph fixes */
    readonly largest?: readonly [width: number, height: number] | undefined;
  };
  /** Channels of the output in this order. */
  readonly targets: readonly BatchTarget[];
  /** Edge of a pixel of the training images, µm. */
  readonly pixelSizeUm?: number | undefined;
  /** What else is worth knowing, not read. */
  readonly network?: object | undefined;
}

export const DESCRIPTION_FORMAT = "materiome/segmenter-description";

const KEYS: Readonly<Record<string, readonly string[]>> = {
  "the description": ["format", "version", "input", "output", "tiling", "targets", "classes", "pixelSizeUm", "network"],
  input: ["name", "layout", "channels", "scale", "mean", "deviation", "repeatsGrey"],
  output: ["name", "layout", "values", "foreground"],
  tiling: ["multiple", "halo", "largest"],
};
const LAYOUTS = ["NCHW", "NHWC"] as const;

/**
 * Checks a description. `classes`, a list of labels, is short for one target of kind `classes`.
 *
 * @param who - named first in messages
 * @param data - parsed JSON
 * @throws FormatError for what is missing, unknown or out of range, by name; IncompatibleError for another format or version
 * @example
 * const { tiling } = readSegmenterDescription("phases", JSON.parse(await readFile("phases.json", "utf8")));
 */
export function readSegmenterDescription(who: string, data: unknown): SegmenterDescription {
  const stored = new StoredReader(who);
  const part = (value: unknown, what: string): Readonly<Record<string, unknown>> => {
    const record = stored.record(value, what);
    const unknown = Object.keys(record).find((key) => !KEYS[what]?.includes(key));
    if (unknown === undefined) return record;
    throw new FormatError(`${who}: ${what} has no entry "${unknown}"; it takes ${KEYS[what]?.join(", ")}`);
  };
  const whole = part(data, "the description");
  const { format, version } = whole;
  if (format !== DESCRIPTION_FORMAT || version !== 1) {
    throw new IncompatibleError(
      `${who}: expected a description of format "${DESCRIPTION_FORMAT}", version 1, found ${JSON.stringify(format)}, version ${JSON.stringify(version)}`,
    );
  }
  const whole1 = (value: unknown, what: string, least: number): number => {
    const number = stored.number(value, what);
    if (Number.isSafeInteger(number) && number >= least) return number;
    throw new FormatError(`${who}: ${what} must be a whole number of at least ${least}, got ${number}`);
  };
  const positive = (value: unknown, what: string): number => {
    const number = stored.number(value, what);
    if (number > 0) return number;
    throw new FormatError(`${who}: ${what} must be positive, got ${number}`);
  };
  const input = part(whole["input"], "input");
  const output = part(whole["output"], "output");
  const tiling = part(whole["tiling"], "tiling");
  const channels = whole1(input["channels"], "input.channels", 1);
  const perChannel = (key: "mean" | "deviation"): number[] | undefined => {
    if (input[key] === undefined) return undefined;
    const values = stored.list(input[key], `input.${key}`);
    if (values.length !== channels) {
      throw new FormatError(`${who}: input.${key} has ${values.length} numbers for ${channels} channels`);
    }
    return values.map((value) =>
      key === "mean" ? stored.number(value, "input.mean") : positive(value, "input.deviation"),
    );
  };
  const targets = checkTargets(stored, whole);
  const labels = targets.flatMap((target) => target.labels);
  const foreground = stored.optionalText(output["foreground"], "output.foreground");
  if (foreground !== undefined && !(targets.length === 1 && labels.length === 2 && labels.includes(foreground))) {
    throw new FormatError(
      `${who}: output.foreground is "${foreground}", which needs two classes of which it is one; there are ${labels.join(", ")}`,
    );
  }
  const multiple = whole1(tiling["multiple"], "tiling.multiple", 1);
  const halo = whole1(tiling["halo"], "tiling.halo", 0);
  const sides = tiling["largest"] === undefined ? undefined : stored.list(tiling["largest"], "tiling.largest");
  const largest = sides?.map((side) => whole1(side, "tiling.largest", 1));
  if (largest !== undefined) checkLargest(who, largest, multiple, halo);
  const { pixelSizeUm, network } = whole;
  return {
    format: DESCRIPTION_FORMAT,
    version: 1,
    input: {
      name: stored.text(input["name"], "input.name"),
      layout: stored.oneOf(input["layout"], LAYOUTS, "input.layout"),
      channels,
      ...(input["scale"] === undefined ? {} : { scale: positive(input["scale"], "input.scale") }),
      ...(input["mean"] === undefined ? {} : { mean: perChannel("mean") }),
      ...(input["deviation"] === undefined ? {} : { deviation: perChannel("deviation") }),
      ...(input["repeatsGrey"] === undefined
        ? {}
        : { repeatsGrey: stored.oneOf(input["repeatsGrey"], [true, false], "input.repeatsGrey") }),
    },
    output: {
      name: stored.text(output["name"], "output.name"),
      layout: stored.oneOf(output["layout"], LAYOUTS, "output.layout"),
      values: stored.oneOf(output["values"], ["probabilities", "logits"] as const, "output.values"),
      ...(foreground === undefined ? {} : { foreground }),
    },
    tiling: { multiple, halo, ...(largest === undefined ? {} : { largest: largest as [number, number] }) },
    targets,
    ...(pixelSizeUm === undefined ? {} : { pixelSizeUm: positive(pixelSizeUm, "pixelSizeUm") }),
    ...(network === undefined ? {} : { network: stored.record(network, "network") }),
  };
}

/** Channels that the network gives. */
export function outputChannels({ output, targets }: SegmenterDescription): number {
  if (output.foreground !== undefined) return 1;
  return targets.reduce((sum, { labels }) => sum + labels.length, 0);
}

/** @throws FormatError for sides that no network of this description can be given */
export function checkLargest(who: string, largest: readonly number[], multiple: number, halo: number): void {
  const fits = largest.length === 2 && largest.every((side) => side % multiple === 0 && side - 2 * halo >= multiple);
  if (fits) return;
  throw new FormatError(
    `${who}: the network takes at most ${largest.join(" × ")} px; both must be multiples of tiling.multiple (${multiple}) and more than twice tiling.halo (${halo}), or nothing of a tile is exact. Give a smaller halo and let seams be blended, or export the network for larger or free sizes`,
    { location: { key: "tiling" } },
  );
}

function checkTargets(stored: StoredReader, whole: Readonly<Record<string, unknown>>): BatchTarget[] {
  const { targets, classes } = whole;
  if ((targets === undefined) === (classes === undefined)) {
    throw new FormatError(`${stored.who}: the description needs either classes or targets`);
  }
  const list =
    classes === undefined
      ? stored.list(targets, "targets")
      : [{ name: "class", kind: "classes", labels: stored.texts(classes, "classes") }];
  const read = readTargets(stored, list);
  const key = classes === undefined ? "targets" : "classes";
  const labels = read.flatMap((target) => target.labels);
  const twice = labels.find((label, i) => labels.indexOf(label) < i);
  if (twice !== undefined) throw new FormatError(`${stored.who}: ${key}: class "${twice}" is listed twice`);
  const lonely = read.find((target) => target.labels.length < (target.kind === "classes" ? 2 : 1));
  if (read.length > 0 && lonely === undefined) return read;
  throw new FormatError(
    `${stored.who}: ${key}: at least two classes are needed, got ${lonely?.labels.join(", ") || "none"}`,
  );
}
