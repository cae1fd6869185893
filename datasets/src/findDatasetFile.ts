import { stat } from "node:fs/promises";
import { join } from "node:path";
import { DataError, nearestNames } from "@materiome/core";
import { type DataFolderOptions, dataFolders } from "./dataFolders.ts";
import { datasetFileUrl } from "./datasetFileUrl.ts";
import type { DatasetFile, DatasetManifest } from "./manifest.ts";
import { datasetInfo } from "./registry.ts";

/**
 * Path of a dataset's file on this machine. A file that is stored packed (`….tif.gz`) is also found unpacked (`….tif`),
 * and the other way round; the name of what is returned tells which it is. The content is not verified:
 * see {@link checkDataset}.
 *
 * @param path - path as in the manifest, with `/`
 * @throws DataError if the dataset has no such file, or if it is on none of the searched folders (with the folders, and
 * what to put where)
 * @example
 * const csv = await findDatasetFile("matbench-steels", "matbench-steels.csv");
 */
export async function findDatasetFile(name: string, path: string, options: DataFolderOptions = {}): Promise<string> {
  const manifest = datasetInfo(name);
  const file = manifestEntry(manifest, path);
  const found = await locate(manifest.name, file, options);
  if (found !== undefined) return found;
  throw new DataError(
    `${name}: ${file.path} is not on this machine. ${howToPlace(manifest, file, options)} Searched: ${dataFolders(
      options,
    )
      .map((folder) => join(folder, name))
      .join(", ")}`,
  );
}

/** First of the searched folders that holds the file, packed or unpacked. */
export async function locate(name: string, file: DatasetFile, options: DataFolderOptions): Promise<string | undefined> {
  const paths = file.encoding === "gzip" ? [file.path, file.path.replace(/\.gz$/, "")] : [file.path];
  for (const folder of dataFolders(options)) {
    for (const path of paths) {
      const candidate = join(folder, name, ...path.split("/"));
      const info = await stat(candidate).catch(() => undefined);
      if (info?.isFile()) return candidate;
    }
  }
  return undefined;
}

function manifestEntry(manifest: DatasetManifest, path: string): DatasetFile {
  const file = manifest.files.find((entry) => entry.path === path || entry.path === `${path}.gz`);
  if (file !== undefined) return file;
  const near = nearestNames(
    path,
    manifest.files.map((entry) => entry.path),
  );
  const hint = near.length > 0 ? `did you mean ${near.join(" or ")}?` : "its manifest lists the files";
  throw new DataError(`dataset ${manifest.name} has no file "${path}"; ${hint}`);
}

function howToPlace(manifest: DatasetManifest, file: DatasetFile, options: DataFolderOptions): string {
  const folder = dataFolders(options).at(-1) ?? "";
  const place = join(folder, manifest.name, ...file.path.replace(/\.gz$/, "").split("/"));
  const url = datasetFileUrl(manifest, file);
  if (file.converted !== undefined) {
    return `It is made from ${url} (${file.converted}); place it at ${place}, or set MATERIOME_DATA to the folder above ${manifest.name}.`;
  }
  return `Fetch it (\`materiome datasets fetch ${manifest.name}\`), or download ${url} to ${place}, or set MATERIOME_DATA to the folder above ${manifest.name}.`;
}
