import type { DatasetFile, DatasetManifest } from "./manifest.ts";

/**
 * Address of a file's content in the source repository at the pinned commit; for a packed file that of its unpacked
 * content, for a converted one that of what it was made from. Undefined for a file that was made by a rule.
 *
 * @example
 * const steels = datasetInfo("matbench-steels");
 * datasetFileUrl(steels, steels.files[0]); // "https://raw.githubusercontent.com/…/steels_yield.csv"
 */
export function datasetFileUrl(manifest: DatasetManifest, file: DatasetFile): string {
  return manifest.source.url.replace("{path}", () => file.source.split("/").map(encodeURIComponent).join("/"));
}
