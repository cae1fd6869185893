import { createMatrix, createRandom } from "@materiome/core";
import { expect, test } from "vitest";
import { averageSurrogates } from "../../src/surrogate/averageSurrogates.ts";
import { exactProcess } from "../exactProcess.ts";

const features = [{ name: "a", unit: "", source: ["a"] }];
const tried = { ...createMatrix(5, 1, Float64Array.of(0, 0.2, 0.5, 0.7, 1)), features };
const values = {
  kind: "regression",
  values: createMatrix(5, 1, Float64Array.of(0, 1, 2, 5, 0.5)),
  units: [""],
} as const;
const random = createRandom(1);
const members = [exactProcess({ lengthScale: 0.1, noise: 0.05 }), exactProcess({ lengthScale: 0.4, noise: 0.05 })];

test("mean, covariance and draws are those of the mixture", async () => {
  const model = await averageSurrogates(members).fit(tried, values, { random });
  const x = createMatrix(2, 1, Float64Array.of(0.35, 0.85));
  const { mean, covariance } = model.posterior(x);
  const { data } = model.samplePosterior(x, 60_000, createRandom(2));
  const n = 60_000;
  const at = (j: number): Float64Array => Float64Array.from({ length: n }, (_, s) => data[2 * s + j] - mean[j]);
  const [a, b] = [at(0), at(1)];
  const scale = Math.sqrt(covariance.data[0] * covariance.data[3]);
  expect(Math.abs(a.reduce((s, v) => s + v, 0) / n)).toBeLessThan(0.02 * Math.sqrt(covariance.data[0]));
  expect(a.reduce((s, v) => s + v * v, 0) / n / covariance.data[0]).toBeCloseTo(1, 1);
  expect(Math.abs(a.reduce((s, v, i) => s + v * b[i], 0) / n - covariance.data[1]) / scale).toBeLessThan(0.03);
});

test("gradients are those of differences, and pending points are learned by all members", async () => {
  const model = await averageSurrogates(members).fit(tried, values, { random });
  const h = 1e-5;
  const point = (v: number) => createMatrix(1, 1, Float64Array.of(v));
  const { dMean, dVariance, mean } = model.meanVarianceGradient(point(0.33));
  const [above, below] = [model.posterior(point(0.33 + h)), model.posterior(point(0.33 - h))];
  expect(dMean.data[0]).toBeCloseTo((above.mean[0] - below.mean[0]) / (2 * h), 4);
  expect(dVariance.data[0]).toBeCloseTo((above.covariance.data[0] - below.covariance.data[0]) / (2 * h), 4);
  const told = model.condition(point(0.33), Float64Array.of(mean[0] + 1));
  expect(told.posterior(point(0.33)).mean[0]).toBeGreaterThan(mean[0] + 0.4);
});

test("predicts more scatter than its members where they disagree, and is a member alone where there is one", async () => {
  const x = { ...createMatrix(1, 1, Float64Array.of(0.6)), features };
  const model = await averageSurrogates(members).fit(tried, values, { random });
  const alone = await Promise.all(members.map((m) => m.fit(tried, values, { random })));
  const parts = await Promise.all(alone.map((m) => m.predict(x)));
  const { mean, std, uncertainty } = await model.predict(x);
  const [p, q] = parts.map((part) => part.mean.data[0]);
  const v = parts.reduce((s, part) => s + (part.std?.data[0] as number) ** 2 / 2, 0) + ((p - q) / 2) ** 2;
  expect(mean.data[0]).toBeCloseTo((p + q) / 2, 12);
  expect(std?.data[0]).toBeCloseTo(Math.sqrt(v), 12);
  expect(uncertainty).toBe("total");
  expect(averageSurrogates(members.slice(0, 1))).toBe(members[0]);
  expect(() => averageSurrogates([])).toThrow(/at least one learner/);
});
