import { readFile } from "node:fs/promises";
import { FormatError } from "@materiome/core";

/** Bytes of the file of a model. @throws FormatError, naming the file and what to do, if it cannot be read */
export async function readModelFile(path: string): Promise<Buffer> {
  return readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new FormatError(FAILURES[cause.code ?? ""] ?? `the model cannot be read (${cause.message})`, {
      cause,
      location: { file: path },
    });
  });
}

const FAILURES: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file; check the path of the model",
  EISDIR: "is a folder; give the model in it, the file that segment train wrote",
  EACCES: "no permission to read the model; change its rights",
};
