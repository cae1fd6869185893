import { DataError, DomainError, type Raster, ShapeError } from "@materiome/core";
import type { Calibration } from "./calibration.ts";
import type { DecodeRegion } from "./decodeSamples.ts";

export interface MeasureScaleBarOptions {
  /** Part of the image to look in, px. @defaultValue all of it */
  readonly region?: DecodeRegion | undefined;
  /** Length written beside the bar, µm: gives a calibration. @defaultValue none: only pixels */
  readonly lengthUm?: number | undefined;
}

export interface ScaleBar {
  /** From end to end; of a bar with ticks from middle to middle of the ticks. */
  readonly lengthPx: number;
  /** Half the width of an end: how far another reading of the ends could lie off. */
  readonly uncertaintyPx: number;
  /** First and last column and row of the line itself, in the image. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly polarity: "bright" | "dark";
  readonly hasTicks: boolean;
  /** Where `lengthUm` is given. */
  readonly calibration?: Calibration | undefined;
}

/**
 * Length of the scale bar in a picture or in its data bar: a horizontal line, plain or with end ticks, white on black or
 * black on white.
 *
 * The longest straight, evenly filled horizontal run counts whose ends are the same in all its rows, that is at most a
 * quarter as thick as long, longer than 20 px and 4 % of the width, and shorter than 95 % of it; closed frames are passed
 * over. Half-filled pixels at the ends count by their grey.
 *
 * @param image - one channel; the data bar's own pixels are in `Micrograph.dataBar.image`
 * @throws DataError where there is no such line, or two of them differ in length and neither is longer than the other by 5 %
 * @throws ShapeError for colour and for a region outside the image
 * @throws DomainError for a length that is not positive
 * @example
 * const { calibration } = measureScaleBar(micrograph.dataBar?.image ?? micrograph.grey, { lengthUm: 20 });
 */
export function measureScaleBar(image: Raster<Float32Array>, options: MeasureScaleBarOptions = {}): ScaleBar {
  if (image.channels !== 1) throw new ShapeError(`measureScaleBar: expected one channel, got ${image.channels}`);
  const { lengthUm } = options;
  if (lengthUm !== undefined && !(lengthUm > 0 && Number.isFinite(lengthUm))) {
    throw new DomainError(`measureScaleBar: lengthUm must be a positive number of µm, got ${lengthUm}`);
  }
  const view = cut(image, options.region);
  const found: Line[] = [];
  for (const polarity of polarities(view)) found.push(...lines(view, polarity));
  found.sort((a, b) => b.right - b.left - (a.right - a.left));
  const [best] = found;
  if (best === undefined) {
    throw new DataError(
      "measureScaleBar: no horizontal bar found; give the region around it, or measure it by hand and give pixelSizeUm",
    );
  }
  const bar = measure(view, best);
  const rival = found.find((line) => line.top > best.bottom + 2 || line.bottom < best.top - 2);
  const rivalPx = rival === undefined ? 0 : rival.right - rival.left + 1;
  if (rival !== undefined && Math.abs(rivalPx - (best.right - best.left + 1)) > 2 && rivalPx > 0.95 * bar.lengthPx) {
    throw new DataError(
      `measureScaleBar: two lines of ${bar.lengthPx.toFixed(1)} and ${rivalPx} px could be the bar; give the region around the right one`,
    );
  }
  const calibration: Calibration | undefined =
    lengthUm === undefined ? undefined : { pixelSizeUm: lengthUm / bar.lengthPx, source: "scale bar" };
  const { left: dx, top: dy } = view;
  const { left, right, top, bottom } = bar;
  return { ...bar, left: left + dx, right: right + dx, top: top + dy, bottom: bottom + dy, calibration };
}

interface View extends DecodeRegion {
  readonly data: Float32Array;
  readonly low: number;
  readonly high: number;
}

interface Line {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly polarity: "bright" | "dark";
}

function cut(image: Raster<Float32Array>, region: DecodeRegion | undefined): View {
  const { left, top, width, height } = region ?? { left: 0, top: 0, width: image.width, height: image.height };
  const fits = left >= 0 && top >= 0 && width > 0 && height > 0;
  if (!fits || left + width > image.width || top + height > image.height) {
    throw new ShapeError(
      `measureScaleBar: the region ${width} × ${height} at (${left}, ${top}) does not lie in the image of ${image.width} × ${image.height}`,
    );
  }
  const data = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = (top + y) * image.width + left;
    data.set(image.data.subarray(from, from + width), y * width);
  }
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of data) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { left, top, width, height, data, low, high };
}

