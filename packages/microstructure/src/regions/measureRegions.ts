import {
  type Column,
  type ColumnRole,
  createCategoryColumn,
  createNumberColumn,
  createTextColumn,
  DomainError,
  type LabelMap,
  type Raster,
  Table,
} from "@materiome/core";
import { INTENSITY_FIELDS, regionIntensity, regionPixels } from "../kernels/index.ts";
import { inscribedCircle } from "./inscribedCircles.ts";
import { largestLabel, requireLabels, requireSameSize } from "./labelCheck.ts";
import { neighbourLists, regionBoundaries } from "./regionBoundaries.ts";
import { eulerNumbersOf, hullsOf } from "./regionShapes.ts";
import { type Region, regionTable } from "./regionTable.ts";
import { junctionsOf } from "./tripleJunctions.ts";

/**
 * Groups of columns of `measureRegions`:
 *
 * - `size`: area, equivalent diameter √(4A/π), perimeter P (Crofton), centroid, bounding box, whether it touches the edge;
 * - `ellipse`: axes, orientation and aspect ratio of the ellipse of equal second moments;
 * - `hull`: area and perimeter of the convex hull, Feret diameters (largest, its direction, smallest, mean = hull
 *   perimeter/π), solidity = area / hull area, convexity = hull perimeter / P, circularity 4πA/P²;
 * - `topology`: Euler number (parts − holes, 8-connected);
 * - `grey`: mean, standard deviation (divided by n), least, most and median in each channel; needs an image;
 * - `neighbours`: number of regions with a common pixel edge, their labels and the lengths shared (in the order of the labels), and
 *   the number of junctions (pixel corners) where the region meets two others or more;
 * - `circle`: diameter and centre of the largest circle inside (a distance transform per region: the slowest).
 */
export type RegionMeasure = "size" | "ellipse" | "hull" | "topology" | "grey" | "neighbours" | "circle";

export interface MeasureRegionsOptions {
  /** @defaultValue size, ellipse, hull, topology, and grey where there is an image */
  readonly measures?: readonly RegionMeasure[] | undefined;
  /** Names of the channels. @defaultValue grey; red, green, blue for three; channel 1 … n for others */
  readonly channelNames?: readonly string[] | undefined;
}

/**
 * Table of the regions of a label map, one row each by rising label, ready to be joined, filtered, and written as CSV with
 * units (`writeTable`). Lengths are in µm where the labels are calibrated, else in px; places (centroid, bounding box)
 * always are in px, the centre of the first pixel at (0, 0).
 *
 * Perimeters and ellipses are those of `regionTable`. The convex hull is that of the pixels as unit squares, so a single pixel
 * has the largest Feret diameter √2; circularity of few pixels can exceed 1, as Crofton's perimeter is an estimate.
 *
 * @param labels - regions 1 … n; 0 is left out
 * @param image - of the same size, any number of channels
 * @throws ShapeError if image and labels differ in size; DomainError for an unknown measure, or `grey` without an image
 * @see Feret diameters, convexity, solidity, circularity: ISO 9276-6:2008 §8
 * @see rotating calipers: M. I. Shamos, thesis, Yale (1978)
 * @example
 * const table = measureRegions(labels, image, { measures: ["size", "hull", "neighbours"] });
 * const csv = writeTable(table);
 */
export function measureRegions(labels: LabelMap, image?: Raster, options: MeasureRegionsOptions = {}): Table {
  requireLabels("measureRegions", labels);
  const measures = new Set(options.measures ?? [...DEFAULTS, ...(image === undefined ? [] : ["grey" as const])]);
  for (const measure of measures) {
    if (!MEASURES.includes(measure)) {
      throw new DomainError(`measureRegions: there is no measure "${measure}"; measures are ${MEASURES.join(", ")}`);
    }
  }
  if (image !== undefined) requireSameSize("measureRegions", labels, image);
  largestLabel("measureRegions", labels);
  const regions = regionTable(labels);
  const writer = columnWriter(labels.pixelSizeUm);
  const columns: Column[] = [writer.number("label", "", regions, (r) => r.label, "id")];
  if (measures.has("size")) columns.push(...sizeColumns(regions, writer));
  if (measures.has("ellipse")) {
    columns.push(
      writer.length("major axis", regions, (r) => r.majorAxisPx),
      writer.length("minor axis", regions, (r) => r.minorAxisPx),
      writer.number("aspect ratio", "", regions, (r) => r.aspectRatio),
      writer.number("orientation", "deg", regions, (r) => r.orientationDeg),
    );
  }
  if (measures.has("hull")) columns.push(...hullColumns(labels, regions, writer));
  if (measures.has("topology")) {
    const euler = eulerNumbersOf(labels, regions);
    columns.push(createNumberColumn("Euler number", euler, { role: "structure" }));
  }
  if (measures.has("grey")) columns.push(...greyColumns(labels, image, regions, options.channelNames));
  if (measures.has("neighbours")) columns.push(...neighbourColumns(labels, regions, writer));
  if (measures.has("circle")) {
    const circles = regions.map((region) => inscribedCircle(labels, region.label, region));
    columns.push(
      writer.length("inscribed diameter", circles, (circle) => 2 * circle.radiusPx),
      writer.number("inscribed x", "px", circles, (circle) => circle.x, "note"),
      writer.number("inscribed y", "px", circles, (circle) => circle.y, "note"),
    );
  }
  return new Table(columns);
}

const MEASURES: readonly string[] = ["size", "ellipse", "hull", "topology", "grey", "neighbours", "circle"];
const DEFAULTS: readonly RegionMeasure[] = ["size", "ellipse", "hull", "topology"];

