import type { Calibration } from "../image/calibration.ts";
import type { FieldMeasurement } from "../measure/measureField.ts";

/** Files written for one image, names within the output folder. */
export interface DigitizedFiles {
  readonly labels: string;
  readonly overlay: string;
  readonly grains: string;
}

/** One entry of `images` in `summary.json`. */
export type ImageSummary = FieldMeasurement & {
  /** Path as given. */
  readonly file: string;
  /** Null where no map of samples names the file. */
  readonly specimen: string | null;
  /** Null without calibration. */
  readonly calibrationSource: Calibration["source"] | null;
  /** "classical", or "labels" for a corrected label image. */
  readonly method: DigitizeMethod;
  readonly outputs: DigitizedFiles;
};

export type DigitizeMethod = "classical" | "labels";
