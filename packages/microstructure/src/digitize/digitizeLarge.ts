import type { AbortLike } from "@materiome/core";
import type { CalibrationSource } from "../image/calibration.ts";
import { digitizeMosaic } from "../mosaic/digitizeMosaic.ts";
import { openMosaic } from "../mosaic/openMosaic.ts";
import { lineDoubts } from "./digitizeImage.ts";
import type { ExportFormat } from "../annotations/exportRegions.ts";
import type { DigitizedFiles, DigitizeMethod, ImageMeasurement, ImageRecord } from "./imageSummary.ts";

export interface DigitizeLargeOptions {
  readonly outDir: string;
  readonly outputs: DigitizedFiles;
  readonly method: DigitizeMethod;
  readonly pixelSizeUm?: number | undefined;
  /** Twins are not looked for in bands; where they should be joined there is a warning. */
  readonly twins?: "keep" | "merge" | undefined;
  readonly exports?: readonly ExportFormat[] | undefined;
  readonly sensitivity?: number | undefined;
  readonly sigmaPx?: number | undefined;
  readonly signal?: AbortLike | undefined;
}

export interface DigitizedLarge {
  readonly measurement: ImageMeasurement;
  readonly record: Omit<ImageRecord, "file" | "specimen" | "outputs">;
}

/** Whether a file is an image too large to be worked on whole, by a method that works in bands. */
export async function isLarge(file: string, method: DigitizeMethod, mostPixels: number): Promise<boolean> {
  if (!IN_BANDS.includes(method)) return false;
  // What cannot be opened is reported by whoever reads it.
  const image = await openMosaic(file).catch(() => undefined);
  return image !== undefined && image.width * image.height > mostPixels;
}

const IN_BANDS: readonly DigitizeMethod[] = ["auto", "lines", "dark", "bright"];

/**
 * Digitizes a mosaic in bands, in a bounded memory, and writes its files.
 *
 * @throws as `digitizeMosaic`
 */
export async function digitizeLarge(file: string, options: DigitizeLargeOptions): Promise<DigitizedLarge> {
  const { outDir, outputs, method, pixelSizeUm, twins, exports = [], sensitivity, sigmaPx, signal } = options;
  const polarity = method === "dark" || method === "bright" ? method : "auto";
  const done = await digitizeMosaic(file, {
    outDir,
    outputs,
    pixelSizeUm,
    segment: { polarity, sensitivity, sigmaPx },
    signal,
  });
  const inBands = "pictures worked on in bands have none of that; crop it or raise mostPixels";
  const warnings = [
    ...(twins === "merge" ? [`twins were not joined: ${inBands}`] : []),
    ...(exports.length > 0 ? [`regions were not exported as ${exports.join(", ")}: ${inBands}`] : []),
    ...lineDoubts(done.diagnostics),
    ...done.measurement.warnings,
  ];
  const { width, height } = done.measurement;
  return {
    measurement: { kind: "grains", ...done.measurement, warnings },
    record: {
      calibrationSource: done.calibrationSource as CalibrationSource | null,
      magnification: null,
      dataBar: null,
      method: "lines",
      methodReason: `${((width * height) / 1e6).toFixed(0)} million pixels are worked on in bands, which only this method does`,
    },
  };
}
