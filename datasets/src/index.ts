export {
  type CheckDatasetOptions,
  checkDataset,
  type DatasetCheck,
  type DatasetFileCheck,
  type DatasetFileStatus,
} from "./checkDataset.ts";
export { cacheFolder, type DataFolderOptions, dataFolders } from "./dataFolders.ts";
export { datasetFileUrl } from "./datasetFileUrl.ts";
export { datasetFolds } from "./datasetFolds.ts";
export { type DatasetSchemaOptions, datasetSchema } from "./datasetSchema.ts";
export { type FetchDatasetOptions, type FetchedDataset, type FetchedFile, fetchDataset } from "./fetchDataset.ts";
export { findDatasetByHash, type KnownDatasetFile } from "./findDatasetByHash.ts";
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
export { matbenchFolds } from "./matbenchFolds.ts";
export { type DatasetSummary, datasetInfo, listDatasets } from "./registry.ts";
