export type { ImageCalibration } from "./cnn/calibration.ts";
export type { ImageViews } from "./cnn/cnnShard.ts";
export { imageTrainingBytes } from "./cnn/cnnTask.ts";
export {
  createImageClassifier,
  type ImageClassifierLearner,
  type ImageClassifierOptions,
} from "./cnn/createImageClassifier.ts";
export {
  createImageRegressor,
  type ImageRegressorLearner,
  type ImageRegressorOptions,
} from "./cnn/createImageRegressor.ts";
export { type ImageClassifier, type ImageClassPrediction, readImageClassifier } from "./cnn/imageClassifier.ts";
export { type ImageRegressor, readImageRegressor } from "./cnn/imageRegressor.ts";
export { NET_BACKENDS, type NetBackend } from "./engine.ts";
export {
  type ExportedImageNetwork,
  type ExportImageNetworkOnnxOptions,
  exportImageNetworkOnnx,
  type ImageNetworkDescription,
} from "./exchange/exportImageNetworkOnnx.ts";
export { type ExportedUNet, type ExportUNetOnnxOptions, exportUNetOnnx } from "./exchange/exportUNetOnnx.ts";
export type { OnnxRuntime, OnnxRuntimeName, OnnxSession } from "./exchange/onnxRuntime.ts";
export { type OnnxSegmenter, type ReadOnnxSegmenterOptions, readOnnxSegmenter } from "./exchange/onnxSegmenter.ts";
export { readSegmenterDescription, type SegmenterDescription } from "./exchange/segmenterDescription.ts";
export {
  type ExportedLayersModel,
  type ExportUNetLayersModelOptions,
  exportUNetLayersModel,
  readUNetLayersModel,
} from "./exchange/unetLayersModel.ts";
export { exportUNetSafetensors, readUNetSafetensors, type UNetArchitecture } from "./exchange/unetSafetensors.ts";
export {
  createFieldSurrogate,
  type FieldSurrogateLearner,
  type FieldSurrogateOptions,
} from "./field/createFieldSurrogate.ts";
export type { FieldComponent, FieldExample } from "./field/fieldExample.ts";
export { type ComponentScores, scoreFields } from "./field/fieldScores.ts";
export type { MirrorSigns } from "./field/fieldSource.ts";
export { type FieldScores, type FieldSurrogate, readFieldSurrogate } from "./field/fieldSurrogate.ts";
export {
  DivergenceError,
  type EpochRecord,
  type TrainingCheckpoint,
  type TrainingOptions,
} from "./training/trainNetwork.ts";
export {
  type ContrastiveUNetLearner,
  type ContrastiveUNetOptions,
  createContrastiveUNet,
} from "./unet/createContrastiveUNet.ts";
export { createUNetSegmenter, type UNetOptions, type UNetSegmenterLearner } from "./unet/createUNetSegmenter.ts";
export { readUNetSegmenter, type UNetSegmenter } from "./unet/unetSegmenter.ts";
export { unetTrainingBytes } from "./unet/unetTask.ts";
