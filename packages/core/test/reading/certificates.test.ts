import { columnTexts, readTable, tableFromJSON, tableToJSON, writeTable } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { parseMeasurement } from "../../src/reading/measurement.ts";

const column = (header: string, cells: readonly string[], options = {}) =>
  readTable(`n;${header}\n${cells.map((cell, i) => `${i};${cell}`).join("\n")}\n`, { delimiter: ";", ...options });

describe("parseMeasurement", () => {
  it.each([
    ["<0.005", { form: "censored", value: 0.005, censor: "left", unit: "" }],
    ["≤ 0.005", { form: "censored", value: 0.005, censor: "left" }],
    [">=45", { form: "censored", value: 45, censor: "right" }],
    [">45 HRC", { form: "censored", value: 45, censor: "right", unit: "HRC", isSure: true }],
    ["0.2–0.3", { form: "range", value: 0.25, halfWidth: 0.3 / 2 - 0.1, isSure: true }],
    ["0.5-1.5", { form: "range", value: 1, halfWidth: 0.5, isSure: true }],
    ["2 to 4", { form: "range", value: 3, halfWidth: 1, isSure: true }],
    ["-20 to 20 °C", { form: "range", value: 0, halfWidth: 20, unit: "degC" }],
    ["10-12", { form: "range", value: 11, isSure: false }],
    ["10-12 HRC", { form: "range", value: 11, unit: "HRC", isSure: true }],
    ["12±1", { form: "plusMinus", value: 12, halfWidth: 1 }],
    ["12 +/- 1 MPa", { form: "plusMinus", value: 12, halfWidth: 1, unit: "MPa" }],
    ["(12 ± 1) MPa", { form: "plusMinus", value: 12, halfWidth: 1, unit: "MPa" }],
    ["~12", { form: "approximate", value: 12 }],
    ["5.431(2)", { form: "concise", value: 5.431, halfWidth: 0.002, isSure: true }],
    ["5.431(0.002)", { form: "concise", value: 5.431, halfWidth: 0.002 }],
    ["12(3)", { form: "concise", value: 12, halfWidth: 3, isSure: false }],
    ["45 HRC", { form: "withUnit", value: 45, unit: "HRC" }],
    ["HRC 45", { form: "withUnit", value: 45, unit: "HRC" }],
    ["210 HV10", { form: "withUnit", value: 210, unit: "HV" }],
    ["200 HBW 10/3000", { form: "withUnit", value: 200, unit: "HB" }],
    ["650 °C", { form: "withUnit", value: 650, unit: "degC" }],
    ["-40°F", { form: "withUnit", value: -40, unit: "degF" }],
  ])("%j is %j", (text, expected) => {
    const found = parseMeasurement(text, ".", "x");
    const { value, halfWidth, ...rest } = expected as { value: number; halfWidth?: number };
    expect(found).toMatchObject(rest);
    expect(found?.value).toBeCloseTo(value, 12);
    if (halfWidth !== undefined) expect(found?.halfWidth).toBeCloseTo(halfWidth, 12);
  });

  it.each([
    ..."2024-01-05|2020-01|01/02/2024|316L|304 stainless|AlSi10Mg|Ti-6Al-4V|6061-T6|555-123-4567|+49 30 1234|12-1|12 (3)".split(
      "|",
    ),
    ..."a<5|<|±1|1±|1-2-3|12:30|v1.2|H13|5%Mo steel|<5>|IP 65|M8x1.25|80 ± 5%".split("|"),
  ])("%j is nothing of the kind", (text) => {
    expect(parseMeasurement(text, ".", "x")).toBeUndefined();
  });

  it("reads decimal commas, and a letter as a unit where the name asks for it", () => {
    expect(parseMeasurement("0,2–0,3", ",", "C")?.value).toBeCloseTo(0.25);
    expect(parseMeasurement("4h", ".", "Ageing time")).toMatchObject({ value: 4, unit: "h", isSure: true });
    expect(parseMeasurement("300 K", ".", "label")).toMatchObject({ isSure: false });
  });
});

