import {
  closeWorkers,
  createRandom,
  type FeatureMatrix,
  type Prediction,
  type Regressor,
  takeRows,
} from "@materiome/core";
import {
  createAuto,
  createBayesianRidge,
  createConformal,
  createConstant,
  createElasticNet,
  createElementAttention,
  createGaussianProcess,
  createGradientBoosting,
  createHuber,
  createImputed,
  createKernelRidge,
  createMlp,
  createMlpEnsemble,
  createNearestNeighbours,
  createPartialLeastSquares,
  createProcessByEvidence,
  createQuotients,
  createRandomForest,
  createRanked,
  createResidualLearner,
  createRidge,
  createStack,
  createSupportVectorRegression,
  createSymbolicLaw,
  createTransfer,
  type ForwardModel,
  kernelShap,
  matrixSubject,
  reader,
  readLearner,
  shapleyValues,
} from "@materiome/forward";
import { afterAll, describe, expect, it } from "vitest";
import { features, smooth } from "../data.ts";

afterAll(closeWorkers);

/** Of another table, in three of the features. */
async function sourceModel(): Promise<ForwardModel> {
  const { x, y } = smooth(80, 3, 11);
  return createRidge({ degree: 2 }).fit(x, y, { random: createRandom(1) });
}

const LEARNERS: Readonly<Record<string, Regressor>> = {
  forest: createRandomForest({ nTrees: 20 }),
  "extra trees": createRandomForest({ nTrees: 20, splitter: "random" }),
  "forest without held-out rows": createRandomForest({ nTrees: 5, sampling: "all" }),
  ridge: createRidge(),
  "ridge of degree 2": createRidge({ degree: 2 }),
  "Gaussian process": createGaussianProcess(),
  "process of greatest evidence": createProcessByEvidence([
    createGaussianProcess({ starts: 1, maxIterations: 20 }),
    createGaussianProcess({ covariance: { kind: "rbf" }, starts: 1, maxIterations: 20 }),
  ]),
  "sparse Gaussian process": createGaussianProcess({ covariance: { kind: "matern52" }, inducing: 20, starts: 1 }),
  "ranked Gaussian process": createRanked(createGaussianProcess({ covariance: { kind: "matern12" } })),
  "imputed ridge": createImputed(createRidge()),
  "ridge with quotients": createQuotients(createRidge(), { nQuotients: 2, addsSums: true }),
  median: createConstant({ statistic: "median" }),
  mean: createConstant(),
  "elastic net": createElasticNet(),
  lasso: createElasticNet({ l1Ratio: 1, rule: "oneStandardError", folds: 4 }),
  "elastic net of one penalty": createElasticNet({ lambda: 0.01, l1Ratio: 0.5 }),
  "partial least squares": createPartialLeastSquares(),
  "Bayesian ridge": createBayesianRidge({ degree: 2 }),
  "Huber regression": createHuber(),
  "nearest neighbours": createNearestNeighbours(),
  "kernel ridge": createKernelRidge(),
  "multi-layer perceptron": createMlp({ hidden: [8], epochs: 20, folds: 2 }),
  "ensemble of nets": createMlpEnsemble({
    ...{ hidden: [8], epochs: 20, folds: 2, nMembers: 3 },
    noise: "heteroscedastic",
  }),
  "attention over elements": createElementAttention({
    ...{ width: 8, heads: 2, layers: 1, hidden: 8, epochs: 6, folds: 2, nMembers: 2 },
    noise: "heteroscedastic",
    amounts: { x0: "Fe", x1: "Ni", x2: "Ti" },
  }),
  "support vector regression": createSupportVectorRegression({ folds: 3, penalty: 10 }),
  stack: createStack({ learners: [createRidge(), createNearestNeighbours()] }),
  "residual learner": createResidualLearner({
    law: "base + slope * x0",
    parameters: { base: { start: 0, unit: "MPa" }, slope: { start: 0, unit: "MPa" } },
    learner: createRidge({ degree: 2 }),
  }),
  auto: createAuto({ nTrees: 10, folds: 3, draws: 2 }),
  "conformal, CV+ of ridge": createConformal(createRidge(), { folds: 4 }),
  "conformal, normalised split of forest": createConformal(createRandomForest({ nTrees: 10 }), {
    method: "split",
    score: "normalised",
    calibrationShare: 0.5,
  }),
  "conformal, quantiles of ridge": createConformal(createRidge(), { score: "quantile", folds: 3 }),
  transfer: createTransfer({ source: await sourceModel(), learner: createRidge(), folds: 3 }),
  "symbolic law": createSymbolicLaw({ resamples: 2, mostTerms: 2 }),
  boosting: createGradientBoosting({ nRounds: 60, folds: 3 }),
};

