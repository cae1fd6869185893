import { readFile } from "node:fs/promises";
import { FormatError, IncompatibleError, isMateriomeError, type ModelReader } from "@materiome/core";
import type { PixelClassifier } from "./pixelClassifier.ts";
import { readPixelClassifier } from "./readPixelClassifier.ts";

/** A stored pixel classifier and who reads the models inside it; plain data that crosses to worker threads. */
export interface DigitizeModel {
  /** JSON file that holds a stored `PixelClassifier`. */
  readonly path: string;
  /** Module whose export `reader` reads the learner's models, as a URL: that of @materiome/forward. */
  readonly readerModule: string;
}

const classifiers = new Map<string, Promise<PixelClassifier>>();

/**
 * Reads a stored pixel classifier, once in each thread.
 *
 * @throws FormatError, naming the file, if it is missing or damaged; IncompatibleError if another version wrote it
 */
export function loadClassifier({ path, readerModule }: DigitizeModel): Promise<PixelClassifier> {
  const known = classifiers.get(path) ?? readClassifier(path, readerModule);
  classifiers.set(path, known);
  return known;
}

async function readClassifier(path: string, readerModule: string): Promise<PixelClassifier> {
  const location = { file: path };
  try {
    const { reader } = (await import(readerModule)) as { readonly reader: ModelReader };
    return await readPixelClassifier(JSON.parse(await readFile(path, "utf8")), reader);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    if (isMateriomeError(cause) && cause.code === "INCOMPATIBLE") throw new IncompatibleError(why, { location, cause });
    throw new FormatError(`is no pixel classifier that can be read (${why}); give the file that segment train wrote`, {
      location,
      cause,
    });
  }
}
