export { NET_BACKENDS, type NetBackend } from "./engine.ts";
export {
  DivergenceError,
  type EpochRecord,
  type TrainingCheckpoint,
  type TrainingOptions,
} from "./training/trainNetwork.ts";
export { createUNetSegmenter, type UNetOptions, type UNetSegmenterLearner } from "./unet/createUNetSegmenter.ts";
export { readUNetSegmenter, type UNetSegmenter } from "./unet/unetSegmenter.ts";
