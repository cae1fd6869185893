import { FormatError, IncompatibleError, isMateriomeError, StoredReader } from "@materiome/core";
import { type NeighbourDomain, reader, readNeighbourDomain } from "@materiome/forward";
import type { ImageClassifier, ImageRegressor } from "@materiome/forward/nets";
import { readJsonFile } from "../input/readJsonFile.ts";
import type { ImagePreparation } from "./prepareImages.ts";

/** A network of whole images, with how they are prepared. */
export type ImageModel = {
  readonly targets: readonly { readonly name: string; readonly unit: string }[];
  readonly preparation: ImagePreparation;
  /** Contents of the images learned from, or chosen by. */
  readonly known: readonly string[];
  /** Which images are like those; undefined where too few chose the epoch to tell, or of an earlier version. */
  readonly domain?: NeighbourDomain | undefined;
} & (
  | { readonly kind: "classes"; readonly network: ImageClassifier }
  | { readonly kind: "values"; readonly network: ImageRegressor }
);

export const IMAGE_MODEL_TYPE = "materiome/image-model";

export function storeImageModel({ kind, targets, preparation, known, network, domain }: ImageModel): object {
  return {
    type: IMAGE_MODEL_TYPE,
    version: 1,
    params: { kind, targets, preparation, known },
    state: { network: network.toJSON(), ...(domain === undefined ? {} : { domain: domain.toJSON() }) },
  };
}

/**
 * Reads what `images train` wrote.
 *
 * @throws FormatError or IncompatibleError, naming the file, for anything else
 */
export async function readImageModel(path: string): Promise<ImageModel> {
  const data = await readJsonFile(path);
  try {
    const stored = new StoredReader("images predict");
    const { params, state } = stored.header(data, IMAGE_MODEL_TYPE, [1]);
    const kind = stored.oneOf(params["kind"], ["classes", "values"] as const, "kind");
    const targets = stored.list(params["targets"], "targets").map((target) => {
      const { name, unit } = stored.record(target, "a target");
      return { name: String(name), unit: String(unit) };
    });
    const preparation = readPreparation(stored, params["preparation"]);
    const network = (await reader.read(state["network"], reader)) as unknown as ImageClassifier | ImageRegressor;
    const isFit = "imageShape" in network && "validationRmse" in network === (kind === "values");
    if (!isFit) throw new FormatError("holds no network of images; it is damaged, train again");
    const known = stored.list(params["known"], "known").map(String);
    const domain = state["domain"] === undefined ? undefined : readNeighbourDomain(state["domain"]);
    return { kind, targets, preparation, known, network, domain } as ImageModel;
  } catch (error) {
    if (!isMateriomeError(error)) throw error;
    const Class = error.code === "INCOMPATIBLE" ? IncompatibleError : FormatError;
    throw new Class(error.message, { location: { file: path }, cause: error });
  }
}

function readPreparation(stored: StoredReader, data: unknown): ImagePreparation {
  const record = stored.record(data, "preparation");
  const number = (name: string): number => stored.number(record[name], name);
  return {
    widthPx: number("widthPx"),
    heightPx: number("heightPx"),
    fileWidthPx: number("fileWidthPx"),
    fileHeightPx: number("fileHeightPx"),
    fit: stored.oneOf(record["fit"], ["exact", "resize", "crop"] as const, "fit"),
    channels: stored.oneOf(record["channels"], ["grey", "colour"] as const, "channels"),
    isConverted: record["isConverted"] === true,
    dataBar: stored.oneOf(record["dataBar"], ["crop", "keep"] as const, "dataBar"),
    pixelSizeUm: record["pixelSizeUm"] === null ? null : number("pixelSizeUm"),
  };
}
