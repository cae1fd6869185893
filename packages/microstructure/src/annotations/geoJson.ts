import { DomainError, FormatError, type Json } from "@materiome/core";
import type { Annotation, AnnotationPolygon, AnnotationSet } from "./annotation.ts";
import { finite, type JsonObject, list, object, parsed, pointList, ring, size, text } from "./jsonFields.ts";

export interface GeoJsonOptions {
  /** Unit of the coordinates; `um` needs a calibration. @defaultValue "px" */
  readonly units?: "px" | "um" | undefined;
}

/**
 * Annotations as a GeoJSON FeatureCollection of polygons with holes, closed rings, outer ones counter-clockwise in x and y as
 * numbers. Coordinates are no longitudes: the members `units` ("px" or "um"), `pixelSizeUm`, `width` and `height` of the
 * collection say what they are; y points down, (0, 0) is the outer corner of the first pixel. Class and label stand in
 * `properties` (`classification.name`, as QuPath reads it, and `label`). Lines become LineStrings.
 *
 * @throws DomainError for `um` without a pixel size
 * @see RFC 7946
 * @example
 * const json = JSON.stringify(geoJson(annotateRegions(labels), { units: "um" }));
 */
export function geoJson(set: AnnotationSet, options: GeoJsonOptions = {}): { readonly [key: string]: Json } {
  const { units = "px" } = options;
  if (units === "um" && set.pixelSizeUm === undefined) {
    throw new DomainError('geoJson: units "um" need a pixel size, but the image is not calibrated; use "px"');
  }
  const scale = units === "um" ? (set.pixelSizeUm as number) : 1; // checked above
  const position = (points: Float64Array, k: number): Json => [points[2 * k]! * scale, points[2 * k + 1]! * scale];
  const closed = (points: Float64Array): Json => [
    ...Array.from({ length: points.length / 2 }, (_, k) => position(points, k)),
    position(points, 0),
  ];
  const feature = (annotation: Annotation, geometry: Json): Json => ({
    type: "Feature",
    properties: { classification: { name: annotation.className }, label: annotation.label ?? null },
    geometry,
  });
  return {
    type: "FeatureCollection",
    units,
    yAxis: "down",
    pixelSizeUm: set.pixelSizeUm ?? null,
    width: set.width ?? null,
    height: set.height ?? null,
    image: set.imageName ?? null,
    features: set.annotations.flatMap((annotation) => {
      const polygons = annotation.polygons.map((polygon) => polygon.rings.map(closed));
      const [only] = polygons;
      return [
        ...(only === undefined
          ? []
          : [
              feature(
                annotation,
                polygons.length === 1
                  ? { type: "Polygon", coordinates: only }
                  : { type: "MultiPolygon", coordinates: polygons },
              ),
            ]),
        ...(annotation.lines ?? []).map(({ points }) =>
          feature(annotation, {
            type: "LineString",
            coordinates: Array.from({ length: points.length / 2 }, (_, k) => position(points, k)),
          }),
        ),
      ];
    }),
  };
}

export interface ReadGeoJsonOptions extends GeoJsonOptions {
  /** @defaultValue what the file says */
  readonly pixelSizeUm?: number | undefined;
  /** Width of the pen of LineStrings, px. @defaultValue 1 */
  readonly lineWidthPx?: number | undefined;
}

/**
 * Reads Polygons, MultiPolygons and LineStrings of a FeatureCollection (or a list of features, as QuPath exports them). The class
 * is `properties.classification.name`, or the text `properties.class` or `properties.name`. Other geometries are left out with a
 * warning.
 *
 * @param json - text or parsed JSON
 * @throws FormatError for what is no GeoJSON or has a field of the wrong type; DomainError for µm without a pixel size
 * @example
 * const set = readGeoJson(await readFile("cells.geojson", "utf8"));
 */
export function readGeoJson(json: unknown, options: ReadGeoJsonOptions = {}): AnnotationSet {
  const value = parsed(json, "readGeoJson");
  const root: JsonObject = Array.isArray(value)
    ? { type: "FeatureCollection", features: value }
    : object(value, "GeoJSON");
  if (root["type"] !== "FeatureCollection") {
    throw new FormatError(`GeoJSON: type must be "FeatureCollection", got ${JSON.stringify(root["type"])}`);
  }
  const units = options.units ?? root["units"] ?? "px";
  if (units !== "px" && units !== "um")
    throw new FormatError(`GeoJSON: units must be "px" or "um", got ${String(units)}`);
  const stated = root["pixelSizeUm"] ?? undefined;
  const pixelSizeUm = options.pixelSizeUm ?? (stated === undefined ? undefined : finite(stated, "pixelSizeUm"));
  if (units === "um" && !(pixelSizeUm !== undefined && pixelSizeUm > 0)) {
    throw new DomainError("readGeoJson: coordinates are in µm, but no pixel size is known; give pixelSizeUm");
  }
  const scale = units === "um" ? 1 / (pixelSizeUm as number) : 1; // checked above
  const inPixels = (points: Float64Array): Float64Array => (scale === 1 ? points : points.map((c) => c * scale));
  const annotations: Annotation[] = [];
  const warnings: string[] = [];
  for (const [k, entry] of list(root["features"], "features").entries()) {
    const where = `features[${k}]`;
    const feature = object(entry, where);
    const properties = feature["properties"] === null ? {} : object(feature["properties"] ?? {}, `${where}.properties`);
    const className = classOf(properties, where);
    const label = properties["label"];
    const common = { className, ...(typeof label === "number" ? { label } : {}) };
    const geometry = object(feature["geometry"], `${where}.geometry`);
    const at = `${where}.geometry.coordinates`;
    const polygon = (rings: unknown, place: string): AnnotationPolygon => {
      const read = list(rings, place).map((points, i) =>
        inPixels(ring(pointList(points, `${place}[${i}]`), `${place}[${i}]`)),
      );
      if (read.length === 0) throw new FormatError(`${place}: the polygon has no ring`);
      return { rings: read };
    };
    if (geometry["type"] === "Polygon") {
      annotations.push({ ...common, polygons: [polygon(geometry["coordinates"], at)] });
    } else if (geometry["type"] === "MultiPolygon") {
      const polygons = list(geometry["coordinates"], at).map((rings, i) => polygon(rings, `${at}[${i}]`));
      annotations.push({ ...common, polygons });
    } else if (geometry["type"] === "LineString") {
      const points = inPixels(pointList(geometry["coordinates"], at));
      if (points.length < 4) throw new FormatError(`${at}: a line has 2 points or more, got ${points.length / 2}`);
      annotations.push({ ...common, polygons: [], lines: [{ points, widthPx: options.lineWidthPx ?? 1 }] });
    } else {
      warnings.push(`${where} is a ${String(geometry["type"])}, which marks no area; it is left out`);
    }
  }
  const optionalSize = (name: string): number | undefined =>
    root[name] === undefined || root[name] === null ? undefined : size(root[name], name);
  return {
    annotations,
    width: optionalSize("width"),
    height: optionalSize("height"),
    imageName: typeof root["image"] === "string" ? root["image"] : undefined,
    pixelSizeUm,
    warnings,
  };
}

function classOf(properties: JsonObject, where: string): string {
  const classification = properties["classification"];
  if (classification !== undefined && classification !== null) {
    return text(
      object(classification, `${where}.properties.classification`)["name"],
      `${where}.properties.classification.name`,
    );
  }
  for (const name of ["class", "name"]) {
    if (typeof properties[name] === "string") return properties[name];
  }
  return "";
}
