import { columnTexts, meltColumns, pivotRows, readTable } from "@materiome/core";
import { describe, expect, it } from "vitest";

const wide = readTable("alloy id,RT (MPa),HT (ksi),note\nA,800,100,x\nB,900,,y\n", { file: "w.csv" });
const key = { name: "test temperature", role: "condition", unit: "degC" } as const;

describe("meltColumns", () => {
  it("puts columns below each other, in one unit, and keeps file rows", () => {
    const long = meltColumns(wide, { columns: { RT: 25, HT: 600 }, key, value: "YS" });
    expect(long.names).toEqual(["alloy id", "note", "test temperature", "YS"]);
    expect(columnTexts(long.column("alloy id"))).toEqual(["A", "A", "B"]);
    expect([...long.number("test temperature").values]).toEqual([25, 600, 25]);
    expect(long.column("test temperature")).toMatchObject({ role: "condition", unit: "degC" });
    expect([...long.number("YS").values].map((x) => x.toFixed(6))).toEqual(["800.000000", "689.475729", "900.000000"]);
    expect(long.column("YS")).toMatchObject({ unit: "MPa", role: wide.column("RT").role });
    expect([0, 1, 2].map((i) => long.rowNumber(i))).toEqual([2, 2, 3]);
    const all = meltColumns(wide, { columns: { RT: "room", HT: "hot" }, key: { name: "at", role: "condition" }, value: "YS", dropMissing: false }); // biome-ignore format: one line
    expect([columnTexts(all.column("at")), [...all.number("YS").valid]]).toEqual([["room", "hot", "room", "hot"], [1, 1, 1, 0]]); // biome-ignore format: one line
  });

  it("refuses what does not fit", () => {
    const odd = readTable("id,a (MPa),b (HV)\nA,1,2\n", { file: "o.csv" });
    expect(() => meltColumns(odd, { columns: { a: 1, b: 2 }, key, value: "y" })).toThrow(/o\.csv, column "b": the unit "HV" does not convert to "MPa"/); // biome-ignore format: one line
    expect(() => meltColumns(wide, { columns: { RT: 1, HT: "x" }, key, value: "y" })).toThrow(/mix numbers and texts/);
    expect(() => meltColumns(wide, { columns: { RT: 1 }, key, value: "note" })).toThrow(/two columns are named "note"/);
    expect(() => meltColumns(wide, { columns: {}, key, value: "y" })).toThrow(/at least one column/);
  });
});

describe("pivotRows", () => {
  const icp = readTable(
    "sample,lab,element,amount (wt%)\nS1,x,C,0.2\nS1,x,Mn,1.5\nS2,x,Mn,1.1\nS2,x,C,0.3\nS3,y,C,\nS3,y,Cr,18\n",
    { file: "icp.csv" },
  );

  it("makes a column of each name, missing where no row fills it", () => {
    const made = pivotRows(icp, { by: ["sample"], names: "element", values: "amount" });
    expect(made.names).toEqual(["sample", "lab", "C", "Mn", "Cr"]);
    expect([...made.number("C").values]).toEqual([0.2, 0.3, Number.NaN]);
    expect([...made.number("Mn").valid]).toEqual([1, 1, 0]);
    expect(made.column("Cr")).toMatchObject({ unit: "wt%", role: icp.column("amount").role });
    expect([0, 1, 2].map((i) => made.rowNumber(i))).toEqual([2, 4, 6]);
  });

  it("is undone by meltColumns", () => {
    const made = pivotRows(icp, { by: ["sample"], names: "element", values: "amount" });
    const long = meltColumns(made, {
      columns: { C: "C", Mn: "Mn", Cr: "Cr" },
      key: { name: "element", role: "condition" },
      value: "amount",
    });
    const cells = (t: typeof icp): string[] =>
      columnTexts(t.column("sample"))
        .map((s, i) => `${s} ${columnTexts(t.column("element"))[i]} ${t.number("amount").values[i]}`)
        .filter((cell) => !cell.endsWith("NaN"))
        .sort();
    expect(cells(long)).toEqual(cells(icp));
  });

  it("lists cells with several values, or makes one of them as asked", () => {
    const twice = readTable("s,e,a\nA,C,1\nA,C,3\nB,C,5\n", { file: "t.csv" });
    const options = { by: ["s"], names: "e", values: "a" } as const;
    expect(() => pivotRows(twice, options)).toThrow(/t\.csv, column "a": pivotRows: several values for one cell: "C" in rows 2, 3/); // biome-ignore format: one line
    expect([...pivotRows(twice, { ...options, repeated: "mean" }).number("C").values]).toEqual([2, 5]);
    const nameless = readTable("s,e,a\nA,C,1\nA,,3\n", { file: "t.csv" });
    expect(() => pivotRows(nameless, options)).toThrow(/t\.csv, row 3, column "e": .*which column/);
    expect(() => pivotRows(readTable("s,e,a\nA,s,1\n"), options)).toThrow(/two columns are named "s"/);
  });
});
