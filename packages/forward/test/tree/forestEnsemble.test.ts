import { createMatrix, createRandom } from "@materiome/core";
import { createRandomForest, reader } from "@materiome/forward";
import { expect, test } from "vitest";
import { updateMembers } from "../../src/tree/ensembleUpdate.ts";
import { smooth } from "../data.ts";

const { x, y } = smooth(40, 3, 3);
const fresh = smooth(12, 3, 8).x;
const fitted = async () => createRandomForest({ nTrees: 30 }).fit(x, y, { random: createRandom(1) });

test("the joint posterior of a forest has the mean and variance of its predictions, and a covariance that trees can have", async () => {
  const model = await fitted();
  const { mean, covariance } = model.posterior(fresh);
  const expected = model.predictor.estimate(fresh);
  for (let i = 0; i < 12; i++) {
    expect(mean[i]).toBeCloseTo(expected.mean[i] as number, 10);
    expect(covariance.data[i * 12 + i]).toBeCloseTo(expected.variance[i] as number, 10);
    for (let j = 0; j < 12; j++) expect(covariance.data[i * 12 + j]).toBe(covariance.data[j * 12 + i]);
  }
  const { dMean, variance } = model.meanVarianceGradient(fresh);
  expect([...variance]).toEqual([...expected.variance].map((v) => expect.closeTo(v, 10)));
  expect(dMean.data.every((slope) => slope === 0)).toBe(true);
});

test("draws of a forest are its trees, so their moments come to those of the forest", async () => {
  const model = await fitted();
  const draws = model.samplePosterior(fresh, 3000, createRandom(5));
  const kinds = new Set(Array.from({ length: 3000 }, (_, s) => draws.data.subarray(s * 12, s * 12 + 12).join()));
  expect(kinds.size).toBe(30);
  const { mean, covariance } = model.posterior(fresh);
  for (let i = 0; i < 12; i++) {
    let sum = 0;
    for (let s = 0; s < 3000; s++) sum += draws.data[s * 12 + i] as number;
    const error = Math.sqrt((covariance.data[i * 13] as number) / 3000);
    expect(Math.abs(sum / 3000 - (mean[i] as number))).toBeLessThan(4.5 * error + 1e-12);
  }
});

test("a forest given two measurements predicts them, is sure of them, and is stored with them", async () => {
  const model = await fitted();
  const at = createMatrix(2, 3, fresh.data.slice(0, 6));
  const before = model.posterior(fresh);
  const wanted = Float64Array.of((before.mean[0] as number) + 3, (before.mean[1] as number) - 2);
  const given = model.condition(at, wanted);
  const after = given.posterior(fresh);
  for (const i of [0, 1]) {
    expect(after.mean[i]).toBeCloseTo(wanted[i] as number, 3);
    expect(after.covariance.data[i * 13]).toBeLessThan(1e-4 * (before.covariance.data[i * 13] as number));
  }
  // One after the other is the same as both at once.
  const one = model.condition(createMatrix(1, 3, at.data.slice(0, 3)), wanted.slice(0, 1));
  const both = one.condition(createMatrix(1, 3, at.data.slice(3)), wanted.slice(1));
  expect(both.posterior(fresh)).toEqual(after);
  const again = (await reader.read(JSON.parse(JSON.stringify(given)), reader)) as typeof given;
  expect(again.posterior(fresh)).toEqual(after);
  const [kept, own] = [await again.predict(fresh), await given.predict(fresh)];
  expect([kept.mean, kept.std, kept.lower]).toEqual([own.mean, own.std, own.lower]);
  expect(() => model.condition(at, Float64Array.of(1))).toThrow(/2 rows of inputs but 1 targets/);
});

test("members of two numbers are moved along their regression on what was measured; what all agree on stays", () => {
  // Three members at one point (x) and one measured point (a): cov(x, a) = 2, var(a) = 2/3.
  const known = createMatrix(3, 1, Float64Array.of(-1, 0, 1));
  const values = createMatrix(3, 1, Float64Array.of(2, 5, 8));
  const slope = 3 / (1 + 1e-6);
  const moved = updateMembers(values, known, Float64Array.of(2));
  expect([...moved.data]).toEqual([2 + 3 * slope, 5 + 2 * slope, 8 + slope].map((v) => expect.closeTo(v, 9)));
  const agreed = createMatrix(3, 1, Float64Array.of(4, 4, 4));
  expect(updateMembers(values, agreed, Float64Array.of(9)).data).toEqual(values.data);
});
