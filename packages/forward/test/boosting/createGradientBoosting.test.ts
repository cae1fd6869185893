import { readFileSync } from "node:fs";
import { closeWorkers, createRandom, type FeatureMatrix, type Targets, takeRows } from "@materiome/core";
import { createGradientBoosting, type ForwardModel, type GradientBoostingOptions, reader } from "@materiome/forward";
import { afterAll, describe, expect, it } from "vitest";
import { features, rSquared, smooth, targets } from "../data.ts";

afterAll(closeWorkers);

const run = (seed = 1, threads = 1) => ({ random: createRandom(seed), threads });
const fit = (options: GradientBoostingOptions, x: FeatureMatrix, y: Targets, seed = 1): Promise<ForwardModel> =>
  createGradientBoosting(options).fit(x, y, run(seed));
/** One round of one split on one column, whole. */
const ONE = { nRounds: 1, maxLeaves: 2, minSamplesLeaf: 1, learningRate: 0.5, folds: 0 } as const;
const predict = (model: ForwardModel, x: FeatureMatrix): number[] => Array.from(model.predictSync(x).mean.data);

interface Goldens {
  readonly tolerance: number;
  readonly columns: number;
  readonly x: number[];
  readonly holed: (number | null)[];
  readonly y: number[];
  readonly counts: number[];
  readonly weights: number[];
  readonly cases: readonly {
    readonly name: string;
    readonly isWeighted: boolean;
    readonly isHoled: boolean;
    readonly options: GradientBoostingOptions;
    readonly expected: number[];
  }[];
}
const goldens = JSON.parse(
  readFileSync(new URL("../fixtures/sklearn_boosting_regression.json", import.meta.url), "utf8"),
) as Goldens;

