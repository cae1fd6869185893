import { readFile } from "node:fs/promises";
import { calibrationOf, lengthUm } from "./lengthUnits.ts";
import type { VendorMetadata } from "./vendorMetadata.ts";

/**
 * Text file that JEOL and Hitachi microscopes write beside an image: same name, ending `.txt`.
 *
 * JEOL: `$$SM_MICRON_BAR` (px) is as long as `$$SM_MICRON_MARKER` ("10um"); `$CM_FULL_SIZE` is the image without its data
 * bar. Hitachi: section `[SemImageFile]`, `PixelSize` in nm, `DataSize`. A text file of other content is passed over.
 *
 * @returns undefined where there is no such file
 */
export async function sideCarMetadata(imagePath: string): Promise<VendorMetadata | undefined> {
  const stem = imagePath.replace(/\.gz$/i, "").replace(/\.[^./\\]+$/, "");
  for (const path of [`${stem}.txt`, `${stem}.TXT`]) {
    let bytes: Buffer;
    try {
      bytes = await readFile(path);
    } catch {
      continue; // most images have none
    }
    return parseSideCar(textOf(bytes));
  }
  return undefined;
}

/** Contents of a side-car; undefined for another text. */
export function parseSideCar(text: string): VendorMetadata | undefined {
  if (/^\$\$?(CM|SM)_/m.test(text)) return jeol(text);
  return /^\s*\[(Sem|Tem)ImageFile\]/m.test(text) ? hitachi(text) : undefined;
}

function jeol(text: string): VendorMetadata {
  const value = (key: string): string | undefined =>
    new RegExp(`^\\$\\$?${key}[ \\t]+(.*\\S)`, "m").exec(text)?.[1] ?? undefined;
  const bar = Number(value("SM_MICRON_BAR"));
  const marker = /^([\d.]+)\s*(\S+)$/.exec(value("SM_MICRON_MARKER") ?? "");
  const markerUm = lengthUm(Number(marker?.[1]), marker?.[2] ?? "");
  const size = /^(\d+)\s+(\d+)/.exec(value("CM_FULL_SIZE") ?? "");
  const known = markerUm !== undefined && bar > 0;
  return {
    calibration: known ? calibrationOf(markerUm / bar, "um", "JEOL", Number(value("CM_MAG"))) : undefined,
    scanned: size === null ? undefined : { width: Number(size[1]), height: Number(size[2]) },
    warnings: known ? [] : ["the JEOL side-car gives no micron bar: no calibration from it"],
  };
}

function hitachi(text: string): VendorMetadata {
  const value = (key: string): string | undefined => new RegExp(`^\\s*${key}\\s*=\\s*(.*\\S)`, "m").exec(text)?.[1];
  const calibration = calibrationOf(Number(value("PixelSize")), "nm", "Hitachi", Number(value("Magnification")));
  const size = /^(\d+)\s*x\s*(\d+)/i.exec(value("DataSize") ?? "");
  return {
    calibration,
    scanned: size === null ? undefined : { width: Number(size[1]), height: Number(size[2]) },
    warnings: calibration === undefined ? ["the Hitachi side-car gives no PixelSize: no calibration from it"] : [],
  };
}

/** UTF-16 where a byte order mark says so (Hitachi), else UTF-8. */
function textOf(bytes: Buffer): string {
  const text = bytes[0] === 0xff && bytes[1] === 0xfe ? bytes.toString("utf16le", 2) : bytes.toString("utf8");
  return text.replaceAll("\r\n", "\n");
}
