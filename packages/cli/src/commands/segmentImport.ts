import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { FormatError, IncompatibleError, isMateriomeError, StoredReader, writeFileAtomic } from "@materiome/core";
import { readOnnxSegmenter, readSegmenterDescription } from "@materiome/forward/nets";
import {
  createTrainedSegmenter,
  type InstanceRule,
  type TrainedSegmenterOptions,
} from "@materiome/microstructure/pixels";
import { readJsonFile } from "../input/readJsonFile.ts";
import { whyUnreadable } from "../input/whyUnreadable.ts";
import { prepareFolder } from "../output/prepareFolder.ts";
import { DESCRIPTION_EXAMPLE } from "../segment/descriptionExample.ts";
import { tryNetwork } from "../segment/tryNetwork.ts";
import type { CommonOptions, Session } from "../terminal/session.ts";
import { versions } from "../version.ts";

export interface SegmentImportOptions extends CommonOptions {
  readonly description: string;
  readonly out: string;
  readonly pixelSize?: number;
}

/** `materiome segment import NETWORK --description JSON --out MODEL`: an ONNX network as a model of micrographs. */
export async function runSegmentImportCommand(
  network: string,
  options: SegmentImportOptions,
  session: Session,
): Promise<void> {
  await prepareFolder(dirname(resolve(options.out)));
  const bytes = await readFile(network).catch((cause: NodeJS.ErrnoException) => {
    throw new FormatError(whyUnreadable(cause, "an ONNX file"), { location: { file: network }, cause });
  });
  const description = await readJsonFile(options.description);
  requireDescription(description, options.description);
  const file = options.description;
  await naming({ network, file }, async () => readSegmenterDescription("segment import", description), file);
  const segmenter = await naming({ network, file }, () => readOnnxSegmenter(bytes, description));
  try {
    const { input, tiling, targets, pixelSizeUm = options.pixelSize } = segmenter.description;
    const [target, ...others] = targets;
    const preparation = preparationOf(description, options.description);
    const [distance] = others;
    const isDistance = others.length === 1 && distance?.kind === "values" && distance.labels.length === 1;
    const areRegions = preparation?.instances !== undefined;
    if (target?.kind !== "classes" || !(areRegions ? isDistance : others.length === 0)) {
      throw new IncompatibleError(
        `describes targets of ${targets.map(({ kind }) => kind).join(", ")}; a model of micrographs has one of kind classes, and where export says how regions follow a distance besides`,
        { location: { file, key: "targets" } },
      );
    }
    const isGrey = input.channels === 1 || input.repeatsGrey === true;
    if (!isGrey && input.channels !== 3) {
      throw new IncompatibleError(`describes ${input.channels} channels; micrographs have 1 (grey) or 3`, {
        location: { file, key: "input.channels" },
      });
    }
    const channels = isGrey ? "grey" : "colour";
    const tried = await naming({ network, file }, () => tryNetwork(segmenter, bytes, session.seed));
    const model = createTrainedSegmenter(segmenter, {
      ...(preparation ?? { channels, colourSpace: "rgb" }),
      pixelSizeUm,
    });
    await writeFileAtomic(options.out, JSON.stringify(model));
    const { halo, alignment, runtime } = segmenter;
    const { classes } = model;
    session.result({
      model: options.out,
      classes,
      channels,
      pixelSizeUm: pixelSizeUm ?? null,
      halo,
      alignment,
      runtime,
      tried,
      versions: versions(),
    });
    session.output(`${options.out}: ${classes.join(", ")} in ${channels === "grey" ? "grey" : "coloured"} images`);
    const [low, high] = tried.inputRange.map((value) => Number(value.toPrecision(3)));
    session.say(
      `tried on ${tried.tilePx} × ${tried.tilePx} px of noise: grey of 0 … 1 comes to the network as ${low} … ${high}, and results change up to ${tried.borderPx} px from where a tile ends`,
    );
    if (tried.borderPx > tiling.halo) {
      session.warn(
        tried.isAll
          ? `${file}, tiling: results of a part of a tile are others throughout: tiling.multiple must be larger than ${tiling.multiple} (2 to the number of poolings), or tiling.halo much larger than ${tiling.halo}; or the network looks at a tile as a whole, and what it says of a large image depends on how that is cut`
          : `${file}, tiling.halo: is ${tiling.halo}, but results change ${tried.borderPx} px from where a tile ends: seams will show; make it ${tried.borderPx} at least`,
      );
    }
    if (pixelSizeUm === undefined) {
      session.warn("no pixel size is known of its training images: images of any scale are taken; give --pixel-size");
    }
  } finally {
    await segmenter.close();
  }
}

/** @throws FormatError for a file that describes no network at all, with an example; what is wrong in one, the reader says */
function requireDescription(description: unknown, file: string): void {
  if (typeof description === "object" && description !== null && "format" in description) return;
  throw new FormatError(
    `describes no network; give what export wrote beside the network, or write a description such as\n${DESCRIPTION_EXAMPLE}`,
    { location: { file } },
  );
}

/** What `export` wrote of how images come to one of our nets; undefined for a network from elsewhere. */
function preparationOf(
  description: unknown,
  file: string,
): Pick<TrainedSegmenterOptions, "channels" | "normalise" | "ranges" | "instances"> | undefined {
  const { network } = description as { readonly network?: { readonly preparation?: unknown } };
  if (network?.preparation === undefined) return undefined;
  const stored = new StoredReader(`${file}, network.preparation`);
  const { channels, normalise, ranges, instances } = stored.record(network.preparation, "it");
  return {
    channels: stored.oneOf(channels, ["grey", "colour"] as const, "channels"),
    normalise: stored.oneOf(normalise, ["none", "image"] as const, "normalise"),
    ranges: stored.list(ranges, "ranges").map((range) => {
      const { low, high, isLimited } = stored.record(range, "a range");
      return { low: stored.number(low, "low"), high: stored.number(high, "high"), isLimited: isLimited === true };
    }),
    ...(instances === undefined ? {} : { instances: regionsFrom(stored, instances) }),
  };
}

function regionsFrom(stored: StoredReader, data: unknown): InstanceRule {
  const { kind, depth } = stored.record(data, "instances");
  return { kind: stored.oneOf(kind, ["grains", "particles"] as const, "kind"), depth: stored.number(depth, "depth") };
}

/** Errors with the file that they are about: the description where they name an entry of it, or its reader threw; else the network. */
async function naming<T>(
  files: { readonly network: string; readonly file: string },
  job: () => Promise<T>,
  about?: string,
): Promise<T> {
  try {
    return await job();
  } catch (cause) {
    if (!isMateriomeError(cause)) throw cause;
    const Class = cause.code === "INCOMPATIBLE" ? IncompatibleError : FormatError;
    const key = cause.location?.key;
    const file = about ?? (key === undefined ? files.network : files.file);
    // The message begins with the key, which comes after the file.
    const said = key === undefined ? cause.message : cause.message.slice(`${key}: `.length);
    throw new Class(said, { location: { file, key }, cause });
  }
}
