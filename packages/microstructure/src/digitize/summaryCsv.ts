import type { DiameterStatistics } from "../measure/sizeDistribution.ts";
import type { ImageSummary } from "./imageSummary.ts";

/**
 * `summary.csv`: one row per image, every column with its unit. Lengths stand under (um) for calibrated images and under
 * (px) for the others; the columns of a kind that does not occur are left out.
 *
 * @returns CSV text with a header, comma separated, decimal points, ending in a line break
 * @example
 * const text = summaryCsv(summary.images);
 */
export function summaryCsv(images: readonly ImageSummary[]): string {
  const hasUm = images.some((image) => image.pixelSizeUm !== null);
  const hasPx = images.some((image) => image.pixelSizeUm === null);
  const columns = COLUMNS.filter(({ unit }) => unit === undefined || (unit === "um" ? hasUm : hasPx));
  const rows = images.map((image) => columns.map(({ value }) => quote(value(image))).join(","));
  return `${[columns.map(({ header }) => quote(header)).join(","), ...rows].join("\n")}\n`;
}

type Cell = string | number | null;

interface CsvColumn {
  readonly header: string;
  /** Only for calibrated ("um") or only for uncalibrated ("px") images. */
  readonly unit?: "um" | "px";
  readonly value: (image: ImageSummary) => Cell;
}

const COLUMNS: readonly CsvColumn[] = [
  { header: "file", value: (image) => image.file },
  { header: "specimen", value: (image) => image.specimen },
  { header: "method", value: (image) => image.method },
  { header: "kind", value: (image) => image.kind },
  { header: "width (px)", value: (image) => image.width },
  { header: "height (px)", value: (image) => image.height },
  { header: "pixel size (um)", unit: "um", value: (image) => image.pixelSizeUm },
  { header: "calibration", unit: "um", value: (image) => image.calibrationSource },
  { header: "grains", value: (image) => image.nGrains },
  {
    header: "mean intercept (um)",
    unit: "um",
    value: (i) => (i.kind !== "grains" || i.pixelSizeUm === null ? null : i.meanInterceptUm),
  },
  {
    header: "mean intercept (px)",
    unit: "px",
    value: (i) => (i.kind === "grains" && i.pixelSizeUm === null ? i.meanInterceptPx : null),
  },
  { header: "intercepts", value: (image) => image.grainSizeNumber?.intercept.nIntercepts ?? null },
  { header: "anisotropy index", value: (image) => image.anisotropyIndex },
  { header: "G intercept", unit: "um", value: (image) => image.grainSizeNumber?.intercept.G ?? null },
  { header: "G planimetric", unit: "um", value: (image) => image.grainSizeNumber?.planimetric.G ?? null },
  {
    header: "grains per area (1/mm^2)",
    unit: "um",
    value: (image) => image.grainSizeNumber?.planimetric.gradeNa ?? null,
  },
  {
    header: "mean equivalent diameter (um)",
    unit: "um",
    value: (i) => diametersOf(i, "um")?.mean ?? null,
  },
  {
    header: "median equivalent diameter (um)",
    unit: "um",
    value: (i) => diametersOf(i, "um")?.median ?? null,
  },
  {
    header: "mean equivalent diameter (px)",
    unit: "px",
    value: (i) => diametersOf(i, "px")?.mean ?? null,
  },
  {
    header: "median equivalent diameter (px)",
    unit: "px",
    value: (i) => diametersOf(i, "px")?.median ?? null,
  },
  {
    header: "boundary length density (1/um)",
    unit: "um",
    value: (i) => (i.kind === "layers" || i.pixelSizeUm === null ? null : i.boundaryLengthDensityPerUm),
  },
  {
    header: "surface area density (1/um)",
    unit: "um",
    value: (i) => (i.kind === "layers" || i.pixelSizeUm === null ? null : i.surfaceAreaDensityPerUm),
  },
  {
    header: "phase fractions",
    value: ({ phaseFractions }) =>
      phaseFractions.map(({ phase, fraction }) => `${phase} ${figures(fraction)}`).join("; "),
  },
  { header: "warnings", value: (image) => image.warnings.join("; ") },
];

function diametersOf(image: ImageSummary, unit: "um" | "px"): DiameterStatistics | null {
  if (image.kind === "layers") return null;
  if (image.pixelSizeUm === null) return unit === "px" ? image.equivalentDiameterPx : null;
  return unit === "um" ? image.equivalentDiameterUm : null;
}

function figures(value: number): string {
  return String(Number(value.toPrecision(7)));
}

function quote(cell: Cell): string {
  if (cell === null) return "";
  const text = typeof cell === "number" ? figures(cell) : cell;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
