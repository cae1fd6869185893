import { basename, dirname, extname, join, resolve } from "node:path";
import { columnTexts, DataError, FormatError, readTableFile, resolveColumn } from "@materiome/core";

export interface SampleMap {
  /** Specimen by image path, as given on the command line. */
  readonly specimens: ReadonlyMap<string, string>;
  /** Files that the map names and the command line does not. */
  readonly notGiven: readonly string[];
}

/**
 * Reads which specimen each image shows: a CSV with the columns `file` and `specimen`. A file is named by its path (from
 * here or from the folder of the map), or by its bare name where only one image has that name; `field.tif` also stands for
 * the label image `field.labels.tif`.
 *
 * @throws FormatError for a row that lacks one of the two
 * @throws DataError for a name that fits several images, two specimens of one file, or a map that names none of the images
 */
export async function readSampleMap(path: string, files: readonly string[]): Promise<SampleMap> {
  const asText = (name: string) => ({ name, kind: "category", role: "note" }) as const;
  const table = await readTableFile(path, { schema: { version: 1, columns: [asText("file"), asText("specimen")] } });
  const names = columnTexts(resolveColumn(table, "file"));
  const specimens = columnTexts(resolveColumn(table, "specimen"));
  const map = new Map<string, string>();
  const notGiven: string[] = [];
  for (const [i, name] of names.entries()) {
    const location = { file: path, row: table.rowNumber(i), column: "file" };
    const specimen = specimens[i];
    if (name === undefined || specimen === undefined) {
      throw new FormatError("a row needs both file and specimen", { location });
    }
    const paths = new Set([resolve(name), resolve(join(dirname(path), name))]);
    const exact = files.filter((file) => paths.has(resolve(file)));
    const alike = (key: (file: string) => string): readonly string[] => files.filter((file) => key(file) === key(name));
    const found = [exact, alike(basename), alike(fieldName)].find((matches) => matches.length > 0) ?? [];
    const [file] = found;
    if (file === undefined) {
      notGiven.push(name);
      continue;
    }
    if (found.length > 1) {
      throw new DataError(`"${name}" fits ${found.join(" and ")}; write the path as on the command line`, { location });
    }
    const known = map.get(file);
    if (known !== undefined && known !== specimen) {
      throw new DataError(`"${name}" is given to "${known}" and to "${specimen}"`, { location });
    }
    map.set(file, specimen);
  }
  if (map.size === 0) {
    throw new DataError(`names none of the ${files.length} images; first entry "${names[0] ?? ""}"`, {
      location: { file: path, column: "file" },
    });
  }
  return { specimens: map, notGiven };
}

/** `out/field-1.labels.tif` and `scans/field-1.png` are the same field. */
function fieldName(file: string): string {
  return basename(file, extname(file)).replace(/(\.measured)?\.labels$/i, "");
}
