import { createRandom } from "@materiome/core";
import { normalCdf, normalQuantile } from "@materiome/core/numerics";
import { describe, expect, it } from "vitest";
import { enumerateSettings } from "../../../src/invert/posterior/enumerateSettings.ts";
import { processWindow } from "../../../src/invert/posterior/processWindow.ts";
import { sampleSettings } from "../../../src/invert/posterior/sampleSettings.ts";
import type { SettingsSample } from "../../../src/invert/posterior/settingsSample.ts";
import type { Evaluated } from "../../../src/search/evaluator.ts";
import type { SearchSpace } from "../../../src/space/searchSpace.ts";
import type { Variable } from "../../../src/space/variable.ts";

const number = (name: string, more: Partial<Variable> = {}): Variable =>
  ({ kind: "continuous", name, role: "process", unit: "", min: 0, max: 1, scale: "linear", ...more }) as Variable;
const spaceOf = (variables: Variable[], sums: SearchSpace["sums"] = []): SearchSpace => ({
  variables,
  fixed: [],
  sums,
});

/** A sample where the probability is a formula. */
async function draw(
  space: SearchSpace,
  probability: (point: Float64Array) => number,
  starts: number[][],
  { seed = 1, maxEvaluations = 2500, isInside = (_: Float64Array): boolean => true } = {},
): Promise<SettingsSample> {
  const judge = (point: Float64Array): Evaluated => ({
    point,
    probability: probability(point),
    margin: 0,
    inDomain: isInside(point),
    domainScore: 0,
    means: [0],
  });
  const sample = await sampleSettings(space, async (points) => points.map(judge), {
    random: createRandom(seed),
    known: starts.map((start) => judge(Float64Array.from(start))),
    maxEvaluations,
  });
  if (sample === undefined) throw new Error("no sample");
  return sample;
}

const expected = (sample: SettingsSample, of: (point: Float64Array) => number): number =>
  sample.points.reduce((sum, e, i) => sum + sample.weights[i] * of(e.point), 0);

