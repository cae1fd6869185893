import { createMatrix, createRandom, type Targets } from "@materiome/core";
import {
  type Covariance,
  createGaussianProcess,
  createMultiTask,
  type MultiTaskModel,
  reader,
  readLearner,
} from "@materiome/forward";
import { describe, expect, it } from "vitest";
import { runReadmeExample } from "../../../../tools/testing/runReadmeExample.ts";
import { features, rSquared } from "../data.ts";

const run = { random: createRandom(1), threads: 1 };
const covariance: Covariance = { kind: "matern52" };
const learner = createMultiTask({ covariance, starts: 1 });

/** Two targets of two features: many of the first, few of the second, which is `factor` times the first and more. */
function pair(n: number, nSecond: number, factor: number, seed: number, noise = 0.1) {
  const random = createRandom(seed);
  const x = features(
    n,
    2,
    Array.from({ length: 2 * n }, () => random.next()),
  );
  const first = (a: number, b: number): number => Math.sin(10 * a) + Math.cos(7 * b);
  const own = (a: number, b: number): number => 0.3 * Math.cos(5 * b) + (factor === 0 ? Math.cos(7 * a + 2 * b) : 0);
  const data = Float64Array.from({ length: 2 * n }, (_, at) => {
    const i = Math.floor(at / 2);
    const [a, b] = [x.data[2 * i], x.data[2 * i + 1]];
    if (at % 2 === 0) return 200 + 30 * (first(a, b) + noise * random.normal());
    return i < nSecond ? 5 + factor * first(a, b) + own(a, b) + noise * random.normal() : Number.NaN;
  });
  const y: Targets = { kind: "regression", values: createMatrix(n, 2, data), units: ["MPa", "%"] };
  return { x, y };
}

/** Errors of the second target on fresh rows: together with the first, and alone. */
async function errors(factor: number): Promise<{ together: number; alone: number; correlation: number }> {
  const { x, y } = pair(60, 12, factor, 1);
  const model = await createMultiTask({ covariance }).fit(x, y, run);
  const few = { ...x, ...createMatrix(12, 2, x.data.slice(0, 24)) };
  const own = Float64Array.from({ length: 12 }, (_, i) => y.values.data[2 * i + 1]);
  const single = await createGaussianProcess({ covariance }).fit(
    few,
    { kind: "regression", values: createMatrix(12, 1, own), units: ["%"] },
    run,
  );
  const test = pair(300, 300, factor, 9, 0);
  const truth = Float64Array.from({ length: 300 }, (_, i) => test.y.values.data[2 * i + 1]);
  const rmse = (mean: Float64Array): number =>
    Math.sqrt(truth.reduce((sum, value, i) => sum + (value - mean[i]) ** 2 / 300, 0));
  return {
    together: rmse(model.targets[1]!.predictSync(test.x).mean.data),
    alone: rmse(single.predictSync(test.x).mean.data),
    correlation: model.correlation.data[1],
  };
}

