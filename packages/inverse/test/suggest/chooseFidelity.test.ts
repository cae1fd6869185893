import { createMatrix } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { improvement } from "../../src/acquisition/expectedImprovement.ts";
import { createSpace, parseFidelity } from "../../src/index.ts";
import { chooseFidelity, fidelityLevels, logGainOver } from "../../src/suggest/chooseFidelity.ts";
import type { SurrogateModel } from "../../src/surrogate/surrogate.ts";

const space = createSpace({
  variables: [
    { kind: "continuous", name: "x", role: "process", unit: "", min: 0, max: 1, scale: "linear" },
    {
      kind: "category",
      name: "Method",
      role: "process",
      unit: "",
      columnKind: "category",
      levels: ["experiment", "simulation"],
    },
  ],
  fixed: [],
  sums: [],
});
/** Says what a posterior of (point, experiment, simulation) is: variances 1, the correlation given. */
const modelOf = (correlation: number, mean = 0): SurrogateModel =>
  ({
    posterior: () => ({
      mean: Float64Array.of(mean, mean, mean),
      covariance: createMatrix(
        3,
        3,
        Float64Array.of(1, 1, correlation, 1, 1, correlation, correlation, correlation, 1),
      ),
    }),
  }) as unknown as SurrogateModel;
const choose = (models: SurrogateModel | readonly SurrogateModel[], cost: number, more: object = {}) =>
  chooseFidelity(
    space,
    [models].flat().map((model) => ({ model, noiseVariance: 0.25 })),
    Float64Array.of(0.3, 0),
    {
      fidelity: fidelityLevels(space, { name: "Method", costs: { experiment: cost, simulation: 1 } }),
      logGain: logGainOver(0.5),
      isExcluded: () => false,
      ...more,
    },
  ).level?.level;

describe("chooseFidelity", () => {
  it("takes the version whose knowledge gradient per cost is largest", () => {
    // Deviations of the mean: 1 / √1.25 and ρ / √1.25; the improvement on 0.5 of each.
    const gain = (correlation: number): number => improvement(-0.5, correlation / Math.sqrt(1.25));
    const even = gain(1) / gain(0.8);
    expect(choose(modelOf(0.8), even * 1.01)).toBe("simulation");
    expect(choose(modelOf(0.8), even * 0.99)).toBe("experiment");
    expect(choose(modelOf(0), 1e6)).toBe("experiment");
  });

  it("does not propose what was measured already, and weighs what is learned where nothing is feasible yet", () => {
    const isExcluded = (point: Float64Array): boolean => point[1] === 1;
    expect(choose(modelOf(0.99), 100, { isExcluded })).toBe("experiment");
    expect(choose(modelOf(0.9), 1.05, { logGain: logGainOver(undefined) })).toBe("experiment");
    expect(choose(modelOf(0.9), 1.2, { logGain: logGainOver(undefined) })).toBe("simulation");
  });

  it("weighs several objectives by what they gain together, and where that is nothing by the geometric mean of what is learned", () => {
    const models = [modelOf(0.9), modelOf(0.4)];
    // A gain that only the first objective has: the second, which the simulation knows little of, does not count.
    const logGain = (_: Float64Array, deviation: Float64Array): number => Math.log(deviation[0] as number);
    expect(choose(models, 1 / 0.95, { logGain })).toBe("experiment");
    expect(choose(models, 1 / 0.85, { logGain })).toBe("simulation");
    const nothing = { logGain: () => Number.NEGATIVE_INFINITY };
    expect(choose(models, 0.99 / Math.sqrt(0.9 * 0.4), nothing)).toBe("experiment");
    expect(choose(models, 1.01 / Math.sqrt(0.9 * 0.4), nothing)).toBe("simulation");
  });

  it("knows versions and costs as they are written, and refuses others", () => {
    expect(parseFidelity("Method = full test:10, short test:0.5")).toEqual({
      name: "Method",
      costs: { "full test": 10, "short test": 0.5 },
    });
    for (const text of ["Method", "Method=a:1", "Method=a:1,b", "Method=a,b:2"]) {
      expect(() => parseFidelity(text)).toThrow("NAME=VERSION:COST");
    }
    expect(() => fidelityLevels(space, { name: "Method", costs: { guess: 1 } })).toThrow('no version "guess"');
    expect(() => fidelityLevels(space, { name: "Method", costs: { experiment: 0 } })).toThrow("above 0");
    expect(() => fidelityLevels(space, { name: "Way", costs: {} })).toThrow("no variable");
  });
});