/** The numbers of a prediction, for comparison bit by bit. */
function numbers(prediction: Prediction): unknown {
  const { mean, std, lower, upper, distribution } = prediction;
  const rows = Array.from({ length: mean.rows }, (_, i) => i);
  return {
    mean,
    std,
    lower,
    upper,
    quantiles: rows.map((i) => distribution?.quantile(i, 0, 0.2)),
    cdf: rows.map((i) => distribution?.cdf(i, 0, mean.data[0])),
  };
}

/** `auto` tries the logarithm of a target, which depends on where its 0 is. */
const HEEDS_ZERO = new Set(["auto"]);

/** Quotients are made of amounts of a unit. */
function inUnits<T extends { readonly x: FeatureMatrix }>(rows: T, name: string): T {
  if (!name.includes("quotients")) return rows;
  return { ...rows, x: { ...rows.x, features: rows.x.features.map((feature) => ({ ...feature, unit: "g" })) } };
}

describe.each(Object.entries(LEARNERS))("learner: %s", (name, learner) => {
  const { x, y } = inUnits(smooth(60, 4, 3), name);
  const fresh = inUnits(smooth(30, 4, 8), name).x;
  const groups = Int32Array.from({ length: 60 }, (_, i) => Math.floor(i / 3));
  const fit = async (seed = 1, more: object = {}, threads = 1): Promise<ForwardModel> =>
    (await learner.fit(x, { ...y, ...more }, { random: createRandom(seed), threads })) as ForwardModel;

  it("is determined by the seed, not by the threads", async () => {
    const one = numbers(await (await fit()).predict(fresh));
    expect(numbers(await (await fit()).predict(fresh))).toEqual(one);
    expect(numbers(await (await fit(1, {}, 2)).predict(fresh))).toEqual(one);
  });

  it("predicts bit by bit the same after saving and loading", async () => {
    const model = await fit(1, { groups });
    const again = (await reader.read(JSON.parse(JSON.stringify(model)), reader)) as unknown as ForwardModel;
    expect(numbers(again.predictSync(fresh))).toEqual(numbers(model.predictSync(fresh)));
    expect(again.heldOut).toEqual(model.heldOut);
    expect(JSON.stringify(again)).toBe(JSON.stringify(model));
  });

  it("predicts the same with and without a promise, row by row and all at once", async () => {
    const model = await fit();
    const all = model.predictSync(fresh);
    expect(numbers(await model.predict(fresh))).toEqual(numbers(all));
    for (const i of [0, 17]) {
      const single = model.predictSync(takeRows(fresh, [i]));
      expect(single.mean.data[0]).toBe(all.mean.data[i]);
      expect(single.upper?.data[0]).toBe(all.upper?.data[i]);
    }
  });

  it("is explained by contributions that add up, the same in closed form and over all coalitions", async () => {
    const model = await fit();
    const subject = matrixSubject(model, fresh);
    const [rows, background] = [Int32Array.of(0, 7), Int32Array.of(3, 11, 25)];
    const { base, values } = await shapleyValues(subject, rows, background);
    const asked = await kernelShap(subject, rows, background);
    const { mean } = model.predictSync(takeRows(fresh, rows));
    for (const i of [0, 1]) {
      const own = values.data.subarray(4 * i, 4 * i + 4);
      expect(own.reduce((sum, v) => sum + v, base)).toBeCloseTo(mean.data[i], 9);
      for (const [p, value] of own.entries()) expect(asked.values.data[4 * i + p]).toBeCloseTo(value, 9);
    }
  });

  it("leaves its arguments as they were", async () => {
    const [before, target] = [x.data.slice(), y.values.data.slice()];
    const model = await fit(1, { groups });
    const input = fresh.data.slice();
    model.predictSync(fresh);
    expect(x.data).toEqual(before);
    expect(y.values.data).toEqual(target);
    expect(fresh.data).toEqual(input);
  });

  it("keeps the interval around the quantiles of its distribution", async () => {
    const { lower, upper, level, distribution, uncertainty } = (await fit()).predictSync(fresh);
    if (distribution === undefined) return expect(uncertainty).toBe(level === undefined ? "epistemic" : "total");
    expect(uncertainty).toBe("total");
    for (let i = 0; i < fresh.rows; i++) {
      expect(distribution.quantile(i, 0, (1 - level!) / 2)).toBeCloseTo(lower!.data[i], 9);
      expect(distribution.cdf(i, 0, upper!.data[i])).toBeCloseTo((1 + level!) / 2, 9);
    }
  });

  it("comes back from its stored form as the same learner", async () => {
    const again = readLearner(JSON.parse(JSON.stringify(learner.toJSON())));
    expect(again.toJSON()).toEqual(learner.toJSON());
    const model = await again.fit(x, y, { random: createRandom(1), threads: 1 });
    expect(numbers(await model.predict(fresh))).toEqual(numbers(await (await fit()).predict(fresh)));
  });

  it("shifts and scales with the target", async () => {
    const model = await fit();
    const shift = HEEDS_ZERO.has(name) ? 0 : 1000;
    const values = { ...y.values, data: y.values.data.map((v) => shift + 8 * v) };
    const scaled = (await learner.fit(x, { ...y, values }, { random: createRandom(1), threads: 1 })) as ForwardModel;
    const [a, b] = [model.predictSync(fresh).mean.data, scaled.predictSync(fresh).mean.data];
    for (const [i, value] of a.entries()) expect(b[i]).toBeCloseTo(shift + 8 * value, 6);
  });

  it("takes missing values if it says so, else refuses them by name", async () => {
    const data = x.data.slice();
    for (let i = 0; i < 60; i += 7) data[i * 4 + 1] = Number.NaN;
    const work = learner.fit({ ...x, data }, y, { random: createRandom(1), threads: 1 });
    if (!learner.supports.has("missing")) return expect(work).rejects.toThrow(/feature "x1" is missing in row 0/);
    const model = (await work) as ForwardModel;
    const { mean } = model.predictSync({ ...fresh, data: fresh.data.map((v, at) => (at % 5 === 0 ? Number.NaN : v)) });
    expect(mean.data.every(Number.isFinite)).toBe(true);
  });

  it("refuses infinite inputs, missing targets, several targets, unequal lengths, unknown noise and one row", async () => {
    const run = { random: createRandom(1), threads: 1 };
    const refuse = async (inputs: typeof x, target: object, message: RegExp): Promise<void> =>
      expect(learner.fit(inputs, { ...y, ...target }, run)).rejects.toThrow(message);
    await refuse(
      { ...x, data: x.data.map((v, i) => (i === 9 ? Number.POSITIVE_INFINITY : v)) },
      {},
      /"x1" is Infinity in row 2/,
    );
    const holed = { ...y.values, data: y.values.data.map((v, i) => (i === 4 ? Number.NaN : v)) };
    await refuse(x, { values: holed }, /target of row 4 is NaN/);
    await refuse(x, { values: { rows: 60, columns: 2, data: new Float64Array(120) } }, /expected one target, got 2/);
    await refuse(x, { groups: new Int32Array(5) }, /60 rows of inputs but 5 groups/);
    const variances = new Float64Array(60).fill(-1);
    await refuse(
      x,
      { noiseVariance: variances },
      learner.supports.has("noiseVariance") ? /noise variance of row 0 is -1/ : /noise variances are not used/,
    );
    await refuse(takeRows(x, [0]), { values: takeRows(y.values, [0]) }, /at least 2 training rows, got 1/);
  });

  it("refuses numbers that cannot be squared, in place of taking them for constant", async () => {
    const run = { random: createRandom(1), threads: 1 };
    for (const factor of [1e-200, 1e200]) {
      const data = x.data.map((v, at) => (at % 4 === 1 ? v * factor : v));
      await expect(learner.fit({ ...x, data }, y, run)).rejects.toThrow(/feature "x1" has values from .* another unit/);
      const values = { ...y.values, data: y.values.data.map((v) => v * factor) };
      await expect(learner.fit(x, { ...y, values }, run)).rejects.toThrow(/the target has values from .* another unit/);
    }
  });

  it("fits two rows or two groups, or says how many it needs", async () => {
    const run = { random: createRandom(1), threads: 1 };
    const two = groups.map((_, i) => i % 2);
    for (const [inputs, target] of [
      [takeRows(x, [0, 1]), { ...y, values: takeRows(y.values, [0, 1]) }],
      [x, { ...y, groups: two }],
    ] as const) {
      const message = await learner.fit(inputs, target, run).then(
        () => "",
        (error: Error) => error.message,
      );
      if (message !== "") expect(message).toMatch(/give 3 (groups|rows) or more|give more rows/);
    }
  });

  it("refuses to predict from other features than it was fitted to", async () => {
    const model = await fit();
    expect(() => model.predictSync(features(1, 3, [1, 2, 3]))).toThrow(/takes 4 features, got 3/);
    const renamed = {
      ...fresh,
      features: fresh.features.map((f, k) => ({ ...f, name: k === 2 ? "pressure" : f.name })),
    };
    await expect(model.predict(renamed)).rejects.toThrow(/feature 2 is "pressure", the model was trained with "x2"/);
  });

  it("refuses stored models of another version or damaged ones", async () => {
    const stored = JSON.parse(JSON.stringify(await fit())) as Record<string, unknown>;
    await expect(reader.read({ ...stored, version: 99 }, reader)).rejects.toThrow(/version 99.*reads version 1/);
    await expect(reader.read({ ...stored, type: "other" }, reader)).rejects.toThrow(/found type "other"/);
    await expect(reader.read({ ...stored, state: {} }, reader)).rejects.toMatchObject({ code: "FORMAT" });
    await expect(reader.read("text", reader)).rejects.toMatchObject({ code: "FORMAT" });
  });
});
