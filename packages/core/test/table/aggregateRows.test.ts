import { readFileSync } from "node:fs";
import {
  aggregateRows,
  columnTexts,
  createCategoryColumn,
  createNumberColumn,
  type NumberSummary,
  readTable,
  renameColumns,
  sortRows,
  Table,
  takeTableRows,
} from "@materiome/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

interface Golden {
  readonly source: string;
  readonly tolerance: number;
  readonly data: { sample: string[]; lab: string[]; d: (number | null)[]; w: number[] };
  readonly samples: string[];
  readonly expected: Record<NumberSummary, (number | null)[]>;
  readonly weighted: Record<"mean" | "std" | "sem", (number | null)[]>;
  readonly bySampleAndLab: { keys: [string, string][]; mean: (number | null)[] };
  readonly sorted: number[];
}

const golden = JSON.parse(readFileSync(new URL("./fixtures/aggregate.json", import.meta.url), "utf8")) as Golden;
const { data } = golden;
const table = new Table(
  [
    createCategoryColumn("sample", data.sample, { role: "id" }),
    createCategoryColumn("lab", data.lab, { role: "condition" }),
    createNumberColumn(
      "d",
      data.d.map((x) => x ?? Number.NaN),
      { role: "structure", unit: "um" },
    ),
    createNumberColumn("w", data.w, { role: "note" }),
  ],
  "grains.csv",
);

function expectClose(actual: Float64Array, expected: readonly (number | null)[]): void {
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) {
    if (value === null) expect(actual[i]).toBeNaN();
    else expect(Math.abs(actual[i] - value)).toBeLessThanOrEqual(golden.tolerance * Math.max(1, Math.abs(value)));
  }
}

describe(`aggregateRows against ${golden.source}`, () => {
  const numbers = Object.keys(golden.expected) as NumberSummary[];

  it("makes every summary", () => {
    const made = aggregateRows(table, ["sample"], { columns: { d: numbers }, texts: "missing" });
    expect(columnTexts(made.column("sample"))).toEqual(golden.samples);
    for (const summary of numbers) expectClose(made.number(`d ${summary}`).values, golden.expected[summary]);
  });

  it("weighs mean, std and sem", () => {
    const options = { columns: { d: ["mean", "std", "sem"] }, weights: "w", texts: "missing" } as const;
    const made = aggregateRows(table, ["sample"], options);
    for (const summary of ["mean", "std", "sem"] as const) {
      expectClose(made.number(`d ${summary}`).values, golden.weighted[summary]);
    }
  });

  it("groups by several columns, in the order of appearance", () => {
    const made = aggregateRows(table, ["sample", "lab"]);
    const keys = columnTexts(made.column("sample")).map((s, i) => [s, columnTexts(made.column("lab"))[i]]);
    expect(keys).toEqual(golden.bySampleAndLab.keys);
    expectClose(made.number("d").values, golden.bySampleAndLab.mean);
  });

  it("sorts as pandas does, missing values last", () => {
    const sorted = sortRows(table, ["lab", { column: "d", descending: true }]);
    expect(Array.from({ length: 60 }, (_, i) => sorted.rowNumber(i) - 2)).toEqual(golden.sorted);
  });
});

