import { createRandom, type FeatureMatrix, type Targets, takeRows } from "@materiome/core";
import {
  createGaussianProcess,
  createKernelRidge,
  createNearestNeighbours,
  createRandomForest,
  createRidge,
  createTransfer,
  type ForwardModel,
  type TransferReport,
} from "@materiome/forward";
import { describe, expect, it } from "vitest";
import { features, targets } from "../data.ts";

const run = { random: createRandom(7), threads: 1 };
const D = 5;

/** A wavy property of five features, and another one that is a line of it plus a little of its own. */
const wavy = (r: ArrayLike<number>): number => 10 * Math.sin(5 * r[0]!) + 8 * Math.cos(4 * r[1]!) * r[2]! + 3 * r[3]!;
const related = (r: ArrayLike<number>): number => 200 + 3 * wavy(r) + 6 * r[4]!;

function rows(
  n: number,
  seed: number,
  of: (r: ArrayLike<number>) => number,
  noise: number,
): { x: FeatureMatrix; y: Targets } {
  const random = createRandom(seed);
  const data = Float64Array.from({ length: n * D }, () => random.next());
  const y = Float64Array.from({ length: n }, (_, i) => of(data.subarray(i * D, (i + 1) * D)) + noise * random.normal());
  return { x: features(n, D, data), y: targets(y) };
}

const reportOf = (model: ForwardModel): TransferReport => model.report as unknown as TransferReport;

function errors(model: ForwardModel, test: { x: FeatureMatrix; y: Targets }): Float64Array {
  return model.predictSync(test.x).mean.data.map((value, i) => Math.abs(value - test.y.values.data[i]!));
}

const mean = (values: Float64Array): number => values.reduce((sum, v) => sum + v, 0) / values.length;

