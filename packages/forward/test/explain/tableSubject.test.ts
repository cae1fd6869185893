import {
  createNumberColumn,
  createRandom,
  deriveColumn,
  readTable,
  type Table,
  type TableModel,
  takeTableRows,
} from "@materiome/core";
import { polynomialFeatures } from "@materiome/core/features";
import {
  createRandomForest,
  createRidge,
  kernelShap,
  partialDependence,
  shapleyValues,
  type TrainPropertyModelOptions,
  tableSubject,
  trainPropertyModel,
} from "@materiome/forward";
import { describe, expect, it } from "vitest";

function alloys(n: number, seed: number): Table {
  const random = createRandom(seed);
  const lines = ["formula,route,Temperature (°C),Time (h),Hardness (HV)"];
  for (let i = 0; i < n; i++) {
    const al = 1 + random.int(4);
    const route = random.next() < 0.5 ? "cast" : "forged";
    const [temperature, time] = [400 + 10 * random.int(40), 1 + random.int(9)];
    const hardness =
      200 + 40 * al + (route === "cast" ? -30 : 0) + 0.1 * temperature * Math.log(time) + random.normal();
    lines.push(`Al${al}Ni${6 - al},${route},${temperature},${time},${hardness.toFixed(1)}`);
  }
  return readTable(lines.join("\n"), { file: "alloys.csv" });
}

async function train(options: Partial<TrainPropertyModelOptions> = {}): Promise<TableModel> {
  const settings = {
    targets: ["Hardness"],
    learner: createRandomForest({ nTrees: 10 }),
    folds: 3,
    features: ["fractions"],
    ...options,
  } as const;
  const { model } = await trainPropertyModel(alloys(60, 1), settings, { random: createRandom(1), threads: 1 });
  return model;
}

const rows = (...of: number[]): Int32Array => Int32Array.from(of);

describe("tableSubject", () => {
  it("explains by column, in the units of the model, whatever the table's", async () => {
    const model = await train();
    const table = alloys(8, 2);
    const subject = tableSubject(model, table);
    expect(subject.inputs.map(({ name, unit }) => [name, unit])).toEqual([
      ["formula", ""],
      ["route", ""],
      ["Temperature", "degC"],
      ["Time", "h"],
    ]);
    expect(subject.target).toEqual({ name: "Hardness", unit: "HV" });
    const background = subject.training.slice(0, 12);
    const { base, values, standardError } = await shapleyValues(subject, subject.rows, background);
    const { mean } = await model.predict(table);
    for (let i = 0; i < 8; i++) {
      expect(values.data.subarray(4 * i, 4 * i + 4).reduce((sum, v) => sum + v, base)).toBeCloseTo(mean.data[i], 9);
    }
    expect(standardError).toBeUndefined();
    const asked = await kernelShap(subject, subject.rows, background);
    for (const [at, value] of asked.values.data.entries()) expect(value).toBeCloseTo(values.data[at], 9);
    const kelvin = deriveColumn(
      table,
      createNumberColumn(
        "Temperature",
        table.number("Temperature").values.map((t) => t + 273.15),
        {
          role: "process",
          unit: "K",
        },
      ),
    );
    const again = await shapleyValues(tableSubject(model, kelvin), subject.rows, background);
    for (const [at, value] of again.values.data.entries()) expect(value).toBeCloseTo(values.data[at], 9);
  });

  it.each([
    ["features of one column", {}],
    ["features of several columns", { steps: [polynomialFeatures({ degree: 2 })] }],
  ] as const)("%s: mixes and sets columns as a table with them would be predicted", async (_name, options) => {
    const model = await train(options);
    const table = alloys(6, 3);
    const subject = tableSubject(model, table);
    const mixed = await subject.mix([rows(0, 1), rows(2, 3), rows(4, 5), rows(1, 0)]);
    const lines = [
      [0, 2, 4, 1],
      [1, 3, 5, 0],
    ].map((from) => {
      const names = ["formula", "route", "Temperature", "Time"];
      return from.map((row, c) => cell(table, names[c], row)).join(",");
    });
    const header = "formula,route,Temperature (°C),Time (h)";
    const expected = await model.predict(readTable([header, ...lines].join("\n")));
    expect(mixed[0]).toBeCloseTo(expected.mean.data[0], 9);
    expect(mixed[1]).toBeCloseTo(expected.mean.data[1], 9);

    const { grid, curves } = await partialDependence(subject, "Temperature", { rows: subject.rows, nPoints: 3 });
    for (const [k, value] of grid.entries()) {
      const values = new Float64Array(6).fill(value);
      const set = deriveColumn(table, createNumberColumn("Temperature", values, { role: "process", unit: "degC" }));
      const { mean } = await model.predict(set);
      for (let i = 0; i < 6; i++) expect(curves.data[i * grid.length + k]).toBeCloseTo(mean.data[i], 9);
    }
    const { base, values } = await shapleyValues(subject, rows(2), subject.training.slice(0, 5));
    const { mean } = await model.predict(takeTableRows(table, [2]));
    expect(values.data.reduce((sum, v) => sum + v, base)).toBeCloseTo(mean.data[0], 9);
  });

  it("takes columns that are empty, and labels that read as numbers, as the model does", async () => {
    const model = await train();
    const text = "formula,route,Temperature (°C),Time (h)\n";
    for (const lines of ["Al1Ni5,,500,3\nAl2Ni4,,600,2\n", "Al1Ni5,304,500,3\nAl2Ni4,316,600,2\n"]) {
      const table = readTable(text + lines);
      const subject = tableSubject(model, table);
      const predicted = await subject.mix(subject.inputs.map(() => subject.rows));
      expect(Array.from(predicted)).toEqual(Array.from((await model.predict(table)).mean.data));
    }
  });

  it("refuses tables and targets that do not fit", async () => {
    const model = await train();
    expect(() => tableSubject(model, readTable("route,Temperature (°C)\ncast,500\n"))).toThrow(
      'lacks 2 input columns "formula"',
    );
    const wrong = readTable("formula,route,Temperature (MPa),Time (h)\nAlNi,cast,500,3\n");
    expect(() => tableSubject(model, wrong)).toThrow('"Temperature": the column is in MPa, but was fitted in degC');
    expect(() => tableSubject(model, alloys(3, 1), { target: "Yield" })).toThrow('does not predict "Yield"');
    const ridge = await train({ learner: createRidge() });
    const gap = readTable("formula,route,Temperature (°C),Time (h)\nAlNi,cast,,3\n", { file: "gap.csv" });
    expect(() => tableSubject(ridge, gap)).toThrow("Temperature");
  });
});

function cell(table: Table, name: string, row: number): string {
  const column = table.column(name);
  if (column.kind === "number") return String(column.values[row]);
  return column.kind === "category" ? column.labels[column.codes[row]] : String(column.texts[row]);
}
