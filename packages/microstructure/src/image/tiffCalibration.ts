import { decode, type TiffIfd } from "tiff";
import type { Calibration, CalibrationFinding } from "./calibration.ts";

/**
 * Pixel size stated in the tags of a TIFF page.
 *
 * In this order: FEI/Thermo (tag 34682, `PixelWidth` in m), Zeiss SEM (tag 34118, `Image Pixel Size`), OME-XML
 * (`PhysicalSizeX` and its unit), ImageJ (`unit=` with XResolution in pixels per unit), XResolution with ResolutionUnit.
 * The last counts only where it means a pixel of at most 20 µm: 72, 96, 300 dpi and the like are settings of screens and
 * printers, not calibrations, and are reported as a warning. A bare or unknown ImageJ unit is no calibration. The tags of a
 * BigTIFF are not read, which is a warning too.
 *
 * @param file - the whole file
 * @param page - 0-based
 * @returns nothing found for bytes that are no TIFF or whose tags cannot be read
 */
export function tiffCalibration(file: Uint8Array, page: number): CalibrationFinding {
  if (isBigTiff(file)) {
    return {
      warnings: ["the tags of a BigTIFF are not read: no calibration from the file; give the pixel size in µm"],
    };
  }
  let ifd: TiffIfd | undefined;
  try {
    [ifd] = decode(file, { ignoreImageData: true, pages: [page] });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { warnings: [`the TIFF tags could not be read (${why}): no calibration from the file`] };
  }
  if (ifd === undefined) return { warnings: [] };
  const tags = ifd;
  const description = text(tags.get(270));
  const vendor = fei(text(tags.get(34682))) ?? zeiss(text(tags.get(34118))) ?? ome(description);
  if (vendor !== undefined) return { calibration: vendor, warnings: [] };
  const resolutions = { x: number(tags.get(282)), y: number(tags.get(283)) };
  const found = description.startsWith("ImageJ=")
    ? imageJ(description, resolutions.x)
    : plainResolution(resolutions.x, number(tags.get(296)) ?? 2);
  if (found.calibration === undefined) return found;
  const { x, y } = resolutions;
  if (x === undefined || y === undefined || Math.abs(x / y - 1) <= 0.02) return found;
  const warning = `pixels are not square (${x} × ${y} per unit); the horizontal size is used for both directions`;
  return { ...found, warnings: [...found.warnings, warning] };
}

/** Version 43 in place of the 42 of TIFF. */
function isBigTiff(file: Uint8Array): boolean {
  const [first, , third, fourth] = file;
  return first === 0x49 ? third === 43 && fourth === 0 : first === 0x4d && third === 0 && fourth === 43;
}

function fei(metadata: string): Calibration | undefined {
  const match = /^PixelWidth=([-+.\deE]+)/m.exec(metadata);
  return size(Number(match?.[1]), "m", "FEI");
}

function zeiss(metadata: string): Calibration | undefined {
  const match = /Image Pixel Size\s*=\s*([-+.\deE]+)\s*(\S+)/.exec(metadata);
  return size(Number(match?.[1]), match?.[2] ?? "", "Zeiss");
}

function ome(description: string): Calibration | undefined {
  if (!description.includes("<OME")) return undefined;
  const value = /PhysicalSizeX="([^"]+)"/.exec(description)?.[1];
  const unit = /PhysicalSizeXUnit="([^"]+)"/.exec(description)?.[1] ?? "µm";
  return size(Number(value), decodeReferences(unit), "OME-XML");
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
  const calibration = size(1 / xResolution, unit.replace(/\\u00B5/i, "µ"), "ImageJ");
  if (calibration !== undefined) return { calibration, warnings: [] };
  return { warnings: [`the ImageJ unit "${unit}" is not a length this reader knows: no calibration from the file`] };
}

function plainResolution(xResolution: number | undefined, resolutionUnit: number): CalibrationFinding {
  if (xResolution === undefined || (resolutionUnit !== 2 && resolutionUnit !== 3)) return { warnings: [] };
  const perUnit = resolutionUnit === 2 ? 25_400 : 10_000;
  const pixelSizeUm = perUnit / xResolution;
  if (!(pixelSizeUm > 0 && Number.isFinite(pixelSizeUm))) return { warnings: [] };
  if (pixelSizeUm <= LARGEST_PIXEL_UM) return { calibration: { pixelSizeUm, source: "TIFF resolution" }, warnings: [] };
  const dpi = Math.round(25_400 / pixelSizeUm);
  return {
    warnings: [
      `the resolution of ${dpi} dpi in the file is a setting for screens or printers, not a calibration: ignored`,
    ],
  };
}

/** 1270 dpi: coarser is no micrograph. */
const LARGEST_PIXEL_UM = 20;

const UM_PER_UNIT: Readonly<Record<string, number>> = {
  m: 1e6,
  cm: 1e4,
  mm: 1e3,
  µm: 1,
  um: 1,
  micron: 1,
  microns: 1,
  micrometer: 1,
  micrometre: 1,
  nm: 1e-3,
  Å: 1e-4,
  pm: 1e-6,
  inch: 25_400,
  in: 25_400,
};

function size(value: number, unit: string, source: string): Calibration | undefined {
  const perUnit = UM_PER_UNIT[unit.replace("μ", "µ")]; // Greek mu and micro sign
  if (perUnit === undefined || !(value > 0 && Number.isFinite(value))) return undefined;
  return { pixelSizeUm: Number((value * perUnit).toPrecision(12)), source };
}

/** Text of a tag: ASCII (read byte by byte, in truth often UTF-8), bytes, or several strings. */
function text(tag: unknown): string {
  if (typeof tag === "string") return Buffer.from(tag, "latin1").toString("utf8");
  if (Array.isArray(tag)) return tag.map(text).join("\n");
  if (tag instanceof Uint8Array) return Buffer.from(tag).toString("utf8");
  return "";
}

function number(tag: unknown): number | undefined {
  const value = Array.isArray(tag) ? tag[0] : tag;
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : undefined;
}
