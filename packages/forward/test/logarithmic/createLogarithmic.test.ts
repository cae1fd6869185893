import { createRandom, type FeatureMatrix, type Targets } from "@materiome/core";
import {
  createAuto,
  createConstant,
  createLogarithmic,
  createRandomForest,
  createRidge,
  type ForwardModel,
  reader,
  readLearner,
} from "@materiome/forward";
import { describe, expect, it } from "vitest";
import { features, targets } from "../data.ts";

const run = { random: createRandom(1), threads: 1 };

/** Lives over three decades, with a scatter of a tenth of each. */
function lives(n: number, seed: number): { readonly x: FeatureMatrix; readonly y: Targets } {
  const random = createRandom(seed);
  const rows = Array.from({ length: n }, () => [random.next(), random.next()]);
  const y = rows.map(([a = 0, b = 0]) => Math.exp(6 * a - 2 * b + 0.1 * random.normal()));
  return { x: features(n, 2, rows.flat()), y: targets(y) };
}

describe("createLogarithmic", () => {
  it("has the geometric mean for the median of a constant, and Duan's factor on it for the mean", async () => {
    const values = [1, 2, 4, 16, 32];
    const [x, y] = [features(5, 1, [1, 2, 3, 4, 5]), targets(values)];
    const geometric = 2 ** (12 / 5);
    const median = await createLogarithmic(createConstant(), { statistic: "median" }).fit(x, y, run);
    expect(median.predictSync(x).mean.data[0]).toBeCloseTo(geometric, 12);
    // Held out: the geometric mean of the others, so that ratio = y / (32² 4 / y)^(1/4).
    const factor = values.reduce((sum, v) => sum + v / (2 ** 12 / v) ** 0.25, 0) / 5;
    const mean = await createLogarithmic(createConstant()).fit(x, y, run);
    expect(mean.predictSync(x).mean.data[0]).toBeCloseTo(geometric * factor, 10);
    expect(mean.heldOut?.mean[0]).toBeCloseTo(factor * 2 ** 3, 10);
  });

  it("follows a product that a plain ridge cannot, with intervals that widen with the value and hold", async () => {
    const [train, fresh] = [lives(150, 2), lives(400, 3)];
    const model = await createLogarithmic(createRidge(), { statistic: "median" }).fit(train.x, train.y, run);
    const { mean, lower, upper } = model.predictSync(fresh.x);
    const ratio = fresh.y.values.data.map((v, i) => Math.abs(Math.log(v / (mean.data[i] ?? Number.NaN))));
    expect(ratio.reduce((sum, v) => sum + v, 0) / 400).toBeLessThan(0.1);
    const at = (of: Float64Array | undefined, i: number): number => of?.[i] ?? Number.NaN;
    const inside = fresh.y.values.data.filter((v, i) => v >= at(lower?.data, i) && v <= at(upper?.data, i)).length;
    expect(inside / 400).toBeGreaterThan(0.85);
    expect(inside / 400).toBeLessThan(0.96);
    const shares = mean.data.map((m, i) => (at(upper?.data, i) - at(lower?.data, i)) / m);
    expect(Math.max(...shares) / Math.min(...shares)).toBeLessThan(1.2);
  });

  it("comes back bit by bit, learner and model", async () => {
    const { x, y } = lives(60, 4);
    const learner = createLogarithmic(createRandomForest({ nTrees: 20 }), { statistic: "median" });
    const again = readLearner(JSON.parse(JSON.stringify(learner)));
    expect(JSON.stringify(again)).toBe(JSON.stringify(learner));
    const model = await learner.fit(x, y, run);
    expect(JSON.stringify(await again.fit(x, y, { ...run, threads: 2 }))).toBe(JSON.stringify(model));
    const stored = (await reader.read(JSON.parse(JSON.stringify(model)), reader)) as unknown as ForwardModel;
    expect(stored.predictSync(x).upper?.data).toEqual(model.predictSync(x).upper?.data);
    expect(model.predictSync(x).mean.data.every((v) => v > 0)).toBe(true);
  });

  it("refuses targets that have no logarithm, naming the row, and bad options", async () => {
    const [x, y] = [features(4, 1, [1, 2, 3, 4]), targets([3, 0, 1, 2])];
    await expect(createLogarithmic(createRidge()).fit(x, y, run)).rejects.toThrow(
      "target of row 1 is 0; its logarithm needs values above 0",
    );
    expect(() => createLogarithmic(createRidge(), { statistic: "mode" as "mean" })).toThrow(
      '"mean" or "median", got mode',
    );
  });
});

describe("createAuto", () => {
  it("tries the logarithm of targets over decades, and says why not of others", async () => {
    const { x, y } = lives(80, 5);
    const search = async (of: Targets): Promise<{ chosen: string; tried: { name: string }[]; notTried: unknown }> =>
      (await createAuto({ nTrees: 20, draws: 0, folds: 3, criterion: "absolute" }).fit(x, of, run)).report as never;
    const wide = await search(y);
    expect(wide.tried[0]?.name).toMatch(/^log-/);
    expect(wide.chosen).toContain("log-gaussian-process");
    const narrow = await search(targets(Array.from(y.values.data, (v) => 1000 + v)));
    expect(JSON.stringify(narrow.notTried)).toContain("nine tenths of the target lie within a factor of 3");
    const signed = await search(targets(Array.from(y.values.data, (v) => v - 5)));
    expect(JSON.stringify(signed.notTried)).toContain("the target is not above 0 everywhere");
  });
});
