import { DomainError } from "@materiome/core";

/** Where a pixel size comes from. */
export type CalibrationSource =
  | "option"
  | "FEI"
  | "Zeiss"
  | "Phenom"
  | "JEOL"
  | "Hitachi"
  | "OME-XML"
  | "ImageJ"
  | "TIFF resolution"
  | "scale bar";

export interface Calibration {
  /** Edge of a square pixel, µm. */
  readonly pixelSizeUm: number;
  readonly source: CalibrationSource;
  /** As the instrument states it, for the record: never used to compute a length. */
  readonly magnification?: number | undefined;
}

/** What one kind of metadata says. */
export interface CalibrationFinding {
  readonly calibration?: Calibration | undefined;
  readonly warnings: readonly string[];
}

/** Least relative difference that is a contradiction and not rounding. */
const CONTRADICTION = 0.02;

/**
 * Puts together what the caller says and what the files say: the caller wins, else the first finding does. Every other one
 * that differs from it by more than 2 % is a warning that names both.
 *
 * @param findings - by preference
 * @throws DomainError for a pixel size that is not a positive finite number
 */
export function resolveCalibration(
  pixelSizeUm: number | undefined,
  findings: readonly CalibrationFinding[],
): CalibrationFinding {
  const warnings: string[] = [];
  const stated: Calibration[] = [];
  for (const finding of findings) {
    if (finding.calibration !== undefined) stated.push(finding.calibration);
    else if (pixelSizeUm === undefined) warnings.push(...finding.warnings); // of no interest where a size is given
    if (finding.calibration !== undefined) warnings.push(...finding.warnings);
  }
  if (pixelSizeUm !== undefined && !(pixelSizeUm > 0 && Number.isFinite(pixelSizeUm))) {
    throw new DomainError(`readMicrograph: pixelSizeUm must be a positive number of µm, got ${pixelSizeUm}`);
  }
  const calibration: Calibration | undefined =
    pixelSizeUm === undefined ? stated[0] : { pixelSizeUm, source: "option" };
  if (calibration === undefined) return { warnings };
  for (const other of stated) {
    const difference = Math.abs(other.pixelSizeUm / calibration.pixelSizeUm - 1);
    if (other === calibration || difference <= CONTRADICTION) continue;
    const chosen = calibration.source === "option" ? "the pixel size given" : `the pixel size of ${calibration.source}`;
    const kept = calibration.source === "option" ? "the one given" : `that of ${calibration.source}`;
    warnings.push(
      `${chosen}, ${calibration.pixelSizeUm} µm, differs by ${(100 * difference).toFixed(0)} % from the ${other.pixelSizeUm} µm in the file (${other.source}); ${kept} is used`,
    );
  }
  return { calibration, warnings };
}
