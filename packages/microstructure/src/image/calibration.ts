import { DomainError } from "@materiome/core";

export interface Calibration {
  /** Edge of a square pixel, µm. */
  readonly pixelSizeUm: number;
  /** Where it comes from: "option", "ImageJ", "OME-XML", "FEI", "Zeiss" or "TIFF resolution". */
  readonly source: string;
}

export interface CalibrationFinding {
  readonly calibration?: Calibration | undefined;
  readonly warnings: readonly string[];
}

/**
 * Puts together what the caller says and what the file says: the caller wins, a difference above 2 % is a warning.
 *
 * @throws DomainError for a pixel size that is not a positive finite number
 */
export function resolveCalibration(pixelSizeUm: number | undefined, file: CalibrationFinding): CalibrationFinding {
  if (pixelSizeUm === undefined) return file;
  if (!(pixelSizeUm > 0 && Number.isFinite(pixelSizeUm))) {
    throw new DomainError(`readMicrograph: pixelSizeUm must be a positive number of µm, got ${pixelSizeUm}`);
  }
  const calibration: Calibration = { pixelSizeUm, source: "option" };
  const stated = file.calibration;
  if (stated === undefined || Math.abs(stated.pixelSizeUm / pixelSizeUm - 1) <= 0.02) {
    return { calibration, warnings: [] };
  }
  const difference = 100 * Math.abs(stated.pixelSizeUm / pixelSizeUm - 1);
  return {
    calibration,
    warnings: [
      `the pixel size given, ${pixelSizeUm} µm, differs by ${difference.toFixed(0)} % from the ${stated.pixelSizeUm} µm in the file (${stated.source}); the one given is used`,
    ],
  };
}
