import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { AbortLike, Progress } from "@materiome/core";
import type { DataFolderOptions } from "./dataFolders.ts";
import { locate } from "./findDatasetFile.ts";
import type { DatasetFile } from "./manifest.ts";
import { datasetInfo } from "./registry.ts";

export type DatasetFileStatus = "ok" | "missing" | "mismatch";

/** What was found of one file; `file` is absent where it is missing. */
export interface DatasetFileCheck {
  readonly path: string;
  readonly status: DatasetFileStatus;
  readonly file?: string | undefined;
  readonly expected: { readonly sha256: string; readonly bytes: number };
  readonly found?: { readonly sha256: string; readonly bytes: number } | undefined;
}

/** Result of {@link checkDataset}; `ok` is true where every file is there and matches. */
export interface DatasetCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly nOk: number;
  readonly nMissing: number;
  readonly nMismatch: number;
  readonly files: readonly DatasetFileCheck[];
}

export interface CheckDatasetOptions extends DataFolderOptions {
  readonly signal?: AbortLike | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/**
 * Compares every file of a dataset with the sha256 and size of its manifest. Each file is taken from the first searched
 * folder that holds it; a packed file may be there unpacked and is then compared with the unpacked sum.
 *
 * @throws DataError if there is no dataset of that name
 * @example
 * const check = await checkDataset("matbench-steels");
 * check.files.filter((file) => file.status !== "ok");
 */
export async function checkDataset(name: string, options: CheckDatasetOptions = {}): Promise<DatasetCheck> {
  const manifest = datasetInfo(name);
  const files: DatasetFileCheck[] = [];
  for (const file of manifest.files) {
    options.signal?.throwIfAborted();
    files.push(await checkDatasetFile(name, file, options));
    options.onProgress?.({ stage: `check ${name}`, done: files.length, total: manifest.files.length });
  }
  const count = (status: DatasetFileStatus): number => files.filter((file) => file.status === status).length;
  const nOk = count("ok");
  return { name, ok: nOk === files.length, nOk, nMissing: count("missing"), nMismatch: count("mismatch"), files };
}

/** As {@link checkDataset}, for one file. */
export async function checkDatasetFile(
  name: string,
  entry: DatasetFile,
  options: DataFolderOptions,
): Promise<DatasetFileCheck> {
  const file = await locate(name, entry, options);
  const unpacked = file !== undefined && entry.encoding === "gzip" && !file.endsWith(".gz");
  const expected = {
    sha256: unpacked ? (entry.contentSha256 ?? entry.sha256) : entry.sha256,
    bytes: unpacked ? (entry.contentBytes ?? entry.bytes) : entry.bytes,
  };
  if (file === undefined) return { path: entry.path, status: "missing", expected };
  const found = await digest(file);
  const status = found.sha256 === expected.sha256 && found.bytes === expected.bytes ? "ok" : "mismatch";
  return { path: entry.path, status, file, expected, found };
}

async function digest(file: string): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { sha256: hash.digest("hex"), bytes };
}
