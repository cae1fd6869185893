import type { Region } from "../regions/regionTable.ts";

export interface GrainTableCsvOptions {
  /** Phase of each region: a column of its own. @defaultValue none */
  readonly phases?: readonly string[] | undefined;
}

/**
 * Table of grains as CSV text, one row per region, every column with its unit in the header.
 *
 * @param regions - from `regionTable` or `measureField`
 * @param pixelSizeUm - edge of a pixel in µm; without it lengths stay in pixels and the headers say so
 * @returns text with a header line, comma separated, decimal points, ending in a line break
 * @example
 * const text = grainTableCsv(regions, 0.5); // label,area (um^2),equivalent diameter (um),…
 */
export function grainTableCsv(
  regions: readonly Region[],
  pixelSizeUm?: number,
  options: GrainTableCsvOptions = {},
): string {
  const { phases } = options;
  const scale = pixelSizeUm ?? 1;
  const unit = pixelSizeUm === undefined ? "px" : "um";
  const hasGrey = regions.some((region) => region.meanGrey !== undefined);
  const header = [
    "label",
    `area (${unit}^2)`,
    `equivalent diameter (${unit})`,
    `perimeter (${unit})`,
    `major axis (${unit})`,
    `minor axis (${unit})`,
    "aspect ratio",
    "orientation (deg)",
    "centroid x (px)",
    "centroid y (px)",
    "min x (px)",
    "max x (px)",
    "min y (px)",
    "max y (px)",
    "touches edge",
    ...(hasGrey ? ["mean grey"] : []),
    ...(phases === undefined ? [] : ["phase"]),
  ];
  const rows = regions.map((region, i) =>
    [
      region.label,
      write(region.areaPx * scale * scale),
      write(region.equivalentDiameterPx * scale),
      write(region.perimeterPx * scale),
      write(region.majorAxisPx * scale),
      write(region.minorAxisPx * scale),
      write(region.aspectRatio),
      write(region.orientationDeg),
      write(region.centroidX),
      write(region.centroidY),
      region.minX,
      region.maxX,
      region.minY,
      region.maxY,
      region.touchesEdge ? "yes" : "no",
      ...(hasGrey ? [region.meanGrey === undefined ? "" : write(region.meanGrey)] : []),
      ...(phases === undefined ? [] : [quoted(phases[i] ?? "")]),
    ].join(","),
  );
  return `${[header.join(","), ...rows].join("\n")}\n`;
}

function quoted(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Seven significant digits: below any measuring error, and short. */
function write(value: number): string {
  return String(Number(value.toPrecision(7)));
}
