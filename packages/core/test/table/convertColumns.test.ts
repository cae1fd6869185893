import {
  convertColumns,
  createNumberColumn,
  DataError,
  DomainError,
  ENGINEERING_UNITS,
  readTable,
  restoreUnits,
  SI_UNITS,
  Table,
  tableFromJSON,
  tableToJSON,
  toCanonicalUnits,
  UnitError,
  writeTable,
} from "@materiome/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const text = "heat,anneal T (°F),YS (ksi),YS std (ksi),undercooling (°F),HV\nA,1112,100,2,18,300\nB,1292,,1,36,310\n";
const table = readTable(text, { file: "us.csv" });

describe("convertColumns", () => {
  it("converts values and unit, keeps header and original unit, shares the rest", () => {
    const metric = convertColumns(table, { "anneal T (°F)": "degC", YS: "MPa", "YS std": "MPa" });
    expect([...metric.number("anneal T").values].map((t) => t.toFixed(9))).toEqual(["600.000000000", "700.000000000"]);
    expect(metric.number("YS").values[0]).toBeCloseTo(689.4757293168361, 10);
    expect(metric.number("YS").valid).toBe(table.number("YS").valid);
    expect(metric.column("anneal T")).toMatchObject({ unit: "degC", originalUnit: "degF", header: "anneal T (°F)" });
    expect(metric.column("HV")).toBe(table.column("HV"));
    expect(table.number("anneal T")).toMatchObject({ unit: "degF", values: Float64Array.of(1112, 1292) });
    expect(writeTable(metric).split("\n")[0]).toBe("heat,anneal T (degC),YS (MPa),YS std (MPa),undercooling (°F),HV");
  });

  it("brings back what the file said, header and numbers, also through JSON and several conversions", () => {
    const twice = convertColumns(convertColumns(table, { "anneal T": "K", YS: "MPa", "YS std": "GPa" }), { "anneal T": "degC" }); // biome-ignore format: one line
    const again = restoreUnits(tableFromJSON(JSON.parse(JSON.stringify(tableToJSON(twice)))));
    expect(again.columns.map(({ unit, originalUnit }) => [unit, originalUnit])).toEqual(
      table.columns.map(({ unit }) => [unit, undefined]),
    );
    expect(writeTable(again).split("\n")[0]).toBe(text.split("\n")[0]);
    for (const name of ["anneal T", "YS", "YS std"]) {
      for (const [i, value] of table.number(name).values.entries()) {
        if (!Number.isNaN(value)) expect(Math.abs(again.number(name).values[i] / value - 1)).toBeLessThan(1e-12);
      }
    }
    expect(convertColumns(convertColumns(table, { YS: "MPa", "YS std": "MPa" }), { YS: "ksi", "YS std": "ksi" }).column("YS").originalUnit).toBeUndefined(); // biome-ignore format: one line
  });

  it("converts uncertainties and declared differences without the offset", () => {
    const t = new Table([
      createNumberColumn("T", [100], { role: "condition", unit: "degC" }),
      createNumberColumn("T sd", [5], { role: "uncertainty", unit: "degC", describes: "T" }),
      createNumberColumn("dT", [9], { role: "process", unit: "degF" }),
    ]);
    const k = convertColumns(t, { T: "K", "T sd": "K", dT: "K" }, { differences: ["dT"] });
    expect([k.number("T").values[0], k.number("T sd").values[0], k.number("dT").values[0]]).toEqual([373.15, 5, 5]);
    expect(restoreUnits(k).number("dT").values[0]).toBeCloseTo(9, 13);
    expect(restoreUnits(k).number("T sd").values[0]).toBe(5);
  });

  it.each([
    [{ YS: "HV" }, UnitError, /us\.csv, column "YS": cannot convert "ksi" to "HV"/],
    [{ heat: "MPa" }, UnitError, /column "heat": the column holds (category|text) values/],
    [{ Y: "MPa" }, DataError, /no column "Y"/],
  ])("refuses %j", (units, type, message) => {
    expect(() => convertColumns(table, units)).toThrow(type);
    expect(() => convertColumns(table, units)).toThrow(message);
  });

  it("refuses columns without a unit, temperatures below absolute zero, and σ that would stay behind", () => {
    const t = new Table(
      [
        createNumberColumn("x", [1, 2], { role: "process" }),
        createNumberColumn("T", [20, -300], { role: "process", unit: "degC" }),
        createNumberColumn("YS", [1, 2], { role: "property", unit: "ksi" }),
        createNumberColumn("YS sd", [1, 2], { role: "uncertainty", describes: "YS" }),
      ],
      "t.csv",
    );
    expect(() => convertColumns(t, { x: "MPa" })).toThrow(/column "x": the column states no unit/);
    expect(() => convertColumns(t, { T: "K" })).toThrow(DomainError);
    expect(() => convertColumns(t, { T: "K" })).toThrow(/t\.csv, row 3, column "T": -300 degC is below absolute zero.*differences/); // biome-ignore format: one line
    expect(() => convertColumns(t, { YS: "MPa" })).toThrow(/"YS sd" is the uncertainty of "YS" and states no unit/);
  });
});

