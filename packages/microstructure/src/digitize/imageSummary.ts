import type { Calibration } from "../image/calibration.ts";
import type { DataBar } from "../image/dataBar.ts";
import type { ImageMeasurement } from "../measure/imageMeasurement.ts";
import type { SegmentationMethod } from "../segment/chooseMethod.ts";

/** Files written for one image, names within the output folder. */
export interface DigitizedFiles {
  readonly labels: string;
  readonly overlay: string;
  readonly grains: string;
  /** With a trained model: map of its uncertainty. */
  readonly uncertainty?: string | undefined;
  /** The regions in formats of other tools, where asked for. */
  readonly coco?: string | undefined;
  readonly labelme?: string | undefined;
  readonly geojson?: string | undefined;
  readonly imagej?: string | undefined;
}

/** What is known of an image besides its measurement. */
export interface ImageRecord {
  /** Path as given. */
  readonly file: string;
  /** Null where no map of samples names the file. */
  readonly specimen: string | null;
  /** Null without calibration. */
  readonly calibrationSource: Calibration["source"] | null;
  /** As the instrument states it; null where it does not. */
  readonly magnification: number | null;
  /** The strip that was cut off before; null where there was none. */
  readonly dataBar: Pick<DataBar, "side" | "rows" | "reason"> | null;
  /** Pipeline that ran, "model" for a trained classifier, "labels" for a corrected label image. */
  readonly method: SegmentationMethod | "labels" | "model";
  /** Why this one. */
  readonly methodReason: string;
  readonly outputs: DigitizedFiles;
}

/** One entry of `images` in `summary.json`. */
export type ImageSummary = ImageMeasurement & ImageRecord;

/** Image whose regions are grains: the only kind with a grain size. */
export type GrainImage = Extract<ImageMeasurement, { kind: "grains" }> & ImageRecord;

export function isGrainImage(image: ImageSummary): image is GrainImage {
  return image.kind === "grains";
}
