import { readSchema, readTableFile } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { datasetInfo, datasetSchema, findDatasetFile, listDatasets } from "../src/index.ts";

const withTables = listDatasets()
  .map((dataset) => datasetInfo(dataset.name))
  .filter((manifest) => manifest.tables.length > 0);

describe("datasetSchema", () => {
  it("is a schema that the table reader accepts", () => {
    for (const { name } of withTables) expect(() => readSchema(datasetSchema(name), name)).not.toThrow();
    expect(datasetSchema("olympus-electrochem").header).toBe(false);
  });

  it("gives the schema of a named table", () => {
    const schema = datasetSchema("xiong-hea", { file: "phases.csv" });
    expect(schema.columns.map((column) => column.name)).toContain("Phase(s)");
  });

  it("refuses image sets and files that are no table", () => {
    expect(() => datasetSchema("xsdd-steel-strip-defects")).toThrow(/has no table; it is made of images/);
    expect(() => datasetSchema("xiong-hea", { file: "references.csv" })).toThrow(/its tables are: hardness\.csv/);
  });

  const tables = withTables.flatMap((manifest) => manifest.tables.map((table) => [manifest.name, table] as const));
  it.skipIf(process.env["MATERIOME_DATA"] === undefined).each(tables)(
    "reads %s with its rows, roles and kinds (needs MATERIOME_DATA)",
    async (name, described) => {
      const file = await findDatasetFile(name, described.file);
      const table = await readTableFile(file, { schema: datasetSchema(name, { file: described.file }) });
      expect(table.nRows).toBe(described.nRows);
      const byHeader = new Map(table.columns.map((column) => [column.header ?? column.name, column]));
      for (const column of described.columns) {
        expect(byHeader.get(column.name), column.name).toMatchObject({ role: column.role, kind: column.kind });
      }
    },
  );
});
