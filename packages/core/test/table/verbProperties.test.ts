import {
  aggregateRows,
  applySchema,
  type Column,
  concatTables,
  convertColumns,
  createCategoryColumn,
  createNumberColumn,
  createTextColumn,
  deriveColumn,
  deriveNumbers,
  describeTable,
  dropColumns,
  dropMissingRows,
  filterRows,
  findDuplicateRows,
  joinTables,
  meltColumns,
  mergeReplicates,
  pivotRows,
  renameColumns,
  restoreUnits,
  selectColumns,
  sortRows,
  Table,
  takeTableRows,
  toCanonicalUnits,
} from "@materiome/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const ROWS = fc.array(
  fc.record({
    id: fc.option(fc.constantFrom("a", "b", "c", "d"), { nil: undefined }),
    formula: fc.option(fc.constantFrom("Fe2O3", "O3Fe2", "FeO", "Ni"), { nil: undefined }),
    T: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
    y: fc.option(fc.double({ min: -10, max: 10, noNaN: true }), { nil: undefined }),
  }),
  { maxLength: 12 },
);

type Rows = typeof ROWS extends fc.Arbitrary<infer R> ? R : never;

/** Row numbers are odd and falling, so that a verb that makes up its own is found out. */
function tableOf(rows: Rows): Table {
  const columns: Column[] = [
    createCategoryColumn("id", rows.map((row) => row.id), { role: "id" }),
    createTextColumn("formula", rows.map((row) => row.formula), { role: "composition", kind: "formula" }),
    createNumberColumn("T", rows.map((row) => row.T ?? Number.NaN), { role: "process", unit: "degC" }),
    createNumberColumn("y", rows.map((row) => row.y ?? Number.NaN), { role: "property", unit: "MPa" }),
    createNumberColumn("row", rows.map((_, i) => 1001 - 2 * i), { role: "note" }),
  ]; // biome-ignore format: one line a column
  for (const column of columns) Object.freeze(column);
  Object.freeze(columns);
  return new Table(
    columns,
    "p.csv",
    Int32Array.from(rows, (_, i) => 1001 - 2 * i),
  );
}

/** Everything a table holds, copied. */
function copyOf(table: Table): unknown {
  return structuredClone([table.columns, table.rowNumbers, table.source, table.nRows]);
}

const other = tableOf([{ id: "a", formula: "Ni", T: 1, y: 2 }]);
const heats = new Table([
  createCategoryColumn("id", ["a", "b", "b"], { role: "id" }),
  createNumberColumn("C", [1, 2, 4], { role: "composition", unit: "wt%" }),
]);

/** Verbs that keep rows as they are, whatever their order. */
const ROW_VERBS: Record<string, (table: Table) => Table> = {
  takeTableRows: (t) =>
    takeTableRows(
      t,
      Array.from({ length: t.nRows }, (_, i) => t.nRows - 1 - i),
    ),
  filterRows: (t) => filterRows(t, (i) => i % 2 === 1),
  sortRows: (t) => sortRows(t, ["T", { column: "id", descending: true }, "formula"]),
  dropMissingRows: (t) => dropMissingRows(t, { columns: ["y", "T"] }),
  "dropMissingRows, all": (t) => dropMissingRows(t, { columns: ["y", "T"], where: "all" }),
  selectColumns: (t) => selectColumns(t, ["row", "y"]),
  dropColumns: (t) => dropColumns(t, ["id"]),
  renameColumns: (t) => renameColumns(t, { y: "YS" }),
  deriveColumn: (t) => deriveColumn(t, createNumberColumn("z", new Float64Array(t.nRows), { role: "note" })),
  deriveNumbers: (t) => deriveNumbers(t, "z", ["T", "y"], (a, b) => a + b, { role: "process" }),
  convertColumns: (t) => convertColumns(t, { T: "K", y: "ksi" }),
  toCanonicalUnits: (t) => toCanonicalUnits(t).table,
  restoreUnits: (t) => restoreUnits(convertColumns(t, { T: "degF" })),
  applySchema: (t) => applySchema(t, { version: 1, columns: [{ name: "T", role: "condition", unit: "K" }] }),
  concatTables: (t) => concatTables([t, other, t], { sourceColumn: "from" }),
  joinTables: (t) => joinTables(t, heats, { on: "id", aggregate: {} }).table,
  "joinTables, drop": (t) => joinTables(t, heats, { on: "id", aggregate: {}, unmatched: "drop" }).table,
  meltColumns: (t) =>
    meltColumns(t, { columns: { y: 1 }, key: { name: "k", role: "condition" }, value: "v", dropMissing: false }),
  "mergeReplicates, keep": (t) => mergeReplicates(t, { by: ["formula", "T"], rows: "keep" }).table,
};