describe("aggregateRows", () => {
  const small = readTable("sample,etch,d50 (µm),d50 std (µm)\nA,nital,1,0.1\nA,nital,3,0.3\nB,picral,7,\n", {
    file: "m.csv",
  });

  it("names columns and gives them roles, units and the row of their first member", () => {
    const renamed = renameColumns(small, { d50: "grain size", "d50 std": "error" });
    const made = aggregateRows(renamed, ["sample"], { columns: { "grain size": ["mean", "std", "count"] } });
    expect(made.names).toEqual(["sample", "etch", "grain size mean", "grain size std", "grain size count", "error"]);
    expect(made.column("grain size mean")).toMatchObject({ role: small.column("d50").role, unit: "um" });
    expect(made.column("grain size std")).toMatchObject({
      role: "uncertainty",
      unit: "um",
      describes: "grain size mean",
    });
    expect(made.column("grain size count")).toMatchObject({ role: "note", unit: "" });
    expect(made.column("error")).toMatchObject({ role: "uncertainty", describes: "grain size mean" });
    expect([made.rowNumber(0), made.rowNumber(1)]).toEqual([2, 4]);
  });

  it("refuses two columns of one name, rather than let one win", () => {
    expect(() => aggregateRows(small, ["sample"], { columns: { d50: ["mean", "std"] } })).toThrow(
      /two columns are named "d50 std"/,
    );
  });

  it("lists texts that differ within a group, or does with them as asked", () => {
    const odd = readTable("s,etch,route,d\nA,nital,x,1\nA,picral,x,3\nA,picral,y,3\nB,picral,,7\n", { file: "m.csv" });
    const message = /m\.csv: .*differ within a group:\n {2}column "etch": "nital" in row 2, "picral" in row 3\n {2}column "route": "x" in row 2, "y" in row 4/; // biome-ignore format: one line
    expect(() => aggregateRows(odd, ["s"])).toThrow(message);
    const etch = (texts: "missing" | "first" | "most frequent") =>
      columnTexts(aggregateRows(odd, ["s"], { texts }).column("etch"));
    expect(etch("missing")).toEqual([undefined, "picral"]);
    expect(etch("first")).toEqual(["nital", "picral"]);
    expect(etch("most frequent")).toEqual(["picral", "picral"]);
  });

  it("refuses bad weights (all rows at once), unknown summaries, sums of temperatures", () => {
    const bad = readTable("s,d,w\nA,1,0\nA,2,\nB,3,-1\nB,3,1\n", { file: "w.csv" });
    expect(() => aggregateRows(bad, ["s"], { weights: "w" })).toThrow(/w\.csv, column "w": .*rows 2 \(0\), 3 \(missing\), 4 \(-1\)/); // biome-ignore format: one line
    expect(() => aggregateRows(bad, ["s"], { numbers: "medain" as NumberSummary })).toThrow(/did you mean "median"/);
    const hot = readTable("s,T (°C)\nA,1\nA,2\n");
    expect(() => aggregateRows(hot, ["s"], { numbers: "sum" })).toThrow(/sum of temperatures in degC/);
    expect(() => aggregateRows(hot, [])).toThrow(/at least one column/);
  });

  it("does not depend on the order of rows within a group", () => {
    const values = fc.array(fc.tuple(fc.constantFrom("A", "B"), fc.double({ min: -1e3, max: 1e3, noNaN: true })), { minLength: 1 }); // biome-ignore format: one line
    fc.assert(
      fc.property(values, (rows) => {
        const t = new Table([
          createCategoryColumn("s", rows.map(([s]) => s), { role: "id" }),
          createNumberColumn("d", rows.map(([, d]) => d), { role: "property" }),
        ]); // biome-ignore format: short
        const reversed = takeTableRows(
          t,
          rows.map((_, i) => rows.length - 1 - i),
        );
        const options = { numbers: ["mean", "median", "min", "max", "std", "sum", "count"] } as const;
        const a = sortRows(aggregateRows(t, ["s"], options), ["s"]);
        const b = sortRows(aggregateRows(reversed, ["s"], options), ["s"]);
        for (const column of a.columns) {
          if (column.kind !== "number") continue;
          for (const [i, value] of column.values.entries()) {
            const other = b.number(column.name).values[i];
            if (Number.isNaN(value)) expect(other).toBeNaN();
            else expect(Math.abs(other - value)).toBeLessThan(1e-9);
          }
        }
      }),
      { seed: 2 },
    );
  });

  it("gives equal values back exactly, without scatter", () => {
    const t = new Table([
      createCategoryColumn("s", ["A", "A", "A"], { role: "id" }),
      createNumberColumn("d", [0.1, 0.1, 0.1], { role: "property" }),
    ]);
    const made = aggregateRows(t, ["s"], { numbers: ["mean", "std"] });
    expect([made.number("d mean").values[0], made.number("d std").values[0]]).toEqual([0.1, 0]);
  });

  it("makes no scatter of an uncertainty, unless asked to", () => {
    const t = readTable("heat,YS (MPa)\nA,500±5\nA,510±6\nB,520\n");
    const numbers = ["mean", "std", "count"] as const;
    const made = aggregateRows(t, ["heat"], { numbers });
    expect(made.names).toEqual(["heat", "YS mean", "YS std", "YS count", "YS uncertainty"]);
    expect(made.column("YS uncertainty")).toMatchObject({ role: "uncertainty", describes: "YS mean" });
    expect([...made.number("YS uncertainty").values]).toEqual([5.5, Number.NaN]);
    const asked = aggregateRows(t, ["heat"], { numbers, columns: { "YS uncertainty": ["max", "count"] } });
    expect(asked.names.slice(4)).toEqual(["YS uncertainty max", "YS uncertainty count"]);
  });

  it("keeps the mark of a limit where values and limits are averaged", () => {
    const made = aggregateRows(readTable("heat,S (wt%)\nA,<0.005\nA,0.007\nB,0.01\n"), ["heat"]);
    expect(columnTexts(made.column("S censoring"))).toEqual(["left", undefined]);
    expect(() => aggregateRows(readTable("heat,S (wt%)\nA,<0.005\nA,>0.007\n"), ["heat"])).toThrow(/"left" in row 2/);
  });

  it("works on an empty table", () => {
    expect(aggregateRows(takeTableRows(table, []), ["sample"]).nRows).toBe(0);
  });
});
