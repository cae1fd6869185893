import { basename, dirname, join, resolve } from "node:path";
import { columnTexts, DataError, FormatError, readTableFile, resolveColumn } from "@materiome/core";

/**
 * Reads which specimen each image shows: a CSV with the columns `file` and `specimen`. A file is named by its path (from
 * here or from the folder of the map) or by its bare name where only one image has that name.
 *
 * @returns specimen by image path as given in `files`
 * @throws DataError for rows without a match (with the row), for two specimens of one file
 */
export async function readSampleMap(path: string, files: readonly string[]): Promise<Map<string, string>> {
  const asText = (name: string) => ({ name, kind: "category", role: "note" }) as const;
  const table = await readTableFile(path, { schema: { version: 1, columns: [asText("file"), asText("specimen")] } });
  const names = columnTexts(resolveColumn(table, "file"));
  const specimens = columnTexts(resolveColumn(table, "specimen"));
  const map = new Map<string, string>();
  for (const [i, name] of names.entries()) {
    const location = { file: path, row: table.rowNumber(i), column: "file" };
    const specimen = specimens[i];
    if (name === undefined || specimen === undefined) {
      throw new FormatError("a row needs both file and specimen", { location });
    }
    const paths = new Set([resolve(name), resolve(join(dirname(path), name))]);
    const exact = files.filter((file) => paths.has(resolve(file)));
    const found = exact.length > 0 ? exact : files.filter((file) => basename(file) === basename(name));
    const [file] = found;
    if (file === undefined) continue; // the map may list more fields than are measured today
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
  return map;
}
