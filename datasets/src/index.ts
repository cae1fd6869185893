export {
  type CheckDatasetOptions,
  checkDataset,
  type DatasetCheck,
  type DatasetFileCheck,
  type DatasetFileStatus,
} from "./checkDataset.ts";
export { cacheFolder, type DataFolderOptions, dataFolders } from "./dataFolders.ts";
export { datasetFileUrl } from "./datasetFileUrl.ts";
export { type DatasetSchemaOptions, datasetSchema } from "./datasetSchema.ts";
export { findDatasetFile } from "./findDatasetFile.ts";
export type {
  DatasetColumn,
  DatasetFile,
  DatasetManifest,
  DatasetSplits,
  DatasetTable,
  DatasetTarget,
  ImagePair,
} from "./manifest.ts";
export { type DatasetSummary, datasetInfo, listDatasets } from "./registry.ts";
