import type { Portable } from "@materiome/core";
import { fileContent, imageContent } from "../input/imageContent.ts";
import { readJsonFile } from "../input/readJsonFile.ts";
import type { TrainingPair } from "./trainedModel.ts";

/** Contents of images that a model has learned from, or whose scores chose its epoch: bytes of the files, and pixels. */
export type LearnedFrom = readonly string[];

/** Both, as a file may be written anew, and pixels may be too many to be read at once. */
export async function contentsOf(pairs: readonly Pick<TrainingPair, "file" | "image">[]): Promise<LearnedFrom> {
  const contents: string[] = [];
  for (const { file, image } of pairs) contents.push(await fileContent(file), imageContent(image));
  return contents;
}

/** A model as `segment train` writes it. */
export function withLearnedFrom(model: Pick<Portable, "toJSON">, contents: LearnedFrom): object {
  return { ...model.toJSON(), learnedFrom: [...new Set(contents)] };
}

/** Undefined for a model that does not say: of an earlier version, or from elsewhere. */
export async function readLearnedFrom(path: string): Promise<ReadonlySet<string> | undefined> {
  const { learnedFrom } = (await readJsonFile(path)) as { readonly learnedFrom?: unknown };
  return Array.isArray(learnedFrom) ? new Set(learnedFrom.map(String)) : undefined;
}