describe("certificate columns", () => {
  it("become value, uncertainty and censoring", () => {
    const table = column("S (wt%)", ["0.01", "<0.005", "0.02–0.04", "0.03±0.002", ">0.1", "~0.05", ""]);
    expect(table.names).toEqual(["n", "S", "S uncertainty", "S censoring"]);
    expect([...table.number("S").values].map((v) => Number(v.toFixed(12)))).toEqual([0.01, 0.005, 0.03, 0.03, 0.1, 0.05, Number.NaN]); // biome-ignore format: a row
    const sigma = table.number("S uncertainty");
    expect(sigma).toMatchObject({ role: "uncertainty", unit: "wt%", describes: "S", roleFrom: "values" });
    expect([...sigma.valid]).toEqual([0, 0, 1, 1, 0, 0, 0]);
    expect(sigma.values[2]).toBeCloseTo(0.01 / Math.sqrt(3), 15);
    expect(sigma.values[3]).toBe(0.002);
    const censor = table.column("S censoring");
    expect(censor).toMatchObject({ role: "censor", describes: "S" });
    expect(columnTexts(censor)).toEqual([undefined, "left", undefined, undefined, "right", undefined, undefined]);
    const notation = { censored: 2, range: 1, plusMinus: 1, approximate: 1, coverageFactor: 1 };
    expect(table.column("S").notation).toEqual(notation);
    expect(tableFromJSON(JSON.parse(JSON.stringify(tableToJSON(table)))).column("S").notation).toEqual(notation);
    const again = readTable(writeTable(table));
    expect(again.columns.map(({ name, role, describes }) => [name, role, describes])).toEqual(
      table.columns.map(({ name, role, describes }) => [name, role, describes]),
    );
  });

  it("without such cells stay alone", () => {
    expect(column("S (wt%)", ["0.01", "45e-3"]).names).toEqual(["n", "S"]);
  });

  it("take ± for an expanded uncertainty where told", () => {
    const table = column("Rm (MPa)", ["800±20", "810±10"], { coverageFactor: 2 });
    expect([...table.number("Rm uncertainty").values]).toEqual([10, 5]);
    expect(table.column("Rm").notation).toEqual({ plusMinus: 2, coverageFactor: 2 });
  });

  it("convert units that convert, differences without offset", () => {
    const table = column("Temper", ["650 °C", "700 °C", "1200 ± 9 °F"]);
    expect(table.number("Temper")).toMatchObject({ unit: "degC", notation: { converted: 1, withUnit: 2 } });
    expect(table.number("Temper").values[2]).toBeCloseTo((1200 - 32) / 1.8, 9);
    expect(table.number("Temper uncertainty").values[2]).toBeCloseTo(5, 9);
    const inHeader = column("Temper (K)", ["650 °C", "700"]);
    expect([...inHeader.number("Temper").values]).toEqual([923.15, 700]);
  });

  it("refuse units that conflict, row by row", () => {
    expect(() => column("Hardness", ["45 HRC", "46 HRC", "450 HV", "44 HRC", "460 HV"])).toThrow(
      /2 problems\n {2}row 4, column "Hardness": "450 HV" is in HV, but most cells of the column are in HRC[\s\S]*row 6/,
    );
    expect(() => column("Rm", ["800 MPa", "116 ksi", "810"])).toThrow(/different units \(MPa, ksi\) and others none/);
    expect(() => column("Rm (MPa)", ["800", "45 HRC", "820"])).toThrow(
      /row 3.*"45 HRC" is in HRC, but the column is in MPa/,
    );
  });

  it.each([
    ["sample id", ["1-2", "3-4", "5-9", "7", "8"]],
    ["tested", ["2024-01-02", "2024-01-03"]],
    ["month", ["2020-01", "2020-02", "2021-03"]],
    ["grade", ["316L", "304 L", "321"]],
    ["bin", ["1-2", "3-4", "5-9"]],
    ["lab", ["3 K", "4 K", "7 K"]],
    ["phone", ["555-1234", "555-2345"]],
  ])("leave %s alone", (name, cells) => {
    let kind = "refused"; // a column of names that holds mostly numbers is refused as before, never averaged
    try {
      kind = column(name, cells).columns[1]?.kind ?? "";
    } catch (error) {
      expect((error as Error).message).toMatch(/is not a number/);
    }
    expect(["category", "grade", "text", "refused"]).toContain(kind);
  });

  it("can be switched off, by option or schema", () => {
    expect(column("note x", ["<1", "<2"], { certificates: false }).columns[1]?.kind).toBe("category");
    const schema = { version: 1, columns: [], certificates: false } as const;
    expect(() => column("x", ["1", "2", "<2"], { schema })).toThrow(/"<2" is not a number/);
  });

  it("do not overwrite a column of the same name", () => {
    expect(() => readTable("x,x uncertainty\n1±2,3\n4,5\n")).toThrow(/a column "x uncertainty" would be needed/);
  });
});
