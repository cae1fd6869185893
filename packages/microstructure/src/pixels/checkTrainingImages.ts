import { DataError, DomainError, ShapeError } from "@materiome/core";
import { type ChannelKind, channelKind, requireFinite } from "./channelPlanes.ts";
import type { TrainingImage } from "./trainPixelClassifier.ts";

/** Labelled pixels of a class below which nothing can be learned. */
const LEAST_PIXELS = 10;

/** What all training images have in common; throws as `trainPixelClassifier` and `trainSegmenter` say. */
export function checkTrainingImages(
  caller: string,
  images: readonly TrainingImage[],
  classes: readonly string[],
): { readonly channels: ChannelKind; readonly pixelSizeUm: number | undefined } {
  if (images.length === 0) throw new DataError(`${caller}: no training images; give at least one with its labels`);
  if (classes.length < 2) {
    throw new DataError(`${caller}: ${classes.length} class named; at least two are needed to tell pixels apart`);
  }
  if (new Set(classes).size < classes.length) {
    throw new DomainError(`${caller}: classes must have different names, got ${classes.join(", ")}`);
  }
  const counts = new Float64Array(classes.length);
  let channels: ChannelKind | undefined;
  for (const [k, { image, labels, name = `image ${k + 1}` }] of images.entries()) {
    const who = `${caller}: ${name}`;
    const kind = channelKind(image, who);
    if (channels !== undefined && kind !== channels) {
      throw new DataError(`${who} is ${kind}, those before it are ${channels}; train on images of one kind`);
    }
    channels = kind;
    requireFinite(image, who);
    if (labels.width !== image.width || labels.height !== image.height || labels.channels !== 1) {
      throw new ShapeError(
        `${who}: labels are ${labels.width} × ${labels.height} with ${labels.channels} channels, the image is ${image.width} × ${image.height}; give the label image that was drawn on this image`,
      );
    }
    for (const label of labels.data) {
      if (label > classes.length) {
        throw new DataError(
          `${who}: label ${label} occurs, but ${classes.length} classes are named (${classes.join(", ")}); name every class, or set what is not to be learned to 0`,
        );
      }
      if (label > 0) counts[label - 1]!++; // at most classes.length
    }
  }
  const scarce = classes.flatMap((name, c) => (counts[c]! < LEAST_PIXELS ? [`${name} (${counts[c]})`] : [])); // one per class
  if (scarce.length > 0) {
    throw new DataError(
      `${caller}: too few labelled pixels of ${scarce.join(", ")} in ${images.length} images, at least ${LEAST_PIXELS} of every class are needed; label more, or leave the class out`,
    );
  }
  return { channels: channels ?? "grey", pixelSizeUm: commonPixelSize(caller, images) };
}

function commonPixelSize(caller: string, images: readonly TrainingImage[]): number | undefined {
  const sizes = images.flatMap(({ image }) => (image.pixelSizeUm === undefined ? [] : [image.pixelSizeUm]));
  const [first] = sizes;
  if (first === undefined) return undefined;
  const smallest = Math.min(...sizes);
  const largest = Math.max(...sizes);
  if (largest / smallest > 1.05 || sizes.length < images.length) {
    throw new DataError(
      `${caller}: pixel sizes differ, ${
        sizes.length < images.length
          ? `${images.length - sizes.length} images have none`
          : `${smallest} … ${largest} µm`
      }; features are counted in pixels, so bring all images to one pixel size`,
    );
  }
  return first;
}
