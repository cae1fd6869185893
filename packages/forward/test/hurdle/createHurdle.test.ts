import { createRandom, type FeatureMatrix, type Targets } from "@materiome/core";
import {
  createAuto,
  createHurdle,
  createLogistic,
  createRandomForest,
  createRandomForestClassifier,
  createRidge,
  type ForwardModel,
  reader,
  readLearner,
} from "@materiome/forward";
import { describe, expect, it } from "vitest";
import { mixEstimates } from "../../src/hurdle/hurdlePredictor.ts";
import { sharedValue } from "../../src/hurdle/sharedValue.ts";
import { residualDistribution } from "../../src/uncertainty/residualDistribution.ts";
import { features, targets } from "../data.ts";

const run = { random: createRandom(1), threads: 1 };

/** Where x0 lies below about one half the target is 2, elsewhere 5 + 3 x1 and some noise. */
function castings(n: number, seed: number): { readonly x: FeatureMatrix; readonly y: Targets } {
  const random = createRandom(seed);
  const rows = Array.from({ length: n }, () => [random.next(), random.next(), random.next()]);
  const y = rows.map(([a = 0, b = 0]) => (a + 0.15 * random.normal() < 0.5 ? 2 : 5 + 3 * b + 0.1 * random.normal()));
  return { x: features(n, 3, rows.flat()), y: targets(y) };
}

function meanError(model: ForwardModel, { x, y }: { readonly x: FeatureMatrix; readonly y: Targets }): number {
  const { data } = model.predictSync(x).mean;
  return data.reduce((sum, v, i) => sum + Math.abs(v - (y.values.data[i] ?? Number.NaN)), 0) / data.length;
}

describe("sharedValue", () => {
  it("is the value of most rows, the smaller one of two", () => {
    expect(sharedValue(Float64Array.of(3, 0, 1, 0, 3))).toEqual({ value: 0, count: 2 });
    expect(sharedValue(Float64Array.of(7))).toEqual({ value: 7, count: 1 });
  });
});

describe("mixEstimates", () => {
  // Residuals uniform on −1 … 1 in units of the scale 2: the rest follows mean ± 2.
  const sorted = Float64Array.from({ length: 2001 }, (_, k) => -1 + k / 1000);
  const calibration = { floor: 4, residuals: sorted, units: sorted.length, rms: Math.sqrt(1 / 3) };
  const mixed = (statistic: "mean" | "median", p: readonly number[], centre = 5): readonly [number[], number[]] => {
    const rest = { mean: new Float64Array(p.length).fill(centre), variance: new Float64Array(p.length) };
    const residuals = residualDistribution(sorted);
    const { mean, variance } = mixEstimates(Float64Array.from(p), rest, {
      value: 0,
      statistic,
      calibration,
      residuals,
    });
    return [Array.from(mean), Array.from(variance)];
  };

  it("has the mean and variance of the mixture", () => {
    const [mean, variance] = mixed("mean", [0, 0.25, 1]);
    expect(mean).toEqual([5, 3.75, 0]);
    // σ² = 4 / 3; p (1 − p) 25.
    for (const [i, expected] of [4 / 3, 0.1875 * 25 + 0.75 * (4 / 3), 0].entries()) {
      expect(variance[i]).toBeCloseTo(expected, 12);
    }
  });

  it("has the median of the mixture, on either side of the value and at it", () => {
    // With p at 0 the median of the rest on 3 … 7 is its quantile (0.5 − p) / (1 − p).
    const [mean] = mixed("median", [0, 0.2, 0.4, 0.5, 0.9]);
    for (const [i, expected] of [5, 3 + 4 * (0.3 / 0.8), 3 + 4 * (0.1 / 0.6), 0, 0].entries()) {
      expect(mean[i]).toBeCloseTo(expected, 2);
    }
    const [below] = mixed("median", [0.2], -5); // the rest on −7 … −3
    expect(below[0]).toBeCloseTo(-7 + 4 * (0.5 / 0.8), 2);
  });
});

