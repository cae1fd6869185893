import { createCategoryColumn, createNumberColumn, Table } from "@materiome/core";
import { type AnalyticModelOptions, analyticModel, type Row, rowsOf } from "./analyticModel.ts";

const INPUTS = ["temperature", "time", "atmosphere", "C", "inclusions", "test temperature"];

/** Strength (MPa) with its maximum, 700 at 0.5 % C in argon, at 600 degC; time does nothing. */
export function strength(row: Row): number {
  const t = (Number(row["temperature"]) - 600) / 100;
  const gas = row["atmosphere"] === "argon" ? 0 : -20;
  return 500 + 400 * Number(row["C"]) - 100 * t * t + gas - 100 * Number(row["inclusions"]);
}

/** 45 made-up heats with knobs (temperature, time, atmosphere), composition, structure, condition, and measured targets. */
export function steelTable(): Table {
  const n = 45;
  const index = Array.from({ length: n }, (_, i) => i);
  const temperature = index.map((i) => 500 + 25 * (i % 9));
  const time = index.map((i) => 10 + 10 * (i % 5));
  const atmosphere = index.map((i) => (i % 3 === 0 ? "argon" : "air"));
  const carbon = index.map((i) => Number((0.2 + 0.01 * (i % 31)).toFixed(2)));
  const inclusions = index.map((i) => Number((0.05 * (i % 4)).toFixed(2)));
  const inputs = new Table([
    createNumberColumn("temperature", temperature, { role: "process", unit: "degC" }),
    createNumberColumn("time", time, { role: "process", unit: "min" }),
    createCategoryColumn("atmosphere", atmosphere, { role: "process" }),
    createNumberColumn("C", carbon, { role: "composition", unit: "wt%" }),
    createNumberColumn("inclusions", inclusions, { role: "structure", unit: "%" }),
    createNumberColumn(
      "test temperature",
      index.map((i) => (i % 2 === 0 ? 20 : 100)),
      { role: "condition", unit: "degC" },
    ),
  ]);
  const measured = rowsOf(inputs, INPUTS).map(strength);
  return new Table([
    ...inputs.columns,
    createNumberColumn("Strength (A)", measured, { role: "property", unit: "MPa" }),
    createNumberColumn(
      "Elongation",
      measured.map((s) => 60 - 0.05 * s),
      { role: "property", unit: "%" },
    ),
  ]);
}

/** The formula as a model of both targets. Elongation falls as strength rises. */
export function steelModel(options: Partial<AnalyticModelOptions> = {}): ReturnType<typeof analyticModel> {
  return analyticModel({
    training: steelTable(),
    inputs: INPUTS,
    targets: [
      { name: "Strength (A)", unit: "MPa" },
      { name: "Elongation", unit: "%" },
    ],
    mean: (row) => [strength(row), 60 - 0.05 * strength(row)],
    ...options,
  });
}

export const GIVEN = { C: 0.4, inclusions: 0, "test temperature": 20 };
