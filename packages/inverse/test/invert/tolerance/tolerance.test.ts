import { createNumberColumn, createRandom, Table } from "@materiome/core";
import { normalCdf } from "@materiome/core/numerics";
import { describe, expect, it } from "vitest";
import { invert, parseSpec, spaceFromTable } from "../../../src/index.ts";
import { driftAt } from "../../../src/invert/tolerance/driftAt.ts";
import { missedSettings } from "../../../src/invert/tolerance/missedSettings.ts";
import { scatterAt } from "../../../src/invert/tolerance/scatterAt.ts";
import { underScatter } from "../../../src/invert/tolerance/underScatter.ts";
import type { Evaluated } from "../../../src/search/evaluator.ts";
import type { SearchSpace } from "../../../src/space/searchSpace.ts";
import { analyticModel } from "../../analyticModel.ts";

const space: SearchSpace = {
  variables: [
    { kind: "continuous", name: "T", role: "process", unit: "degC", min: 500, max: 700, step: 5, scale: "linear" },
    { kind: "continuous", name: "t", role: "process", unit: "min", min: 1, max: 100, scale: "log" },
    { kind: "integer", name: "passes", role: "process", unit: "", min: 1, max: 9 },
    { kind: "category", name: "gas", role: "process", unit: "", columnKind: "category", levels: ["air", "argon"] },
  ],
  fixed: [],
  sums: [],
};
/** Strength 400 + (T - 600) + 50 log10(t) + 10 passes + 20 for argon, σ = 10, wanted ≥ 430. */
const evaluate = async (points: readonly Float64Array[]): Promise<readonly Evaluated[]> =>
  points.map((point) => {
    const [T, t, passes, gas] = point;
    const mean = 400 + (T - 600) + 50 * Math.log10(t) + 10 * passes + 20 * gas;
    return {
      point,
      probability: normalCdf((mean - 430) / 10),
      margin: 0,
      inDomain: T <= 640,
      domainScore: 0,
      means: [mean],
    };
  });
const point = Float64Array.of(600, 10, 2, 0); // mean 470

describe("driftAt", () => {
  it("finds how far each setting may drift, and what stops it", async () => {
    const [[T, t, passes, gas]] = await driftAt(space, evaluate, [point], normalCdf(1));
    // Mean must stay at least 440: 30 degC less, 10^0.6 times less time, one pass is 10.
    expect(T).toMatchObject({ name: "T", value: 600, lowerStop: "probability", upperStop: "domain" });
    if (T.kind !== "number" || t.kind !== "number") throw new Error("numbers");
    expect(T.lower).toBeCloseTo(570, 1);
    expect(T.lower).toBeGreaterThanOrEqual(570);
    expect(T.upper).toBeCloseTo(640, 1);
    expect(t.lower).toBeCloseTo(10 ** 0.4, 2);
    expect(t).toMatchObject({ upper: 100, upperStop: "bound" });
    expect(passes).toMatchObject({ lower: 1, upper: 9, lowerStop: "bound", upperStop: "bound" });
    expect(gas).toEqual({
      kind: "category",
      name: "gas",
      value: "air",
      others: [{ value: "argon", probability: normalCdf(6), inDomain: true }],
    });
  });

  it("keeps whole numbers whole, on the safe side", async () => {
    const [[, , passes]] = await driftAt(space, evaluate, [Float64Array.of(595, 1, 6, 0)], normalCdf(1)); // 455, so 4.5 passes
    expect(passes).toMatchObject({ lower: 5, lowerStop: "probability" });
  });
});

describe("scatterAt", () => {
  it("gives the closed form for a linear model: Φ((μ − c) / √(σ² + a² s²))", async () => {
    const [far] = await scatterAt(space, evaluate, [Float64Array.of(570, 10, 2, 0)], {
      scatter: { T: { sd: 15 } },
      random: createRandom(1),
    });
    expect(far.probability).toBeCloseTo(normalCdf(10 / Math.hypot(10, 15)), 3);
    expect(far.shareOutside).toBe(0);
    const [uniform] = await scatterAt(space, evaluate, [point], {
      scatter: { T: { halfWidth: 80 } },
      random: createRandom(1),
    });
    expect(uniform.shareOutside).toBeCloseTo(0.25, 2);
  });

  it("refuses names and widths that make no sense", async () => {
    const random = createRandom(1);
    const ask = (scatter: Record<string, { sd: number }>) => scatterAt(space, evaluate, [point], { scatter, random });
    await expect(ask({ Tt: { sd: 1 } })).rejects.toThrow('"Tt", which is no number that is set here');
    await expect(ask({ gas: { sd: 1 } })).rejects.toThrow("no number");
    await expect(ask({ T: { sd: -1 } })).rejects.toThrow("at least 0, got -1");
    await expect(ask({})).rejects.toThrow("names no setting");
  });
});

