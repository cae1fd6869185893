import { createRandom } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { hallPetchStrength, tensileTest } from "../../src/demo/hallPetch.ts";
import { DEMO, kelvin, planAnneals } from "../../src/demo/plan.ts";

describe("planAnneals", () => {
  const anneals = planAnneals(createRandom(1));

  it("visits every temperature, time and starting material of the grid once, a little off as furnaces are", () => {
    const { temperaturesC, timesMin, startingGrainSizesUm } = DEMO;
    expect(anneals).toHaveLength(temperaturesC.length * timesMin.length * startingGrainSizesUm.length);
    const near = anneals.map(({ temperatureC, timeMin, start }) => {
      const temperature = temperaturesC.find((t) => Math.abs(t - temperatureC) <= 10);
      const time = timesMin.find((t) => Math.abs(Math.log(timeMin / t)) <= Math.log(1.25) + 0.05);
      return [temperature, time, start].join(" ");
    });
    expect(near.join()).not.toContain("undefined");
    expect(new Set(near).size).toBe(anneals.length);
  });

  it("follows the seed", () => {
    expect(planAnneals(createRandom(1))).toEqual(anneals);
    expect(planAnneals(createRandom(2))).not.toEqual(anneals);
  });
});

describe("Hall–Petch", () => {
  it("is σ₀ + k/√d: 250 MPa at 16 µm, 300 MPa at 9 µm", () => {
    expect(hallPetchStrength(16)).toBe(250);
    expect(hallPetchStrength(9)).toBe(300);
  });

  it("scatters by the stated standard deviation, without bias", () => {
    const random = createRandom(5);
    const tests = Array.from({ length: 4000 }, () => tensileTest(16, random) - 250);
    const mean = tests.reduce((a, b) => a + b) / tests.length;
    const std = Math.sqrt(tests.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (tests.length - 1));
    // Four standard errors: 4·σ/√n, 4·σ/√(2n).
    expect(Math.abs(mean)).toBeLessThan((4 * DEMO.hallPetch.testScatterMPa) / Math.sqrt(4000));
    expect(Math.abs(std - DEMO.hallPetch.testScatterMPa)).toBeLessThan((4 * 4) / Math.sqrt(8000));
  });

  it("temperatures are absolute where physics wants them", () => {
    expect(kelvin(0)).toBe(273.15);
  });
});