interface ColumnWriter {
  readonly scale: number;
  readonly unit: string;
  number<T>(name: string, unit: string, rows: readonly T[], value: (row: T) => number, role?: ColumnRole): Column;
  length<T>(name: string, rows: readonly T[], value: (row: T) => number): Column;
  area<T>(name: string, rows: readonly T[], value: (row: T) => number): Column;
}

function columnWriter(pixelSizeUm: number | undefined): ColumnWriter {
  const scale = pixelSizeUm ?? 1;
  const unit = pixelSizeUm === undefined ? "px" : "um";
  const number: ColumnWriter["number"] = (name, ofUnit, rows, value, role = "structure") =>
    createNumberColumn(name, Float64Array.from(rows, value), { role, unit: ofUnit });
  return {
    scale,
    unit,
    number,
    length: (name, rows, value) => number(name, unit, rows, (row) => value(row) * scale),
    area: (name, rows, value) => number(name, `${unit}^2`, rows, (row) => value(row) * scale * scale),
  };
}

function sizeColumns(regions: readonly Region[], writer: ColumnWriter): Column[] {
  return [
    writer.area("area", regions, (r) => r.areaPx),
    writer.length("equivalent diameter", regions, (r) => r.equivalentDiameterPx),
    writer.length("perimeter", regions, (r) => r.perimeterPx),
    writer.number("centroid x", "px", regions, (r) => r.centroidX, "note"),
    writer.number("centroid y", "px", regions, (r) => r.centroidY, "note"),
    writer.number("min x", "px", regions, (r) => r.minX, "note"),
    writer.number("max x", "px", regions, (r) => r.maxX, "note"),
    writer.number("min y", "px", regions, (r) => r.minY, "note"),
    writer.number("max y", "px", regions, (r) => r.maxY, "note"),
    createCategoryColumn(
      "touches edge",
      regions.map((r) => (r.touchesEdge ? "yes" : "no")),
      { role: "note" },
    ),
  ];
}

function hullColumns(labels: LabelMap, regions: readonly Region[], writer: ColumnWriter): Column[] {
  const rows = hullsOf(labels, regions).map((hull, k) => ({ hull, region: regions[k]! })); // one hull per region
  return [
    writer.area("hull area", rows, ({ hull }) => hull.areaPx),
    writer.length("hull perimeter", rows, ({ hull }) => hull.perimeterPx),
    writer.length("max Feret diameter", rows, ({ hull }) => hull.maxFeretPx),
    writer.length("min Feret diameter", rows, ({ hull }) => hull.minFeretPx),
    writer.length("mean Feret diameter", rows, ({ hull }) => hull.perimeterPx / Math.PI),
    writer.number("max Feret direction", "deg", rows, ({ hull }) => hull.maxFeretDeg),
    writer.number("solidity", "", rows, ({ hull, region }) => region.areaPx / hull.areaPx),
    writer.number("convexity", "", rows, ({ hull, region }) => hull.perimeterPx / region.perimeterPx),
    writer.number("circularity", "", rows, ({ region }) => (4 * Math.PI * region.areaPx) / region.perimeterPx ** 2),
  ];
}

function greyColumns(
  labels: LabelMap,
  image: Raster | undefined,
  regions: readonly Region[],
  channelNames: readonly string[] | undefined,
): Column[] {
  if (image === undefined) {
    throw new DomainError('measureRegions: the measure "grey" needs an image; pass it as the second argument');
  }
  const { channels } = image;
  const names = channelNames ?? namesOf(channels);
  if (names.length !== channels) {
    throw new DomainError(`measureRegions: ${names.length} channelNames for ${channels} channels`);
  }
  const n = regions.at(-1)?.label ?? 0;
  const starts = new Uint32Array(n + 2);
  const order = new Uint32Array(labels.data.length);
  regionPixels(n, labels.data, starts, order);
  const values = new Float64Array(regions.reduce((most, r) => Math.max(most, r.areaPx), 0));
  return names.flatMap((name, channel) => {
    const out = new Float64Array((n + 1) * INTENSITY_FIELDS);
    regionIntensity(n, starts, order, image.data, channels, channel, values, out);
    return GREY.map((what, k) =>
      createNumberColumn(
        `${what} ${name}`,
        Float64Array.from(regions, (r) => out[r.label * INTENSITY_FIELDS + k]!), // a row per label
        { role: "structure" },
      ),
    );
  });
}

const GREY = ["mean", "std", "min", "max", "median"];

function namesOf(channels: number): string[] {
  if (channels === 1) return ["grey"];
  if (channels === 3) return ["red", "green", "blue"];
  return Array.from({ length: channels }, (_, k) => `channel ${k + 1}`);
}

function neighbourColumns(labels: LabelMap, regions: readonly Region[], writer: ColumnWriter): Column[] {
  const lists = neighbourLists(regionBoundaries(labels));
  const rows = regions.map((r) => lists.get(r.label) ?? []);
  const texts = (what: string, unit: string, text: (entry: { label: number; lengthPx: number }) => string): Column =>
    createTextColumn(
      what,
      rows.map((list) => list.map(text).join(" ")),
      { role: "note", kind: "text", unit },
    );
  return [
    writer.number("neighbours", "", rows, (list) => list.length),
    createNumberColumn("junctions", junctionsOf(labels, regions), { role: "structure" }),
    texts("neighbour labels", "", ({ label }) => String(label)),
    texts("shared lengths", writer.unit, ({ lengthPx }) => String(Number((lengthPx * writer.scale).toPrecision(7)))),
  ];
}
