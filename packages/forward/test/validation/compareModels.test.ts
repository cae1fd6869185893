import { closeWorkers, createMatrix, createRandom, type RegressionModel, type Regressor } from "@materiome/core";
import { studentQuantile } from "@materiome/core/numerics";
import {
  compareModels,
  comparePredictions,
  correctedResampledT,
  createRandomForest,
  createRidge,
  crossValidate,
  groupKFold,
  kFold,
  learningCurve,
  repeated,
} from "@materiome/forward";
import { afterAll, describe, expect, it } from "vitest";
import { smooth } from "../data.ts";

afterAll(closeWorkers);

/** Predicts the mean of its training rows. */
const MEAN: Regressor = {
  supports: new Set(),
  module: import.meta.url,
  toJSON: () => ({ type: "test/mean-learner", version: 1, params: null, state: null }),
  fit: async (_x, y) => {
    const value = y.values.data.reduce((sum, v) => sum + v, 0) / y.values.rows;
    return {
      module: import.meta.url,
      toJSON: () => ({ type: "test/mean", version: 1, params: null, state: null }),
      predict: async ({ rows }) => ({
        kind: "regression",
        mean: createMatrix(rows, 1, new Float64Array(rows).fill(value)),
      }),
    } satisfies RegressionModel;
  },
};

describe("correctedResampledT", () => {
  it("by hand: ten times ten differences, (1/100 + 1/9) s²", () => {
    const differences = Array.from({ length: 100 }, (_, k) => (k % 2 === 0 ? 1 : 3));
    const { difference, interval, p, df } = correctedResampledT(differences, 1 / 9);
    expect([difference, df]).toEqual([2, 99]);
    const half = studentQuantile(0.975, 99) * Math.sqrt((1 / 100 + 1 / 9) * (100 / 99));
    expect(interval[1] - 2).toBeCloseTo(half, 12);
    expect(interval[0]).toBeCloseTo(2 - half, 12);
    expect(p).toBeGreaterThan(0);
    expect(p).toBeLessThan(1e-6);
  });

  it("p is 5 % where the interval touches 0, 1 for no difference at all, 0 for the same difference in all folds", () => {
    const at = correctedResampledT([1, -1, 0.5, 0.2], 0.25);
    const shift = at.interval[0];
    expect(
      correctedResampledT(
        [1, -1, 0.5, 0.2].map((d) => d - shift),
        0.25,
      ).p,
    ).toBeCloseTo(0.05, 10);
    expect(correctedResampledT([0, 0], 0.2).p).toBe(1);
    expect(correctedResampledT([2, 2], 0.2).p).toBe(0);
    expect(() => correctedResampledT([1], 0.2)).toThrow(/at least 2 folds, got 1/);
    expect(() => correctedResampledT([1, Number.NaN], 0.2)).toThrow(/finite/);
  });
});

describe("comparePredictions", () => {
  /** Six rows in three folds; the median is off by 1, 2 and 9, whatever the learner does. */
  const validation = async (errors: readonly number[]) => {
    const { x, y } = smooth(6, 3, 1);
    const real = await crossValidate(MEAN, x, y, kFold(3), { random: createRandom(1), threads: 1 });
    const [rows] = real.repeats;
    const each = (values: readonly number[]) => Float64Array.from(rows?.fold ?? [], (k) => values[k] ?? 0);
    const actual = new Float64Array(6);
    const own = { ...rows, actual, predicted: each(errors), medianBaseline: each([1, 2, 9]) };
    return { ...real, repeats: [own as (typeof real.repeats)[number]] };
  };
  const pair = async (errors: readonly number[]) => {
    const own = await validation(errors);
    return comparePredictions(own, own, { random: createRandom(1), forecasts: ["predicted", "medianBaseline"] });
  };

  it("finds no width in the share of the error where it is the same in all folds, however the folds scatter", async () => {
    const { mae, rmse } = await pair([0.25, 0.5, 2.25]);
    expect(mae.relativeInterval).toEqual([-0.75, -0.75]);
    expect(rmse.relativeInterval?.[0]).toBeCloseTo(-0.75, 12);
    expect(mae.resampled?.interval[1]).toBeGreaterThan(0);
  });

  it("by hand: shares 1/2, 1/4 and 1/2 of the error", async () => {
    const { mae } = await pair([0.5, 0.5, 4.5]);
    const ratio = 5.5 / 12;
    const departures = [0.5 - ratio, 0.5 - 2 * ratio, 4.5 - 9 * ratio].map((d) => d / 4);
    const variance = departures.reduce((sum, d) => sum + d * d, 0) / 2;
    const half = studentQuantile(0.975, 2) * Math.sqrt((1 / 3 + 1 / 2) * variance);
    expect(mae.relative).toBeCloseTo(ratio - 1, 12);
    expect(mae.relativeInterval?.[0]).toBeCloseTo(ratio - half - 1, 12);
    expect(mae.relativeInterval?.[1]).toBeCloseTo(ratio + half - 1, 12);
  });
});

