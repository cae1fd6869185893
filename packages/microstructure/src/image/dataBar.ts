import { createRaster, type Raster } from "@materiome/core";
import { memoryStore, type RowReader } from "../bands/rowStore.ts";
import { nearCounts } from "../kernels/index.ts";

/** A strip of text and scale that a microscope wrote under (seldom over) the picture. */
export interface DataBar {
  readonly side: "bottom" | "top";
  /** First row of the strip in the file, and how many it has. */
  readonly top: number;
  readonly rows: number;
  /** Why it was taken for one. */
  readonly reason: string;
  /** Its pixels, for `measureScaleBar`. */
  readonly image: Raster<Float32Array>;
}

/**
 * Finds the data bar of a micrograph.
 *
 * Where the microscope states the rows it scanned, the rest is the bar. Else a strip along the bottom or top edge is one
 * if: it is 2 … 30 % of the height and at least 12 rows; every row has one exact grey (± 2.5 % of the scale) on at least
 * 35 % of its length, save separating lines; blank rows of only that grey lie among them; 0.2 … 55 % of its pixels are
 * marks in strong contrast to it; and the picture begins within 3 rows, all along the edge: that grey falls from at least
 * 90 % of a row to less than half. A dark or bright region of the specimen has no such straight edge.
 *
 * @param scannedRows - as the microscope states it
 * @returns undefined where there is none, or not surely
 */
export function findDataBar(grey: Raster<Float32Array>, scannedRows?: number): DataBar | undefined {
  return findBarRows(memoryStore("float32", grey.width, grey.height, grey.data), scannedRows);
}

/** `findDataBar` of an image that need not be in memory. */
export function findBarRows(grey: RowReader<Float32Array>, scannedRows?: number): DataBar | undefined {
  const { width, height } = grey;
  if (scannedRows !== undefined) {
    if (scannedRows >= height) return undefined; // saved without a bar
    return strip(grey, "bottom", height - scannedRows, `the microscope states ${scannedRows} rows of image`);
  }
  if (width < 48 || height < 48) return undefined;
  for (const side of ["bottom", "top"] as const) {
    const rows = barRows(side === "bottom" ? (y) => row(grey, height - 1 - y) : (y) => row(grey, y), width, height);
    if (rows === undefined) continue;
    return strip(grey, side, rows, "a strip of one grey with marks and a straight edge to the picture");
  }
  return undefined;
}

/** The picture without its bar. */
export function withoutBar<T extends Raster<Float32Array>>(image: T, bar: DataBar): Raster<Float32Array> {
  const { data, width, height, channels, pixelSizeUm } = image;
  const row = width * channels;
  const part = bar.side === "bottom" ? data.slice(0, bar.top * row) : data.slice(bar.rows * row);
  return createRaster(part, width, height - bar.rows, { channels, pixelSizeUm });
}

/** Rows looked at: the largest bar and what must differ beyond it. */
function searched(height: number): number {
  return Math.min(height, Math.ceil(0.3 * height) + 16);
}

/** A row of the edge, counted inwards; valid until the next is read. */
type EdgeRows = (y: number) => Float32Array;

function row(grey: RowReader<Float32Array>, y: number): Float32Array {
  return grey.read(y, y + 1);
}

const TOLERANCE = 0.025;
const STRONG = 0.25;

function barRows(rows: EdgeRows, width: number, height: number): number | undefined {
  const nRows = searched(height);
  const background = mode(rows, 0, Math.min(nRows, Math.max(8, Math.round(0.02 * height))));
  const shares = Float64Array.from({ length: nRows }, (_, y) => nearShare(rows(y), background));
  const share = (y: number): number => shares[y] ?? 0;
  let end = 0; // rows that belong to the bar so far
  for (let y = 0; y < nRows && y <= end + 3; y++) if (share(y) >= 0.35) end = y + 1;
  const least = Math.max(12, 0.02 * height);
  if (end < least || end > 0.3 * height) return undefined;
  // Inwards of the bar every row has less than 35 % of its grey within 3 rows; beyond a border line it must stay so.
  let blankBefore = 0;
  for (let y = Math.max(0, end - 3); y < end; y++) blankBefore = Math.max(blankBefore, share(y));
  let beyond = 0;
  for (let y = end + 3; y < Math.min(nRows, end + 13); y++) beyond = Math.max(beyond, share(y));
  if (blankBefore < 0.9 || beyond > 0.5) return undefined;
  let nBlank = 0;
  let nMarks = 0;
  for (let y = 0; y < end; y++) {
    if (share(y) >= 0.98) nBlank++;
    for (const value of rows(y)) if (Math.abs(value - background) > STRONG) nMarks++;
  }
  const marks = nMarks / (end * width);
  if (nBlank < Math.max(3, 0.08 * end) || marks < 0.002 || marks > 0.55) return undefined;
  return end + borderRows(rows, end, nRows);
}

/** Rows of the line between bar and picture, at most 4: more of one grey in a row are picture. */
function borderRows(rows: EdgeRows, from: number, nRows: number): number {
  let n = 0;
  let grey: number | undefined;
  for (let y = from; y < Math.min(nRows, from + 5); y++) {
    grey ??= mode(rows, y, y + 1);
    if (nearShare(rows(y), grey) < 0.95) break;
    n++;
  }
  return n > 4 ? 0 : n;
}

/** Share of a row that has a grey. */
function nearShare(values: Float32Array, grey: number): number {
  const count = new Uint32Array(1);
  nearCounts(values.length, 1, values, grey, TOLERANCE, count);
  return (count[0] ?? 0) / values.length;
}

/** Most frequent of 256 greys in the rows `from` … `to` − 1 of an edge. */
function mode(rows: EdgeRows, from: number, to: number): number {
  const counts = new Uint32Array(256);
  for (let y = from; y < to; y++) {
    for (const value of rows(y)) counts[Math.min(255, Math.max(0, Math.round(value * 255)))]!++; // clamped to the bins
  }
  return counts.indexOf(Math.max(...counts)) / 255;
}

function strip(grey: RowReader<Float32Array>, side: "bottom" | "top", rows: number, reason: string): DataBar {
  const { width, height } = grey;
  const top = side === "bottom" ? height - rows : 0;
  const image = createRaster(grey.read(top, top + rows).slice(), width, rows);
  return { side, top, rows, reason, image };
}
