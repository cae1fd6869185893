import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { FormatError } from "@materiome/core";
import type { DigitizeModel } from "./loadClassifier.ts";

/**
 * The model as its file is now: one that is written again meanwhile is not taken for it.
 *
 * @throws FormatError, naming the file, if it cannot be read
 */
export async function pinModel(model: DigitizeModel): Promise<DigitizeModel> {
  if (model.sha256 !== undefined) return model;
  const { path } = model;
  const bytes = await readFile(path).catch((cause: Error) => {
    throw new FormatError(`the model cannot be read (${cause.message})`, { cause, location: { file: path } });
  });
  return { ...model, sha256: createHash("sha256").update(bytes).digest("hex") };
}
