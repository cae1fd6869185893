import { createRandom, FormatError, readTable, type Table, takeTableRows } from "@materiome/core";
import {
  concatFeaturizers,
  dropConstant,
  type EncoderReader,
  featurePipeline,
  imputeFeatures,
  polynomialFeatures,
  principalComponents,
  readTableEncoder,
  refuseNonFinite,
  scaleFeatures,
  tableFeaturizer,
  transformFeatures,
} from "@materiome/core/features";
import { readScheduleMapping, scheduleFeaturizer } from "@materiome/core/process";
import { describe, expect, it } from "vitest";
import { bits } from "./steps/features.ts";

const run = { random: createRandom(1) };
const lines = Array.from({ length: 30 }, (_, i) => {
  const route = ["cast", "rolled", "forged"][i % 3];
  return `${0.1 + 0.01 * i},${i % 7 === 3 ? "" : 500 + 10 * i},${1 + (i % 5)},${route},${800 + i}`;
});
const steel = readTable(["C (wt%),T (°C),t (h),route,YS (MPa)", ...lines].join("\n"), { file: "steel.csv" });
const columns = tableFeaturizer({ targets: ["YS"] });

describe("featurePipeline", () => {
  const pipeline = featurePipeline(columns, [
    imputeFeatures({ method: "median" }),
    polynomialFeatures({ features: ["T", "t"] }),
    transformFeatures({ transform: "log10", features: ["t"], keep: true }),
    dropConstant(),
    scaleFeatures(),
  ]);

  it("traces every output to columns of the table, and says what it did", async () => {
    const encoder = await pipeline.fit(steel, run);
    expect(encoder.outputs.map(({ name, source }) => `${name} < ${source.join(",")}`)).toEqual([
      "C < C",
      "T < T",
      "t < t",
      "route = cast < route",
      "route = forged < route",
      "route = rolled < route",
      "T is missing < T",
      "T² < T",
      "T × t < T,t",
      "t² < t",
      "log10(t / h) < t",
    ]);
    expect(encoder.report[0]).toMatch(/^"T" is missing in 4 of 30 training rows; filled by \d+ degC \(median\)$/);
    expect(encoder.report.at(-1)).toMatch(/^dropped "features missing beyond training": constant \(0\)/);
    expect(encoder.inputs.map(({ name }) => name)).toEqual(["C", "T", "t", "route"]);
    const x = encoder.encode(steel);
    expect(x.data.every(Number.isFinite)).toBe(true);
    for (let k = 0; k < x.columns; k++) {
      const column = Array.from({ length: x.rows }, (_, i) => x.data[i * x.columns + k]);
      expect(column.reduce((a, b) => a + b) / x.rows).toBeCloseTo(0, 10);
    }
  });

  it("is frozen: what rows become does not depend on the rows beside them", async () => {
    const encoder = await pipeline.fit(
      takeTableRows(
        steel,
        Array.from({ length: 20 }, (_, i) => i),
      ),
      run,
    );
    const all = encoder.encode(steel);
    const last = encoder.encode(takeTableRows(steel, [29]));
    expect(bits(last.data)).toEqual(bits(all.data.slice(29 * all.columns)));
  });

  it("survives storage bit for bit, by the module it names", async () => {
    const encoder = await pipeline.fit(steel, run);
    const { reader } = (await import(encoder.module)) as { reader: EncoderReader<Table> };
    const again = await reader.read(JSON.parse(JSON.stringify(encoder)));
    expect(again.outputs).toEqual(encoder.outputs);
    expect(bits(again.encode(steel).data)).toEqual(bits(encoder.encode(steel).data));
    expect(JSON.stringify(again)).toBe(JSON.stringify(encoder));
    const stored = JSON.parse(JSON.stringify(encoder));
    stored.state.steps[0].type = "core/sort-features";
    expect(() => readTableEncoder(stored)).toThrow(FormatError);
    expect(() => readTableEncoder({ ...stored, version: 9 })).toThrow(/version 9 .* cannot be read/);
  });

  it("chains Jacobians (finite differences)", async () => {
    const both = featurePipeline(columns, [
      imputeFeatures({ method: "median" }),
      polynomialFeatures({ degree: 3, features: ["T", "t", "C"] }),
      scaleFeatures(),
      principalComponents({ nComponents: 4 }),
    ]);
    const encoder = await both.fit(steel, run);
    const row = 5;
    const { data, rows, columns: n } = encoder.jacobian?.(steel, row) ?? { data: [], rows: 0, columns: 0 };
    expect([rows, n]).toEqual([4, 3]); // by C, T, t
    const at = [0.15, 550, 1];
    const value = (inputs: number[]) =>
      encoder.encode(readTable(`C (wt%),T (°C),t (h),route\n${inputs.join(",")},forged\n`)).data;
    for (let k = 0; k < 3; k++) {
      const h = 1e-5 * Math.abs(at[k]);
      const up = value(at.map((v, j) => (j === k ? v + h : v)));
      const down = value(at.map((v, j) => (j === k ? v - h : v)));
      for (let j = 0; j < 4; j++) {
        const expected = (up[j] - down[j]) / (2 * h);
        expect(Math.abs(data[j * n + k] - expected)).toBeLessThan(1e-6 * Math.max(1, Math.abs(expected)));
      }
    }
  });

  it("has no Jacobian where the encoder has none", async () => {
    const alloy = tableFeaturizer({ targets: ["YS"], elementColumns: { balance: "Fe" } });
    const encoder = await featurePipeline(alloy, [scaleFeatures()]).fit(steel, run);
    expect(encoder.jacobian).toBeUndefined();
  });

  it("names file rows and columns in errors", async () => {
    const encoder = await featurePipeline(columns, [transformFeatures({ transform: "ln", features: ["t"] })]).fit(
      steel,
      run,
    );
    const wrong = readTable("C (wt%),T (°C),t (h),route\n0.1,500,1,cast\n0.1,500,0,cast\n", { file: "new.csv" });
    expect(() => encoder.encode(wrong)).toThrow(/new\.csv, column "t": .*for 0 h in row 3/);
    await expect(featurePipeline(columns, [principalComponents()]).fit(steel, run)).rejects.toThrow(
      /steel\.csv: principalComponents: 4 values .*: "T" is missing in rows 5, 12, 19, 26/,
    );
  });
});

