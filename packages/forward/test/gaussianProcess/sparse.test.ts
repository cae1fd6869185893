import { readFileSync } from "node:fs";
import { createRandom } from "@materiome/core";
import { type Covariance, createGaussianProcess, type GaussianProcessModel, reader } from "@materiome/forward";
import { describe, expect, it } from "vitest";
import { chooseInducing } from "../../src/gaussianProcess/chooseInducing.ts";
import { features, rSquared, smooth, targets } from "../data.ts";
import { processOf } from "./processes.ts";

interface Goldens {
  readonly tolerance: number;
  readonly inducing: number;
  readonly noise: number;
  readonly x: number[];
  readonly y: number[];
  readonly groups: number[];
  readonly variances: number[];
  readonly new: number[];
  readonly cases: {
    readonly name: string;
    readonly covariance: Covariance;
    readonly hasVariances: boolean;
    readonly chosen: number[];
    readonly bound: number;
    readonly exact: number;
    readonly mean: number[];
    readonly variance: number[];
    readonly heldOutMean: number[];
    readonly heldOutVariance: number[];
  }[];
}
const goldens = JSON.parse(
  readFileSync(new URL("../fixtures/gaussianProcess/numpy_sparse.json", import.meta.url), "utf8"),
) as Goldens;
const run = { random: createRandom(1), threads: 1 };
const reportOf = (model: GaussianProcessModel): { logMarginalLikelihood: number; inducing: number | null } =>
  model.report as never;

describe("sparse Gaussian process against dense formulas in numpy", () => {
  const { tolerance, inducing, noise, x: given, y, groups, variances, new: asked } = goldens;
  const x = features(y.length, 3, given);

  it.each(goldens.cases.map((golden) => [golden.name, golden] as const))("%s", async (_, golden) => {
    const learner = createGaussianProcess({ covariance: golden.covariance, noise, inducing, starts: 1 });
    const more = {
      groups: Int32Array.from(groups),
      noiseVariance: golden.hasVariances ? Float64Array.from(variances) : undefined,
    };
    const model = await learner.fit(x, targets(y, more), run);
    expect(reportOf(model).inducing).toBe(inducing);
    const bound = reportOf(model).logMarginalLikelihood;
    expect(Math.abs(bound - golden.bound)).toBeLessThan(tolerance);
    expect(bound).toBeLessThan(golden.exact);
    const { mean, variance } = model.predictor.estimate(features(asked.length / 3, 3, asked));
    const near = (got: Float64Array, expected: number[]): void => {
      for (const [i, value] of expected.entries()) expect(Math.abs(got[i] - value)).toBeLessThan(tolerance);
    };
    near(mean, golden.mean);
    near(variance, golden.variance);
    near(model.heldOut!.mean, golden.heldOutMean);
    near(model.heldOut!.variance, golden.heldOutVariance);
  });

  it("chooses the same rows", () => {
    const { covariance, chosen } = goldens.cases[0]!;
    const { data, program } = processOf(covariance, x, Float64Array.from(y));
    const theta = Float64Array.from([...program.parameters.map(({ start }) => start), 0]);
    expect(Array.from(chooseInducing(data, theta, inducing))).toEqual(chosen);
  });
});

describe("sparse Gaussian process", () => {
  const covariance: Covariance = { kind: "matern52" };

  it("with as many inducing rows as rows is the exact one, start values and all", async () => {
    const { x, y } = smooth(40, 3, 1);
    const fixed = { covariance, starts: 1, maxIterations: 0 };
    const exact = await createGaussianProcess(fixed).fit(x, y, run);
    const sparse = await createGaussianProcess({ ...fixed, inducing: 40 }).fit(x, y, run);
    const fresh = smooth(10, 3, 2).x;
    const [one, two] = [exact.predictSync(fresh), sparse.predictSync(fresh)];
    for (let i = 0; i < 10; i++) {
      expect(two.mean.data[i]).toBeCloseTo(one.mean.data[i], 6);
      expect(two.upper!.data[i]).toBeCloseTo(one.upper!.data[i], 6);
    }
    expect(reportOf(exact).inducing).toBeNull();
  });

  it("learns from all rows what few inducing rows can carry, with intervals that hold", async () => {
    const { x, y } = smooth(700, 4, 1);
    const test = smooth(400, 4, 2);
    const learner = createGaussianProcess({ covariance, inducing: 60, starts: 1 });
    const model = await learner.fit(x, y, run);
    const { mean, lower, upper } = model.predictSync(test.x);
    expect(rSquared(smooth(400, 4, 2, 0).y.values.data, mean.data)).toBeGreaterThan(0.99);
    const inside = Array.from(test.y.values.data).filter((v, i) => v >= lower!.data[i] && v <= upper!.data[i]);
    expect(inside.length / 400).toBeGreaterThan(0.85);
    expect(inside.length / 400).toBeLessThan(0.95);
    const again = (await reader.read(JSON.parse(JSON.stringify(model)), reader)) as unknown as GaussianProcessModel;
    const few = smooth(5, 4, 9).x;
    expect(again.posterior(few)).toEqual(model.posterior(few));
    expect(again.meanVarianceGradient(few)).toEqual(model.meanVarianceGradient(few));
    const taught = again.condition(few, Float64Array.of(20, 20, 20, 20, 20)).posterior(few);
    expect(taught.mean[0]).toBeGreaterThan(model.posterior(few).mean[0]);
    expect(taught.covariance.data[0]).toBeLessThan(model.posterior(few).covariance.data[0]);
  });

  it("takes over by itself above 3000 rows", async () => {
    const { x, y } = smooth(3001, 3, 1);
    const model = await createGaussianProcess({ covariance, starts: 1, maxIterations: 0 }).fit(x, y, run);
    expect(reportOf(model).inducing).toBe(300);
  });

  it("takes repeated rows, a constant, and more inducing rows than differ", async () => {
    const x = features(12, 1, [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]);
    const y = targets([1, 1.1, 0.9, 1, 2, 2.1, 1.9, 2, 3, 3.1, 2.9, 3]);
    const model = await createGaussianProcess({ inducing: 8 }).fit(x, y, run);
    expect(reportOf(model).inducing).toBe(3);
    expect(model.predictSync(features(1, 1, [1])).mean.data[0]).toBeCloseTo(2, 1);
    const flat = await createGaussianProcess({ inducing: 2 }).fit(
      features(4, 1, [0, 1, 2, 3]),
      targets([5, 5, 5, 5]),
      run,
    );
    expect(flat.predictSync(features(1, 1, [1.5])).mean.data[0]).toBeCloseTo(5, 6);
  });

  it("refuses what it cannot do", async () => {
    expect(() => createGaussianProcess({ inducing: 0 })).toThrow(/inducing must be "auto" or a whole number/);
    expect(() => createGaussianProcess({ inducing: 2.5 })).toThrow(/got 2.5/);
    const { x, y } = smooth(20_000, 3, 1);
    await expect(createGaussianProcess({ inducing: 5000 }).fit(x, y, run)).rejects.toThrow(
      /20000 training rows with 5000 inducing ones; their product may be at most 50000000/,
    );
    const held: Covariance = { kind: "rbf", fixed: ["variance", "lengthScale"] };
    const few = smooth(10, 3, 1);
    await expect(
      createGaussianProcess({ covariance: held, noise: 0, inducing: 3 }).fit(few.x, few.y, run),
    ).rejects.toThrow(/too little noise/);
  });
});