describe("underScatter", () => {
  it("judges by the mean over what a setting becomes: Φ((μ − c) / √(σ² + a² s²)) of a linear model", async () => {
    const judge = underScatter(space, evaluate, { scatter: { T: { sd: 15 } }, random: createRandom(1) });
    const points = [555, 560, 570, 645].map((T) => Float64Array.of(T, 10, 2, 0));
    const judged = await judge(points);
    for (const [i, T] of [555, 560, 570, 645].entries()) {
      expect(Math.abs((judged[i]?.probability ?? 0) - normalCdf((T - 560) / Math.hypot(10, 15)))).toBeLessThan(0.015);
    }
    expect(judged.map(({ inDomain }) => inDomain)).toEqual([true, true, true, false]);
    expect(judged.map(({ point: own }) => own)).toEqual(points);
  });
});

describe("missedSettings", () => {
  it("keeps a mixture one, whatever of it is missed", () => {
    const mixture: SearchSpace = {
      variables: ["A", "B"].map((name) => ({ ...space.variables[0]!, name, min: 0, max: 100, step: 1 }) as never),
      fixed: [{ name: "C", role: "composition", unit: "", columnKind: "number", value: 5, why: "fixed" }],
      sums: [{ columns: ["A", "B", "C"], total: 100, tolerance: 1e-6 }],
    };
    const missed = missedSettings(mixture, { A: { halfWidth: 2 } });
    expect(missed.at(Float64Array.of(60, 35), [1])).toEqual(Float64Array.of(62 / 1.02, 35 / 1.02));
    const two = { ...mixture, sums: [...mixture.sums, { columns: ["B", "C"], total: 40, tolerance: 1e-6 }] };
    expect(() => missedSettings(two, { A: { sd: 1 } })).toThrow('"B" belongs to two sums');
  });
});

describe("the process window of invert", () => {
  it("is the posterior of a linear model in closed form, and routes, tolerance and scatter go with it", async () => {
    const values = Array.from({ length: 41 }, (_, i) => 500 + 5 * i);
    const training = new Table([
      createNumberColumn("T", values, { role: "process", unit: "degC" }),
      createNumberColumn("y", values, { role: "property", unit: "MPa" }),
    ]);
    const model = analyticModel({
      training,
      inputs: ["T"],
      targets: [{ name: "y", unit: "MPa" }],
      mean: (row) => [Number(row["T"])],
    });
    const ask = (more: Partial<Parameters<typeof invert>[1]>) =>
      invert(model, {
        specs: [parseSpec("y>=650 MPa", model.targets)],
        space: spaceFromTable(training, { inputs: model.inputs }),
        random: createRandom(1),
        ...more,
      });
    const result = await ask({ scatter: { T: { sd: 10 } } });
    /** Quantiles of 41 temperatures weighed by Φ((T − 650)/σ). */
    const quantilesOf = (sigma: number) => {
      const weights = values.map((T) => normalCdf((T - 650) / sigma));
      const total = weights.reduce((a, b) => a + b);
      return [0.05, 0.5, 0.95].map(
        (p) => values[weights.findIndex((_, i) => weights.slice(0, i + 1).reduce((a, b) => a + b) >= p * total)],
      );
    };
    const scatter = { T: { sd: 10 } };
    await expect(ask({ scatter, explore: false })).rejects.toThrow("leave explore on, or scatter out");
    // Refused before anything is searched.
    await expect(ask({ scatter: { Tt: { sd: 1 } }, maxEvaluations: 1 })).rejects.toThrow("there are T");
    // What is missed by 10 °C widens the step from what fails to what does not: √(10² + 10²).
    const [lower, median, upper] = quantilesOf(Math.hypot(10, 10));
    const { window: exact } = await ask({});
    expect(exact).toMatchObject({ isUnderScatter: false });
    expect(exact?.settings[0]).toMatchObject({ lower: quantilesOf(10)[0] });
    expect(quantilesOf(10)[0]).toBeGreaterThan(lower ?? Number.NaN);
    expect(result.window).toMatchObject({ method: "enumeration", level: 0.9, isUnderScatter: true });
    expect(result.window?.settings[0]).toMatchObject({
      kind: "number",
      unit: "degC",
      min: 500,
      max: 700,
      lower,
      median,
      upper,
    });
    const [best] = result.candidates;
    expect(best.scatter?.probability).toBeCloseTo(normalCdf(50 / Math.hypot(10, 10)), 3);
    expect(best.drift[0]).toMatchObject({
      lower: expect.closeTo(650, 1),
      lowerStop: "probability",
      upperStop: "bound",
    });
    expect(result.routes.reduce((sum, route) => sum + route.share, 0)).toBeCloseTo(1, 12);
    expect(result.routes[0].ranges[0]).toMatchObject({ kind: "number", name: "T" });
  });
});