describe("imputation of formulas", () => {
  it("marks the gap of a formula once, not once for each of its features", async () => {
    const table = readTable("formula,T (K),y\nFe2O3,1,1\n,2,2\nNiO,,3\nFeO,4,4\n");
    const pipeline = featurePipeline(tableFeaturizer({ targets: ["y"] }), [imputeFeatures({ method: "mean" })]);
    const encoder = await pipeline.fit(table, run);
    const masks = encoder.outputs.filter(({ name }) => name.includes("missing"));
    expect(masks).toEqual([
      { name: "Fe fraction and 135 more are missing", unit: "", source: ["formula"] },
      { name: "T is missing", unit: "", source: ["T"] },
      { name: "features missing beyond training", unit: "", source: [] },
    ]);
    const x = encoder.encode(table);
    const at = encoder.outputs.indexOf(masks[0] as (typeof masks)[0]);
    expect([0, 1, 2, 3].map((i) => [...x.data.slice(i * x.columns + at, i * x.columns + at + 3)])).toEqual([
      [0, 0, 0],
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 0],
    ]);
  });
});

describe("concatFeaturizers", () => {
  it("puts features side by side, with one list of inputs", async () => {
    const both = concatFeaturizers([
      tableFeaturizer({ inputs: ["C", "T"] }),
      tableFeaturizer({ inputs: ["t", "route"], encodings: { route: "frequency" } }),
    ]);
    const encoder = await both.fit(steel, run);
    expect(encoder.outputs.map(({ name }) => name)).toEqual(["C", "T", "t", "route (frequency)"]);
    expect(encoder.inputs.map(({ name }) => name)).toEqual(["C", "T", "t", "route"]);
    const x = encoder.encode(steel);
    expect([...x.data.slice(0, 4)]).toEqual([0.1, 500, 1, 1 / 3]);
    expect(encoder.jacobian?.(steel, 0)).toEqual({
      rows: 4,
      columns: 3,
      data: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0),
    });
    const again = readTableEncoder(JSON.parse(JSON.stringify(encoder)));
    expect(bits(again.encode(steel).data)).toEqual(bits(x.data));
    const same = concatFeaturizers([tableFeaturizer({ inputs: ["C"] }), tableFeaturizer({ inputs: ["C"] })]);
    await expect(same.fit(steel, run)).rejects.toThrow(/two features are named "C"/);
  });
});

