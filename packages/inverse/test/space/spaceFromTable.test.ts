import { createNumberColumn, createTextColumn, Table } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { type SpaceFromTableOptions, spaceFromTable } from "../../src/index.ts";
import { GIVEN, steelModel, steelTable } from "../steels.ts";

const model = steelModel();
const space = (options: Omit<SpaceFromTableOptions, "inputs"> = {}): ReturnType<typeof spaceFromTable> =>
  spaceFromTable(model.training, { inputs: model.inputs, ...options });

describe("spaceFromTable", () => {
  it("turns process columns within the training range, on the grid of the data", () => {
    const { variables, fixed } = space({ fix: GIVEN });
    expect(variables).toEqual([
      {
        kind: "continuous",
        name: "temperature",
        role: "process",
        unit: "degC",
        min: 500,
        max: 700,
        step: 5,
        origin: 500,
        scale: "linear",
      },
      {
        kind: "continuous",
        name: "time",
        role: "process",
        unit: "min",
        min: 10,
        max: 50,
        step: 2,
        origin: 10,
        scale: "linear",
      },
      {
        kind: "category",
        name: "atmosphere",
        role: "process",
        unit: "",
        columnKind: "category",
        levels: ["air", "argon"],
      },
    ]);
    expect(fixed.map((f) => [f.name, f.value, f.why])).toEqual([
      ["C", 0.4, "fixed"],
      ["inclusions", 0, "fixed"],
      ["test temperature", 20, "fixed"],
    ]);
  });

  it("takes knobs as they are defined, of a constant column too, which cannot be varied without a range", () => {
    const table = new Table([
      createNumberColumn("T", [600, 600, 600], { role: "process", unit: "degC" }),
      createNumberColumn("t", [1, 2, 3], { role: "process", unit: "h" }),
    ]);
    const of = (names: readonly string[], options: Omit<SpaceFromTableOptions, "inputs">) =>
      spaceFromTable(table, { inputs: names.map((name) => table.column(name)), ...options });
    const T = { kind: "continuous", name: "T", role: "note", unit: "", min: 500, max: 700, scale: "linear" } as const;
    const medium = { kind: "category", name: "medium", role: "process", unit: "", columnKind: "category" } as const;
    const further = { ...medium, levels: ["oil", "water"] };
    const { variables, fixed } = of(["T", "t"], { defined: [T, further] });
    expect(variables.map(({ name }) => name)).toEqual(["T", "t", "medium"]);
    expect(variables[0]).toEqual({ ...T, role: "process", unit: "degC" });
    expect(fixed).toEqual([]);
    expect(of(["T"], { defined: [T] }).variables).toHaveLength(1);
    const none = /"T" is 600 degC in every row, which gives no range to turn it in; say which/;
    expect(() => of(["T", "t"], { vary: ["T"] })).toThrow(none);
    expect(() => of(["T"], {})).toThrow(none);
    expect(() => of(["T", "t"], { defined: [T], fix: { T: 600 } })).toThrow("both fixed and varied");
  });

  it("turns composition too unless it is fixed or given by a row", () => {
    const names = (options: Omit<SpaceFromTableOptions, "inputs">): string[] =>
      space(options).variables.map((variable) => variable.name);
    expect(names({ fix: { inclusions: 0, "test temperature": 20 } })).toContain("C");
    expect(names({ context: 3 })).toEqual(["temperature", "time", "atmosphere"]);
    expect(names({ context: 3, vary: ["C"] })).toContain("C");
  });

  it("takes what is no knob from the context row", () => {
    const { fixed } = space({ context: 3, fix: { inclusions: 0.1 } });
    expect(fixed.map((f) => [f.name, f.value, f.why])).toEqual([
      ["C", 0.23, "context"],
      ["inclusions", 0.1, "fixed"],
      ["test temperature", 100, "context"],
    ]);
  });

  it("lists every input that is neither knob nor given", () => {
    expect(() => space()).toThrow(
      'neither knobs nor given: "inclusions" (structure, reached only through process), "test temperature" (a condition, not a setting)',
    );
    expect(space({ vary: ["inclusions", "test temperature"] }).variables).toHaveLength(6);
  });

  it("converts units of fixed values, bounds and steps", () => {
    const { variables, fixed } = space({
      fix: { ...GIVEN, "test temperature": "293.15 K" },
      bounds: { temperature: { min: "823.15 K", max: 650, step: "10 K" }, time: { max: "0.5 h" } },
    });
    expect(fixed.find((f) => f.name === "test temperature")?.value).toBeCloseTo(20, 9);
    expect(variables[0]).toMatchObject({ min: expect.closeTo(550, 9), max: 650, step: expect.closeTo(10, 9) });
    expect(variables[1]).toMatchObject({ min: 10, max: 30, step: 2 });
  });

  it("allows fixed numbers and bounds beyond the training range: the domain check judges them", () => {
    expect(space({ fix: { ...GIVEN, C: 3 } }).fixed[0]).toMatchObject({ value: 3 });
    expect(space({ fix: GIVEN, bounds: { temperature: { max: 1200 } } }).variables[0]).toMatchObject({ max: 1200 });
  });

  it("knows columns by their header and in any case", () => {
    const header = "Temperature (°C)";
    const table = new Table(steelTable().columns.map((c) => (c.name === "temperature" ? { ...c, header } : c)));
    const options = {
      inputs: model.inputs,
      fix: { ...GIVEN, Atmosphere: "argon" },
      bounds: { [header]: { max: 600 } },
    };
    const { variables, fixed } = spaceFromTable(table, options);
    expect(variables[0]).toMatchObject({ name: "temperature", max: 600 });
    expect(fixed.map((f) => f.name)).toContain("atmosphere");
  });

  it("fixes a column that is the same in every row", () => {
    const table = new Table([
      ...steelTable().columns.filter((c) => c.name !== "time"),
      createNumberColumn("time", new Float64Array(45).fill(30), { role: "process", unit: "min" }),
    ]);
    const { fixed } = spaceFromTable(table, { inputs: model.inputs, fix: GIVEN });
    expect(fixed).toContainEqual(expect.objectContaining({ name: "time", value: 30, why: "constant" }));
  });

  it("offers formulas of the training rows as choices", () => {
    const table = new Table([
      createTextColumn("alloy", ["FeNi", "FeCr", "FeNi"], { role: "composition", kind: "formula" }),
      createNumberColumn("T", [1, 2, 3], { role: "process" }),
    ]);
    const inputs = table.columns.map(({ name, role, unit }) => ({ name, role, unit }));
    expect(spaceFromTable(table, { inputs }).variables[0]).toMatchObject({
      kind: "category",
      columnKind: "formula",
      levels: ["FeCr", "FeNi"],
    });
  });

  it("keeps shares that add up together", () => {
    const a = [0.1, 0.2, 0.3, 0.5, 0.6];
    const share = (name: string, values: number[]): ReturnType<typeof createNumberColumn> =>
      createNumberColumn(name, values, { role: "composition" });
    const table = new Table([
      share("a", a),
      share("b", [0.4, 0.4, 0.1, 0.2, 0.4]),
      share("c", [0.5, 0.4, 0.6, 0.3, 0]),
    ]);
    const inputs = table.columns.map(({ name, role, unit }) => ({ name, role, unit }));
    expect(spaceFromTable(table, { inputs }).sums).toEqual([
      { columns: ["a", "b", "c"], total: 1, tolerance: expect.closeTo(1e-6, 12) },
    ]);
    expect(space({ vary: ["inclusions", "test temperature"] }).sums).toEqual([]);
  });

  it("sees that shares add up also where one of them is missing in a row", () => {
    const share = (name: string, values: number[]): ReturnType<typeof createNumberColumn> =>
      createNumberColumn(name, values, { role: "composition", unit: "wt%" });
    const table = new Table([share("a", [10, 25, 30, Number.NaN, 40]), share("b", [90, 75, 70, 35, 60])]);
    const inputs = table.columns.map(({ name, role, unit }) => ({ name, role, unit }));
    expect(spaceFromTable(table, { inputs }).sums).toMatchObject([{ columns: ["a", "b"], total: 100 }]);
    const few = new Table([share("a", [10, 25, Number.NaN]), share("b", [90, 75, 50])]);
    expect(spaceFromTable(few, { inputs }).sums).toEqual([]);
  });

  it.each([
    [
      { fix: { ...GIVEN, temprature: 600 } },
      'fix, among the inputs of the model: no column "temprature"; did you mean "temperature"',
    ],
    [{ vary: ["Elongation"] }, 'vary, among the inputs of the model: no column "Elongation"'],
    [{ fix: GIVEN, bounds: { temperature: { min: 650, max: 550 } } }, "bounds are reversed, 650 is above 550"],
    [{ fix: GIVEN, bounds: { temperature: { min: 600, max: 600 } } }, "both 600; fix the column instead"],
    [{ fix: { ...GIVEN, atmosphere: "argn" } }, 'category "argn" is in no training row; did you mean "argon"'],
    [{ fix: GIVEN, bounds: { atmosphere: { levels: ["vacuum"] } } }, 'category "vacuum" is in no training row'],
    [{ fix: GIVEN, bounds: { atmosphere: { min: 1 } } }, "takes levels, not a minimum"],
    [{ fix: { ...GIVEN, temperature: "600 MPa" } }, 'fix "temperature" = "600 MPa": cannot convert "MPa" to "degC"'],
    [{ fix: { ...GIVEN, temperature: "hot" } }, '"hot" is no number'],
    [{ fix: GIVEN, vary: ["C"] }, '"C" is both fixed and varied'],
    [{ fix: GIVEN, bounds: { C: { min: 0.2 } } }, '"C" is fixed, so its bounds mean nothing'],
    [{ context: 3, bounds: { C: { min: 0.2 } } }, '"C" has bounds but is no knob; add it to vary'],
    [{ fix: { ...GIVEN, C: "0,4" } }, '"0,4" is no number; write it with a decimal point'],
    [{ fix: { ...GIVEN, c: 0.3 } }, 'fix: "C" is given twice'],
    [{ context: 45 }, "row 45 of 45 training rows"],
    [{ fix: { ...GIVEN, temperature: 600, time: 30, atmosphere: "air" } }, "nothing is left to vary"],
  ] as [Omit<SpaceFromTableOptions, "inputs">, string][])("refuses %j", (options, message) => {
    expect(() => space(options)).toThrow(message);
  });

  it("names a row without a value as the file counts it", () => {
    const table = steelTable();
    const columns = table.columns.map((c) =>
      c.name === "C" && c.kind === "number" ? { ...c, valid: c.valid.map((flag, i) => (i === 4 ? 0 : flag)) } : c,
    );
    const model = steelModel({
      training: new Table(
        columns,
        "steels.csv",
        Int32Array.from({ length: 45 }, (_, i) => 50 + i),
      ),
    });
    expect(() => spaceFromTable(model.training, { inputs: model.inputs, context: 4 })).toThrow(
      'context: row 54 of the training table has no value for "C"',
    );
  });
});
