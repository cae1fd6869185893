import { createRandom } from "@materiome/core";
import { createRandomForest, reader } from "@materiome/forward";
import { expect, test } from "vitest";
import { jackknifeVariance } from "../../src/kernels/index.ts";
import { features, smooth, targets } from "../data.ts";

const jackknife = (nTrees: number) => createRandomForest({ nTrees, variance: "infinitesimalJackknife" });

test("of bagged means the infinitesimal jackknife is the plug-in variance of a mean, Σ (y − ȳ)² / n²", async () => {
  // Without a column to split by each tree is the mean of its bag.
  const values = [3, 8, 1, 9, 4, 4, 7, 2, 6, 5, 11, 3];
  const n = values.length;
  const mean = values.reduce((a, b) => a + b) / n;
  const expected = values.reduce((sum, y) => sum + (y - mean) ** 2, 0) / n ** 2;
  const x = features(n, 1, new Array(n).fill(1));
  const model = await jackknife(6000).fit(x, targets(values), { random: createRandom(1) });
  const [variance] = model.predictor.estimate(features(1, 1, [1])).variance;
  expect(Math.abs((variance as number) / expected - 1)).toBeLessThan(0.08);
});

test("two members and two units by hand: covariances of counts and values, less what few members add", () => {
  const variance = new Float64Array(1);
  jackknifeVariance(2, 1, 2, Float64Array.of(1, 5), Uint8Array.of(2, 0, 0, 2), Int32Array.of(-1), variance);
  // cov of each unit ∓2, squares 4 + 4 = 8; less 2 / 4 · (4 + 4) = 4.
  expect(variance[0]).toBe(4);
  // The member that did not draw the first unit stands alone: no variance can be told.
  jackknifeVariance(2, 1, 2, Float64Array.of(1, 5), Uint8Array.of(2, 0, 0, 2), Int32Array.of(0), variance);
  expect(variance[0]).toBe(0);
});

test("its intervals hold fresh rows, its means are those of any forest, and it is stored bit by bit", async () => {
  const { x, y } = smooth(120, 3, 3);
  const fresh = smooth(200, 3, 8);
  const model = await jackknife(400).fit(x, y, { random: createRandom(2) });
  const { lower, upper, std } = await model.predict(fresh.x);
  const inside = fresh.y.values.data.filter(
    (value, i) => value >= (lower?.data[i] as number) && value <= (upper?.data[i] as number),
  ).length;
  expect(inside).toBeGreaterThan(165);
  expect(inside).toBeLessThan(198);
  const again = (await reader.read(JSON.parse(JSON.stringify(model)), reader)) as typeof model;
  expect((await again.predict(fresh.x)).std).toEqual(std);
  const plain = await createRandomForest({ nTrees: 400 }).fit(x, y, { random: createRandom(2) });
  const [own, others] = [model, plain].map((one) => one.predictor.estimate(fresh.x).mean);
  expect([...(own as Float64Array)]).toEqual([...(others as Float64Array)].map((mean) => expect.closeTo(mean, 9)));
});

test("is refused without bags drawn with replacement", () => {
  expect(() => createRandomForest({ variance: "infinitesimalJackknife", splitter: "random" })).toThrow(
    /give sampling "bootstrap", got "folds"/,
  );
});
