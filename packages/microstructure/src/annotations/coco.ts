import { createRaster, DataError, DomainError, FormatError, type Json, type LabelMap } from "@materiome/core";
import { requireLabels } from "../regions/labelCheck.ts";
import { type Region, regionTable } from "../regions/regionTable.ts";
import { annotateRegions } from "./annotateRegions.ts";
import type { Annotation, AnnotationPolygon, AnnotationSet } from "./annotation.ts";
import { finite, type JsonObject, list, object, parsed, ring, size, text } from "./jsonFields.ts";
import { compressRuns, decompressRuns, runsToMask } from "./runLengths.ts";

export interface CocoOptions {
  /**
   * How regions are written: `polygon` (regions with holes as `rle`, since COCO's polygons have none), `rle`, or `compressedRle`
   * (the text of COCO's own tools).
   *
   * @defaultValue "polygon"
   */
  readonly segmentation?: "polygon" | "rle" | "compressedRle" | undefined;
  /** Class of a region. @defaultValue "region" for all */
  readonly classOf?: ((label: number) => string) | undefined;
  /** Categories 1, 2, …, in this order. @defaultValue the classes met, by rising label */
  readonly classes?: readonly string[] | undefined;
  /** @defaultValue "image" */
  readonly imageName?: string | undefined;
  /** See `annotateRegions`. @defaultValue 0 */
  readonly tolerancePx?: number | undefined;
}

/**
 * Regions of a label map as COCO instances: an image, categories, and an annotation per region with its label as `id`, its
 * `bbox` [x, y, width, height] and its `area` in pixels.
 *
 * Polygons run along pixel edges, the outer corner of the first pixel being (0, 0); with `tolerancePx` 0 `rasteriseAnnotations` and
 * pycocotools fill them with the same pixels.
 *
 * @throws ShapeError for more than one channel; DomainError if a class is none of `classes`
 * @see T.-Y. Lin et al., Microsoft COCO, doi:10.1007/978-3-319-10602-1_48; https://cocodataset.org/#format-data
 * @example
 * const json = JSON.stringify(cocoInstances(labels, { imageName: "steel.tif" }));
 */
export function cocoInstances(labels: LabelMap, options: CocoOptions = {}): { readonly [key: string]: Json } {
  requireLabels("cocoInstances", labels);
  const { segmentation = "polygon", classOf = () => "region", imageName = "image", tolerancePx = 0 } = options;
  if (segmentation !== "polygon" && segmentation !== "rle" && segmentation !== "compressedRle") {
    throw new DomainError(
      `cocoInstances: segmentation must be "polygon", "rle" or "compressedRle", got "${segmentation as string}"`,
    );
  }
  const { annotations } = annotateRegions(labels, { classOf, tolerancePx });
  const classes = options.classes ?? [...new Set(annotations.map((annotation) => annotation.className))];
  const regions = new Map(regionTable(labels).map((region) => [region.label, region]));
  return {
    images: [{ id: 1, file_name: imageName, width: labels.width, height: labels.height }],
    categories: classes.map((name, k) => ({ id: k + 1, name, supercategory: "" })),
    annotations: annotations.map((annotation) => {
      const region = regions.get(annotation.label as number)!; // outlines and table list the same regions
      const category = classes.indexOf(annotation.className) + 1;
      if (category === 0) {
        throw new DomainError(
          `cocoInstances: region ${region.label} is of the class "${annotation.className}", which is none of ${classes.join(", ")}`,
        );
      }
      const hasHole = annotation.polygons.some((polygon) => polygon.rings.length > 1);
      return {
        id: region.label,
        image_id: 1,
        category_id: category,
        iscrowd: 0,
        area: region.areaPx,
        bbox: [region.minX, region.minY, region.maxX - region.minX + 1, region.maxY - region.minY + 1],
        segmentation:
          segmentation === "polygon" && !hasHole
            ? annotation.polygons.map((polygon) => [...polygon.rings[0]!]) // a polygon has an outer ring
            : runLengthsOf(labels, region, segmentation === "compressedRle"),
      };
    }),
  };
}

function runLengthsOf(labels: LabelMap, region: Region, isCompressed: boolean): Json {
  const { width, height, data } = labels;
  const runs: number[] = [];
  let value = 0;
  let count = 0;
  const put = (next: number, n: number): void => {
    if (n === 0) return;
    if (next === value) count += n;
    else {
      runs.push(count);
      value = next;
      count = n;
    }
  };
  // Outside the bounding box are zeros: only what is inside is looked at.
  put(0, region.minX * height);
  for (let x = region.minX; x <= region.maxX; x++) {
    put(0, region.minY);
    for (let y = region.minY; y <= region.maxY; y++) put(data[y * width + x] === region.label ? 1 : 0, 1);
    put(0, height - region.maxY - 1);
  }
  put(0, (width - region.maxX - 1) * height);
  runs.push(count);
  return { size: [height, width], counts: isCompressed ? compressRuns(runs) : runs };
}