/** Verbs and reports that make other rows. */
const OTHER_VERBS: Record<string, (table: Table) => unknown> = {
  aggregateRows: (t) => aggregateRows(t, ["id"], { numbers: ["mean", "std", "first"], texts: "missing" }),
  mergeReplicates: (t) => mergeReplicates(t, { by: ["formula", "T"], disagreement: "missing" }),
  findDuplicateRows: (t) => findDuplicateRows(t, { inputs: ["formula", "T"], tolerance: 0.4 }),
  describeTable,
  pivotRows: (t) =>
    pivotRows(dropMissingRows(t, { columns: ["id"] }), { by: ["formula"], names: "id", values: "y", repeated: "mean" }),
};

describe("verbs", () => {
  it.each(Object.entries({ ...ROW_VERBS, ...OTHER_VERBS }))("%s leaves its table as it was", (_, verb) => {
    fc.assert(
      fc.property(ROWS, (rows) => {
        const table = tableOf(rows);
        const before = copyOf(table);
        verb(table);
        expect(copyOf(table)).toEqual(before);
      }),
      { seed: 4, numRuns: 60 },
    );
  });

  it.each(Object.entries(ROW_VERBS))("%s keeps the file row of every row", (_, verb) => {
    fc.assert(
      fc.property(ROWS, (rows) => {
        const made = verb(tableOf(rows));
        if (!made.has("row")) throw new Error("the verb lost the column that knows");
        const known = made.number("row").values;
        for (let i = 0; i < made.nRows; i++) expect(made.rowNumber(i)).toBe(known[i]);
      }),
      { seed: 4, numRuns: 60 },
    );
  });

  it("aggregateRows and mergeReplicates keep the file row of the first of each group", () => {
    fc.assert(
      fc.property(ROWS, (rows) => {
        const made = aggregateRows(tableOf(rows), ["formula", "T"], { numbers: "first", texts: "first" });
        for (let i = 0; i < made.nRows; i++) expect(made.rowNumber(i)).toBe(made.number("row").values[i]);
        const merged = mergeReplicates(tableOf(rows), { by: ["formula"], disagreement: "missing" }).table;
        const firsts = rows.flatMap((_, i) => [1001 - 2 * i]);
        for (let i = 0; i < merged.nRows; i++) expect(firsts).toContain(merged.rowNumber(i));
      }),
      { seed: 4, numRuns: 60 },
    );
  });
});