describe("compareModels", () => {
  const { x, y } = smooth(90, 4, 2);
  const groups = Int32Array.from({ length: 90 }, (_, i) => Math.floor(i / 3));
  const run = { random: createRandom(1), threads: 1 };

  it("compares every pair and the baselines on the same folds", async () => {
    const learners = {
      stump: createRandomForest({ nTrees: 4, maxDepth: 1 }),
      ridge: createRidge(),
      square: createRidge({ degree: 2 }),
    };
    const { ranking, pairs, baselines, validations } = await compareModels(
      learners,
      x,
      { ...y, groups },
      {
        splitter: repeated(groupKFold(3), 3),
        run,
      },
    );
    expect(ranking).toEqual(["square", "ridge", "stump"]);
    expect(pairs.map(({ first, second }) => `${first} ${second}`)).toEqual([
      "square ridge",
      "square stump",
      "ridge stump",
    ]);
    const [, { mae, rmse }] = pairs;
    expect(mae.difference).toBeCloseTo(validations["square"].scores.mae - validations["stump"].scores.mae, 12);
    for (const { difference, relative, bootstrapInterval, resampled } of [mae, rmse]) {
      expect(bootstrapInterval[1]).toBeLessThan(0);
      expect(bootstrapInterval[0]).toBeLessThan(difference);
      expect(resampled!.interval[1]).toBeLessThan(0);
      expect(resampled!.df).toBe(8);
      expect(relative).toBeLessThan(-0.2);
    }
    expect(baselines).toHaveLength(6);
    expect(baselines[0]).toMatchObject({ first: "square", second: "median of the training rows" });
    expect(baselines[0].mae.difference).toBeCloseTo(
      validations["square"].scores.mae - validations["square"].scores.medianBaselineMae,
      12,
    );
  });

  it("refuses one learner, other folds, and a forecast that is not there", async () => {
    await expect(compareModels({ a: createRidge() }, x, y, { splitter: kFold(3), run })).rejects.toThrow(
      /at least two/,
    );
    const a = await crossValidate(createRidge(), x, y, kFold(3), run);
    const b = await crossValidate(createRidge(), x, y, kFold(3), { ...run, random: createRandom(2) });
    expect(() => comparePredictions(a, b, run)).toThrow(/not scored on the same folds/);
    const bare = { ...a, repeats: a.repeats.map((rows) => ({ ...rows, neighbourBaseline: undefined })) };
    expect(() => comparePredictions(a, bare, { ...run, forecasts: ["predicted", "neighbourBaseline"] })).toThrow(
      /no neighbourBaseline of row 0/,
    );
    expect(comparePredictions(a, a, run).mae).toMatchObject({ difference: 0, bootstrapInterval: [0, 0] });
  });

  it("finds no difference between equally good learners in 95 % of the cases, the uncorrected test far less often", () => {
    // Two lines, each through another input that says nothing: equally bad in expectation, by symmetry.
    const [n, rounds, nFolds, nRepeats] = [24, 500, 3, 10];
    let [corrected, plain] = [0, 0];
    for (let round = 0; round < rounds; round++) {
      const random = createRandom(round);
      const [a, b, y] = Array.from({ length: 3 }, () => Array.from({ length: n }, () => random.normal()));
      const differences: number[] = [];
      for (let repeat = 0; repeat < nRepeats; repeat++) {
        const fold = kFold(nFolds).assign(n, undefined, random.fork(repeat));
        for (let k = 0; k < nFolds; k++) differences.push(lineError(a, y, fold, k) - lineError(b, y, fold, k));
      }
      const holdsNull = ({ interval }: { readonly interval: readonly [number, number] }): number =>
        interval[0] <= 0 && interval[1] >= 0 ? 1 : 0;
      corrected += holdsNull(correctedResampledT(differences, 1 / (nFolds - 1)));
      plain += holdsNull(correctedResampledT(differences, 1e-12));
    }
    // Binomial standard deviation at 95 % of 500: 1 %. The correction is known to err on the safe side.
    expect(corrected / rounds).toBeGreaterThan(0.92);
    expect(plain / rounds).toBeLessThan(0.8);
  });
});

