import { DomainError, type Random, type Raster } from "@materiome/core";
import { addCharging } from "./addCharging.ts";
import { addGaussianNoise, addShotNoise } from "./addNoise.ts";
import {
  type Augmentation,
  type AugmentationStep,
  type ResolvedAugmentation,
  type ResolvedStep,
  resolveAugmentation,
} from "./augmentation.ts";
import { blurAstigmatic, blurFocus, blurMotion } from "./blurImage.ts";
import { changeBrightness, changeContrast, changeGamma, changeWhiteBalance } from "./changeGrey.ts";
import { compositeDefects, type InstancePool } from "./compositeDefects.ts";
import { drawWarp } from "./drawWarp.ts";
import { cutMix, cutOut } from "./mixPatches.ts";
import { checkPatch, type Patch } from "./patch.ts";
import { mapValues } from "./planes.ts";
import { shadeUnevenly } from "./shadeUnevenly.ts";
import { warpPatch } from "./warpPatch.ts";

export interface AugmentPatchOptions {
  /** Patch of the same size that `cutMix` takes a rectangle from; without one that step is refused. */
  readonly mixWith?: Patch | undefined;
}

/**
 * A patch as another specimen, microscope or day might have shown it: geometric steps bend image, codes and values alike, by one map;
 * the others change the image alone. Grey is cut to 0 … 1 at the end, as a detector saturates.
 *
 * What turns in from beyond the border is reflected image with unknown codes; patches that `patchSource` cuts from larger images are
 * bent when they are cut, and so show what is really there.
 *
 * @param random - each step draws from a stream of its own, so that a plan with one step more draws the same for the others
 * @throws DomainError for a plan with unknown steps or ranges, for grey outside 0 … 1, `cutMix` without `mixWith`, or `composite`, whose regions only
 *   `patchSource` knows
 * @throws ShapeError for codes or values of another size
 * @example
 * const changed = augmentPatch(patch, { flip: {}, elastic: { amplitudePx: [2, 4], smoothnessPx: [12, 12] } }, createRandom(7));
 */
export function augmentPatch(
  patch: Patch,
  plan: Augmentation,
  random: Random,
  options: AugmentPatchOptions = {},
): Patch {
  const resolved = resolveAugmentation(plan);
  checkPatch("augmentPatch", patch);
  const { width, height } = patch.image;
  const isBent = (["flip", "turn", "rotate", "scale", "elastic"] as const).some((step) => resolved[step] !== undefined);
  const centre = { centreX: (width - 1) / 2, centreY: (height - 1) / 2 };
  const bent = isBent
    ? warpPatch(patch, drawWarp(resolved, width, height, random), { width, height, ...centre })
    : patch;
  return finishPatch(bent, resolved, random, () => {
    if (options.mixWith !== undefined) return options.mixWith;
    throw new DomainError("augmentPatch: the plan has cutMix, which needs a second patch; give options.mixWith");
  });
}

type ImageStep = Exclude<
  AugmentationStep,
  "flip" | "turn" | "rotate" | "scale" | "elastic" | "cutMix" | "composite" | "cutOut"
>;
type ImageChange = (image: Raster<Float32Array>, random: Random, options: never) => Raster<Float32Array>;

/** Light, then lens, specimen and detector, then what is done to the file. */
const IMAGE_STEPS: Readonly<Record<ImageStep, ImageChange>> = {
  illumination: shadeUnevenly,
  blur: blurFocus,
  astigmatism: blurAstigmatic,
  motionBlur: blurMotion,
  charging: addCharging,
  shotNoise: addShotNoise,
  gaussianNoise: addGaussianNoise,
  contrast: changeContrast,
  brightness: changeBrightness,
  gamma: changeGamma,
  whiteBalance: changeWhiteBalance,
};

/** All steps that follow the warp. */
export function finishPatch(
  patch: Patch,
  plan: ResolvedAugmentation,
  random: Random,
  other: () => Patch,
  pool?: InstancePool,
): Patch {
  const isDrawn = (step: AugmentationStep, stream: Random): boolean => stream.next() < (plan[step]?.probability ?? 0);
  const mixing = random.fork("cutMix");
  const whole =
    plan.cutMix !== undefined && isDrawn("cutMix", mixing) ? cutMix(patch, other(), mixing, plan.cutMix) : patch;
  const mixed = plan.composite === undefined ? whole : composed(whole, plan.composite, random.fork("composite"), pool);
  let { image } = mixed;
  for (const step of Object.keys(IMAGE_STEPS) as ImageStep[]) {
    const ranges = plan[step];
    if (ranges === undefined) continue;
    const stream = random.fork(step);
    if (isDrawn(step, stream)) image = IMAGE_STEPS[step](image, stream, ranges as never);
  }
  if (image !== mixed.image) image = mapValues(image, (value) => Math.min(1, Math.max(0, value)));
  const changed = { ...mixed, image };
  const cutting = random.fork("cutOut");
  return plan.cutOut !== undefined && isDrawn("cutOut", cutting) ? cutOut(changed, cutting, plan.cutOut) : changed;
}

function composed(
  patch: Patch,
  plan: ResolvedStep<"composite">,
  random: Random,
  pool: InstancePool | undefined,
): Patch {
  if (pool === undefined) {
    throw new DomainError(
      "augmentPatch: the plan has composite, whose regions come from all training images; let patchSource augment, or use scatterDefects",
    );
  }
  return random.next() < plan.probability ? compositeDefects(patch, pool, random, plan) : patch;
}