describe("createMultiTask", () => {
  it("learns a target of few rows from another that goes along with it, or against it", async () => {
    for (const factor of [1, -1]) {
      const { together, alone, correlation } = await errors(factor);
      expect(together).toBeLessThan(0.4 * alone);
      expect(factor * correlation).toBeGreaterThan(0.4);
    }
  });

  it("does no harm where the other target has nothing to do with it", async () => {
    const { together, alone, correlation } = await errors(0);
    expect(together).toBeLessThan(1.25 * alone);
    expect(Math.abs(correlation)).toBeLessThan(0.3);
  });

  it("predicts all targets side by side, in their units, the same after loading", async () => {
    const { x, y } = pair(30, 20, 1, 3);
    const model = await learner.fit(x, y, run);
    const fresh = pair(7, 7, 1, 4);
    const prediction = model.predictSync(fresh.x);
    expect(prediction.mean).toMatchObject({ rows: 7, columns: 2 });
    for (const [t, target] of model.targets.entries()) {
      const own = target.predictSync(fresh.x);
      for (let i = 0; i < 7; i++) {
        expect(prediction.mean.data[2 * i + t]).toBe(own.mean.data[i]);
        expect(prediction.upper!.data[2 * i + t]).toBe(own.upper!.data[i]);
        expect(prediction.distribution!.quantile(i, t, 0.3)).toBe(own.distribution!.quantile(i, 0, 0.3));
      }
      expect(target.heldOut!.mean.filter(Number.isFinite).length).toBe([30, 20][t]);
    }
    expect(model.units).toEqual(["MPa", "%"]);
    const truth = Float64Array.from({ length: 7 }, (_, i) => fresh.y.values.data[2 * i]);
    expect(rSquared(truth, model.targets[0]!.predictSync(fresh.x).mean.data)).toBeGreaterThan(0.9);
    const stored = JSON.stringify(model);
    const again = (await reader.read(JSON.parse(stored), reader)) as unknown as MultiTaskModel;
    expect(again.predictSync(fresh.x).upper).toEqual(prediction.upper);
    expect(JSON.stringify(again)).toBe(stored);
    const alone = (await reader.read(
      JSON.parse(JSON.stringify(model.targets[1])),
      reader,
    )) as never as (typeof model.targets)[1];
    expect(alone!.predictSync(fresh.x)).toMatchObject({ mean: model.targets[1]!.predictSync(fresh.x).mean });
  });

  it("each target has posterior, gradient and conditioning in its own unit", async () => {
    const { x, y } = pair(25, 25, 1, 5);
    const { targets } = await learner.fit(x, y, run);
    const model = targets[0] as never as Awaited<ReturnType<ReturnType<typeof createGaussianProcess>["fit"]>>;
    const at = features(1, 2, [0.4, 0.5]);
    const { mean, variance, dMean } = model.meanVarianceGradient(at);
    expect(mean[0]).toBeCloseTo(model.predictSync(at).mean.data[0], 9);
    expect(model.posterior(at).covariance.data[0]).toBeCloseTo(variance[0], 9);
    const moved = model.predictSync(features(1, 2, [0.4 + 1e-5, 0.5])).mean.data[0];
    expect(dMean.data[0]).toBeCloseTo((moved - mean[0]) / 1e-5, 1);
    const taught = model.condition(at, Float64Array.of(mean[0] + 50));
    expect(taught.posterior(at).mean[0]).toBeGreaterThan(mean[0] + 1);
    expect(model.samplePosterior(at, 3, createRandom(1)).data.length).toBe(3);
  });

  it("comes back from its stored form, takes a constant target, groups and inducing rows", async () => {
    expect(readLearner(JSON.parse(JSON.stringify(learner.toJSON()))).toJSON()).toEqual(learner.toJSON());
    const { x, y } = pair(20, 10, 1, 6);
    const flat = { ...y.values, data: y.values.data.map((v, at) => (at % 2 === 0 ? v : 3)) };
    const model = await learner.fit(x, { ...y, values: flat }, run);
    expect(model.predictSync(x).mean.data[1]).toBeCloseTo(3, 6);
    const groups = Int32Array.from({ length: 20 }, (_, i) => Math.floor(i / 2));
    const grouped = await createMultiTask({ covariance, starts: 1, inducing: 15 }).fit(x, { ...y, groups }, run);
    expect((grouped.report as { inducing: number }).inducing).toBe(15);
  });

  it("the example of the README runs as it stands", () => {
    const [readme, folder] = [new URL("../../README.md", import.meta.url), new URL(".", import.meta.url)];
    const { stdout, stderr } = runReadmeExample(readme, folder, "createMultiTask()");
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^correlation -?[01]\.\d\d\n\d+ MPa, \d+\.\d %\n\d+\.\d GPa, simulated × \d\.\d\d\n$/);
  });

  it("refuses what it cannot do", async () => {
    expect(() => createMultiTask({ rank: -1 })).toThrow(/rank must be a whole number/);
    expect(() => createMultiTask({ starts: 0 })).toThrow(/starts must be/);
    const { x, y } = pair(10, 10, 1, 7);
    const refuse = async (more: object, message: RegExp): Promise<void> =>
      expect(learner.fit(x, { ...y, ...more }, run)).rejects.toThrow(message);
    const gaps = { ...y.values, data: y.values.data.map((v, at) => (at % 2 === 1 && at > 1 ? Number.NaN : v)) };
    await refuse({ values: gaps }, /target 1 is measured in 1 rows; give at least 2/);
    await refuse({ values: createMatrix(10, 1) }, /at least 2 targets, got 1/);
    await refuse({ weights: new Float64Array(10).fill(1) }, /weights are not used/);
    await refuse({ values: { ...y.values, data: y.values.data.map(() => Number.POSITIVE_INFINITY) } }, /is Infinity/);
  });
});
