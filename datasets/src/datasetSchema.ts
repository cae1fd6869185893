import { DataError, type TableSchema } from "@materiome/core";
import { datasetInfo } from "./registry.ts";

export interface DatasetSchemaOptions {
  /**
   * File of the table.
   * @defaultValue the first table of the manifest
   */
  readonly file?: string | undefined;
}

/**
 * Roles, units and kinds of a dataset's table, for reading its CSV with `readTable` of `@materiome/core`.
 *
 * @throws DataError for an unknown dataset, one without tables (image sets), or a file that is no table of it
 * @example
 * const csv = await findDatasetFile("nims-fatigue-steels", "nims-fatigue.csv");
 * const table = await readTableFile(csv, { schema: datasetSchema("nims-fatigue-steels") });
 */
export function datasetSchema(name: string, options: DatasetSchemaOptions = {}): TableSchema {
  const { tables } = datasetInfo(name);
  const table = options.file === undefined ? tables[0] : tables.find((candidate) => candidate.file === options.file);
  if (table === undefined) {
    const files = tables.map((candidate) => candidate.file).join(", ");
    throw new DataError(
      tables.length === 0
        ? `dataset ${name} has no table; it is made of images or other files`
        : `dataset ${name} has no table "${options.file}"; its tables are: ${files}`,
    );
  }
  const columns = table.columns.map(({ name: column, role, unit, kind }) => ({ name: column, role, unit, kind }));
  return { version: 1, columns, delimiter: ",", decimal: ".", header: table.header };
}
