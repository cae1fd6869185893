import { createRaster, type LabelMap, type Raster } from "@materiome/core";
import type { Micrograph } from "../image/readMicrograph.ts";
import { connectedComponents } from "../kernels/index.ts";
import { measureField } from "../measure/measureField.ts";
import { measureSecondPhase } from "../measure/measureSecondPhase.ts";
import { boundaryRegions } from "../pixels/boundaryRegions.ts";
import { classifyInstances } from "../pixels/classifyInstances.ts";
import { type ClassifyPixelsOptions, classifyPixels, unknownScale } from "../pixels/classifyPixels.ts";
import { greyAsColour, imageForClassifier, type OtherColour } from "../pixels/imageForClassifier.ts";
import { labelPixels } from "../pixels/labelPixels.ts";
import type { MicrographSegmenter } from "../pixels/micrographSegmenter.ts";
import { regionRule } from "../pixels/regionRule.ts";
import { uncertaintyMap } from "../pixels/uncertaintyMap.ts";
import { noTwins } from "../segment/joinTwins.ts";
import {
  type DigitizedImage,
  type DigitizeImageOptions,
  type Measured,
  measureJoined,
  withWarnings,
} from "./digitizeImage.ts";

export interface DigitizeByModelOptions extends ClassifyPixelsOptions, Pick<DigitizeImageOptions, "twins"> {
  /** What is done with a coloured image and a model of grey ones, or the reverse. @defaultValue "refuse" */
  readonly otherColour?: OtherColour | undefined;
}

export interface DigitizedByModel extends DigitizedImage {
  /** Entropy of the class probabilities, 0 certain … 1: where it is high, the next labels teach most. */
  readonly uncertainty: Raster<Float32Array>;
}

/**
 * Segments a micrograph by a trained model (a pixel classifier or a net) and measures what it shows.
 *
 * A model with a class whose name holds "boundar" finds grains: regions closed along that class (`boundaryRegions`). Any
 * other finds phases: the first class is the matrix, the 8-connected regions of each further class are its bodies. One that was trained to tell regions
 * apart (`trainInstances`) finds grains or touching bodies by the distance that it predicts (`classifyInstances`).
 *
 * @throws IncompatibleError for a model of coloured images and a grey micrograph or the reverse, or another pixel size than in training
 * @throws DataError where a single grain fills the image, or all of it is matrix
 * @example
 * const { measurement } = await digitizeByModel(micrograph, await readMicrographSegmenter(json, reader));
 */
export async function digitizeByModel(
  micrograph: Micrograph,
  classifier: MicrographSegmenter,
  options: DigitizeByModelOptions = {},
): Promise<DigitizedByModel> {
  const { twins, otherColour, ...classify } = options;
  const { image, notes } = imageForClassifier(classifier, micrograph, otherColour, greyAsColour);
  const { kind, boundaryClass, reason } = regionRule(classifier);
  const { probabilities, regions } =
    classifier.instances === undefined
      ? { probabilities: await classifyPixels(image, classifier, classify) }
      : await classifyInstances(image, classifier, classify);
  const uncertainty = uncertaintyMap(probabilities);
  const measureGrains = twins === "merge" ? measureJoined : grains;
  const found =
    kind === "grains"
      ? measureGrains(regions ?? boundaryRegions(probabilities, { boundaryClass }), micrograph)
      : phases(labelPixels(probabilities), regions, classifier.classes, micrograph);
  const unused = twins === "merge" && kind !== "grains" ? [noTwins(kind)] : [];
  const scale = classify.otherPixelSize === "ignore" ? [] : unknownScale(image, classifier);
  const field = withWarnings(found, [...micrograph.warnings, ...notes, ...scale, ...unused]);
  return { ...field, method: "model", methodReason: reason, uncertainty };
}

function grains(labels: LabelMap, { grey }: Micrograph): Measured {
  const field = measureField(labels, { grey });
  return { ...field, measurement: { kind: "grains", ...field.measurement } };
}

/** @param told - bodies, where the model tells them apart; else those that hang together */
function phases(
  classMap: LabelMap,
  told: LabelMap | undefined,
  classes: readonly string[],
  { grey }: Micrograph,
): Measured {
  const { width, height, pixelSizeUm } = classMap;
  const labels = told ?? bodies(classMap);
  const phaseOf = new Uint8Array(width * height);
  for (let i = 0; i < phaseOf.length; i++) phaseOf[i] = classMap.data[i]! - 1; // i < length, classes from 1
  const map = createRaster(phaseOf, width, height, { pixelSizeUm });
  const field = measureSecondPhase(labels, { grey, phases: { map, names: classes } });
  return { ...field, measurement: { kind: "particles", ...field.measurement } };
}

function bodies({ data, width, height, pixelSizeUm }: LabelMap): LabelMap {
  const isBody = data.map((value) => (value === 1 ? 0 : value));
  const found = new Uint32Array(width * height);
  connectedComponents(width, height, isBody, 8, found);
  return createRaster(found, width, height, { pixelSizeUm });
}
