import { createHash } from "node:crypto";
import type { DigitizeModel } from "./loadClassifier.ts";
import { readModelFile } from "./readModelFile.ts";

/**
 * The model as its file is now: one that is written again meanwhile is not taken for it.
 *
 * @throws FormatError, naming the file, if it cannot be read
 */
export async function pinModel(model: DigitizeModel): Promise<DigitizeModel> {
  if (model.sha256 !== undefined) return model;
  return {
    ...model,
    sha256: createHash("sha256")
      .update(await readModelFile(model.path))
      .digest("hex"),
  };
}
