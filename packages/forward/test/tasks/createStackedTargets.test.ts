import { createRandom, type FeatureMatrix, type Targets, takeRows } from "@materiome/core";
import {
  createKernelRidge,
  createRandomForest,
  createRidge,
  createStackedTargets,
  reader,
  readLearner,
  type StackedTargetsModel,
} from "@materiome/forward";
import { describe, expect, it } from "vitest";
import { features } from "../data.ts";

const run = { random: createRandom(7), threads: 1 };
const D = 3;
const wavy = (r: ArrayLike<number>): number => 10 * Math.sin(6 * r[0]!) + 8 * Math.cos(5 * r[1]!);
const OF: readonly ((r: ArrayLike<number>) => number)[] = [wavy, (r) => 200 + 3 * wavy(r) + 2 * r[2]!];

/** Two properties of one kind; the second measured in the first `few` rows only. */
function rows(n: number, seed: number, few: number, noise = 0.3): { x: FeatureMatrix; y: Targets } {
  const random = createRandom(seed);
  const data = Float64Array.from({ length: n * D }, () => random.next());
  const values = Float64Array.from({ length: n * 2 }, (_, at) => {
    const i = at >> 1;
    const value = OF[at % 2]!(data.subarray(i * D, i * D + D)) + noise * random.normal();
    return at % 2 === 1 && i >= few ? Number.NaN : value;
  });
  return {
    x: features(n, D, data),
    y: { kind: "regression", values: { rows: n, columns: 2, data: values }, units: ["HV", "MPa"] },
  };
}

const test = rows(150, 3, 150, 0);
async function errorOf(model: StackedTargetsModel, target: number): Promise<number> {
  const { mean } = await model.predict(test.x);
  let sum = 0;
  for (let i = 0; i < 150; i++) sum += Math.abs(mean.data[2 * i + target]! - test.y.values.data[2 * i + target]!);
  return sum / 150;
}

interface TargetReport {
  readonly nRows: number;
  readonly borrowed: number;
}
const reportOf = (model: StackedTargetsModel): readonly TargetReport[] => model.report as unknown as TargetReport[];