/** Marks are the rarer of dark and bright where one of them is the plain ground of the strip. */
function polarities({ data, low, high }: View): readonly ("bright" | "dark")[] {
  let dark = 0;
  let bright = 0;
  for (const value of data) {
    if (value < low + 0.1 * (high - low)) dark++;
    else if (value > high - 0.1 * (high - low)) bright++;
  }
  if (dark >= 0.4 * data.length) return ["bright"];
  return bright >= 0.4 * data.length ? ["dark"] : ["bright", "dark"];
}

/** How much of a pixel the bar fills, by its grey: 0 … 1 between the two extremes. */
function fill({ data, width, low, high }: View, polarity: Line["polarity"], x: number, y: number): number {
  const value = ((data[y * width + x] ?? low) - low) / (high - low);
  return polarity === "bright" ? value : 1 - value;
}

function lines(view: View, polarity: Line["polarity"]): Line[] {
  const { width, height, low, high } = view;
  if (!(high - low > 0.1)) return [];
  const least = Math.max(20, 0.04 * width);
  const open: { left: number; right: number; top: number; bottom: number }[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (fill(view, polarity, x, y) < 0.7) continue;
      const left = x;
      while (x + 1 < width && fill(view, polarity, x + 1, y) >= 0.7) x++;
      if (x - left + 1 < least || x - left + 1 > 0.95 * width) continue;
      const same = open.find(
        (one) => one.bottom === y - 1 && Math.abs(one.left - left) <= 1 && Math.abs(one.right - x) <= 1,
      );
      if (same === undefined) open.push({ left, right: x, top: y, bottom: y });
      else same.bottom = y;
    }
  }
  return open
    .filter((line) => 4 * (line.bottom - line.top + 1) <= line.right - line.left + 1)
    .filter((line) => isFree(view, line, polarity) && !isFrame(open, line))
    .map((line) => ({ ...line, polarity }));
}

/** Above and below a bar there is ground, save at ticks: a part of a larger patch is no bar. */
function isFree(view: View, line: Omit<Line, "polarity">, polarity: Line["polarity"]): boolean {
  const margin = Math.ceil(0.15 * (line.right - line.left + 1));
  for (const y of [line.top - 2, line.bottom + 2]) {
    if (y < 0 || y >= view.height) continue;
    let on = 0;
    for (let x = line.left + margin; x <= line.right - margin; x++) if (fill(view, polarity, x, y) > 0.5) on++;
    if (on > 0.2 * (line.right - line.left + 1 - 2 * margin)) return false;
  }
  return true;
}

/** Another line with the same ends closes a box of at least 6 rows. */
function isFrame(all: readonly Omit<Line, "polarity">[], line: Omit<Line, "polarity">): boolean {
  return all.some(
    (other) =>
      Math.abs(other.top - line.top) >= 6 &&
      Math.abs(other.left - line.left) <= 1 &&
      Math.abs(other.right - line.right) <= 1,
  );
}

function measure(view: View, line: Line): Omit<ScaleBar, "calibration"> {
  const { left, right, top, bottom, polarity } = line;
  const middle = Math.round((top + bottom) / 2);
  let lengthPx = right - left + 1;
  for (const x of [left - 1, right + 1]) {
    if (x >= 0 && x < view.width) lengthPx += Math.min(1, Math.max(0, fill(view, polarity, x, middle)));
  }
  for (const x of [left, right]) lengthPx -= 1 - Math.min(1, fill(view, polarity, x, middle));
  const ticks = [tickWidth(view, line, left, 1), tickWidth(view, line, right, -1)];
  const tick = Math.min(...ticks);
  const hasTicks = tick > 0;
  return {
    lengthPx: hasTicks ? lengthPx - tick : lengthPx,
    uncertaintyPx: hasTicks ? Math.max(0.5, tick / 2) : 0.5,
    left,
    right,
    top,
    bottom,
    polarity,
    hasTicks,
  };
}

/** Columns from an end inwards that reach at least 2 rows beyond the line. */
function tickWidth(view: View, line: Line, end: number, step: 1 | -1): number {
  let n = 0;
  for (let x = end; n < (line.right - line.left) / 8; x += step, n++) {
    const above = line.top >= 2 && fill(view, line.polarity, x, line.top - 2) > 0.5;
    const below = line.bottom + 2 < view.height && fill(view, line.polarity, x, line.bottom + 2) > 0.5;
    if (!above && !below) break;
  }
  return n;
}