describe("createHurdle", () => {
  const train = castings(200, 3);
  const fresh = castings(300, 4);
  const forest = createRandomForest({ nTrees: 60 });
  const gate = createRandomForestClassifier({ nTrees: 60 });

  it("predicts the shared value itself where it is likely, and less error than one regression", async () => {
    const hurdle = await createHurdle({ classifier: gate, learner: forest, statistic: "median" }).fit(
      train.x,
      train.y,
      run,
    );
    const single = await forest.fit(train.x, train.y, run);
    expect(meanError(hurdle, fresh)).toBeLessThan(0.8 * meanError(single, fresh));
    const predicted = hurdle.predictSync(fresh.x).mean.data;
    const isValue = Array.from(predicted, (v) => v === 2);
    const share = isValue.filter((is, i) => is === (fresh.y.values.data[i] === 2)).length / isValue.length;
    expect(share).toBeGreaterThan(0.8);
    expect(hurdle.report).toMatchObject({ value: 2, statistic: "median" });
  });

  it("covers fresh rows by its intervals, with and without folds, and with groups", async () => {
    const groups = Int32Array.from({ length: 200 }, (_, i) => Math.floor(i / 4));
    const cases = [
      await createHurdle({ classifier: gate, learner: forest }).fit(train.x, train.y, run),
      await createHurdle({ classifier: createLogistic({ penalty: 0.1 }), learner: forest }).fit(train.x, train.y, run),
      await createHurdle({ classifier: gate, learner: forest, folds: 3 }).fit(train.x, { ...train.y, groups }, run),
    ];
    for (const model of cases) {
      const { lower, upper } = model.predictSync(fresh.x);
      const inside = Array.from(fresh.y.values.data).filter(
        (v, i) => v >= (lower?.data[i] ?? Number.NaN) && v <= (upper?.data[i] ?? Number.NaN),
      );
      expect(inside.length / 300).toBeGreaterThan(0.85);
    }
  });

  it("holds out as folds do: no row sees itself", async () => {
    const model = await createHurdle({ classifier: gate, learner: forest }).fit(train.x, train.y, run);
    const held = model.heldOut?.mean ?? new Float64Array(0);
    const error = (values: ArrayLike<number>): number =>
      Array.from(values).reduce((sum, v, i) => sum + Math.abs(v - (train.y.values.data[i] ?? 0)), 0) / 200;
    expect(error(held)).toBeGreaterThan(1.3 * error(model.predictSync(train.x).mean.data));
    expect(error(held)).toBeGreaterThan(0.6 * meanError(model, fresh));
  });

  it("comes back from its stored form bit by bit, learner and model, the same for any threads", async () => {
    const learner = createHurdle({ classifier: gate, learner: createRidge(), statistic: "median", folds: 3, value: 2 });
    const again = readLearner(JSON.parse(JSON.stringify(learner)));
    expect(JSON.stringify(again)).toBe(JSON.stringify(learner));
    const model = await learner.fit(train.x, train.y, run);
    const second = await again.fit(train.x, train.y, { ...run, threads: 2 });
    expect(JSON.stringify(second)).toBe(JSON.stringify(model));
    const stored = (await reader.read(JSON.parse(JSON.stringify(model)), reader)) as unknown as ForwardModel;
    expect(stored.predictSync(fresh.x).upper?.data).toEqual(model.predictSync(fresh.x).upper?.data);
    expect(stored.heldOut).toEqual(model.heldOut);
  });

  it("says when there is nothing to tell apart, and refuses bad options and gaps", async () => {
    const y = targets(Array.from({ length: 200 }, (_, i) => i));
    const learner = createHurdle({ classifier: gate, learner: forest });
    await expect(learner.fit(train.x, y, run)).rejects.toThrow(
      "hurdle: 1 of 200 rows have the value 0 and 199 another; at least 3 of each are needed: use the learner without a hurdle",
    );
    expect(() => createHurdle({ classifier: gate, learner: forest, folds: 1 })).toThrow("createHurdle: folds must be");
    expect(() => createHurdle({ classifier: gate, learner: forest, value: Number.NaN })).toThrow(
      "value must be a finite",
    );
    const data = train.x.data.slice();
    data[4] = Number.NaN;
    await expect(learner.fit({ ...train.x, data }, train.y, run)).rejects.toThrow("missing in row 1");
  });
});

describe("createAuto", () => {
  it("tries hurdles where many rows share one value, and says why not elsewhere", async () => {
    const { x, y } = castings(120, 5);
    const model = await createAuto({ nTrees: 20, draws: 0, folds: 3, criterion: "absolute" }).fit(x, y, run);
    const report = model.report as unknown as {
      readonly chosen: string;
      readonly tried: readonly { readonly name: string }[];
    };
    expect(report.tried.map(({ name }) => name)).toContain("boosted-hurdle");
    expect(report.chosen).toContain("hurdle");
    const smooth = targets(Array.from(y.values.data, (v, i) => v + i / 1000));
    const other = await createAuto({ nTrees: 20, draws: 0, folds: 3 }).fit(x, smooth, run);
    expect(JSON.stringify(other.report)).toContain("no value is shared by a tenth of the rows");
  });
});
