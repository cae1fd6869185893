import { basename } from "node:path";
import { DataError } from "@materiome/core";

/**
 * Refuses label files in another order than the micrographs where names tell: a file named after another micrograph and not after its own. Learned
 * from, labels of another image give a model of nothing, without any further sign.
 *
 * @throws DataError naming the label file
 */
export function checkPairs(files: readonly string[], labelFiles: readonly string[]): void {
  const stems = files.map((file) => stemOf(file));
  const names = labelFiles.map((file) => stemOf(file));
  // What several label files hold, such as a part of a date, names none of them.
  const tells = stems.map((stem) => names.filter((name) => isWordOf(stem, name)).length === 1);
  for (const [i, labelFile] of labelFiles.entries()) {
    const name = names[i] ?? "";
    const own = stems[i] ?? "";
    if (isWordOf(own, name)) continue;
    const other = stems.findIndex((stem, j) => tells[j] && isWordOf(stem, name));
    const isWithin = name.includes(own) && own.length > (stems[other] ?? "").length;
    if (other < 0 || isWithin) continue;
    throw new DataError(
      `comes with the micrograph ${files[i]}, but is named after ${files[other]}; give one label file for each micrograph in the same order, or name it otherwise if it is meant so`,
      { location: { file: labelFile } },
    );
  }
}

function stemOf(file: string): string {
  return basename(file)
    .replace(/\.gz$/i, "")
    .replace(/\.[^.]+$/, "");
}

/** Whether a name holds another, not as a part of a longer word or number. */
function isWordOf(word: string, name: string): boolean {
  const isPart = (character: string | undefined): boolean => character !== undefined && /[\p{L}\p{N}]/u.test(character);
  for (let at = name.indexOf(word); at >= 0; at = name.indexOf(word, at + 1)) {
    if (!isPart(name[at - 1]) && !isPart(name[at + word.length])) return true;
  }
  return false;
}
