import { columnTexts, DataError, filterRows, joinTables, readTable } from "@materiome/core";
import { describe, expect, it } from "vitest";

const tests = readTable("heat,T (°C),YS (MPa)\nA,600,810\nA,650,\nB,700,905.5\n,20,1\n", { file: "t.csv" });
const heats = readTable("heat,C (wt%)\nB,0.4\nA,0.2\nC,0.1\n", { file: "heats.csv" });

describe("joinTables", () => {
  it("brings one right row to many left rows, and reports who stays alone", () => {
    const joined = joinTables(tests, heats, { on: "heat" });
    expect([...joined.table.number("C").values]).toEqual([0.2, 0.2, 0.4, Number.NaN]);
    expect([...joined.table.number("C").valid]).toEqual([1, 1, 1, 0]);
    expect(joined.table.number("YS")).toBe(tests.number("YS"));
    expect(joined.nMatched).toBe(3);
    expect(joined.onlyLeft).toEqual([{ key: "", rows: [5] }]);
    expect(joined.onlyRight).toEqual([{ key: "C", rows: [4] }]);
    expect(joined.report).toBe(
      "3 of 4 rows of t.csv found a row in heats.csv\nonly in t.csv: no id (row 5)\nonly in heats.csv: C (row 4)",
    );
  });

  it("drops rows without a partner, or names all of them on either side", () => {
    const fewer = filterRows(heats, (i) => i === 0);
    const dropped = joinTables(tests, fewer, { on: "heat", unmatched: "drop" }).table;
    expect([dropped.nRows, dropped.rowNumber(0)]).toEqual([1, 4]);
    expect(() => joinTables(tests, fewer, { on: "heat", unmatched: "error" })).toThrow(
      /t\.csv, column "heat": 2 ids have no row in heats\.csv: "A" \(row 2, 3\); no id \(row 5\)/,
    );
    expect(() => joinTables(tests, heats, { on: "heat", unmatchedRight: "error" })).toThrow(
      /heats\.csv, row 4, column "heat": 1 id has no row in t\.csv: "C" \(row 4\)/,
    );
  });

  it("names every id that has several rows where one is needed", () => {
    const run = (): unknown => joinTables(heats, readTable("heat,x\nA,1\nB,2\nA,3\nB,4\n", { file: "m.csv" }), { on: "heat" }); // biome-ignore format: one line
    expect(run).toThrow(DataError);
    expect(run).toThrow(/m\.csv, row 4, column "heat": 2 ids occur more than once: "A" in rows 2, 4; "B" in rows 3, 5; say how to aggregate/); // biome-ignore format: one line
  });

  it("makes one row of many micrographs: mean, std and count with roles", () => {
    const micrographs = readTable(
      "sample,grain size (µm),phase\nS1,10,ferrite\nS1,14,ferrite\nS2,20,austenite\nS9,1,x\n",
      { file: "grains.csv" },
    );
    const samples = readTable("sample,YS (MPa)\nS2,300\nS1,400\nS3,500\n", { file: "s.csv" });
    const { table, report } = joinTables(samples, micrographs, {
      on: "sample",
      aggregate: { numbers: ["mean", "std", "count"] },
    });
    expect(table.names).toEqual(["sample", "YS", "grain size mean", "grain size std", "grain size count", "phase"]);
    expect([...table.number("grain size mean").values]).toEqual([20, 12, Number.NaN]);
    expect([...table.number("grain size std").values]).toEqual([Number.NaN, Math.sqrt(8), Number.NaN]);
    expect([...table.number("grain size count").values]).toEqual([1, 2, Number.NaN]);
    expect(table.column("grain size mean")).toMatchObject({ role: "structure", unit: "um" });
    expect(table.column("grain size std")).toMatchObject({ role: "uncertainty", describes: "grain size mean" });
    expect(columnTexts(table.column("phase"))).toEqual(["austenite", "ferrite", undefined]);
    expect(report).toBe(
      "2 of 3 rows of s.csv found a row in grains.csv\nonly in s.csv: S3 (row 4)\nonly in grains.csv: S9 (row 5)\n4 rows of grains.csv became 3",
    );
  });

  it("compares ids as written, and says that spelling stands in the way", () => {
    const left = readTable("id,x\nHT-07 a,1\nht8,2\n", { file: "l.csv" });
    const right = readTable("id,y\nht07A,3\nHT 8,4\n", { file: "r.csv" });
    const strict = joinTables(left, right, { on: "id" });
    expect([strict.nMatched, strict.report.split("\n").at(-1)]).toEqual([0, "2 more would match with normalizeKeys, which lets case, spaces and hyphens go"]); // biome-ignore format: one line
    const loose = joinTables(left, right, { on: "id", normalizeKeys: true });
    expect([...loose.table.number("y").values]).toEqual([3, 4]);
    expect(columnTexts(loose.table.column("id"))).toEqual(["HT-07 a", "ht8"]);
    const twice = readTable("id,y\nht8,3\nHT 8,4\n", { file: "r.csv" });
    expect(() => joinTables(left, twice, { on: "id", normalizeKeys: true })).toThrow(/"ht8" = "HT 8" in rows 2, 3/);
  });

  it("joins by several columns together, and by columns of other names", () => {
    const left = readTable("heat,T,x\nA,1,1\nA,2,2\nB,1,3\n");
    const right = readTable("melt,T,y\nA,2,20\nB,1,30\n");
    const joined = joinTables(left, right, { on: ["heat", "T"], rightOn: ["melt", "T"] });
    expect([...joined.table.number("y").values]).toEqual([Number.NaN, 20, 30]);
    expect(joined.onlyLeft).toEqual([{ key: "A, 1", rows: [2] }]);
    expect(() => joinTables(left, right, { on: "heat", rightOn: ["melt", "T"] })).toThrow(/1 key columns.*2 on the right/); // biome-ignore format: one line
  });

  it("refuses ids in different units", () => {
    const left = readTable("T (°C),x\n300,1\n");
    expect(() => joinTables(left, readTable("T (K),y\n300,5\n"), { on: "T" })).toThrow(
      /"T" is in degC on the left, "T" in K on the right; bring both to one unit/,
    );
    expect(joinTables(left, readTable("Temp (°C),y\n300,5\n"), { on: "T", rightOn: "Temp" }).nMatched).toBe(1);
  });

  it("refuses two columns of one name", () => {
    expect(() => joinTables(tests, tests, { on: "T", aggregate: { texts: "first" } })).toThrow(/both tables have a column "heat"/); // biome-ignore format: one line
  });
});