describe("concatTables", () => {
  const eu = new Table([
    createNumberColumn("T", [600, Number.NaN], { role: "process", unit: "degC" }),
    createNumberColumn("YS", [500, 600], { role: "property", unit: "MPa" }),
    createNumberColumn("YS sd", [5, 6], { role: "uncertainty", unit: "MPa", describes: "YS" }),
    createCategoryColumn("route", ["cast", "rolled"], { role: "process" }),
  ], "eu.csv", Int32Array.of(7, 9)); // biome-ignore format: short
  const us = new Table([
    createNumberColumn("YS", [100], { role: "property", unit: "ksi" }),
    createNumberColumn("T", [32], { role: "process", unit: "degF" }),
    createCategoryColumn("route", ["forged"], { role: "process" }),
    createNumberColumn("YS sd", [1], { role: "uncertainty", unit: "ksi", describes: "YS" }),
  ], "us.csv"); // biome-ignore format: short

  it("stacks by name, in the units of the first table", () => {
    const all = concatTables([eu, us], { sourceColumn: "lab" });
    expect(all.names).toEqual(["T", "YS", "YS sd", "route", "lab"]);
    expect([...all.number("T").values].map((x) => Number(x.toFixed(9)))).toEqual([600, Number.NaN, 0]);
    expect(all.number("YS").values[2]).toBeCloseTo(689.4757293, 6);
    expect(all.number("YS sd").values[2]).toBeCloseTo(6.894757293, 8);
    expect(all.column("YS")).toMatchObject({ unit: "MPa", role: "property" });
    expect(all.column("route")).toMatchObject({ kind: "category", labels: ["cast", "rolled", "forged"] });
    expect(all.column("lab")).toMatchObject({ role: "group", labels: ["eu.csv", "us.csv"] });
    expect([0, 1, 2].map((i) => all.rowNumber(i))).toEqual([7, 9, 2]);
    expect(all.source).toBe("eu.csv + us.csv");
  });

  it("says everything that does not fit", () => {
    const odd = new Table([
      createNumberColumn("YS", [1], { role: "property", unit: "HV" }),
      createNumberColumn("T", [1], { role: "process" }),
      createNumberColumn("route", [1], { role: "process" }),
    ], "odd.csv"); // biome-ignore format: short
    expect(() => concatTables([eu, odd])).toThrow(/"YS sd" is missing in odd\.csv/);
    const run = (): unknown => concatTables([eu, odd], { columns: "shared" });
    expect(run).toThrow(/"T" is in degC in eu\.csv, in no unit in odd\.csv/);
    expect(run).toThrow(/"YS" is in MPa in eu\.csv, in HV in odd\.csv/);
    expect(run).toThrow(/"route" is category in eu\.csv, number in odd\.csv/);
    expect(() => concatTables([])).toThrow(/at least one table/);
  });

  it("fills or leaves out what some tables lack", () => {
    const small = selectColumns(us, ["YS"]);
    const all = concatTables([small, eu], { columns: "all" });
    expect([all.names, [...all.number("T").valid]]).toEqual([
      ["YS", "T", "YS sd", "route"],
      [0, 1, 0],
    ]);
    expect(concatTables([small, eu], { columns: "shared" }).names).toEqual(["YS"]);
  });
});

describe("deriveNumbers, renameColumns", () => {
  const laser = new Table([
    createNumberColumn("P", [200, Number.NaN, 100], { role: "process", unit: "W" }),
    createNumberColumn("v", [800, 800, 0], { role: "process", unit: "mm/s" }),
    createNumberColumn("P sd", [1, 1, 1], { role: "uncertainty", unit: "W", describes: "P" }),
  ], "l.csv"); // biome-ignore format: short

  it("computes row by row; missing stays missing, nonsense is refused with its rows", () => {
    const ok = deriveNumbers(filterRows(laser, (i) => i < 2), "E", ["P", "v"], (p, v) => p / v, { role: "process", unit: "J/mm" }); // biome-ignore format: one line
    expect([...ok.number("E").values]).toEqual([0.25, Number.NaN]);
    expect(() => deriveNumbers(laser, "E", ["P", "v"], (p, v) => p / v, { role: "process" })).toThrow(
      /l\.csv, row 4: deriveNumbers: "E" is Infinity for P = 100, v = 0; rows 4/,
    );
  });

  it("renames what describes a column along with it", () => {
    const renamed = renameColumns(laser, { P: "power" });
    expect(renamed.names).toEqual(["power", "v", "P sd"]);
    expect(renamed.column("P sd").describes).toBe("power");
    expect(renamed.column("power").header).toBe("P");
    expect(() => renameColumns(laser, { P: "v" })).toThrow(/two columns are named "v"/);
    expect(() => renameColumns(laser, { Q: "v" })).toThrow(/no column "Q"/);
  });
});
