import { createRaster, DataError, DomainError, type LabelMap, ShapeError } from "@materiome/core";
import { boundsOf, paintLine, paintPolygon } from "../regions/paintPixels.ts";
import type { Annotation, AnnotationPolygon, AnnotationSet } from "./annotation.ts";
import { selfIntersection } from "./selfIntersection.ts";

export interface RasteriseAnnotationsOptions {
  /** Size of the image. @defaultValue what the file says */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  /**
   * `class`: the number of its class, for training. `instance`: the label of the region, or its place in the list from 1 where no
   * annotation has one.
   *
   * @defaultValue "class"
   */
  readonly by?: "class" | "instance" | undefined;
  /** Names of the classes 1, 2, …; others are refused. @defaultValue those of the file, in the order of first appearance */
  readonly classes?: readonly string[] | undefined;
  /** Pixels marked with two different numbers: an error, or the later (earlier) annotation of the list. @defaultValue "error" */
  readonly overlap?: "error" | "later" | "earlier" | undefined;
  /** What reaches over the border by more than a pixel: an error, or cut off. @defaultValue "error" */
  readonly outside?: "error" | "clip" | undefined;
  /** Outlines that cross themselves: an error, or filled by the even–odd rule. @defaultValue "error" */
  readonly crossing?: "error" | "evenOdd" | undefined;
}

export interface RasterisedAnnotations {
  /** 0 where nothing is marked. */
  readonly labels: LabelMap;
  /** classes[k − 1] is the name of class k; empty for `by: "instance"`. */
  readonly classes: readonly string[];
  /** Places in the list (from 0) of annotations so small that they cover no pixel centre. */
  readonly empty: readonly number[];
}

/**
 * Label raster of polygons and lines: a pixel belongs to a polygon if its centre lies inside by the even–odd rule (a centre on a
 * left or upper edge is inside, on a right or lower edge outside, so that polygons with a common edge share no pixel), to a line if
 * its centre is at most half the width of the pen (at least ½ px) away from it.
 *
 * @throws ShapeError if the size is not known or is not that of the file
 * @throws DataError for an unknown class, an annotation outside the image, an outline that crosses itself, or overlaps
 * @example
 * const { labels, classes } = rasteriseAnnotations(readLabelMe(text), { classes: ["matrix", "carbide"] });
 */
export function rasteriseAnnotations(
  set: AnnotationSet,
  options: RasteriseAnnotationsOptions = {},
): RasterisedAnnotations {
  const { width, height } = sizeOf(set, options);
  const { by = "class", overlap = "error", outside = "error", crossing = "error" } = options;
  const classes = by === "instance" ? [] : (options.classes ?? classesOf(set));
  if (new Set(classes).size < classes.length) {
    throw new DomainError(`rasteriseAnnotations: classes holds a name twice: ${classes.join(", ")}`);
  }
  const numbers = set.annotations.map((annotation, k) =>
    by === "instance" ? instanceNumber(set, annotation, k) : classNumber(annotation, k, classes),
  );
  const data = new Uint32Array(width * height);
  const owner = new Int32Array(overlap === "error" ? data.length : 0);
  const empty: number[] = [];
  for (const [k, annotation] of set.annotations.entries()) {
    const number = numbers[k]!; // one per annotation
    const where = describe(annotation, k);
    let nPixels = 0;
    const paint = (i: number): void => {
      nPixels++;
      const old = data[i]!; // inside the image
      if (old !== 0 && old !== number) {
        if (overlap === "error") {
          throw new DataError(
            `rasteriseAnnotations: ${where} and ${describe(set.annotations[owner[i]!]!, owner[i]!)} overlap at pixel (${i % width}, ${Math.floor(i / width)}); mend them, or choose overlap: "later" or "earlier"`,
          );
        }
        if (overlap === "earlier") return;
      }
      data[i] = number;
      if (overlap === "error") owner[i] = k;
    };
    let isInside = false;
    for (const polygon of annotation.polygons) {
      if (crossing === "error") refuseCrossing(polygon, where);
      isInside = requireInside(polygon.rings, 0, width, height, outside, where) || isInside;
      paintPolygon(polygon, width, height, paint);
    }
    for (const line of annotation.lines ?? []) {
      isInside = requireInside([line.points], line.widthPx / 2, width, height, outside, where) || isInside;
      paintLine(line, width, height, paint);
    }
    if (!isInside) {
      throw new DataError(
        `rasteriseAnnotations: ${where} lies outside the image of ${width} × ${height}; does the file belong to this image?`,
      );
    }
    if (nPixels === 0) empty.push(k);
  }
  const labels = createRaster(data, width, height, { pixelSizeUm: set.pixelSizeUm });
  return { labels, classes, empty };
}