describe("createStackedTargets", () => {
  it("learns a property measured in few rows from one measured in many", async () => {
    const { x, y } = rows(120, 1, 16);
    const learner = createKernelRidge();
    const single = await createStackedTargets({ learner, borrows: false }).fit(x, y, run);
    const together = await createStackedTargets({ learner }).fit(x, y, run);
    expect(await errorOf(together, 1)).toBeLessThan(0.6 * (await errorOf(single, 1)));
    expect(await errorOf(together, 0)).toBeLessThan(1.1 * (await errorOf(single, 0)));
    expect(reportOf(together).map(({ nRows }) => nRows)).toEqual([120, 16]);
    expect(reportOf(together)[1]!.borrowed).toBeGreaterThan(0.5);
  });

  it("without borrowing is each target by itself", async () => {
    const { x, y } = rows(40, 1, 20);
    const model = await createStackedTargets({ learner: createRidge({ alpha: 1 }), borrows: false }).fit(x, y, run);
    const own = Int32Array.from({ length: 20 }, (_, i) => i);
    const second: Targets = {
      kind: "regression",
      values: { rows: 20, columns: 1, data: Float64Array.from(own, (i) => y.values.data[2 * i + 1]!) },
      units: ["MPa"],
    };
    const single = await createRidge({ alpha: 1 }).fit(takeRows(x, own), second, run);
    const { mean, lower } = await model.predict(test.x);
    const alone = single.predictSync(test.x);
    for (const i of [0, 7, 149]) {
      expect(mean.data[2 * i + 1]).toBe(alone.mean.data[i]);
      expect(lower!.data[2 * i + 1]).toBe(alone.lower!.data[i]);
    }
  });

  it("does no harm to targets that have nothing to do with each other", async () => {
    const random = createRandom(4);
    const { x, y } = rows(60, 1, 60);
    const data = y.values.data.map((v, at) => (at % 2 === 0 ? random.normal() : v));
    const learner = createKernelRidge();
    const apart = { ...y, values: { ...y.values, data } };
    const single = await createStackedTargets({ learner, borrows: false }).fit(x, apart, run);
    const together = await createStackedTargets({ learner }).fit(x, apart, run);
    expect(await errorOf(together, 1)).toBeLessThan(1.1 * (await errorOf(single, 1)));
  });

  it("holds out whole groups: what was measured there of a target reaches its held-out predictions through the weights alone", async () => {
    const { x, y } = rows(36, 5, 36);
    const groups = Int32Array.from({ length: 36 }, (_, i) => Math.floor(i / 6));
    const spoilt = (by: number): Targets => ({
      ...y,
      groups,
      values: { ...y.values, data: y.values.data.map((v, at) => (at < 12 && at % 2 === 1 ? v + by : v)) },
    });
    const learner = createStackedTargets({ learner: createRidge({ alpha: 1 }), folds: 6 });
    const [a, b] = [await learner.fit(x, spoilt(0), run), await learner.fit(x, spoilt(1000), run)];
    const [own, other] = [a, b].map(({ targets }) => targets[1]!.heldOut!.mean);
    for (let i = 0; i < 6; i++) expect(Math.abs(other![i]! - own![i]!)).toBeLessThan(10);
    expect(Math.abs(other![10]! - own![10]!)).toBeGreaterThan(50);
  });

  it("is stored and read bit by bit, for any number of threads", async () => {
    const { x, y } = rows(40, 1, 25);
    const learner = createStackedTargets({ learner: createRandomForest({ nTrees: 10 }), folds: 3 });
    const model = await learner.fit(x, y, run);
    const again = (await reader.read(JSON.parse(JSON.stringify(model)), reader)) as unknown as StackedTargetsModel;
    const numbers = async (one: StackedTargetsModel): Promise<unknown> => {
      const { mean, std, lower, upper, distribution } = await one.predict(test.x);
      return [mean, std, lower, upper, distribution?.quantile(3, 1, 0.2), distribution?.cdf(3, 0, 1)];
    };
    expect(await numbers(again)).toEqual(await numbers(model));
    expect(JSON.stringify(again)).toBe(JSON.stringify(model));
    const other = await learner.fit(x, y, { ...run, threads: 2 });
    expect(await numbers(other)).toEqual(await numbers(model));
    expect(readLearner(JSON.parse(JSON.stringify(learner.toJSON()))).toJSON()).toEqual(learner.toJSON());
    expect(learner.supports).toEqual(new Set(["multiTarget", "weights", "missing"]));
    expect((await model.predict(test.x)).mean.columns).toBe(2);
  });

  it("refuses no target, infinite ones, units that do not match, and one measured nowhere", async () => {
    const { x, y } = rows(20, 1, 10);
    const learner = createStackedTargets({ learner: createRidge() });
    const fit = (more: object): Promise<unknown> => learner.fit(x, { ...y, ...more }, run);
    await expect(fit({ values: { rows: 20, columns: 0, data: new Float64Array(0) }, units: [] })).rejects.toThrow(
      /at least one target/,
    );
    await expect(fit({ units: ["HV"] })).rejects.toThrow(/2 targets but 1 units/);
    const infinite = y.values.data.map((v, at) => (at === 5 ? Number.POSITIVE_INFINITY : v));
    await expect(fit({ values: { ...y.values, data: infinite } })).rejects.toThrow(/target 1 of row 2 is Infinity/);
    const empty = y.values.data.map((v, at) => (at % 2 === 1 ? Number.NaN : v));
    await expect(fit({ values: { ...y.values, data: empty } })).rejects.toThrow(/at least 2 training rows, got 0/);
    expect(() => createStackedTargets({ learner: createRidge(), folds: 1 })).toThrow(/folds/);
  });
});
