import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { DataError, FormatError, nearestNames } from "@materiome/core";
import { type DatasetManifest, parseManifest } from "./manifest.ts";

/** One line of the registry. */
export interface DatasetSummary {
  readonly name: string;
  readonly title: string;
  readonly task: string;
  readonly licence: string;
  readonly nFiles: number;
  /** Size of all files together. */
  readonly bytes: number;
  /** Rows of the main table. */
  readonly nRows?: number | undefined;
  readonly nImages?: number | undefined;
  readonly targets: readonly string[];
}

/**
 * All registered datasets, by name.
 *
 * @example
 * for (const { name, title } of listDatasets()) console.log(name, title);
 */
export function listDatasets(): readonly DatasetSummary[] {
  const file = manifestFile("index");
  const index = JSON.parse(readFileSync(file, "utf8")) as { version?: unknown; datasets?: readonly DatasetSummary[] };
  if (index.version !== 1 || index.datasets === undefined) {
    throw new FormatError("not an index of datasets that this release reads", { location: { file } });
  }
  return index.datasets;
}

/**
 * Manifest of a dataset: title, licence, citation, source at a pinned commit, tables with roles and units, official
 * splits, files with sha256.
 *
 * @throws DataError naming the nearest datasets if there is none of that name
 * @example
 * datasetInfo("matbench-steels").citation;
 */
export function datasetInfo(name: string): DatasetManifest {
  const names = listDatasets().map((dataset) => dataset.name);
  if (!names.includes(name)) {
    const near = nearestNames(name, names);
    const hint = near.length > 0 ? `did you mean ${near.join(" or ")}?` : `datasets are: ${names.join(", ")}`;
    throw new DataError(`no dataset "${name}"; ${hint}`);
  }
  const file = manifestFile(name);
  return parseManifest(JSON.parse(readFileSync(file, "utf8")), file);
}

/** `manifests` lies beside `src` and `dist`, so one relative URL serves both. */
function manifestFile(name: string): string {
  return fileURLToPath(new URL(`../manifests/${name}.json`, import.meta.url));
}