function sizeOf(set: AnnotationSet, options: RasteriseAnnotationsOptions): { width: number; height: number } {
  const width = options.width ?? set.width;
  const height = options.height ?? set.height;
  if (width === undefined || height === undefined) {
    throw new ShapeError("rasteriseAnnotations: the file does not say how large the image is; give width and height");
  }
  if ((set.width ?? width) !== width || (set.height ?? height) !== height) {
    throw new ShapeError(
      `rasteriseAnnotations: the image is ${width} × ${height}, but the annotations were made on ${set.width} × ${set.height}${set.imageName === undefined ? "" : ` (${set.imageName})`}`,
    );
  }
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0)) {
    throw new ShapeError(`rasteriseAnnotations: the size must be whole numbers above 0, got ${width} × ${height}`);
  }
  return { width, height };
}

function classesOf(set: AnnotationSet): string[] {
  return [...new Set(set.annotations.map((annotation) => annotation.className))];
}

function classNumber(annotation: Annotation, k: number, classes: readonly string[]): number {
  if (annotation.className === "") {
    throw new DataError(`rasteriseAnnotations: ${describe(annotation, k)} has no class; name it in the file`);
  }
  const number = classes.indexOf(annotation.className) + 1;
  if (number > 0) return number;
  throw new DataError(
    `rasteriseAnnotations: ${describe(annotation, k)} is of the class "${annotation.className}", which is none of ${classes.join(", ")}`,
  );
}

function instanceNumber(set: AnnotationSet, annotation: Annotation, k: number): number {
  const { label } = annotation;
  if (label === undefined) {
    if (set.annotations.some((other) => other.label !== undefined)) {
      throw new DataError(`rasteriseAnnotations: ${describe(annotation, k)} has no label, but others have`);
    }
    return k + 1;
  }
  if (Number.isInteger(label) && label > 0 && label <= 0xffffffff) return label;
  throw new DataError(
    `rasteriseAnnotations: ${describe(annotation, k)}: labels are whole numbers from 1, got ${label}`,
  );
}

function describe(annotation: Annotation, k: number): string {
  const name = annotation.name ?? annotation.className;
  return `annotation ${k + 1}${name === "" ? "" : ` ("${name}")`}`;
}

function refuseCrossing(polygon: AnnotationPolygon, where: string): void {
  for (const ring of polygon.rings) {
    const found = selfIntersection(ring);
    if (found === undefined) continue;
    throw new DataError(
      `rasteriseAnnotations: the outline of ${where} crosses itself near (${found.x.toFixed(1)}, ${found.y.toFixed(1)}); mend it, or choose crossing: "evenOdd"`,
    );
  }
}

/** False if nothing of it lies in the image. */
function requireInside(
  rings: readonly Float64Array[],
  reach: number,
  width: number,
  height: number,
  outside: "error" | "clip",
  where: string,
): boolean {
  const box = boundsOf(rings);
  const isAway =
    box.minX - reach >= width || box.maxX + reach <= 0 || box.minY - reach >= height || box.maxY + reach <= 0;
  if (isAway) return false;
  const over = Math.max(-box.minX, -box.minY, box.maxX - width, box.maxY - height);
  if (over > TOOLS_OVERSHOOT_PX && outside === "error") {
    throw new DataError(
      `rasteriseAnnotations: ${where} reaches ${over.toFixed(1)} px over the border of the image of ${width} × ${height}; does the file belong to this image? Choose outside: "clip" if so`,
    );
  }
  return true;
}

const TOOLS_OVERSHOOT_PX = 1;
