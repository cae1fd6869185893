import type { Calibration } from "./calibration.ts";
import { calibrationOf } from "./lengthUnits.ts";
import { type TiffTags, tagText } from "./tiffTags.ts";

/** What the makers of electron microscopes write beside the pixels. */
export interface VendorMetadata {
  readonly calibration?: Calibration | undefined;
  /** Width and height of the scanned image; rows below it are the data bar. */
  readonly scanned?: { readonly width: number; readonly height: number } | undefined;
  readonly dataBarRows?: number | undefined;
  readonly warnings: readonly string[];
}

/**
 * FEI and Thermo (tags 34682 and 34680: text of sections, `PixelWidth` in m), Phenom (34683: XML), Zeiss (34118: key on one
 * line, label and value on the next).
 */
export function vendorMetadata(tags: TiffTags, imageWidth: number): VendorMetadata | undefined {
  const fei = tagText(tags, 34682) || tagText(tags, 34680);
  if (fei !== "") return feiMetadata(fei);
  const phenom = tagText(tags, 34683);
  if (phenom !== "") return phenomMetadata(phenom);
  const zeiss = tagText(tags, 34118);
  return zeiss === "" ? undefined : zeissMetadata(zeiss, imageWidth);
}

function feiMetadata(text: string): VendorMetadata {
  const calibration = calibrationOf(Number(setting(text, "PixelWidth")), "m", "FEI");
  const height = Number(setting(text, "PixelHeight"));
  const um = calibration?.pixelSizeUm;
  const uneven = um !== undefined && height > 0 && Math.abs((height * 1e6) / um - 1) > 0.02;
  const bar = Number(setting(text, "DatabarHeight"));
  return {
    calibration,
    scanned: sizeOf(Number(setting(text, "ResolutionX")), Number(setting(text, "ResolutionY"))),
    dataBarRows: bar > 0 ? bar : undefined,
    warnings: uneven
      ? [`pixels are not square (FEI: ${um} × ${height * 1e6} µm); the horizontal size is used for both directions`]
      : [],
  };
}

function phenomMetadata(text: string): VendorMetadata {
  const match = /<pixelWidth[^>]*unit="([^"]+)"[^>]*>\s*([-+.\deE]+)/i.exec(text);
  const bar = Number(/<databarHeight[^>]*>\s*(\d+)/i.exec(text)?.[1]);
  return {
    calibration: calibrationOf(Number(match?.[2]), match?.[1] ?? "", "Phenom"),
    dataBarRows: bar > 0 ? bar : undefined,
    warnings: [],
  };
}

/** Pixel size of the stored image; older versions write only that of the screen, which is 1024 pixels wide. */
function zeissMetadata(text: string, imageWidth: number): VendorMetadata {
  const magnification = zeissMagnification(text);
  const store = /Store resolution\s*=\s*(\d+)\s*\*\s*(\d+)/i.exec(text);
  const scanned = sizeOf(Number(store?.[1]), Number(store?.[2]));
  const stored = /Image Pixel Size\s*=\s*([-+.\deE]+)\s*(\S+)/.exec(text);
  if (stored !== null) {
    return {
      calibration: calibrationOf(Number(stored[1]), stored[2] ?? "", "Zeiss", magnification),
      scanned,
      warnings: [],
    };
  }
  const screen = /^\s*Pixel Size\s*=\s*([-+.\deE]+)\s*(\S+)/m.exec(text);
  if (screen === null) return { scanned, warnings: [] };
  const calibration = calibrationOf(Number(screen[1]), screen[2] ?? "", "Zeiss", magnification);
  const warning = `the pixel size is the one Zeiss gives for a screen of 1024 pixels (AP_PIXEL_SIZE), the image is ${imageWidth} wide; check it against the scale bar`;
  return { calibration, scanned, warnings: imageWidth === 1024 ? [] : [warning] };
}

/** "Mag = 1.50 K X". */
function zeissMagnification(text: string): number | undefined {
  const match = /^\s*Mag\s*=\s*([\d.]+)\s*(K?)\s*X/im.exec(text);
  return match === null ? undefined : Number(match[1]) * (match[2] === "" ? 1 : 1000);
}

function setting(text: string, key: string): string | undefined {
  return new RegExp(`^\\s*${key}\\s*=\\s*([-+.\\deE]+)`, "m").exec(text)?.[1];
}

function sizeOf(width: number, height: number): { readonly width: number; readonly height: number } | undefined {
  return width > 0 && height > 0 ? { width, height } : undefined;
}
