import { FormatError } from "@materiome/core";
import { type UnzipFileInfo, unzipSync, zipSync } from "fflate";
import type { Annotation, AnnotationSet } from "./annotation.ts";
import { readImageJRoi } from "./readImageJRoi.ts";
import { encodeImageJRoi } from "./writeImageJRoi.ts";

/**
 * Annotations as the zip file of ImageJ's ROI Manager, one ROI per annotation, named `<class>-<label>` (or the place in the list,
 * from 1). Lines are not written.
 *
 * @throws FormatError for a line, or what an ROI cannot hold
 * @example
 * await writeFileAtomic("steel.rois.zip", imageJRoiZip(annotateRegions(labels)));
 */
export function imageJRoiZip(set: AnnotationSet): Uint8Array {
  const digits = String(set.annotations.length).length;
  const files: Record<string, [Uint8Array, { mtime: string }]> = {};
  for (const [k, annotation] of set.annotations.entries()) {
    if (annotation.polygons.length === 0) {
      throw new FormatError(`imageJRoiZip: annotation ${k + 1} has no area; only areas are written`);
    }
    const name = `${annotation.className === "" ? "region" : annotation.className}-${annotation.label ?? k + 1}`;
    // Names of files must differ and be fit for any system; the name of the ROI stands inside.
    const file = `${String(k + 1).padStart(digits, "0")}-${name.replaceAll(/[^\p{L}\p{N} ._-]/gu, "_")}.roi`;
    files[file] = [encodeImageJRoi(name, annotation.polygons), { mtime: "1980-01-01T12:00:00" }];
  }
  return zipSync(files);
}

export interface ReadImageJRoisOptions {
  /**
   * Class and label of an ROI from its name.
   *
   * @defaultValue the text before a last number parted by a space, `-` or `_`, and that number: `carbide-12`; a name that is nothing but
   * digits, as ImageJ gives it (`0012-0034-0056`), has no class
   */
  readonly classOf?:
    | ((name: string) => { readonly className: string; readonly label?: number | undefined })
    | undefined;
}

/**
 * Reads a zip file of ImageJ's ROI Manager, or a single `.roi`. ROIs that mark no area and no line are left out with a warning; files
 * of the zip that are no `.roi` likewise.
 *
 * @throws FormatError for a zip that is cut short or damaged, or an ROI that is
 * @example
 * const set = readImageJRois(await readFile("RoiSet.zip"));
 * const { labels } = rasteriseAnnotations(set, { width: 1024, height: 768 });
 */
export function readImageJRois(bytes: Uint8Array, options: ReadImageJRoisOptions = {}): AnnotationSet {
  const classOf = options.classOf ?? classOfName;
  const annotations: Annotation[] = [];
  const warnings: string[] = [];
  for (const [file, content] of entriesOf(bytes)) {
    if (!file.endsWith(".roi") && file !== "") {
      warnings.push(`"${file}" is no .roi; it is left out`);
      continue;
    }
    const name = file.replace(/^.*\//, "").replace(/\.roi$/, "");
    const roi = readImageJRoi(content, name);
    if (roi.polygons.length === 0 && roi.lines.length === 0) {
      warnings.push(`"${roi.name}" is of ImageJ's type ${roi.kind}, which marks no area; it is left out`);
      continue;
    }
    const { className, label } = classOf(roi.name);
    annotations.push({ className, label, name: roi.name, polygons: roi.polygons, lines: roi.lines });
  }
  return { annotations, warnings };
}

function classOfName(name: string): { className: string; label?: number } {
  if (/^[\d\s_-]*$/.test(name)) return { className: "" };
  const [, className, digits] = /^(.*?)[ _-]+(\d{1,9})$/.exec(name) ?? [];
  return className === undefined || className === "" ? { className: name } : { className, label: Number(digits) };
}

function entriesOf(bytes: Uint8Array): readonly (readonly [string, Uint8Array])[] {
  if (bytes[0] === 0x49 && bytes[1] === 0x6f) return [["", bytes]]; // "Io": a single ROI
  if (!(bytes[0] === 0x50 && bytes[1] === 0x4b)) {
    throw new FormatError("readImageJRois: this is neither a zip file nor an ROI of ImageJ");
  }
  let total = 0;
  const filter = ({ name, originalSize }: UnzipFileInfo): boolean => {
    total += originalSize;
    if (total > MOST_BYTES)
      throw new FormatError(`readImageJRois: "${name}": the zip holds more than ${MOST_BYTES} bytes`);
    return !name.endsWith("/");
  };
  try {
    const files = unzipSync(bytes, { filter });
    return Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    throw new FormatError(`readImageJRois: the zip is damaged or cut short (${(cause as Error).message})`, { cause });
  }
}

const MOST_BYTES = 2 ** 30;