describe("toCanonicalUnits", () => {
  it("says what it changed and what it kept, and why", () => {
    const { table: metric, changes, kept } = toCanonicalUnits(table);
    expect(changes).toEqual([
      { column: "anneal T", from: "degF", to: "degC", isDifference: false },
      { column: "YS", from: "ksi", to: "MPa", isDifference: false },
      { column: "YS std", from: "ksi", to: "MPa", isDifference: false },
      { column: "undercooling", from: "degF", to: "K", isDifference: true },
    ]);
    expect(kept.map(({ column }) => column)).toEqual(["HV"]);
    expect(metric.number("undercooling").values[0]).toBeCloseTo(10, 12);
    expect(metric.number("YS std").values[0]).toBeCloseTo(13.789514586, 8);
    const again = toCanonicalUnits(metric);
    expect(again.changes).toEqual([]);
    expect(again.kept.find(({ column }) => column === "YS")?.reason).toBe("already canonical");
  });

  it("states pressures of a vacuum in Pa, once and again", () => {
    const vacuum = readTable("Chamber pressure (mTorr),p (Torr),HIP pressure (bar),YS (Pa)\n5,1,1000,4e8\n");
    const { table: once } = toCanonicalUnits(vacuum);
    expect(once.columns.map(({ unit }) => unit)).toEqual(["Pa", "Pa", "MPa", "MPa"]);
    expect(once.number("Chamber pressure").values[0]).toBeCloseTo(0.6666118421, 9);
    expect(toCanonicalUnits(once).changes).toEqual([]);
  });

  it("takes another table of units and single columns", () => {
    const si = toCanonicalUnits(table, { units: SI_UNITS, columns: { "anneal T": "degC" } }).table;
    expect(si.columns.map(({ unit }) => unit).slice(1, 5)).toEqual(["degC", "Pa", "Pa", "K"]);
    const none = toCanonicalUnits(table, { units: [] });
    expect(none.changes.map(({ column }) => column)).toEqual(["undercooling"]);
  });

  it("takes differences from the caller instead of from names", () => {
    const { table: t } = toCanonicalUnits(table, { differences: [] });
    expect(t.number("undercooling").values[0]).toBeCloseTo(-7.777777777777778, 10); // 18 °F on the scale
  });

  it("is undone by restoreUnits to 1e-12", () => {
    const columns = [
      ["T", "process", ["degF", "K", "degC"]],
      ["stress", "property", ["ksi", "GPa", "kgf/mm2", "psi"]],
      ["grain size", "structure", ["nm", "mm", "in"]],
      ["O", "composition", ["wppm", "wt%", "mass fraction"]],
      ["rate", "process", ["degC/min", "K/s"]],
    ] as const;
    const arbitrary = fc.tuple(
      ...columns.map(([, , units]) => fc.constantFrom<string>(...units)),
      fc.array(fc.double({ min: 1, max: 1e5, noNaN: true }), { minLength: 1, maxLength: 5 }),
      fc.constantFrom(ENGINEERING_UNITS, SI_UNITS),
    );
    fc.assert(
      fc.property(arbitrary, ([a, b, c, d, e, values, units]) => {
        const given = [a, b, c, d, e] as string[];
        const t = new Table(
          columns.map(([name, role], k) => createNumberColumn(name, values as number[], { role, unit: given[k] })),
        );
        const back = restoreUnits(toCanonicalUnits(t, { units: units as typeof SI_UNITS }).table);
        for (const column of t.columns) {
          expect(back.column(column.name).unit).toBe(column.unit);
          for (const [i, value] of t.number(column.name).values.entries()) {
            expect(Math.abs(back.number(column.name).values[i] - value)).toBeLessThanOrEqual(1e-12 * (500 + value));
          }
        }
      }),
      { seed: 5, numRuns: 200 },
    );
  });
});