describe("createTransfer", () => {
  const big = rows(160, 1, wavy, 0.3);
  const test = rows(200, 3, related, 0);

  it("learns from few rows what the source knows of a related property", async () => {
    const source = await createKernelRidge().fit(big.x, big.y, run);
    for (const learner of [createKernelRidge(), createNearestNeighbours()]) {
      const few = rows(25, 2, related, 1);
      const alone = mean(errors(await learner.fit(few.x, few.y, run), test));
      const model = await createTransfer({ source, learner }).fit(few.x, few.y, run);
      expect(mean(errors(model, test))).toBeLessThan(0.4 * alone);
      expect(reportOf(model).sourceWeight).toBeGreaterThan(0.8);
      expect(reportOf(model).members.map(({ way }) => way)).toEqual(["alone", "source", "residual", "feature"]);
    }
  });

  it("does no harm with a source that knows nothing, within two standard errors", async () => {
    const random = createRandom(5);
    const noise = targets(Float64Array.from({ length: 160 }, () => random.normal()));
    const source = await createRandomForest({ nTrees: 20 }).fit(big.x, noise, run);
    const differences: number[] = [];
    let alone = 0;
    for (let seed = 20; seed < 28; seed++) {
      const few = rows(30, seed, related, 1);
      const learner = createKernelRidge();
      const own = mean(errors(await learner.fit(few.x, few.y, run), test));
      const with_ = mean(errors(await createTransfer({ source, learner }).fit(few.x, few.y, run), test));
      differences.push(with_ - own);
      alone += own / 8;
    }
    const average = differences.reduce((sum, d) => sum + d, 0) / 8;
    const spread = Math.sqrt(differences.reduce((sum, d) => sum + (d - average) ** 2, 0) / 7 / 8);
    expect(average - 2 * spread).toBeLessThanOrEqual(0);
    expect(average).toBeLessThan(0.02 * alone);
  });

  it("is the source on its line where there is nothing else to learn", async () => {
    const source = await createRidge().fit(big.x, big.y, run);
    const { data } = source.predictSync(test.x).mean;
    const few = takeRows(test.x, [0, 1, 2, 3, 4, 5, 6, 7]);
    const line = targets(Float64Array.from({ length: 8 }, (_, i) => 5 - 2 * data[i]!));
    const constant = createKernelRidge({ lengthScale: 1e6, penalty: 1e6 });
    const model = await createTransfer({ source, learner: constant }).fit(few, line, run);
    for (const [i, value] of model.predictSync(test.x).mean.data.entries())
      expect(value).toBeCloseTo(5 - 2 * data[i]!, 4);
  });

  it("finds the rows that the source was trained on, among more features and in another order, and warns", async () => {
    const source = await createRidge().fit(big.x, big.y, run);
    const few = rows(20, 9, related, 1);
    const data = few.x.data.slice();
    for (const [i, from] of [
      [4, 17],
      [11, 120],
    ] as const)
      data.set(big.x.data.subarray(from * D, from * D + D), i * D);
    // Features in reverse order after one of its own.
    const wide = new Float64Array(20 * 6);
    for (let i = 0; i < 20; i++) {
      wide[i * 6] = i;
      for (let f = 0; f < D; f++) wide[i * 6 + 1 + f] = data[i * D + D - 1 - f]!;
    }
    const names = [{ name: "extra", unit: "", source: ["extra"] }, ...[...big.x.features].reverse()];
    const x: FeatureMatrix = { rows: 20, columns: 6, data: wide, features: names };
    const learner = createTransfer({ source, learner: createRidge(), sourceRows: big.x });
    const report = reportOf(await learner.fit(x, few.y, run));
    expect(report.shared).toEqual([4, 11]);
    expect(report.warnings[0]).toMatch(/^2 of 20 rows are among those the source was trained on/);
    const none = reportOf(await createTransfer({ source, learner: createRidge() }).fit(x, few.y, run));
    expect([none.shared, none.warnings]).toEqual([null, []]);
    expect(reportOf(await learner.fit(few.x, few.y, run)).shared).toEqual([]);
  });

  it("keeps the intervals honest: about nine of ten new rows lie inside", async () => {
    const source = await createKernelRidge().fit(big.x, big.y, run);
    const few = rows(60, 31, related, 2);
    const fresh = rows(300, 32, related, 2);
    const model = await createTransfer({ source, learner: createKernelRidge() }).fit(few.x, few.y, run);
    const { lower, upper } = model.predictSync(fresh.x);
    const inside = fresh.y.values.data.filter((v, i) => v >= lower!.data[i]! && v <= upper!.data[i]!).length / 300;
    expect(inside).toBeGreaterThan(0.8);
    expect(inside).toBeLessThan(0.99);
  });

  it("takes a constant source, groups and weights", async () => {
    const flat = await createRandomForest({ nTrees: 3 }).fit(
      features(6, D, new Float64Array(30).fill(1)),
      targets([1, 2, 3, 1, 2, 3]),
      run,
    );
    const few = rows(16, 12, related, 1);
    const groups = Int32Array.from({ length: 16 }, (_, i) => i >> 1);
    const weights = Float64Array.from({ length: 16 }, (_, i) => (i === 3 ? 0 : 1));
    const learner = createTransfer({ source: flat, learner: createRandomForest({ nTrees: 5 }) });
    expect(learner.supports.has("weights")).toBe(true);
    const spoilt = (by: number): Targets => ({
      ...few.y,
      groups,
      weights,
      values: { ...few.y.values, data: few.y.values.data.map((v, i) => (i === 3 ? v + by : v)) },
    });
    const [a, b] = [await learner.fit(few.x, spoilt(0), run), await learner.fit(few.x, spoilt(1000), run)];
    expect(mean(errors(a, test))).toBeLessThan(40);
    expect(b.predictSync(test.x).mean.data[0]).toBeCloseTo(a.predictSync(test.x).mean.data[0]!, 6);
    expect(createTransfer({ source: flat, learner: createGaussianProcess() }).supports.has("weights")).toBe(false);
  });

  it("refuses rows without the source's features, other units, and what is no model", async () => {
    const source = await createRidge().fit(big.x, big.y, run);
    const few = rows(20, 9, related, 1);
    const learner = createTransfer({ source, learner: createRidge() });
    const narrow = features(20, 3, few.x.data.subarray(0, 60));
    await expect(learner.fit(narrow, few.y, run)).rejects.toThrow(/needs the feature "x3", which the rows lack/);
    const inOther = { ...few.x, features: few.x.features.map((f, k) => (k === 1 ? { ...f, unit: "mm" } : f)) };
    await expect(learner.fit(inOther, few.y, run)).rejects.toThrow(
      /feature "x1" is in mm, the source was trained with no unit/,
    );
    expect(() => createTransfer({ source: {} as ForwardModel, learner: createRidge() })).toThrow(
      /source must be a model/,
    );
  });
});