export interface ReadCocoOptions {
  /** `file_name` or `id` of the image. @defaultValue the only one of the file */
  readonly image?: string | number | undefined;
}

/**
 * Reads the annotations of one image from COCO instances: polygons, run lengths, compressed run lengths (as polygons along the
 * pixel edges). Crowds (`iscrowd` 1) are read like others.
 *
 * @param json - text or parsed JSON
 * @throws FormatError for what is no COCO file or has a field of the wrong type
 * @throws DataError if the image is not in the file, or several are and none is named
 * @example
 * const set = readCoco(await readFile("instances.json", "utf8"), { image: "steel.tif" });
 */
export function readCoco(json: unknown, options: ReadCocoOptions = {}): AnnotationSet {
  const root = object(parsed(json, "readCoco"), "COCO file");
  const image = chosenImage(list(root["images"], "images"), options.image);
  const width = size(image["width"], "images: width");
  const height = size(image["height"], "images: height");
  const names = new Map<unknown, string>();
  for (const [k, entry] of list(root["categories"], "categories").entries()) {
    const category = object(entry, `categories[${k}]`);
    names.set(category["id"], text(category["name"], `categories[${k}].name`));
  }
  const annotations: Annotation[] = [];
  for (const [k, entry] of list(root["annotations"], "annotations").entries()) {
    const where = `annotations[${k}]`;
    const annotation = object(entry, where);
    if (annotation["image_id"] !== image["id"]) continue;
    const className = names.get(annotation["category_id"]);
    if (className === undefined) {
      throw new FormatError(
        `${where}.category_id: ${JSON.stringify(annotation["category_id"])} is no id of the categories`,
      );
    }
    const label = finite(annotation["id"], `${where}.id`);
    annotations.push({ className, label, polygons: polygonsOf(annotation["segmentation"], where, width, height) });
  }
  const imageName = typeof image["file_name"] === "string" ? image["file_name"] : undefined;
  return { annotations, width, height, imageName, warnings: [] };
}

function chosenImage(images: readonly unknown[], wanted: string | number | undefined): JsonObject {
  const objects = images.map((image, k) => object(image, `images[${k}]`));
  const found =
    wanted === undefined ? objects : objects.filter((image) => image["id"] === wanted || image["file_name"] === wanted);
  const [first] = found;
  if (found.length === 1 && first !== undefined) return first;
  const names = objects.slice(0, 10).map((image) => String(image["file_name"] ?? image["id"]));
  throw new DataError(
    wanted === undefined
      ? `readCoco: the file is about ${objects.length} images (${names.join(", ")}); name one by the option image`
      : `readCoco: ${found.length === 0 ? "there is no image" : `${found.length} images are called`} "${wanted}"; images are ${names.join(", ")}`,
  );
}

function polygonsOf(value: unknown, where: string, width: number, height: number): AnnotationPolygon[] {
  const at = `${where}.segmentation`;
  if (!Array.isArray(value)) {
    const runLengths = object(value, at);
    const [h, w] = list(runLengths["size"], `${at}.size`);
    if (h !== height || w !== width) {
      throw new FormatError(`${at}.size: ${h} × ${w} is not the height and width of the image, ${height} × ${width}`);
    }
    const counts = runLengths["counts"];
    const runs =
      typeof counts === "string"
        ? decompressRuns(counts)
        : list(counts, `${at}.counts`).map((run, i) => finite(run, `${at}.counts[${i}]`));
    const mask = Uint32Array.from(runsToMask(runs, width, height));
    const [annotation] = annotateRegions(createRaster(mask, width, height)).annotations;
    if (annotation === undefined) throw new FormatError(`${at}: the mask is empty`);
    return [...annotation.polygons];
  }
  if (value.length === 0) throw new FormatError(`${at}: there is no polygon`);
  return value.map((entry, i) => {
    const numbers = list(entry, `${at}[${i}]`).map((number, j) => finite(number, `${at}[${i}][${j}]`));
    if (numbers.length % 2 === 1)
      throw new FormatError(`${at}[${i}]: ${numbers.length} numbers are no pairs of x and y`);
    return { rings: [ring(Float64Array.from(numbers), `${at}[${i}]`)] };
  });
}
