import { closeWorkers, createRandom, type FeatureMatrix, type Targets } from "@materiome/core";
import { createGradientBoosting, type ForwardModel, type GradientBoostingOptions } from "@materiome/forward";
import { afterAll, describe, expect, it } from "vitest";
import { features, rSquared, smooth, targets } from "../data.ts";

afterAll(closeWorkers);

const run = (seed = 1, threads = 1) => ({ random: createRandom(seed), threads });
const fit = (options: GradientBoostingOptions, x: FeatureMatrix, y: Targets, seed = 1): Promise<ForwardModel> =>
  createGradientBoosting(options).fit(x, y, run(seed));
/** One round of one split on one column, whole. */
const ONE = { nRounds: 1, maxLeaves: 2, minSamplesLeaf: 1, learningRate: 0.5, folds: 0 } as const;
const predict = (model: ForwardModel, x: FeatureMatrix): number[] => Array.from(model.predictSync(x).mean.data);

describe("one round of one split: closed form", () => {
  const x = features(7, 1, [1, 1, 1, 5, 5, 5, 5]);
  const y = [1, 2, 6, 10, 11, 12, 20];
  const at = features(2, 1, [0, 9]);

  it("squared error: half of the way from the mean to the means of the sides, less with l2", async () => {
    const mean = 62 / 7;
    const near = (n: number, sum: number, l2: number): number => mean + (0.5 * (sum - n * mean)) / (n + l2);
    for (const l2 of [0, 1.5]) {
      const [left, right] = predict(await fit({ ...ONE, l2 }, x, targets(y)), at);
      expect(left).toBeCloseTo(near(3, 9, l2), 12);
      expect(right).toBeCloseTo(near(4, 53, l2), 12);
    }
  });

  it("absolute error: to the medians; quantile: to the quantiles of the residuals", async () => {
    const medians = predict(await fit({ ...ONE, loss: "absolute" }, x, targets(y)), at);
    expect(medians).toEqual([10 + 0.5 * (2 - 10), 10 + 0.5 * (11.5 - 10)]);
    // Of 7 values the 0.7-quantile is the 5th; of 3 the third, of 4 the third.
    const quantiles = predict(await fit({ ...ONE, loss: "quantile", quantile: 0.7 }, x, targets(y)), at);
    expect(quantiles).toEqual([11 + 0.5 * (6 - 11), 11 + 0.5 * (12 - 11)]);
  });

  it("weights move medians as copies of rows do", async () => {
    const weights = Float64Array.of(1, 1, 4, 3, 1, 1, 1);
    const model = await fit({ ...ONE, loss: "absolute" }, x, targets(y, { weights }));
    // Weights below 10: 6 with 6 of 12, so the median is the middle of 6 and 10.
    expect(predict(model, at)).toEqual([8 + 0.5 * (6 - 8), 8 + 0.5 * ((10 + 11) / 2 - 8)]);
  });

  it("Huber: to the median of the side and the mean of what lies beyond, at most δ", async () => {
    const [left, right] = predict(await fit({ ...ONE, loss: "huber", huberShare: 0.5 }, x, targets(y)), at);
    // From the median 10 residuals are −9, −8, −4, 0, 1, 2, 10: δ = 4 is the median of their sizes.
    expect(left).toBeCloseTo(10 + 0.5 * (-8 + (-1 + 0 + 4) / 3), 12);
    expect(right).toBeCloseTo(10 + 0.5 * (1.5 + (-1.5 - 0.5 + 0.5 + 4) / 4), 12);
  });

  it("Poisson and gamma: Newton steps of the log of the mean", async () => {
    const mean = 62 / 7;
    const poisson = predict(await fit({ ...ONE, loss: "poisson" }, x, targets(y)), at);
    const ofSums = (n: number, sum: number): number => mean * Math.exp((0.5 * (sum - n * mean)) / (n * mean));
    expect(poisson[0]).toBeCloseTo(ofSums(3, 9), 10);
    expect(poisson[1]).toBeCloseTo(ofSums(4, 53), 10);
    const gamma = predict(await fit({ ...ONE, loss: "gamma" }, x, targets(y)), at);
    expect(gamma[0]).toBeCloseTo(mean * Math.exp(0.5 * (1 - 3 / (9 / mean))), 10);
    expect(gamma[1]).toBeCloseTo(mean * Math.exp(0.5 * (1 - 4 / (53 / mean))), 10);
  });

  it("Poisson and gamma: whole steps end at the minimum of the leaf, which is its mean", async () => {
    for (const loss of ["poisson", "gamma"] as const) {
      const means = predict(await fit({ ...ONE, loss, learningRate: 1 }, x, targets(y)), at);
      const [beyond, expected] = loss === "poisson" ? [means[1], 53 / 4] : [means[0], 3];
      expect(beyond).toBeCloseTo(expected, 10);
    }
  });

  it("intercepts: mean, median, quantile, log of the mean, where nothing tells the rows apart", async () => {
    const constant = features(7, 1, new Float64Array(7).fill(3));
    const of = async (options: GradientBoostingOptions): Promise<number> =>
      predict(await fit({ ...ONE, ...options }, constant, targets(y)), constant)[0];
    expect(await of({})).toBeCloseTo(62 / 7, 12);
    expect(await of({ loss: "poisson" })).toBeCloseTo(62 / 7, 12);
    expect(await of({ loss: "gamma" })).toBeCloseTo(62 / 7, 12);
    expect(await of({ loss: "absolute" })).toBe(10);
    expect(await of({ loss: "quantile", quantile: 0.9 })).toBe(20);
  });
});

describe("createGradientBoosting", () => {
  it("learns a smooth function from few rows, and chooses rounds that held-out rows like", async () => {
    const { x, y } = smooth(300, 6, 3);
    const test = smooth(1000, 6, 8);
    const model = await fit({ maxLeaves: 8 }, x, y);
    const p = model.predictSync(test.x);
    expect(rSquared(test.y.values.data, p.mean.data)).toBeGreaterThan(0.9);
    const { nRounds, curve, heldOutLoss } = model.report as { nRounds: number; curve: number[]; heldOutLoss: number };
    expect(nRounds).toBe(curve.indexOf(Math.min(...curve)));
    expect(heldOutLoss).toBe(curve[nRounds]);
    const { mean } = model.heldOut!;
    const meanSquare = y.values.data.reduce((sum, v, i) => sum + (v - mean[i]) ** 2, 0) / 300;
    expect(meanSquare).toBeCloseTo(heldOutLoss, 10);
  });
});
