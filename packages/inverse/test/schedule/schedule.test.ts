import { createNumberColumn, createRandom, Table } from "@materiome/core";
import {
  createSchedule,
  hollomonJaffe,
  scheduleTable,
  scheduleVariables,
  withVariables,
} from "@materiome/core/process";
import { describe, expect, it } from "vitest";
import { createSpace, invert, parseSpec } from "../../src/index.ts";
import { analyticModel } from "../analyticModel.ts";

const TEMPERATURE = "steps[0].temperatureC";
const TIME = "steps[1].timeS";

/** Hardness of a tempered steel that falls with the Hollomon–Jaffe parameter. */
const hardness = (celsius: number, seconds: number): number => 900 - 0.03 * hollomonJaffe(celsius + 273.15, seconds);

const temper = (temperatureC: number, timeS: number) =>
  createSchedule([
    { kind: "heat", temperatureC, rateKPerS: 0.1, treatment: "temper" },
    { kind: "hold", timeS, treatment: "temper" },
  ]);

describe("inverse design of a schedule", () => {
  it("turns the fields of a furnace schedule and gives schedules back", async () => {
    const run = [450, 500, 550, 600, 650].flatMap((celsius) => [1800, 7200, 28800].map((s) => [celsius, s] as const));
    const settings = scheduleTable(run.map(([celsius, s]) => temper(celsius, s)));
    const measured = createNumberColumn(
      "HV",
      run.map(([celsius, s]) => hardness(celsius, s)),
      { role: "property" },
    );
    const model = analyticModel({
      training: new Table([...settings.columns, measured]),
      inputs: [TEMPERATURE, TIME],
      targets: [{ name: "HV", unit: "" }],
      mean: (row) => [hardness(Number(row[TEMPERATURE]), Number(row[TIME]))],
      std: 3,
    });
    const plan = temper(550, 7200);
    const { variables } = scheduleVariables(plan, {
      [TEMPERATURE]: { min: 450, max: 650, step: 5 },
      [TIME]: { min: 1800, max: 28800, scale: "log" },
    });
    const { candidates } = await invert(model, {
      specs: [parseSpec("HV=350±5", model.targets)],
      space: createSpace({ variables, fixed: [], sums: [] }),
      random: createRandom(1),
      explore: false,
      maxEvaluations: 2000,
    });
    expect(candidates.length).toBeGreaterThan(1);
    for (const { settings: found } of candidates) {
      const values = Object.fromEntries(found.map(({ name, value }) => [name, value]));
      const [heat, hold] = withVariables(plan, values).steps;
      if (heat?.kind !== "heat" || hold?.kind !== "hold") throw new Error("the form of the schedule changed");
      expect(heat.temperatureC % 5).toBe(0);
      expect(Math.abs(hardness(heat.temperatureC, hold.timeS ?? Number.NaN) - 350)).toBeLessThan(5);
    }
  });
});
