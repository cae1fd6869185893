import { FormatError, type Json } from "@materiome/core";
import type { Annotation, AnnotationLine, AnnotationPolygon, AnnotationSet } from "./annotation.ts";
import { ellipseRing } from "./ellipseRing.ts";
import { type JsonObject, list, object, parsed, pointList, ring, size, text } from "./jsonFields.ts";
import { slitRing } from "./slitRings.ts";

/**
 * Annotations as the JSON of LabelMe. Parts of a region share its label as `group_id`; holes are joined to the outline by slits of
 * no width, as LabelMe's polygons have none; lines become `linestrip` without their width.
 *
 * @throws FormatError if the size of the image is not known
 * @see https://github.com/wkentaro/labelme
 * @example
 * const json = JSON.stringify(labelMeJson(annotateRegions(labels, { imageName: "steel.png" })));
 */
export function labelMeJson(set: AnnotationSet): { readonly [key: string]: Json } {
  const { width, height } = set;
  if (width === undefined || height === undefined) {
    throw new FormatError("labelMeJson: the size of the image is not known; set width and height");
  }
  const shape = (annotation: Annotation, points: Float64Array, kind: string): Json => ({
    label: annotation.className,
    points: Array.from({ length: points.length / 2 }, (_, k) => [points[2 * k]!, points[2 * k + 1]!]), // k < length / 2
    group_id: annotation.label ?? null,
    shape_type: kind,
    flags: {},
  });
  return {
    version: "5.0.0",
    flags: {},
    shapes: set.annotations.flatMap((annotation) => [
      ...annotation.polygons.map((polygon) => shape(annotation, slitRing(polygon), "polygon")),
      ...(annotation.lines ?? []).map((line) => shape(annotation, line.points, "linestrip")),
    ]),
    imagePath: set.imageName ?? "",
    imageData: null,
    imageHeight: height,
    imageWidth: width,
  };
}

export interface ReadLabelMeOptions {
  /** Width of the pen of `line` and `linestrip`, px. @defaultValue 1 */
  readonly lineWidthPx?: number | undefined;
}

/**
 * Reads the JSON of LabelMe: polygons, rectangles, circles, lines; shapes of one label and `group_id` are parts of one annotation.
 * Points and masks are left out with a warning.
 *
 * @param json - text or parsed JSON
 * @throws FormatError for what is no LabelMe file or has a field of the wrong type
 * @example
 * const set = readLabelMe(await readFile("steel.json", "utf8"));
 */
export function readLabelMe(json: unknown, options: ReadLabelMeOptions = {}): AnnotationSet {
  const root = object(parsed(json, "readLabelMe"), "LabelMe file");
  const groups = new Map<string, Annotation & { polygons: AnnotationPolygon[]; lines: AnnotationLine[] }>();
  const warnings: string[] = [];
  for (const [k, entry] of list(root["shapes"], "shapes").entries()) {
    const where = `shapes[${k}]`;
    const shape = object(entry, where);
    const className = text(shape["label"], `${where}.label`);
    const kind = shape["shape_type"] === undefined ? "polygon" : text(shape["shape_type"], `${where}.shape_type`);
    const group = shape["group_id"];
    const label = typeof group === "number" && Number.isInteger(group) && group > 0 ? group : undefined;
    const key = typeof group === "number" ? `${group} ${className}` : `alone ${k}`;
    const part = readShape(shape, kind, where, options.lineWidthPx ?? 1);
    if (part === undefined) {
      warnings.push(`${where} ("${className}") is a ${kind}, which marks no area; it is left out`);
      continue;
    }
    const known = groups.get(key) ?? { className, label, polygons: [], lines: [] };
    groups.set(key, known);
    if ("rings" in part) known.polygons.push(part);
    else known.lines.push(part);
  }
  const width = root["imageWidth"];
  const height = root["imageHeight"];
  return {
    annotations: [...groups.values()],
    width: width === undefined || width === null ? undefined : size(width, "imageWidth"),
    height: height === undefined || height === null ? undefined : size(height, "imageHeight"),
    imageName: typeof root["imagePath"] === "string" ? root["imagePath"] : undefined,
    warnings,
  };
}

function readShape(
  shape: JsonObject,
  kind: string,
  where: string,
  widthPx: number,
): AnnotationPolygon | AnnotationLine | undefined {
  const at = `${where}.points`;
  const pair = (): [number, number, number, number] => {
    const points = pointList(shape["points"], at);
    if (points.length === 4) return [...points] as [number, number, number, number];
    throw new FormatError(`${at}: a ${kind} has 2 points, got ${points.length / 2}`);
  };
  switch (kind) {
    case "polygon":
      return { rings: [ring(pointList(shape["points"], at), at)] };
    case "rectangle": {
      const [x0, y0, x1, y1] = pair();
      if (x0 === x1 || y0 === y1) throw new FormatError(`${at}: the rectangle has no area`);
      return { rings: [Float64Array.of(x0, y0, x1, y0, x1, y1, x0, y1)] };
    }
    case "circle": {
      const [x0, y0, x1, y1] = pair();
      const radius = Math.hypot(x1 - x0, y1 - y0);
      if (radius === 0) throw new FormatError(`${at}: the circle has no area`);
      return { rings: [ellipseRing(x0, y0, radius, radius)] };
    }
    case "line":
    case "linestrip": {
      const points = pointList(shape["points"], at);
      if (points.length < 4) throw new FormatError(`${at}: a line has 2 points or more, got ${points.length / 2}`);
      return { points, widthPx };
    }
    case "point":
    case "points":
    case "mask":
      return undefined;
    default:
      throw new FormatError(`${where}.shape_type: there is no shape "${kind}"`);
  }
}
