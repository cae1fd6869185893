import type { DatasetFile, DatasetManifest } from "./manifest.ts";
import { datasetInfo, listDatasets } from "./registry.ts";

/** A registered file and the dataset it belongs to. */
export interface KnownDatasetFile {
  readonly dataset: DatasetManifest;
  readonly file: DatasetFile;
}

/**
 * The registered dataset that holds a file of these bytes, whatever it is called.
 *
 * @param sha256 - of the file, as 64 hexadecimal digits; of the unpacked content for a file kept packed
 * @example
 * findDatasetByHash(sha256)?.dataset.licence;
 */
export function findDatasetByHash(sha256: string): KnownDatasetFile | undefined {
  for (const { name } of listDatasets()) {
    const dataset = datasetInfo(name);
    const file = dataset.files.find((one) => one.sha256 === sha256 || one.contentSha256 === sha256);
    if (file !== undefined) return { dataset, file };
  }
  return undefined;
}