describe("schedules in a pipeline", () => {
  it("stand beside other features and are stored with them", async () => {
    const mapping = readScheduleMapping({
      version: 1,
      steps: [
        { kind: "heat", temperature: { column: "T" }, treatment: "temper" },
        { kind: "hold", time: { column: "t" }, treatment: "temper" },
      ],
    });
    const whole = takeTableRows(steel, [0, 1, 2, 4, 5, 6]);
    const parts = concatFeaturizers([tableFeaturizer({ inputs: ["C"] }), scheduleFeaturizer(mapping)]);
    const encoder = await featurePipeline(parts, [scaleFeatures()]).fit(whole, run);
    expect(encoder.inputs.map(({ name }) => name)).toEqual(["C", "T", "t"]);
    expect(encoder.outputs.some(({ source }) => source.includes("T") && source.includes("t"))).toBe(true);
    expect(encoder.jacobian).toBeUndefined();
    const again = readTableEncoder(JSON.parse(JSON.stringify(encoder)));
    expect(again.inputs).toEqual(encoder.inputs);
    expect(bits(again.encode(whole).data)).toEqual(bits(encoder.encode(whole).data));
  });
});

describe("category encodings", () => {
  const order = ["cast", "forged", "rolled"];

  it("by stated order, by frequency; a new label as told", async () => {
    const fit = (encodings: Record<string, "frequency" | string[]>, unknownCategory: "error" | "other" = "error") =>
      tableFeaturizer({ inputs: ["route"], encodings, unknownCategory }).fit(steel, run);
    const ordinal = await fit({ route: order });
    expect(ordinal.outputs).toEqual([{ name: "route (rank)", unit: "", source: ["route"] }]);
    expect([...ordinal.encode(steel).data.slice(0, 3)]).toEqual([0, 2, 1]);
    const again = readTableEncoder(JSON.parse(JSON.stringify(ordinal)));
    expect([...again.encode(steel).data.slice(0, 3)]).toEqual([0, 2, 1]);
    const drawn = readTable("route\ndrawn\n");
    expect(() => ordinal.encode(drawn)).toThrow(/label "drawn" was not among/);
    expect([...(await fit({ route: order }, "other")).encode(drawn).data]).toEqual([Number.NaN]);
    expect([...(await fit({ route: "frequency" }, "other")).encode(drawn).data]).toEqual([0]);
    await expect(fit({ route: ["cast", "rolled"] })).rejects.toThrow(
      'column "route": tableFeaturizer: the stated order has no place for "forged"; it is "cast" < "rolled"',
    );
    const number = tableFeaturizer({ inputs: ["T"], encodings: { T: "frequency" } });
    await expect(number.fit(steel, run)).rejects.toThrow(/encoding is stated for a column of numbers/);
  });
});

describe("refuseNonFinite", () => {
  it("names every column and row", async () => {
    const table = readTable("a,b,y\n1,,1\n,2,2\n,3,3\n,1,4\n2,2,5\n", { file: "new.csv" });
    const x = (await tableFeaturizer({ inputs: ["a", "b"] }).fit(table, run)).encode(table);
    x.data[5] = Number.NEGATIVE_INFINITY; // files hold none, arithmetic makes them
    expect(() => refuseNonFinite(x, table)).toThrow(
      'new.csv: 5 values are no finite numbers: "a" is missing in rows 3–5; "b" is missing in row 2; "b" is infinite in row 4',
    );
    const formula = readTable("formula,y\nFe2O3,1\n,2\nNiO,3\n");
    const wide = (await tableFeaturizer({ inputs: ["formula"] }).fit(formula, run)).encode(formula);
    expect(() => refuseNonFinite(wide, formula, { remedy: "drop the row" })).toThrow(
      /^1 value is no finite number: "Fe fraction" and 135 more \(from formula\) are missing in row 3; drop the row$/,
    );
    expect(() => refuseNonFinite(x, undefined, { allowMissing: true, who: "ridge" })).toThrow(
      'ridge: 1 value is no finite number: "b" is infinite in row 3',
    );
  });
});
