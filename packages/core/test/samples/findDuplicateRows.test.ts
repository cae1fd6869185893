import { join } from "node:path";
import { createCategoryColumn, createNumberColumn, createRandom, createTextColumn, findDuplicateRows, readTable, readTableFile, Table } from "@materiome/core"; // biome-ignore format: one line
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const root = process.env["MATERIOME_DATA"] ?? "";

describe("findDuplicateRows", () => {
  it("tells identical rows from rows that contradict each other", () => {
    const table = readTable("T (°C),route,YS (MPa)\n600,cast,10\n600,cast,10\n600,cast,14\n700,cast,3\n700,cast,3\n", {
      file: "d.csv",
    });
    const found = findDuplicateRows(table);
    expect(found.inputs).toEqual(["T", "route"]);
    expect(found.surplus).toEqual([1, 4]);
    expect(found.equal.map(({ rows }) => rows)).toEqual([
      [2, 3, 4],
      [5, 6],
    ]);
    expect(found.equal[0]?.conflicts).toMatchObject([{ column: "YS", min: 10, max: 14, values: ["10", "14"] }]);
    expect(found.equal[0]?.conflicts[0]?.relativeSpread).toBeCloseTo(4 / Math.sqrt(23.5), 12);
    expect(found.equal[1]?.conflicts).toEqual([]);
    expect(found.text).toMatch(/d\.csv: 5 rows compared in T, route; measured: YS/);
    expect(found.text).toMatch(/2 rows repeat an earlier one.*\n {2}among rows 2, 3, 4: 3\n {2}rows 5 = 6\n/);
    expect(found.text).toMatch(/1 group of rows agrees in all inputs and differs.*\n {2}rows 2, 3, 4: YS 10 … 14 MPa/);
  });

  it("compares formulas by what they mean, and near ones element by element", () => {
    const formulas = ["Fe2O3", "O3Fe2", "Fe2O3.01", "FeO", "Ga0.001Te1Pb0.999", "In0.001Te1Pb0.999", "Fe2"];
    const table = new Table([
      createTextColumn("f", formulas, { role: "composition", kind: "formula" }),
      createNumberColumn("gap", [2, 2, 2.1, 0, 1, 1, 0], { role: "property", unit: "eV" }),
    ]);
    const found = findDuplicateRows(table);
    expect(found.equal.map(({ indices }) => indices)).toEqual([[0, 1]]);
    expect(found.near.map(({ indices }) => indices)).toEqual([[0, 2]]); // another dopant is another material
    expect(found.near[0]).toMatchObject({ differences: [{ column: "f", values: ["Fe2O3", "Fe2O3.01"] }] });
    expect(found.near[0]?.conflicts).toMatchObject([{ column: "gap", min: 2, max: 2.1 }]);
  });

  it("takes rounding and conversion for near, other grid points not", () => {
    const T = [1093, 1093.15, 1094, ...Array.from({ length: 30 }, (_, i) => 900 + i)];
    const d = T.map((_, i) => [10, 10.05, 10][i] ?? 0.01 * 10 ** (i / 6)); // 0.03 … 2154 µm
    const table = new Table([
      createNumberColumn("T", T, { role: "process", unit: "K" }),
      createNumberColumn("grain size", d, { role: "structure", unit: "um" }),
    ]);
    const found = findDuplicateRows(table);
    expect(found.tolerances["T"]).toEqual({ kind: "absolute", value: 0.5 });
    expect(found.tolerances["grain size"]?.kind).toBe("relative");
    expect(found.near.map(({ indices }) => indices)).toEqual([[0, 1]]);
    expect(findDuplicateRows(table, { tolerances: { T: 1 } }).near.map(({ indices }) => indices)).toEqual([[0, 1], [1, 2], [0, 2]]); // biome-ignore format: one line
    expect(findDuplicateRows(table, { tolerance: 0 }).near).toEqual([]);
  });

  it("says which declared groups equal rows cross", () => {
    const table = readTable("T,DOI,y\n1,a,1\n1,b,1\n2,a,3\n2,a,4\n", { file: "x.csv" });
    const found = findDuplicateRows(table, { inputs: ["T"], outputs: ["y"] });
    expect(found.equal.map(({ crosses }) => crosses)).toEqual([["DOI"], []]);
    expect(found.text).toMatch(/1 group of rows with equal inputs stands under different DOI/);
  });

  it("finds the very pairs that comparing all of them finds", () => {
    const value = fc.oneof(fc.integer({ min: 0, max: 8 }).map((x) => x / 10), fc.constant(Number.NaN), fc.double({ min: 0, max: 1, noNaN: true })); // biome-ignore format: one line
    const rows = fc.array(fc.tuple(value, value, fc.constantFrom("p", "q", undefined)), { maxLength: 40 });
    fc.assert(
      fc.property(rows, fc.constantFrom(0.1, 0.3), (list, tolerance) => {
        const table = new Table([
          createNumberColumn("a", list.map(([a]) => a), { role: "process" }),
          createNumberColumn("b", list.map(([, b]) => b), { role: "process" }),
          createCategoryColumn("c", list.map(([, , c]) => c), { role: "process" }),
        ]); // biome-ignore format: short
        const found = findDuplicateRows(table, { inputs: ["a", "b", "c"], tolerances: { a: tolerance, b: tolerance } });
        const same = (x: unknown, y: unknown): boolean => x === y || (Number.isNaN(x) && Number.isNaN(y));
        const near = (x: number, y: number): boolean => same(x, y) || Math.abs(x - y) <= tolerance + 1e-14;
        const expected: string[] = [];
        const equal = (i: number, j: number): boolean => [0, 1, 2].every((k) => same(list[i][k], list[j][k]));
        const isEmpty = (i: number): boolean => Number.isNaN(list[i][0]) && Number.isNaN(list[i][1]) && list[i][2] === undefined; // biome-ignore format: one line
        for (let j = 0; j < list.length; j++) {
          for (let i = 0; i < j; i++) {
            const [x, y] = [list[i], list[j]];
            if (isEmpty(i) || isEmpty(j) || equal(i, j)) continue;
            const isFirst = (k: number): boolean => !list.slice(0, k).some((_, m) => equal(m, k));
            if (isFirst(i) && isFirst(j) && near(x[0], y[0]) && near(x[1], y[1]) && x[2] === y[2]) expected.push(`${i} ${j}`); // biome-ignore format: one line
          }
        }
        expect(found.near.map(({ indices }) => indices.join(" ")).sort()).toEqual(expected.sort());
        for (const { distance } of found.near) expect(distance > 0 && distance <= 1 + 1e-9).toBe(true);
      }),
      { seed: 6, numRuns: 200 },
    );
  });

  it("finds planted near pairs among 10 000 × 30", () => {
    const random = createRandom(1);
    const n = 10_000;
    const columns = Array.from({ length: 30 }, () => Float64Array.from({ length: n }, () => random.next()));
    const planted = [
      [5, 9000],
      [17, 18],
      [4000, 4001],
    ] as const;
    for (const [i, j] of planted) for (const column of columns) column[j] = column[i] + 0.001 * (random.next() - 0.5);
    const table = new Table(columns.map((values, k) => createNumberColumn(`x${k}`, values, { role: "process" })));
    const found = findDuplicateRows(table);
    expect(found.near.map(({ indices }) => indices).sort((a, b) => a[0] - b[0])).toEqual(planted);
    expect(found.isComplete).toBe(true);
  });

  it("gives up, and says so, where everything is near everything", () => {
    const table = new Table([
      createNumberColumn(
        "x",
        Float64Array.from({ length: 2000 }, (_, i) => i),
        { role: "process" },
      ),
    ]);
    const found = findDuplicateRows(table, { tolerances: { x: 1e6 }, maxPairs: 3 });
    expect([found.isComplete, found.near.length]).toEqual([false, 3]);
    expect(found.text).toMatch(/at least 1000000 pairs of rows are near.*tolerance is too wide/);
  });

  it("refuses negative tolerances and tables without inputs", () => {
    const table = readTable("T,y\n1,1\n2,2\n");
    expect(() => findDuplicateRows(table, { inputs: ["T"], tolerance: -1 })).toThrow(/tolerance must be a number ≥ 0/);
    expect(() => findDuplicateRows(table, { inputs: [] })).toThrow(/no input columns/);
    expect(findDuplicateRows(readTable("T,y\n1,1\n")).equal).toEqual([]);
  });
});

describe.skipIf(root === "")("duplicates in open data (needs MATERIOME_DATA)", () => {
  it("concrete: the 25 known repeats, and nine mixes measured again", async () => {
    const found = findDuplicateRows(await readTableFile(join(root, "concrete-strength", "concrete-strength.csv")));
    expect([found.surplus.length, found.equal.filter(({ conflicts }) => conflicts.length > 0).length]).toEqual([25, 9]);
  });

  it("LPBF: one campaign published under two DOIs", async () => {
    const table = await readTableFile(join(root, "lpbf-relative-density", "lpbf-relative-density.csv"));
    const crossing = findDuplicateRows(table).equal.filter(({ crosses }) => crosses.length > 0);
    expect(crossing.length).toBe(6);
  });
});
