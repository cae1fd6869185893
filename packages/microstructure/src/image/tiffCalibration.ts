import type { Calibration, CalibrationFinding } from "./calibration.ts";
import { calibrationOf } from "./lengthUnits.ts";
import type { OpenedImage } from "./openImage.ts";
import { type TiffTags, tagNumber, tagText } from "./tiffTags.ts";

/**
 * Pixel sizes in the tags that any program may write, most trusted first: OME-XML (`PhysicalSizeX` and its unit) or ImageJ
 * (`unit=` with XResolution in pixels per unit), which both stand on the first page; else XResolution with ResolutionUnit.
 *
 * The last counts only where it means a pixel of at most 20 µm: 72, 96, 300 dpi and the like are settings of screens and
 * printers, not calibrations, and are reported as a warning. A bare or unknown ImageJ unit is no calibration.
 */
export function tiffCalibration(image: OpenedImage): CalibrationFinding[] {
  const { tags, firstTags } = image;
  if (tags === undefined || firstTags === undefined) return [];
  const description = tagText(tags, 270) || tagText(firstTags, 270);
  const x = tagNumber(tags, 282) ?? tagNumber(firstTags, 282);
  const y = tagNumber(tags, 283) ?? tagNumber(firstTags, 283);
  const ome = omeCalibration(description);
  if (ome !== undefined) return [{ calibration: ome, warnings: [] }];
  const found = description.startsWith("ImageJ=") ? imageJ(description, x) : plainResolution(x, tags);
  if (found.calibration === undefined) return [found];
  if (x === undefined || y === undefined || Math.abs(x / y - 1) <= 0.02) return [found];
  const warning = `pixels are not square (${x} × ${y} per unit); the horizontal size is used for both directions`;
  return [{ ...found, warnings: [...found.warnings, warning] }];
}

function omeCalibration(description: string): Calibration | undefined {
  if (!description.includes("<OME")) return undefined;
  const value = /PhysicalSizeX="([^"]+)"/.exec(description)?.[1];
  const unit = /PhysicalSizeXUnit="([^"]+)"/.exec(description)?.[1] ?? "µm";
  return calibrationOf(Number(value), decodeReferences(unit), "OME-XML");
}

/** XML text with its numeric character references written out: &#181; and &#xB5; are µ. */
function decodeReferences(xml: string): string {
  return xml.replace(/&#(?:[xX]([\da-fA-F]{1,6})|(\d{1,7}));/g, (reference, hex?: string, decimal?: string) => {
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : reference;
  });
}

function imageJ(description: string, xResolution: number | undefined): CalibrationFinding {
  const unit = /^unit=(.*)$/m.exec(description)?.[1]?.trim();
  if (unit === undefined || xResolution === undefined || unit === "pixel" || unit === "pixels") return { warnings: [] };
  const calibration = calibrationOf(1 / xResolution, unit.replace(/\\u00B5/i, "µ"), "ImageJ");
  if (calibration !== undefined) return { calibration, warnings: [] };
  return { warnings: [`the ImageJ unit "${unit}" is not a length this reader knows: no calibration from the file`] };
}

function plainResolution(xResolution: number | undefined, tags: TiffTags): CalibrationFinding {
  const resolutionUnit = tagNumber(tags, 296) ?? 2;
  if (xResolution === undefined || (resolutionUnit !== 2 && resolutionUnit !== 3)) return { warnings: [] };
  const perUnit = resolutionUnit === 2 ? 25_400 : 10_000;
  const pixelSizeUm = perUnit / xResolution;
  if (!(pixelSizeUm > 0 && Number.isFinite(pixelSizeUm))) return { warnings: [] };
  if (pixelSizeUm <= LARGEST_PIXEL_UM) {
    const calibration = calibrationOf(pixelSizeUm, "um", "TIFF resolution");
    return { calibration, warnings: [] };
  }
  const dpi = Math.round(25_400 / pixelSizeUm);
  return {
    warnings: [
      `the resolution of ${dpi} dpi in the file is a setting for screens or printers, not a calibration: ignored`,
    ],
  };
}

/** 1270 dpi: coarser is no micrograph. */
const LARGEST_PIXEL_UM = 20;
