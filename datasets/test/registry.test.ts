import { COLUMN_ROLES } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { datasetFolds, datasetInfo, findDatasetByHash, listDatasets } from "../src/index.ts";
import { parseManifest } from "../src/manifest.ts";

const names = listDatasets().map((dataset) => dataset.name);

describe("listDatasets", () => {
  it("knows every set once", () => {
    expect(names).toHaveLength(29);
    expect(new Set(names).size).toBe(29);
  });
});

describe("findDatasetByHash", () => {
  it("finds every table by its bytes, and nothing for others", () => {
    for (const name of ["matbench-steels", "xiong-hea"]) {
      for (const file of datasetInfo(name).files) {
        expect(findDatasetByHash(file.sha256)).toMatchObject({ dataset: { name }, file: { path: file.path } });
      }
    }
    expect(findDatasetByHash("0".repeat(64))).toBeUndefined();
  });
});

describe("datasetInfo", () => {
  it("offers the nearest names for a misspelt one", () => {
    expect(() => datasetInfo("nims-fatigue-steel")).toThrow(/did you mean nims-fatigue-steels/);
    expect(() => datasetInfo("zzzzzzzz")).toThrow(/datasets are: concrete-strength, /);
  });

  it("refuses a path instead of a name", () => {
    expect(() => datasetInfo("../package")).toThrow(/no dataset/);
  });

  it("turns measuring methods, papers and test modes into conditions, groups and notes", () => {
    const roles = (name: string): Record<string, string> =>
      Object.fromEntries(
        datasetInfo(name).tables.flatMap((table) => table.columns.map((column) => [column.name, column.role])),
      );
    expect(roles("lpbf-relative-density")).toMatchObject({
      "Density Measurement Method": "condition",
      DOI: "group",
      "No.": "id",
      "Laser Power (W)": "process",
      "RD (%)": "property",
    });
    expect(roles("mpea-mechanical")).toMatchObject({
      "PROPERTY: Type of test": "condition",
      "PROPERTY: Test temperature ($^\\circ$C)": "condition",
      "IDENTIFIER: Reference ID": "group",
      "REFERENCE: title": "note",
      "PROPERTY: HV": "property",
    });
  });
});

describe.each(names)("manifest of %s", (name) => {
  const manifest = datasetInfo(name);

  it("says where it comes from, under what licence and how to cite it", () => {
    expect(manifest.name).toBe(name);
    expect(manifest.source.commit).toMatch(/^[0-9a-f]{40}$/);
    expect(manifest.source.url).toMatch(/^https:\/\/raw\.githubusercontent\.com\/.*\/\{path\}$/);
    expect(manifest.licence.length).toBeGreaterThan(2);
    expect(manifest.citation.length).toBeGreaterThan(5);
  });

  it("lists each file once, with its sum, inside the folder", () => {
    expect(manifest.files.length).toBeGreaterThan(0);
    expect(new Set(manifest.files.map((file) => file.path)).size).toBe(manifest.files.length);
    for (const file of manifest.files) {
      expect(file.sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(file.bytes).toBeGreaterThan(0);
      expect(file.path).not.toMatch(/^\/|\\|(^|\/)\.\.(\/|$)/);
      expect(file.source !== undefined || file.converted !== undefined).toBe(true);
      if (file.encoding === "gzip") expect(file.contentSha256).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  it("describes tables by known roles and kinds, with targets among their properties", () => {
    const paths = new Set(manifest.files.map((file) => file.path));
    for (const table of manifest.tables) {
      expect(paths.has(table.file)).toBe(true);
      expect(new Set(table.columns.map((column) => column.name)).size).toBe(table.columns.length);
      for (const column of table.columns) {
        expect(COLUMN_ROLES).toContain(column.role);
        expect(["number", "category", "formula", "text"]).toContain(column.kind);
      }
    }
    for (const target of manifest.targets) {
      const column = manifest.tables[0]?.columns.find((candidate) => candidate.name === target.name);
      expect(column?.role).toBe("property");
      expect(column?.unit).toBe(target.unit);
    }
  });

  it("splits only files that it lists", () => {
    const paths = new Set(manifest.files.map((file) => file.path));
    const pairs = Object.values(manifest.splits?.sets ?? {}).flatMap((set) => Object.values(set).flat());
    for (const pair of pairs) {
      expect(paths).toContain(pair.image);
      expect(paths).toContain(pair.mask);
    }
    if (manifest.splits?.rule !== undefined) expect(datasetFolds(manifest.name).length).toBe(manifest.splits.folds);
  });
});

describe("parseManifest", () => {
  it("refuses other files and other versions", () => {
    expect(() => parseManifest({ name: "x" }, "x.json")).toThrow(/x\.json: not a dataset manifest/);
    expect(() => parseManifest({ format: "materiome-dataset", version: 2 }, "x.json")).toThrow(/version 2/);
    expect(() => parseManifest({ format: "materiome-dataset", version: 1 }, "x.json")).toThrow(/lacks name, title/);
  });
});
