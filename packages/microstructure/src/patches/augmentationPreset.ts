import type { Augmentation } from "./augmentation.ts";

export interface AugmentationPresetOptions {
  /** Grey tells classes apart, not colour: it may be changed. @defaultValue true */
  readonly changesGrey?: boolean | undefined;
  /**
   * Up and down look alike, so that patches may be flipped and turned; not so in a coating on its substrate, which is turned by 8° at most.
   * @defaultValue true
   */
  readonly anyDirection?: boolean | undefined;
  /** Images to come are from other microscopes: scale and grey change by far more, and patches are shaded unevenly. @defaultValue false */
  readonly isVaried?: boolean | undefined;
}

const SHAPE: Augmentation = { scale: { probability: 0.5 }, elastic: { probability: 0.3 } };
const ANY_DIRECTION: Augmentation = { flip: {}, turn: {}, rotate: { probability: 0.5 } };
const ONE_DIRECTION: Augmentation = { rotate: { probability: 0.5, angleDeg: [-8, 8] } };
const GREY: Augmentation = {
  contrast: { probability: 0.5, factor: [0.85, 1.2] },
  brightness: { probability: 0.5, shift: [-0.05, 0.05] },
  gamma: { probability: 0.3, exponent: [0.85, 1.2] },
  gaussianNoise: { probability: 0.3 },
  blur: { probability: 0.2 },
};
const VARIED_SHAPE: Augmentation = {
  scale: { probability: 0.7, factor: [0.6, 1.6] },
  illumination: { probability: 0.7, amplitude: [0, 0.5] },
};
const VARIED_GREY: Augmentation = {
  contrast: { probability: 0.7 },
  brightness: { probability: 0.7 },
  gamma: { probability: 0.5, exponent: [0.6, 1.6] },
  gaussianNoise: { probability: 0.5, std: [0, 0.06] },
  blur: { probability: 0.3 },
};

/**
 * Steps and ranges of augmentation that segmentation of micrographs is trained with: those of `materiome segment train`, and of the scores in
 * benchmarks/README.md (with an ablation of those of the default).
 *
 * @example
 * const augmentation = { ...augmentationPreset({ isVaried: true }), cutOut: {} };
 */
export function augmentationPreset(options: AugmentationPresetOptions = {}): Augmentation {
  const { changesGrey = true, anyDirection = true, isVaried = false } = options;
  return {
    ...(anyDirection ? ANY_DIRECTION : ONE_DIRECTION),
    ...SHAPE,
    ...(changesGrey ? GREY : {}),
    ...(isVaried ? VARIED_SHAPE : {}),
    ...(isVaried && changesGrey ? VARIED_GREY : {}),
  };
}
