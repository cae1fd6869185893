import type { CalibrationFinding } from "./calibration.ts";
import type { OpenedImage } from "./openImage.ts";
import { sideCarMetadata } from "./sideCar.ts";
import { tiffCalibration } from "./tiffCalibration.ts";
import { type VendorMetadata, vendorMetadata } from "./vendorMetadata.ts";

export interface FileMetadata {
  /** By preference: the microscope's own tags, its side-car, then what any program may write. */
  readonly findings: readonly CalibrationFinding[];
  /** Rows of the scanned image, as the microscope states them; what lies below is its data bar. Undefined: not stated. */
  readonly scannedRows: number | undefined;
}

/**
 * What an image file and the text beside it say about pixel size and data bar.
 *
 * Metadata that describe an image of another width are no calibration of this one (it was scaled or cropped after), which
 * is a warning. A resolution tag of screens and printers is not mentioned where the microscope gives a pixel size.
 */
export async function fileCalibration(image: OpenedImage): Promise<FileMetadata> {
  const fromTags = image.tags === undefined ? undefined : vendorMetadata(image.tags, image.width);
  const microscope: VendorMetadata[] = [];
  for (const one of [fromTags, await sideCarMetadata(image.path)]) if (one !== undefined) microscope.push(one);
  const findings: CalibrationFinding[] = microscope.map((one) => fitting(one, image.width));
  const others = image.metadata.format === "tiff" ? tiffCalibration(image) : [];
  const isKnown = findings.some((finding) => finding.calibration !== undefined);
  findings.push(...(isKnown ? others.filter((finding) => finding.calibration !== undefined) : others));
  return { findings, scannedRows: scannedRows(microscope, image) };
}

function fitting(vendor: VendorMetadata, width: number): CalibrationFinding {
  const { calibration, scanned, warnings } = vendor;
  if (calibration === undefined || scanned === undefined || scanned.width === width) return { calibration, warnings };
  const warning = `the ${calibration.source} metadata describe an image ${scanned.width} px wide, this one has ${width}: scaled or cropped after, so its pixel size of ${calibration.pixelSizeUm} µm is not used`;
  return { warnings: [...warnings, warning] };
}

function scannedRows(vendors: readonly VendorMetadata[], image: OpenedImage): number | undefined {
  for (const { scanned, dataBarRows } of vendors) {
    // The full size decides where it is stated: the bar's height also stands in files saved without it.
    if (scanned !== undefined && scanned.width === image.width && scanned.height <= image.height) return scanned.height;
    if (scanned === undefined && dataBarRows !== undefined && dataBarRows < image.height / 2) {
      return image.height - dataBarRows;
    }
  }
  return undefined;
}
