import { FormatError, IncompatibleError, isMateriomeError, StoredReader } from "@materiome/core";
import { reader } from "@materiome/forward";
import type { UNetSegmenter } from "@materiome/forward/nets";
import { loadClassifier } from "@materiome/microstructure";
import type { PlaneRange, TrainedSegmenter } from "@materiome/microstructure/pixels";
import { readJsonFile } from "../input/readJsonFile.ts";
import { type LearnedFrom, readLearnedFrom } from "../segment/learnedFrom.ts";

/** A U-Net to start from. */
export interface PretrainedNet {
  readonly net: UNetSegmenter;
  /** How images were prepared for it. */
  readonly normalise: "image" | "none";
  /** Of a net of classes; one that restores images takes those of the images to come. */
  readonly ranges?: readonly PlaneRange[] | undefined;
  /** Labelled images that it knows; undefined where it does not say. */
  readonly learnedFrom?: LearnedFrom | undefined;
}

const TYPE = "materiome/pretrained-net";

/** What `segment pretrain` writes. */
export function storePretrainedNet({ net, normalise }: Pick<PretrainedNet, "net" | "normalise">): object {
  return { type: TYPE, version: 1, params: { normalise }, state: { net: net.toJSON() } };
}

/**
 * Reads a net of `segment pretrain` or of `segment train --learner unet`.
 *
 * @throws FormatError or IncompatibleError, naming the file, for anything else
 */
export async function readPretrainedNet(path: string): Promise<PretrainedNet> {
  const data = await readJsonFile(path);
  if ((data as { readonly type?: unknown } | null)?.type === TYPE) return readRestoring(path, data);
  const classifier = await loadClassifier({ path, readerModule: import.meta.resolve("@materiome/forward") });
  const { segmenter, ranges, normalise } = classifier as Partial<TrainedSegmenter>;
  if (segmenter === undefined || ranges === undefined || normalise === undefined || !("filters" in segmenter)) {
    throw new IncompatibleError(
      "holds no U-Net to start from; give a model of --learner unet, or of segment pretrain",
      {
        location: { file: path },
      },
    );
  }
  const known = await readLearnedFrom(path);
  return { net: segmenter as UNetSegmenter, normalise, ranges, learnedFrom: known && [...known] };
}

async function readRestoring(path: string, data: unknown): Promise<PretrainedNet> {
  try {
    const stored = new StoredReader("segment train --pretrained");
    const { params, state } = stored.header(data, TYPE, [1]);
    const normalise = stored.oneOf(params["normalise"], ["image", "none"] as const, "normalise");
    const net = (await reader.read(state["net"], reader)) as unknown as UNetSegmenter;
    if (!("filters" in net)) throw new FormatError("holds no U-Net");
    return { net, normalise, learnedFrom: [] }; // images without labels
  } catch (error) {
    if (!isMateriomeError(error)) throw error;
    const Class = error.code === "INCOMPATIBLE" ? IncompatibleError : FormatError;
    throw new Class(error.message, { location: { file: path }, cause: error });
  }
}
