import { columnTexts, createCategoryColumn, createNumberColumn, DataError, mergeReplicates, readTable, Table } from "@materiome/core"; // biome-ignore format: one line
import { describe, expect, it } from "vitest";

const table = new Table(
  [
    createCategoryColumn("specimen", ["s1", "s2", "s3", "s4", "s5"], { role: "id" }),
    createNumberColumn("T", [600, 600, 700, 600, 700], { role: "process", unit: "degC" }),
    createCategoryColumn("route", ["cast", "cast", "cast", "cast", "rolled"], { role: "process" }),
    createNumberColumn("YS", [10, 14, 20, Number.NaN, 30], { role: "property", unit: "MPa" }),
    createNumberColumn("YS sd", [3, 4, 1, Number.NaN, 2], { role: "uncertainty", unit: "MPa", describes: "YS" }),
    createCategoryColumn("note", ["x", "x", "y", "x", "z"], { role: "note" }),
  ],
  "r.csv",
);

describe("mergeReplicates", () => {
  it("takes the mean of rows equal in all inputs, with scatter and number", () => {
    const { table: merged, nReplicated, scatter, groups, report } = mergeReplicates(table);
    expect([...groups.codes]).toEqual([0, 0, 1, 0, 2]);
    expect(merged.names).toEqual([
      "specimen",
      "T",
      "route",
      "YS",
      "YS replicate std",
      "YS replicates",
      "YS sd",
      "note",
    ]);
    expect([...merged.number("YS").values]).toEqual([12, 20, 30]);
    expect([...merged.number("YS replicate std").values]).toEqual([Math.sqrt(8), Number.NaN, Number.NaN]);
    expect([...merged.number("YS replicates").values]).toEqual([2, 1, 1]);
    expect([...merged.number("YS sd").values]).toEqual([Math.sqrt(12.5), 1, 2]);
    expect(merged.column("YS replicate std")).toMatchObject({ role: "uncertainty", describes: "YS", unit: "MPa" });
    expect(columnTexts(merged.column("specimen"))).toEqual([undefined, "s3", "s5"]);
    expect(columnTexts(merged.column("note"))).toEqual(["x", "y", "z"]);
    expect([0, 1, 2].map((i) => merged.rowNumber(i))).toEqual([2, 4, 6]);
    expect(nReplicated).toBe(1);
    expect(scatter).toEqual([{ column: "YS", unit: "MPa", nGroups: 1, degreesOfFreedom: 1, pooledStd: Math.sqrt(8) }]);
    expect(report).toBe(
      "1 of 3 different samples were measured more than once (3 of 5 rows); replicates agree in T, route\nYS: standard deviation of one measurement 2.83 MPa, from 1 degree of freedom",
    );
  });

  it("pools variances over groups by their degrees of freedom", () => {
    const t = new Table([
      createCategoryColumn("s", ["a", "a", "a", "b", "b", "c"], { role: "id" }),
      createNumberColumn("y", [1, 2, 3, 10, 14, 5], { role: "property" }),
    ]);
    const [scatter] = mergeReplicates(t, { by: ["s"] }).scatter;
    expect(scatter).toMatchObject({ nGroups: 2, degreesOfFreedom: 3 });
    expect(scatter?.pooledStd).toBeCloseTo(Math.sqrt((2 * 1 + 1 * 8) / 3), 14);
    const sem = mergeReplicates(t, { by: ["s"], scatter: "sem" }).table.number("y replicate sem").values;
    expect(sem[0]).toBeCloseTo(1 / Math.sqrt(3), 14);
  });

  it("averages structure where replicates are told by an id", () => {
    const t = readTable("sample id,grain size (µm),YS (MPa)\na,10,1\na,14,3\nb,20,7\n");
    const { table: merged } = mergeReplicates(t, { by: ["sample id"] });
    expect([...merged.number("grain size").values]).toEqual([12, 20]);
    expect([...merged.number("grain size replicates").values]).toEqual([2, 1]);
  });

  it("refuses replicates that disagree, listing all, or leaves the value missing", () => {
    const by = ["T"];
    expect(() => mergeReplicates(table, { by })).toThrow(DataError);
    expect(() => mergeReplicates(table, { by })).toThrow(
      /r\.csv: .*disagree:\n {2}"route" is cast \/ rolled in rows 4, 6\n/,
    );
    const { table: merged, disagreements } = mergeReplicates(table, { by, disagreement: "missing" });
    expect(disagreements).toEqual([{ column: "route", rows: [4, 6], values: ["cast", "rolled"] }]);
    expect(columnTexts(merged.column("route"))).toEqual(["cast", undefined]);
  });

  it("does not average limits", () => {
    const t = new Table([
      createCategoryColumn("s", ["a", "a", "b", "b"], { role: "id" }),
      createNumberColumn("life", [1e5, 1e7, 1e7, 1e7], { role: "property" }),
      createCategoryColumn("run-out", ["no", "yes", "yes", "yes"], { role: "censor", describes: "life" }),
    ]);
    expect(() => mergeReplicates(t, { by: ["s"] })).toThrow(/"life \(censored\)" is 100000 \/ 10000000 in rows 2, 3/);
    expect(() => mergeReplicates(t, { by: ["s"] })).not.toThrow(/rows 4, 5/);
  });

  it("keeps all rows and marks their group on request", () => {
    const { table: kept } = mergeReplicates(table, { rows: "keep" });
    expect(columnTexts(kept.column("replicate group"))).toEqual(["1", "1", "2", "1", "3"]);
    expect(kept.column("replicate group").role).toBe("group");
    expect(kept.column("YS")).toBe(table.column("YS"));
  });

  it("takes rows without any input for no replicates", () => {
    const t = new Table([
      createNumberColumn("T", [Number.NaN, Number.NaN, 1], { role: "process" }),
      createNumberColumn("y", [1, 2, 3], { role: "property" }),
    ]);
    expect(mergeReplicates(t).table.nRows).toBe(3);
    const none = new Table([createNumberColumn("y", [1, 2], { role: "property" })]);
    expect(() => mergeReplicates(none)).toThrow(/no input columns/);
  });
});