/** Mean absolute error on fold k of the straight line through the other rows. */
function lineError(x: readonly number[], y: readonly number[], fold: Int32Array, k: number): number {
  const train = Array.from(fold.keys()).filter((i) => fold[i] !== k);
  const test = Array.from(fold.keys()).filter((i) => fold[i] === k);
  const mean = (values: readonly number[]): number => train.reduce((sum, i) => sum + values[i], 0) / train.length;
  const [mx, my] = [mean(x), mean(y)];
  let [xy, xx] = [0, 0];
  for (const i of train) {
    xy += (x[i] - mx) * (y[i] - my);
    xx += (x[i] - mx) ** 2;
  }
  return test.reduce((sum, i) => sum + Math.abs(y[i] - my - (xy / xx) * (x[i] - mx)), 0) / test.length;
}

describe("learningCurve", () => {
  const { x, y } = smooth(120, 4, 3, 0.1);
  const groups = Int32Array.from({ length: 120 }, (_, i) => Math.floor(i / 4));
  const run = { random: createRandom(1), threads: 1 };

  it("falls with the rows, on the same test rows, training sets being parts of larger ones", async () => {
    const seen: number[][] = [];
    const ridge = createRidge();
    const spy: Regressor = {
      ...ridge,
      toJSON: () => ({ type: "test/spy", version: 1, params: null, state: null }),
      fit: (inputs, target, context) => {
        seen.push([...new Set(target.groups)]);
        expect(target.groups!.length % 4).toBe(0); // whole groups
        return ridge.fit(inputs, target, context);
      },
    };
    const curve = await learningCurve(spy, x, { ...y, groups }, { splitter: groupKFold(3), run, sizes: [8, 30, 80] });
    expect(curve.points.map(({ nTrain }) => nTrain)).toEqual([8, 32, 80]);
    const errors = curve.points.map(({ validation }) => validation.scores.mae);
    expect(errors[0]).toBeGreaterThan(errors[1]);
    expect(errors[1]).toBeGreaterThan(errors[2]);
    expect(curve.exponent).toBeGreaterThan(0.03);
    for (let k = 0; k < 3; k++) {
      expect(seen[k].every((g) => seen[3 + k].includes(g))).toBe(true);
      expect(seen[3 + k].every((g) => seen[6 + k].includes(g))).toBe(true);
    }
    expect(curve.points[0].validation.repeats[0].fold).toEqual(curve.points[2].validation.repeats[0].fold);
    const full = await crossValidate(ridge, x, { ...y, groups }, groupKFold(3), run);
    expect(errors[2]).toBeCloseTo(full.scores.mae, 10);
    expect(curve.points[0].validation.scores.medianBaselineMae).toBeGreaterThan(0);
  });

  it("says by an interval whether more rows still help", async () => {
    const steep = await learningCurve(createRidge({ degree: 2 }), x, y, { splitter: kFold(4), run, sizes: [20, 90] });
    expect(steep.lastStep.mae.bootstrapInterval[1]).toBeLessThan(0);
    const noise = {
      ...y,
      values: createMatrix(
        120,
        1,
        Float64Array.from({ length: 120 }, (_, i) => Math.sin(i * i)),
      ),
    };
    const flat = await learningCurve(MEAN, x, noise, { splitter: kFold(4), run });
    expect(flat.points.map(({ size }) => size)).toEqual([11, 22, 45, 90]);
    expect(flat.lastStep.mae.bootstrapInterval[1]).toBeGreaterThan(0);
  });

  it("refuses sizes it cannot draw", async () => {
    const curve = (sizes: number[] | undefined, data = x, target = y): Promise<unknown> =>
      learningCurve(createRidge(), data, target, { splitter: kFold(4), run, sizes });
    await expect(curve([20, 100])).rejects.toThrow(/size 100 exceeds the smallest training set of 90 rows/);
    await expect(curve([20])).rejects.toThrow(/at least 2 different sizes/);
    const few = smooth(16, 2, 1);
    await expect(curve(undefined, few.x, few.y)).rejects.toThrow(/12 rows is too small to halve/);
  });
});
