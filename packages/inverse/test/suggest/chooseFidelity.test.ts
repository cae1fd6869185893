import { createMatrix } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { improvement } from "../../src/acquisition/expectedImprovement.ts";
import { createSpace, parseFidelity } from "../../src/index.ts";
import { chooseFidelity, fidelityLevels } from "../../src/suggest/chooseFidelity.ts";
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
const choose = (model: SurrogateModel, cost: number, more: object = {}) =>
  chooseFidelity(space, model, Float64Array.of(0.3, 0), {
    fidelity: fidelityLevels(space, { name: "Method", costs: { experiment: cost, simulation: 1 } }),
    best: 0.5,
    noiseVariance: 0.25,
    isExcluded: () => false,
    ...more,
  }).level?.level;

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
    expect(choose(modelOf(0.9), 1.05, { best: undefined })).toBe("experiment");
    expect(choose(modelOf(0.9), 1.2, { best: undefined })).toBe("simulation");
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
