import { type BatchTarget, DataError, DomainError } from "@materiome/core";
import { checkPatch, IGNORED_CODE, type Patch } from "./patch.ts";

export interface LabelledImage extends Patch {
  /** Name in messages. @defaultValue "image 1", … */
  readonly name?: string | undefined;
}

/** What images and classes must be so that patches can be made of them; throws as `patchSource` says. */
export function checkPatchSource(
  who: string,
  images: readonly LabelledImage[],
  classes: readonly string[],
  options: {
    readonly ignoredCode: number;
    readonly valueTargets: readonly BatchTarget[];
    readonly classWeights: readonly number[] | undefined;
  },
): void {
  const { ignoredCode, valueTargets, classWeights } = options;
  const [first] = images;
  if (first === undefined) throw new DataError(`${who}: no images; give at least one with its class codes`);
  if (classes.length === 0 || classes.length > IGNORED_CODE) {
    throw new DomainError(`${who}: ${classes.length} classes are named, expected 1 … ${IGNORED_CODE}`);
  }
  if (!(Number.isInteger(ignoredCode) && ignoredCode >= 0 && ignoredCode <= 255)) {
    throw new DomainError(`${who}: ignoredCode must be a whole number 0 … 255, got ${ignoredCode}`);
  }
  if (classWeights !== undefined) {
    const isWeight = classWeights.length === classes.length && classWeights.every((w) => w >= 0 && w < Infinity);
    if (!isWeight) {
      throw new DomainError(
        `${who}: classWeights are ${JSON.stringify(classWeights)}, expected ${classes.length} numbers of at least 0, one per class (${classes.join(", ")})`,
      );
    }
  }
  const nValues = valueTargets.reduce((sum, { labels }) => sum + labels.length, 0);
  for (const [k, patch] of images.entries()) {
    const name = `${who}: ${patch.name ?? `image ${k + 1}`}`;
    checkPatch(name, patch);
    if (patch.image.channels !== first.image.channels) {
      throw new DataError(
        `${name} has ${patch.image.channels} channels, those before it ${first.image.channels}; train on images of one kind`,
      );
    }
    if ((patch.values?.channels ?? 0) !== nValues) {
      throw new DataError(
        `${name} has ${patch.values?.channels ?? 0} further values a pixel, valueTargets name ${nValues}; give a label for each`,
      );
    }
    const { codes } = patch;
    const at = codes.data.findIndex((code) => code >= classes.length && code !== ignoredCode && code !== IGNORED_CODE);
    if (at < 0) continue;
    throw new DataError(
      `${name}: class code ${codes.data[at]} at pixel (${at % codes.width}, ${Math.floor(at / codes.width)}), but classes are 0 … ${classes.length - 1} (${classes.join(", ")}) and ${ignoredCode} is unknown; name every class, or set what is not to be learned to ${ignoredCode}`,
    );
  }
}