it.each(goldens.cases)("predicts as scikit-learn does where bins are exact: $name", async (golden) => {
  const given = golden.isHoled ? goldens.holed.map((v) => v ?? Number.NaN) : goldens.x;
  const x = features(goldens.y.length, goldens.columns, given);
  const weights = golden.isWeighted ? Float64Array.from(goldens.weights) : undefined;
  const y = targets(golden.options.loss === "poisson" ? goldens.counts : goldens.y, { weights });
  const predicted = predict(await fit({ ...golden.options, folds: 0 }, x, y), x);
  for (const [i, expected] of golden.expected.entries()) {
    expect(Math.abs(predicted[i] - expected)).toBeLessThan(goldens.tolerance * Math.max(1, Math.abs(expected)));
  }
});

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
    // Each fold is predicted after the rounds that the others like best, which are not far from these.
    const { mean } = model.heldOut!;
    const meanSquare = y.values.data.reduce((sum, v, i) => sum + (v - mean[i]) ** 2, 0) / 300;
    expect(meanSquare).toBeGreaterThanOrEqual(heldOutLoss);
    expect(meanSquare).toBeLessThan(1.1 * heldOutLoss);
  });

  it("held-out predictions do not depend on the targets of their fold; groups stay whole", async () => {
    const { x, y } = smooth(40, 3, 5);
    const groups = Int32Array.from({ length: 40 }, (_, i) => Math.floor(i / 4));
    // With one round nothing is chosen: models of other folds, which do see these rows, choose the rounds of theirs.
    const options = { nRounds: 1, folds: 5 };
    const heldOut = async (values: ArrayLike<number>): Promise<Float64Array> =>
      (await fit(options, x, targets(values, { groups }))).heldOut!.mean;
    const before = await heldOut(y.values.data);
    // The fold of group 3 has another group beside it, whose rows may move with it.
    const after = await heldOut(y.values.data.map((v, i) => (groups[i] === 3 ? 100 * v : v)));
    const moved = Array.from({ length: 10 }, (_, g) =>
      [0, 1, 2, 3].some((k) => before[4 * g + k] !== after[4 * g + k]),
    );
    expect(moved[3]).toBe(false);
    expect(moved.filter((isMoved) => isMoved)).toHaveLength(8);
  });

  it.each(["squared", "absolute", "poisson"] as const)("never goes against a monotone constraint: %s", async (loss) => {
    for (const seed of [1, 2, 3]) {
      const random = createRandom(seed);
      const x = features(
        80,
        3,
        Array.from({ length: 240 }, (_, k) =>
          k % 3 === 2 && k % 7 === 0 ? Number.NaN : Math.round(12 * random.next()),
        ),
      );
      // Noise and a slope against both constraints.
      const y = Array.from({ length: 80 }, (_, i) =>
        Math.abs(8 - x.data[3 * i] + x.data[3 * i + 1] + 9 * random.normal()),
      );
      const options = { loss, nRounds: 25, folds: 0, minSamplesLeaf: 2, learningRate: 0.4, rowShare: 0.8 } as const;
      const free = await fit(options, x, targets(y));
      const bound = await fit({ ...options, monotone: { x0: 1, x1: -1, x2: 0 } }, x, targets(y));
      const steps = (model: ForwardModel, f: number): number[] =>
        Array.from({ length: 60 }, (_, at) => {
          const row = Array.from(x.data.subarray(3 * at, 3 * at + 3));
          const along = Array.from({ length: 28 }, (_, k) => row.map((v, j) => (j === f ? k / 2 - 0.5 : v)));
          const means = predict(model, features(28, 3, along.flat()));
          return means.slice(1).map((v, k) => v - means[k]);
        }).flat();
      expect(Math.min(...steps(free, 0))).toBeLessThan(-0.1);
      expect(Math.min(...steps(bound, 0))).toBeGreaterThanOrEqual(-1e-12);
      expect(Math.max(...steps(bound, 1))).toBeLessThanOrEqual(1e-12);
      expect(Math.max(...steps(bound, 0))).toBeGreaterThanOrEqual(0);
    }
  });

  it("sends missing values to the side that fits, where none were seen to the larger one", async () => {
    const column = [1, 1, 1, 5, 5, Number.NaN, Number.NaN];
    const at = features(3, 1, [1, 5, Number.NaN]);
    const means = async (y: number[]): Promise<number[]> => {
      const x = features(y.length, 1, column.slice(0, y.length));
      const model = await fit({ ...ONE, learningRate: 1 }, x, targets(y));
      return predict(model, at).map((v) => Number(v.toFixed(10)) + 0); // no −0
    };
    expect(await means([0, 0, 0, 9, 9, 9, 9])).toEqual([0, 9, 9]);
    expect(await means([9, 9, 9, 0, 0, 9, 9])).toEqual([9, 0, 9]);
    expect(await means([4, 4, 4, 4, 4, 9, 9])).toEqual([4, 4, 9]);
    expect((await means([0, 0, 0, 9, 9]))[2]).toBe(0);
  });

  it("splits the best of all sets of categories; unseen ones go with the missing", async () => {
    const random = createRandom(4);
    const column = Array.from({ length: 90 }, () => 10 * random.int(7));
    const mean = [3, -2, 8, 0, 8.5, -4, 2];
    const y = column.map((c) => mean[c / 10] + random.normal());
    const x = features(90, 1, column);
    const options = { ...ONE, learningRate: 1, categorical: ["x0"] };
    const model = await fit(options, x, targets(y));
    const squares = (values: number[]): number => {
      const m = values.reduce((a, b) => a + b, 0) / values.length;
      return values.reduce((sum, v) => sum + (v - m) ** 2, 0);
    };
    const ofSet = (set: number): number =>
      [1, 0].reduce((sum, bit) => sum + squares(y.filter((_, i) => ((set >> (column[i] / 10)) & 1) === bit)), 0);
    const best = Math.min(...Array.from({ length: 126 }, (_, k) => ofSet(k + 1)));
    const got = predict(model, x);
    expect(y.reduce((sum, v, i) => sum + (v - got[i]) ** 2, 0)).toBeCloseTo(best, 8);
    const [unseen, missing] = predict(model, features(2, 1, [35, Number.NaN]));
    expect(unseen).toBe(missing);
    // As numbers it takes more than one cut.
    const plain = predict(await fit({ ...options, categorical: [] }, x, targets(y)), x);
    expect(y.reduce((sum, v, i) => sum + (v - plain[i]) ** 2, 0)).toBeGreaterThan(best + 1);
    const stored = await fit({ nRounds: 5, categorical: ["x0"] }, x, targets(y));
    const again = (await reader.read(JSON.parse(JSON.stringify(stored)), reader)) as unknown as ForwardModel;
    expect(again.predictSync(x)).toEqual({ ...stored.predictSync(x), distribution: expect.anything() });
  });

  it("a weight of w is w rows where bins are exact, a weight of 0 none", async () => {
    const { x, y } = smooth(60, 3, 2);
    const weights = Float64Array.from({ length: 60 }, (_, i) => i % 3);
    const copies = Array.from(weights).flatMap((w, i) => new Array<number>(w).fill(i));
    const options = { nRounds: 8, folds: 0, minSamplesLeaf: 1, maxLeaves: 5 };
    for (const loss of ["squared", "absolute", "gamma"] as const) {
      const values = y.values.data.map((v) => v + 5);
      const weighted = await fit({ ...options, loss }, x, targets(values, { weights }));
      const rows = { ...takeRows(x, copies), features: x.features };
      const repeated = await fit({ ...options, loss }, rows, targets(copies.map((i) => values[i])));
      const [a, b] = [predict(weighted, x), predict(repeated, x)];
      for (const [i, v] of a.entries()) expect(v).toBeCloseTo(b[i], 8);
    }
  });

  it("intervals hold and follow the noise", async () => {
    const random = createRandom(6);
    const draw = (n: number): { x: FeatureMatrix; y: number[] } => {
      const data = Float64Array.from({ length: 2 * n }, () => random.next());
      const noise = (i: number): number => (data[2 * i] > 0.5 ? 2 : 0.2) * random.normal();
      return { x: features(n, 2, data), y: Array.from({ length: n }, (_, i) => 3 * data[2 * i + 1] + noise(i)) };
    };
    const [train, test] = [draw(400), draw(2000)];
    const { lower, upper } = (await fit({ maxLeaves: 6, nRounds: 80 }, train.x, targets(train.y))).predictSync(test.x);
    const inside = test.y.map((v, i) => v >= lower!.data[i] && v <= upper!.data[i]);
    const width = (isNoisy: boolean): number => {
      const of = inside.flatMap((_, i) =>
        test.x.data[2 * i] > 0.5 === isNoisy ? [upper!.data[i] - lower!.data[i]] : [],
      );
      return of.reduce((a, b) => a + b, 0) / of.length;
    };
    const share = inside.filter((isInside) => isInside).length / 2000;
    expect(share).toBeGreaterThan(0.86);
    expect(share).toBeLessThan(0.95);
    expect(width(true)).toBeGreaterThan(3 * width(false));
  });

  it.each(["gamma", "poisson"] as const)(
    "intervals of %s hold for small and large means, and none reaches below 0",
    async (loss) => {
      const random = createRandom(8);
      const exponentials = (n: number): number =>
        Array.from({ length: n }, () => -Math.log(1 - random.next())).reduce((a, b) => a + b);
      const count = (mean: number): number => {
        let k = 0;
        for (let time = exponentials(1); time < mean; time += exponentials(1)) k++;
        return k;
      };
      const draw = (n: number) => {
        const data = Float64Array.from({ length: n }, () => random.next());
        const means = Array.from(data, (a) => Math.exp(3 * a));
        return {
          x: features(n, 1, data),
          means,
          y: means.map((m) => (loss === "gamma" ? (m * exponentials(2)) / 2 : count(m))),
        };
      };
      const [train, test] = [draw(300), draw(1500)];
      const model = await fit({ loss, nRounds: 80, maxLeaves: 6 }, train.x, targets(train.y));
      const { mean, std, lower, upper, distribution } = model.predictSync(test.x);
      expect(Math.min(...lower!.data)).toBeGreaterThanOrEqual(0);
      for (const [from, to] of [
        [1, Math.E],
        [Math.E, Math.E ** 2],
        [Math.E ** 2, Math.E ** 3],
      ]) {
        const own = test.y.flatMap((v, i) =>
          test.means[i] < from || test.means[i] > to ? [] : [v >= lower!.data[i] && v <= upper!.data[i]],
        );
        const share = own.filter((isInside) => isInside).length / own.length;
        expect(share).toBeGreaterThan(0.84);
        expect(share).toBeLessThan(0.96);
      }
      // Of a gamma distribution of shape 2 the standard deviation is mean / √2, of counts √mean.
      const expected = loss === "gamma" ? mean.data.map((m) => m / Math.SQRT2) : mean.data.map(Math.sqrt);
      const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
      expect(sum(std!.data) / sum(expected)).toBeGreaterThan(0.8);
      expect(sum(std!.data) / sum(expected)).toBeLessThan(1.3);
      for (const p of [0.3, 0.5, 0.95, 0.999])
        expect(distribution!.cdf(0, 0, distribution!.quantile(0, 0, p))).toBeCloseTo(p, 9);
      expect(distribution!.cdf(0, 0, -1e-9)).toBe(0);
      expect(distribution!.quantile(0, 0, 1e-9)).toBeGreaterThanOrEqual(0);

      const stored = JSON.parse(JSON.stringify(model));
      const again = (await reader.read(stored, reader)) as unknown as ForwardModel;
      expect(again.predictSync(test.x)).toEqual({ ...model.predictSync(test.x), distribution: expect.anything() });
      // Models stored before have errors of the target itself, and are read as they were.
      const { scale, ...calibration } = stored.state.calibration;
      const { sizesOf, ...predictor } = stored.state.predictor;
      expect([scale, sizesOf]).toEqual(loss === "gamma" ? ["log", "log"] : ["root", "root"]);
      const old = (await reader.read(
        { ...stored, state: { ...stored.state, calibration, predictor } },
        reader,
      )) as unknown as ForwardModel;
      const { variance } = old.predictor.estimate(test.x);
      expect(old.predictSync(test.x).std!.data[5]).toBeCloseTo(
        calibration.rms * Math.sqrt(variance[5] + calibration.floor),
        12,
      );
      const damaged = { ...stored, state: { ...stored.state, calibration: { ...calibration, scale: "cube" } } };
      await expect(reader.read(damaged, reader)).rejects.toThrow(/not known/);
    },
  );

  it("has a model for 3 rows, for 30, for more features than rows, and says when it is a constant", async () => {
    const line = (n: number): [FeatureMatrix, Targets] => {
      const at = Array.from({ length: n }, (_, i) => i);
      return [features(n, 1, at), targets(at)];
    };
    for (const n of [3, 9, 30]) {
      const means = predict(await fit({}, ...line(n)), line(n)[0]);
      expect(means.at(-1)! - means[0]).toBeGreaterThan(n / 4);
    }
    const wide = smooth(20, 50, 3);
    expect(new Set(predict(await fit({ nRounds: 30 }, wide.x, wide.y), wide.x)).size).toBeGreaterThan(5);
    const constant = await fit({}, features(20, 1, new Float64Array(20)), smooth(20, 3, 1).y);
    expect(constant.report).toMatchObject({ warning: "no feature parts the rows: the model predicts a constant" });
    const [x] = line(20);
    const flat = (await fit({}, x, targets(new Float64Array(20).fill(4)))).predictSync(x);
    expect(flat.mean.data).toEqual(new Float64Array(20).fill(4));
    expect(flat.lower!.data.every((v) => Math.abs(v - 4) < 1e-6)).toBe(true);
    await expect(fit({}, ...line(2))).rejects.toThrow(/2 rows .*, of which a fold trains on 1, .* = 2; give more rows/);
    await expect(fit({ minSamplesLeaf: 13 }, ...line(30))).rejects.toMatchObject({
      code: "DATA",
      message:
        "gradient boosting: 30 rows with a weight, of which a fold trains on 24, but a split needs 2 · minSamplesLeaf = 26; give more rows or a minSamplesLeaf of at most 12",
    });
    const noFolds = (await fit({ folds: 0, nRounds: 3 }, ...line(9))).predictSync(line(9)[0]);
    expect([noFolds.std, noFolds.lower, noFolds.uncertainty]).toEqual([undefined, undefined, undefined]);
  });

  it("the same seed gives the same model in any number of threads, also from drawn rows and columns", async () => {
    const { x, y } = smooth(2500, 8, 3);
    const boosting = createGradientBoosting({ nRounds: 40, maxLeaves: 4, rowShare: 0.6, maxFeatures: 0.5, folds: 2 });
    const fitted = async (seed: number, threads: number): Promise<string> =>
      JSON.stringify(await boosting.fit(x, y, run(seed, threads)));
    const one = await fitted(9, 1);
    expect(await fitted(9, 2)).toBe(one);
    expect(await fitted(8, 1)).not.toBe(one);
  });

  it("refuses targets that a loss cannot have, unknown names and options out of range", async () => {
    const { x, y } = smooth(20, 3, 3);
    const bad = (values: number[], options: GradientBoostingOptions): Promise<ForwardModel> =>
      fit(options, features(values.length, 1, values), targets(values));
    await expect(bad([1, 2, -1], { loss: "poisson" })).rejects.toThrow(
      /target of row 2 is -1, but loss "poisson" needs targets at least 0/,
    );
    await expect(bad([1, 0, 2], { loss: "gamma" })).rejects.toThrow(/target of row 1 is 0.* above 0/);
    await expect(bad([0, 0, 0, 0], { loss: "poisson" })).rejects.toThrow(/all targets with a weight are 0/);
    await expect(fit({ monotone: { carbon: 1 } }, x, y)).rejects.toThrow(/names "carbon", which no feature has/);
    for (const [options, message] of [
      [{ loss: "log" as never }, /loss must be "squared", /],
      [{ quantile: 1 }, /quantile must be between 0 and 1/],
      [{ huberShare: 0 }, /huberShare must be between 0 and 1/],
      [{ nRounds: 0 }, /nRounds must be 1 … 10000/],
      [{ folds: 1 }, /folds must be 0 or a whole number of at least 2/],
      [{ patience: 0 }, /patience must be 1/],
      [{ level: 1 }, /level must be between 0 and 1/],
      [{ monotone: { x0: 2 } }, /monotone.x0 must be 1, −1 or 0, got 2/],
      [{ monotone: { x0: 1 }, categorical: ["x0"] }, /monotone.x0 must be 0 for a categorical feature/],
    ] as const) {
      expect(() => createGradientBoosting(options)).toThrow(message);
    }
  });
});