describe("sampleSettings", () => {
  it("draws the truncated normal posterior of a linear model of known error", async () => {
    // y = 10 + 40 x + e, e ~ N(0, 6²), wanted y = 22 exactly (a narrow interval): x ~ N(0.3, 0.15²) on 0 … 1; z is free.
    const space = spaceOf([number("x"), number("z", { min: -5, max: 5 })]);
    const sample = await draw(
      space,
      ([x]) => normalCdf((22.05 - 10 - 40 * x) / 6) - normalCdf((21.95 - 10 - 40 * x) / 6),
      [
        [0.3, 0],
        [0.9, -4],
        [0.1, 4],
      ],
      { maxEvaluations: 5000 },
    );
    const { settings, rHat, effectiveSampleSize } = processWindow(space, sample, 0.9);
    const low = normalCdf(-2);
    const quantile = (p: number) => 0.3 + 0.15 * normalQuantile(low + p * (normalCdf(0.7 / 0.15) - low));
    const [x, z] = settings;
    if (x.kind !== "number" || z.kind !== "number") throw new Error("numbers");
    // Standard error of a quantile of 400 draws: √(0.05 · 0.95 / 400) / density = 0.016 at the ends.
    expect(Math.abs(x.lower - quantile(0.05))).toBeLessThan(0.035);
    expect(Math.abs(x.median - quantile(0.5))).toBeLessThan(0.03);
    expect(Math.abs(x.upper - quantile(0.95))).toBeLessThan(0.04);
    // The shortest interval of a normal curve cut off at -2 σ lies about its peak: 90 % within ± 1.65 σ.
    expect(Math.abs(x.shortestLower - 0.065)).toBeLessThan(0.05);
    expect(Math.abs(z.lower + 4.5)).toBeLessThan(0.6);
    expect(Math.abs(z.upper - 4.5)).toBeLessThan(0.6);
    expect(rHat).toBeLessThan(1.05);
    expect(effectiveSampleSize).toBeGreaterThan(400);
    expect(sample.acceptance).toBeGreaterThan(0.15);
  });

  it("gives each region its mass, though none lies between them", async () => {
    const space = spaceOf([number("a"), number("b")]);
    const isIn = ([a, b]: Float64Array): number => (a < 0.2 && b < 0.4 ? 0.8 : a > 0.8 && b > 0.8 ? 0.8 : 0); // areas 0.08 and 0.04
    const sample = await draw(space, isIn, [
      [0.1, 0.1],
      [0.9, 0.9],
    ]);
    expect(expected(sample, ([a]) => Number(a < 0.5))).toBeCloseTo(2 / 3, 1);
  });

  it("weighs categories, grids and log scales evenly", async () => {
    const space = spaceOf([
      {
        kind: "category",
        name: "gas",
        role: "process",
        unit: "",
        columnKind: "category",
        levels: ["air", "argon", "vacuum"],
      },
      number("time", { min: 1, max: 1000, scale: "log" }),
      { kind: "integer", name: "passes", role: "process", unit: "", min: 1, max: 4 },
    ]);
    const sample = await draw(space, ([gas]) => [0.2, 0.6, 0.2][gas], [
      [0, 10, 1],
      [1, 500, 4],
    ]);
    expect(Math.abs(expected(sample, ([gas]) => Number(gas === 1)) - 0.6)).toBeLessThan(0.07);
    expect(Math.abs(expected(sample, (p) => Number(p[1] < 10)) - 1 / 3)).toBeLessThan(0.07);
    expect(Math.abs(expected(sample, (p) => Number(p[2] === 1)) - 1 / 4)).toBeLessThan(0.07);
    const [gas] = processWindow(space, sample, 0.9).settings;
    expect(gas).toMatchObject({ kind: "category", credible: expect.arrayContaining(["argon", "air", "vacuum"]) });
  });

  it.each([
    ["in steps of 1 %", 0.01],
    ["without steps", undefined],
  ])("is uniform on mixtures that add up, %s", async (_, step) => {
    const names = ["a", "b", "c"];
    const space = spaceOf(
      names.map((name) => number(name, { step } as Partial<Variable>)),
      [{ columns: names, total: 1, tolerance: 1e-9 }],
    );
    const sample = await draw(space, () => 1, [
      [0.3, 0.3, 0.4],
      [0.9, 0.05, 0.05],
      [0, 0, 1],
    ]);
    for (const { point } of sample.points) expect(point[0] + point[1] + point[2]).toBeCloseTo(1, 9);
    // Dirichlet(1, 1, 1): P(a < 0.1) = 1 - 0.9²; on the grid (with ends) 0.1915.
    for (const k of [0, 1, 2]) {
      expect(Math.abs(expected(sample, (p) => p[k]) - 1 / 3)).toBeLessThan(0.04);
      expect(Math.abs(expected(sample, (p) => Number(p[k] < 0.0999)) - 0.19)).toBeLessThan(0.06);
    }
  });

  it("gives settings that hang on others their share, and their window where they exist", async () => {
    const space = spaceOf([
      {
        kind: "category",
        name: "route",
        role: "process",
        unit: "",
        columnKind: "category",
        levels: ["air", "quenched"],
      },
      number("bath", { min: 20, max: 120, when: { name: "route", in: ["quenched"] } } as Partial<Variable>),
      { kind: "ordinal", name: "grit", role: "process", unit: "", values: [80, 120, 400] },
    ]);
    const sample = await draw(space, ([route, bath]) => (route === 0 ? 0.3 : bath < 70 ? 0.9 : 0.3), [
      [0, Number.NaN, 80],
      [1, 50, 400],
    ]);
    const { settings } = processWindow(space, sample, 0.9);
    // 0.3 for air, 0.6 on average for quenched: a third and two thirds; three quarters of the baths below 70.
    expect(Math.abs(settings[1].active - 2 / 3)).toBeLessThan(0.07);
    expect(settings[0].active).toBe(1);
    expect(Math.abs(expected(sample, (p) => Number(p[1] < 70)) - 0.5)).toBeLessThan(0.07);
    expect(settings[2]).toMatchObject({ kind: "number", min: 80, max: 400, lower: 80, upper: 400 });
    for (const { point } of sample.points) expect(Number.isNaN(point[1])).toBe(point[0] === 0);
  });

  it("stays inside the domain, keeps to the budget and follows the seed", async () => {
    const space = spaceOf([number("x"), number("y")]);
    const ask = (seed: number, maxEvaluations: number) =>
      draw(space, ([x]) => x, [[0.2, 0.3]], { seed, maxEvaluations, isInside: ([x, y]) => x + y < 1 });
    const [one, same, other] = await Promise.all([ask(1, 400), ask(1, 400), ask(2, 400)]);
    for (const { point } of one.points) expect(point[0] + point[1]).toBeLessThan(1);
    expect(one.nEvaluated).toBeLessThan(400 + 16);
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
    // Density ∝ x on the triangle: mean of x is ∫x²(1 - x) / ∫x(1 - x) = 1/2.
    expect(Math.abs(expected(await ask(1, 3000), ([x]) => x) - 0.5)).toBeLessThan(0.04);
  });

  it("agrees with the enumeration of a grid, also on a log scale", async () => {
    const space = spaceOf([
      number("t", { min: 1, max: 100, step: 3, origin: 1, scale: "log" }),
      number("x", { step: 0.1 }),
    ]);
    const probability = (t: number, x: number): number => (t > 10 ? 0.9 : 0.3) * (x > 0.45 ? 0.5 : 1);
    const all = Array.from({ length: 34 * 11 }, (_, i): Evaluated => {
      const point = Float64Array.of(1 + 3 * (i % 34), Number((0.1 * Math.floor(i / 34)).toFixed(1)));
      return {
        point,
        probability: probability(point[0], point[1]),
        margin: 0,
        inDomain: true,
        domainScore: 0,
        means: [0],
      };
    });
    const exact = enumerateSettings(space, all);
    const drawn = await draw(
      space,
      ([t, x]) => probability(t, x),
      [
        [10, 0.5],
        [100, 0],
        [1, 1],
      ],
      { maxEvaluations: 400 },
    );
    expect(exact?.method).toBe("enumeration");
    for (const limit of [4, 10, 40]) {
      const share = (sample: SettingsSample) => expected(sample, ([t]) => Number(t <= limit));
      expect(Math.abs(share(drawn) - share(exact as SettingsSample))).toBeLessThan(0.05);
    }
  });
});
