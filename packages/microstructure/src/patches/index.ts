export { type InstancesFromDistanceOptions, instancesFromDistance } from "../pixels/instancesFromDistance.ts";
export {
  readTestTimeAugmentation,
  type TestTimeAugmentationOptions,
  type TestTimeSegmenter,
  withTestTimeAugmentation,
} from "../pixels/withTestTimeAugmentation.ts";
export { addCharging } from "./addCharging.ts";
export { addGaussianNoise, addShotNoise } from "./addNoise.ts";
export {
  type AstigmatismOptions,
  type Augmentation,
  type AugmentationStep,
  type BlurOptions,
  type BrightnessOptions,
  type ChargingOptions,
  type CompositeOptions,
  type ContrastOptions,
  type ElasticOptions,
  type GammaOptions,
  type GaussianNoiseOptions,
  type IlluminationOptions,
  type MotionBlurOptions,
  type RectangleOptions,
  type ResolvedAugmentation,
  type RotateOptions,
  resolveAugmentation,
  type ScaleOptions,
  type ShotNoiseOptions,
  type WhiteBalanceOptions,
} from "./augmentation.ts";
export { type AugmentationPresetOptions, augmentationPreset } from "./augmentationPreset.ts";
export { type AugmentPatchOptions, augmentPatch } from "./augmentPatch.ts";
export { blurAstigmatic, blurFocus, blurMotion } from "./blurImage.ts";
export { type BoundaryTargetOptions, boundaryTarget } from "./boundaryTarget.ts";
export { changeBrightness, changeContrast, changeGamma, changeWhiteBalance } from "./changeGrey.ts";
export type { LabelledImage } from "./checkPatchSource.ts";
export { type ContrastSourceOptions, contrastSource } from "./contrastSource.ts";
export { type CutDefectsOptions, cutDefects, type Defect } from "./defect.ts";
export { type DistanceTargetOptions, distanceTarget } from "./distanceTarget.ts";
export { type FitImageOptions, fitImage, type ImageFit } from "./fitImage.ts";
export type { TrainSegmenterOptions } from "./fitSegmenter.ts";
export { type ImageExample, type ImageSourceOptions, imageSource } from "./imageSource.ts";
export { cutMix, cutOut } from "./mixPatches.ts";
export { type PasteDefectOptions, pasteDefect, type ScatterDefectsOptions, scatterDefects } from "./pasteDefect.ts";
export { IGNORED_CODE, type Patch } from "./patch.ts";
export { type PatchSource, type PatchSourceOptions, patchSource } from "./patchSource.ts";
export {
  DRAWN_CLASSES,
  type DrawnTraining,
  type DrawnTrainingImage,
  type PretrainOnDrawnOptions,
  pretrainOnDrawn,
} from "./pretrainOnDrawn.ts";
export { type PretrainSegmenterOptions, pretrainSegmenter, type UnlabelledImage } from "./pretrainSegmenter.ts";
export type { Chance, Range } from "./range.ts";
export { type RegionClassesOptions, regionClasses } from "./regionClasses.ts";
export { type RestorationSourceOptions, restorationSource } from "./restorationSource.ts";
export { shadeUnevenly } from "./shadeUnevenly.ts";
export type { ImagePart, ImageSplit } from "./splitImages.ts";
export { type TileSourceOptions, tileSource } from "./tileSource.ts";
export {
  type HeldOutRegions,
  type InstanceTraining,
  type RegionQuality,
  separateRegions,
  type TrainInstancesOptions,
  trainInstances,
} from "./trainInstances.ts";
export { type HeldOutLabels, type SegmenterTraining, trainSegmenter } from "./trainSegmenter.ts";
