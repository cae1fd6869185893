import { checkFinite, createCategoryColumn, createNumberColumn, createTextColumn, DataError, describeTable, findNonFinite, Table } from "@materiome/core"; // biome-ignore format: one line
import { describe, expect, it } from "vitest";

const table = new Table(
  [
    createTextColumn("formula", ["Fe2O3", "O3Fe2", "FeO", undefined], { role: "composition", kind: "formula" }),
    createCategoryColumn("route", ["cast", "rolled", "cast", undefined], { role: "process" }),
    createNumberColumn("T", [1, 2, 4, Number.NaN], { role: "process", unit: "degC" }),
    createNumberColumn("odd", [1, Number.NaN, Number.POSITIVE_INFINITY, 3], { role: "property" }, Uint8Array.of(1, 1, 1, 1)), // biome-ignore format: one line
    createNumberColumn("empty", [Number.NaN, Number.NaN, Number.NaN, Number.NaN], { role: "note" }),
  ],
  "d.csv",
);

describe("describeTable", () => {
  it("summarises every kind of column", () => {
    const [formula, route, T, odd, empty] = describeTable(table).columns;
    expect(formula).toMatchObject({ nPresent: 3, nMissing: 1, nUnique: 2, mostFrequent: { value: "Fe2O3", count: 2 } });
    expect(route).toMatchObject({ nPresent: 3, nMissing: 1, nUnique: 2, mostFrequent: { value: "cast", count: 2 } });
    expect(T).toMatchObject({ nPresent: 3, nMissing: 1, nUnique: 3, min: 1, median: 2, max: 4, unit: "degC" });
    expect(T?.mean).toBeCloseTo(7 / 3, 14);
    expect(T?.std).toBeCloseTo(Math.sqrt(7 / 3), 14);
    expect(odd).toMatchObject({ nPresent: 4, nNonFinite: 2, min: 1, max: 3, mean: 2 });
    expect(empty).toMatchObject({ nPresent: 0, nMissing: 4, nUnique: 0 });
    expect(empty?.mean).toBeUndefined();
  });

  it("prints aligned columns", () => {
    expect(describeTable(table).text).toBe(
      [
        "d.csv: 4 rows, 5 columns",
        "column   role         unit  n  missing  unique  min  median  max    mean     std",
        "formula  composition        3        1       2  mostly Fe2O3 (2)",
        "route    process            3        1       2  mostly cast (2)",
        "T        process      degC  3        1       3    1       2    4  2.3333  1.5275",
        "odd      property           4                4    1       2    3       2  1.4142  2 not finite",
        "empty    note               0        4       0",
        "",
      ].join("\n"),
    );
  });

  it("works on tables without rows or columns", () => {
    expect(describeTable(new Table([])).text).toMatch(/0 rows, 0 columns/);
    expect(describeTable(new Table([createNumberColumn("x", [], { role: "note" })])).columns[0]).toMatchObject({ nPresent: 0, nMissing: 0 }); // biome-ignore format: one line
  });
});

describe("checkFinite", () => {
  it("names every cell at once", () => {
    expect(findNonFinite(table)).toEqual([
      { row: 3, column: "odd", value: Number.NaN, isMissing: false },
      { row: 4, column: "odd", value: Number.POSITIVE_INFINITY, isMissing: false },
    ]);
    expect(findNonFinite(table, { missing: true, columns: ["T"] })).toEqual([
      { row: 5, column: "T", value: Number.NaN, isMissing: true },
    ]);
    expect(() => checkFinite(table)).toThrow(DataError);
    expect(() => checkFinite(table)).toThrow(/d\.csv: 2 cells hold no finite number:\n {2}row 3, column "odd": NaN\n {2}row 4, column "odd": Infinity/); // biome-ignore format: one line
    expect(() => checkFinite(table, { columns: ["T"] })).not.toThrow();
    expect(() => checkFinite(table, { columns: ["route"] })).toThrow(/column is category, expected numbers/);
  });

  it("shows twenty and counts the rest", () => {
    const many = new Table([createNumberColumn("x", new Float64Array(30).fill(Number.NaN), { role: "note" })]);
    expect(() => checkFinite(many, { missing: true })).toThrow(
      /30 cells.*row 21, column "x": missing\n {2}… and 10 more/s,
    );
  });
});
