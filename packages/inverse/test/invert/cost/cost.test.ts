import { createRandom } from "@materiome/core";
import { readScheduleMapping } from "@materiome/core/process";
import { describe, expect, it } from "vitest";
import { type InvertOptions, invert, parseSpec, spaceFromTable } from "../../../src/index.ts";
import { GIVEN, steelModel } from "../../steels.ts";

const model = steelModel();
const space = spaceFromTable(model.training, { inputs: model.inputs, fix: GIVEN });
const ask = (options: Partial<InvertOptions>) =>
  invert(model, {
    specs: [parseSpec("Strength (A)>=620 MPa", model.targets)],
    space,
    random: createRandom(1),
    explore: false,
    ...options,
  });
const value = (candidate: { settings: readonly { name: string; value: number | string }[] }, name: string) =>
  candidate.settings.find((setting) => setting.name === name)?.value;

describe("invert with a cost", () => {
  it("gives the cheapest settings that are probable enough, cheapest first", async () => {
    const text = 'number(time, "min") * 0.5 + number(temperature, "degC") * 0.1 + (atmosphere == "argon" ? 20 : 0)';
    const { candidates } = await ask({ cost: text });
    // 620 MPa as the mean is probability 1/2: in air (640 at best) at 600 - 100 √0.2 = 555.3 degC, in argon at 536.8 degC; 18.5 degC
    // are worth 1.85, argon costs 20.
    expect(value(candidates[0], "atmosphere")).toBe("air");
    expect(value(candidates[0], "time")).toBe(10);
    expect(Number(value(candidates[0], "temperature"))).toBeGreaterThanOrEqual(555.2);
    expect(Number(value(candidates[0], "temperature"))).toBeLessThan(562);
    const costs = candidates.map((candidate) => candidate.cost?.value ?? Number.NaN);
    expect(costs).toEqual(costs.toSorted((a, b) => a - b));
    expect(candidates[0].cost).toMatchObject({ unit: "", text });
    for (const candidate of candidates) expect(candidate.probability).toBeGreaterThanOrEqual(0.5);
  });

  it("refuses costs that make no sense", async () => {
    await expect(ask({ cost: "tim" })).rejects.toThrow('did you mean "time"?');
    await expect(ask({ cost: "time > time" })).rejects.toThrow("is a condition");
    await expect(ask({ cost: "time + temperature" })).rejects.toThrow();
  });

  it("estimates energy and CO2 of the schedule that the settings make", async () => {
    const schedule = readScheduleMapping({
      version: 1,
      startTemperatureC: 20,
      steps: [
        { kind: "heat", temperature: { column: "temperature" } },
        { kind: "hold", time: { column: "time" } },
      ],
    });
    const assumptions = {
      massKg: 100,
      factors: [
        {
          id: "gas",
          value: 56100,
          unit: "kg/TJ" as const,
          counts: "CO2" as const,
          source: "test",
          year: 2020,
          region: "test",
        },
      ],
      furnace: { carrier: "gas", heatCapacityJPerKgK: 650, efficiency: 0.4, holdingPowerW: 20e3 },
    };
    const { candidates } = await ask({ footprint: { schedule, assumptions } });
    for (const candidate of candidates) {
      const [T, t] = [Number(value(candidate, "temperature")), Number(value(candidate, "time"))];
      expect(candidate.footprint?.energyMJ).toBeCloseTo((100 * 650 * (T - 20)) / 0.4 / 1e6 + (20e3 * t * 60) / 1e6, 6);
      expect(candidate.footprint?.problems).toEqual([]);
    }
    expect((await ask({})).candidates[0].footprint).toBeNull();
  });
});
