import { closeWorkers, createRandom, type FeatureMatrix, type Regressor, readTable } from "@materiome/core";
import {
  createAuto,
  createBayesianRidge,
  createConformal,
  createElasticNet,
  createGaussianProcess,
  createGradientBoosting,
  createHuber,
  createHurdle,
  createImputed,
  createKernelRidge,
  createLogarithmic,
  createMlp,
  createMlpEnsemble,
  createNearestNeighbours,
  createPartialLeastSquares,
  createQuotients,
  createRandomForest,
  createRandomForestClassifier,
  createRanked,
  createResidualLearner,
  createRidge,
  createStack,
  createSupportVectorRegression,
  exportOnnx,
  type ForwardModel,
  type OnnxExportable,
  type PropertyModel,
  reader,
  trainPropertyModel,
} from "@materiome/forward";
import { afterAll, describe, expect, it } from "vitest";
import { features, smooth, targets } from "../data.ts";
import { differences, fit, run, TOLERANCE } from "./differences.ts";
import { readMetadata } from "./readMetadata.ts";
import { relativeDifference, runOnnx } from "./runOnnx.ts";

afterAll(closeWorkers);

const LEARNERS: Readonly<Record<string, Regressor>> = {
  forest: createRandomForest({ nTrees: 10 }),
  "extra trees": createRandomForest({ nTrees: 10, splitter: "random" }),
  boosting: createGradientBoosting({ nRounds: 30, folds: 2 }),
  "boosting, absolute error": createGradientBoosting({ nRounds: 20, folds: 0, loss: "absolute" }),
  "boosting, gamma loss": createGradientBoosting({ nRounds: 20, folds: 0, loss: "gamma" }),
  ridge: createRidge(),
  "ridge of degree 2": createRidge({ degree: 2 }),
  "elastic net": createElasticNet(),
  "partial least squares": createPartialLeastSquares(),
  "Bayesian ridge of degree 2": createBayesianRidge({ degree: 2 }),
  "Huber regression": createHuber(),
  "Gaussian process": createGaussianProcess({ starts: 1 }),
  "Gaussian process carried by 12 rows": createGaussianProcess({ starts: 1, inducing: 12 }),
  "kernel ridge, Matérn 5/2": createKernelRidge(),
  "kernel ridge, Matérn 3/2": createKernelRidge({ covariance: "matern32" }),
  "kernel ridge, Gaussian": createKernelRidge({ covariance: "rbf" }),
  "kernel ridge, Laplacian": createKernelRidge({ covariance: "laplacian" }),
  "nearest neighbours, uniform": createNearestNeighbours({ k: 4, weights: "uniform" }),
  "nearest neighbours, by distance": createNearestNeighbours({ k: 5, weights: "distance" }),
  "support vectors, Gaussian": createSupportVectorRegression({ penalty: 5, epsilon: 0.05 }),
  "support vectors, Laplacian": createSupportVectorRegression({ covariance: "laplacian", lengthScale: 2, penalty: 1 }),
  "ranked forest": createRanked(createRandomForest({ nTrees: 10 })),
  "ranked Gaussian process": createRanked(createGaussianProcess({ covariance: { kind: "matern12" }, starts: 1 })),
  "logarithm, forest": createLogarithmic(createRandomForest({ nTrees: 10 }), { statistic: "median" }),
  "logarithm, ridge": createLogarithmic(createRidge()),
  "dense net": createMlp({ hidden: [8, 4], activation: "relu", epochs: 20, folds: 2 }),
  "dense nets with variances": createMlpEnsemble({
    ...{ hidden: [8], epochs: 20, folds: 2, nMembers: 3 },
    noise: "heteroscedastic",
  }),
  stack: createStack({ learners: [createRidge(), createRandomForest({ nTrees: 10 }), createKernelRidge()] }),
  "stack with nearest neighbours": createStack({ learners: [createRidge(), createNearestNeighbours({ k: 3 })] }),
  auto: createAuto({
    ...{ nTrees: 5, folds: 2, draws: 0 },
    candidates: ["extra-trees", "ridge-degree-2"],
  }),
};

describe("exportOnnx: onnxruntime predicts what the model predicts", () => {
  const { x, y } = smooth(40, 4, 3);
  // Above 0 everywhere, so that relative differences mean something and gamma loss is defined.
  const above = { ...y, values: { ...y.values, data: y.values.data.map((value) => value + 20) } };
  const { x: fresh } = smooth(30, 4, 9);
  const both = features(70, 4, [...x.data, ...fresh.data]);
  it.each(Object.keys(LEARNERS))("%s", async (name) => {
    const model = await fit(LEARNERS[name], x, above);
    expect(Math.max(...(await differences(model, both)))).toBeLessThan(TOLERANCE);
  });

  it("quotients and sums of amounts", async () => {
    const inGrams = <T extends FeatureMatrix>(of: T): T => ({
      ...of,
      features: of.features.map((feature) => ({ ...feature, unit: "g" })),
    });
    const model = await fit(createQuotients(createRandomForest({ nTrees: 10 }), { addsSums: true }), inGrams(x), above);
    expect(Math.max(...(await differences(model, inGrams(both))))).toBeLessThan(TOLERANCE);
  });

  it("medians and marks in place of gaps, of inputs and of quotients of amounts that add up to 0", async () => {
    const holes = (of: FeatureMatrix): FeatureMatrix => ({
      ...of,
      data: of.data.map((value, k) => (k % 11 === 0 || k % 12 === 3 ? Number.NaN : value)),
    });
    const filled = await fit(createImputed(createRidge()), holes(x), above);
    expect(Math.max(...(await differences(filled, holes(both))))).toBeLessThan(TOLERANCE);
    const inGrams = (of: FeatureMatrix): FeatureMatrix => ({
      ...of,
      features: of.features.map((feature) => ({ ...feature, unit: "g" })),
    });
    const divided = await fit(createQuotients(createImputed(createRidge())), inGrams(x), above);
    expect(Math.max(...(await differences(divided, inGrams(features(2, 4, [0, 0, 0, 0, 1, 2, 3, 4])))))).toBeLessThan(
      TOLERANCE,
    );
  });

  it("a hurdle gives the mean of its mixture; its median is refused by name", async () => {
    const values = { ...above.values, data: above.values.data.map((v, i) => (x.data[4 * i] < 0.5 ? 20 : v)) };
    const gate = createRandomForestClassifier({ nTrees: 10 });
    const hurdle = (statistic: "mean" | "median"): Promise<ForwardModel> =>
      fit(createHurdle({ classifier: gate, learner: createRidge(), statistic, folds: 3 }), x, { ...above, values });
    expect(Math.max(...(await differences(await hurdle("mean"), both)))).toBeLessThan(TOLERANCE);
    const median = await hurdle("median");
    expect(() => exportOnnx(median)).toThrow("median of a value that many rows share");
  });

  it("a conformal model gives the mean of the model inside", async () => {
    const model = await createConformal(createRidge(), { folds: 4 }).fit(x, above, run());
    const { prediction } = await runOnnx(exportOnnx(model), fresh);
    expect(relativeDifference(prediction.data, model.predictSync(fresh).mean.data)).toBeLessThan(1e-12);
  });

  it("a model read from its file gives the same bytes", async () => {
    const model = await fit(createStack({ learners: [createRidge(), createGaussianProcess({ starts: 1 })] }), x, above);
    const again = await reader.read(JSON.parse(JSON.stringify(model)), reader);
    expect(exportOnnx(again as unknown as OnnxExportable)).toEqual(exportOnnx(model));
  });

  it.each(["uniform", "distance"] as const)("equally far rows, and rows met, as here: weights %s", async (weights) => {
    // A square grid with every row twice, asked about at its points and between them; the targets tell which were taken.
    const random = createRandom(5);
    const grid = Array.from({ length: 72 }, (_, i) => [Math.floor(i / 2) % 6, Math.floor(i / 12)]);
    const given = features(72, 2, grid.flat());
    const model = await fit(
      createNearestNeighbours({ k: 5, weights }),
      given,
      targets(Float64Array.from({ length: 72 }, () => 10 + random.next())),
    );
    const asked = Array.from({ length: 60 }, () => [random.int(11) / 2, random.int(11) / 2]);
    expect(Math.max(...(await differences(model, features(60, 2, asked.flat()))))).toBeLessThan(1e-6);
  });

  it("a straight line in closed form", async () => {
    const line = await fit(createRidge({ alpha: 1e-12 }), features(3, 1, [0, 1, 2]), targets([1, 3, 5]));
    const { prediction } = await runOnnx(exportOnnx(line), features(2, 1, [10, -1]));
    expect(prediction.data[0]).toBeCloseTo(21, 8);
    expect(prediction.data[1]).toBeCloseTo(-1, 8);
  });
});

describe("exportOnnx: gaps, categories, degenerate rows", () => {
  const holes = (x: FeatureMatrix): FeatureMatrix => ({
    ...x,
    data: x.data.map((value, at) => (at % 7 === 3 ? Number.NaN : value)),
  });
  const { x, y } = smooth(80, 4, 3);
  const above = { ...y, values: { ...y.values, data: y.values.data.map((value) => value + 20) } };

  it.each([
    ["forest", createRandomForest({ nTrees: 20 })],
    ["boosting", createGradientBoosting({ nRounds: 40, folds: 0 })],
  ] as const)("missing values take the same side: %s", async (_, learner) => {
    const model = await fit(learner, holes(x), above);
    expect(Math.max(...(await differences(model, holes(x))))).toBeLessThan(TOLERANCE);
    const all = features(1, 4, new Array<number>(4).fill(Number.NaN));
    expect(Math.max(...(await differences(model, all)))).toBeLessThan(TOLERANCE);
  });

  it("boosting with categories: each, an unseen one and a missing one, beside a column of numbers with gaps", async () => {
    const random = createRandom(4);
    const data = Array.from({ length: 240 }, (_, i) =>
      i % 3 === 0 ? 10 * random.int(9) : i % 3 === 1 ? random.int(4) : random.next() < 0.2 ? Number.NaN : random.next(),
    );
    const mean = [3, -2, 8, 0, 8.5, -4, 2, 1, -7];
    const values = Array.from({ length: 80 }, (_, i) => 30 + mean[data[3 * i] / 10] * (1 + (data[3 * i + 2] || 0)));
    const learner = createGradientBoosting({ nRounds: 30, folds: 0, minSamplesLeaf: 2, categorical: ["x0", "x1"] });
    const given = features(80, 3, data);
    const model = await fit(learner, given, targets(values));
    const odd = features(4, 3, [35, 0, 0.5, Number.NaN, 1, 0.5, 10, 9, Number.NaN, 20, Number.NaN, 0.1]);
    expect(Math.max(...(await differences(model, given)))).toBeLessThan(TOLERANCE);
    expect(Math.max(...(await differences(model, odd)))).toBeLessThan(TOLERANCE);
  });

  it("refuses categories that no single-precision row can have", async () => {
    const given = features(
      40,
      1,
      Float64Array.from({ length: 40 }, (_, i) => (i % 4) / 10),
    );
    const learner = createGradientBoosting({ nRounds: 3, folds: 0, minSamplesLeaf: 1, categorical: ["x0"] });
    const model = await fit(learner, given, targets(Array.from(given.data, (value) => 3 + ((value * 70) % 2))));
    expect(() => exportOnnx(model, { precision: "float32" })).toThrow(/category 0.1 of feature 0 .* "float64"/);
    const { prediction } = await runOnnx(exportOnnx(model), given);
    expect(relativeDifference(prediction.data, model.predictSync(given).mean.data)).toBeLessThan(TOLERANCE);
  });

  it("gives NaN where predict refuses a row, and only there", async () => {
    const ridge = await fit(createRidge(), x, above);
    const forest = await fit(createRandomForest({ nTrees: 3 }), holes(x), above);
    const rows = features(3, 4, [
      0.1,
      0.2,
      0.3,
      0.4,
      0.1,
      Number.NaN,
      0.3,
      0.4,
      0.1,
      0.2,
      Number.POSITIVE_INFINITY,
      0.4,
    ]);
    const isNumber = async (model: ForwardModel): Promise<boolean[]> =>
      (await runOnnx(exportOnnx(model), rows))["prediction"].data.map(Number.isFinite);
    expect(await isNumber(ridge)).toEqual([true, false, false]);
    expect(await isNumber(forest)).toEqual([true, true, false]);
  });

  it("constant features, no rounds, one row, no rows", async () => {
    const constant = features(6, 2, new Array<number>(12).fill(3));
    const about = targets([1, 2, 3, 4, 5, 6]);
    const learners = [
      createRidge({ degree: 2 }),
      createElasticNet({ lambda: 1 }),
      createKernelRidge({ lengthScale: 1 }),
      createNearestNeighbours({ k: 2, weights: "distance" }),
      createSupportVectorRegression({ lengthScale: 1, penalty: 1, epsilon: 0.1 }),
    ];
    for (const learner of [...learners, createGradientBoosting({ nRounds: 1, folds: 0 }), createRandomForest()]) {
      const model = await fit(learner, constant, about);
      expect(Math.max(...(await differences(model, features(1, 2, [3, 4]))))).toBeLessThan(TOLERANCE);
      expect((await runOnnx(exportOnnx(model), features(0, 2, [])))["prediction"].dims).toEqual([0, 1]);
    }
  });
});

describe("exportOnnx: property models", () => {
  const lines = ["heat,C (wt%),route,Temperature (°C),Yield strength (MPa),Hardness (HV)"];
  const random = createRandom(2);
  for (let i = 0; i < 36; i++) {
    const [c, t] = [0.2 + 0.4 * random.next(), 500 + 150 * random.next()];
    const strength = 900 + 600 * c - 0.9 * (t - 500) + (i % 2) * 40 + 5 * random.normal();
    lines.push(
      `H${i},${c.toFixed(3)},${i % 2 ? "cast" : "forged"},${t.toFixed(0)},${strength.toFixed(1)},${(strength / 3).toFixed(1)}`,
    );
  }
  const table = readTable(lines.join("\n"));

  it("writes one column a target, from the features of the encoder, and says so in the file", async () => {
    const { model } = (await trainPropertyModel(
      table,
      { targets: ["Yield strength", "Hardness"], learner: createRidge(), folds: 3 },
      run(),
    )) as { model: PropertyModel };
    const bytes = exportOnnx(model, { version: "1.2.3", metadata: { seed: "1", dataSha256: "abc" } });
    const x = model.encoder.encode(table);
    const { prediction } = await runOnnx(bytes, x);
    const { mean } = await model.predict(table);
    expect(prediction.dims).toEqual([36, 2]);
    expect(relativeDifference(prediction.data, mean.data)).toBeLessThan(1e-12);
    const metadata = readMetadata(bytes);
    expect(JSON.parse(metadata["features"])).toEqual(x.features.map(({ name, unit }) => ({ name, unit })));
    expect(JSON.parse(metadata["targets"])).toEqual([
      { name: "Yield strength", unit: "MPa" },
      { name: "Hardness", unit: "HV" },
    ]);
    expect(metadata).toMatchObject({ seed: "1", dataSha256: "abc", precision: "float64", learner: "ridge; ridge" });
    expect(metadata["note"]).toContain(
      `the ${x.columns} numeric features that materiome makes of the input columns (C,`,
    );
  });
});

describe("exportOnnx: refusals", () => {
  const { x, y } = smooth(30, 3, 1);
  const law = createResidualLearner({
    law: "slope * x0",
    parameters: { slope: { start: 1, unit: "MPa" } },
    learner: createRidge(),
  });
  const cases: Readonly<Record<string, readonly [Regressor, RegExp]>> = {
    "a physical law": [law, /physical law.*export a learner without it/],
    "a stack with a physical law": [createStack({ learners: [createRidge(), law] }), /physical law/],
  };
  it.each(Object.keys(cases))("%s", async (name) => {
    const [learner, message] = cases[name];
    const model = await fit(learner, x, y);
    expect(() => exportOnnx(model)).toThrow(expect.objectContaining({ code: "INCOMPATIBLE" }));
    expect(() => exportOnnx(model)).toThrow(message);
  });

  it("predictors and models of other makers, by name", async () => {
    const model = await fit(createRidge(), x, y);
    const predictor = { ...model.predictor, encode: () => ({ kind: "oracle" }) };
    expect(() => exportOnnx({ ...model, predictor })).toThrow(/predictor of kind "oracle"/);
    const law = { ...model.predictor, encode: () => ({ kind: "law" }) };
    expect(() => exportOnnx({ ...model, predictor: law })).toThrow(/symbolic law.*write its text/);
    const { predictor: _, ...bare } = model;
    const foreign = { ...bare, toJSON: () => ({ type: "someone/else", version: 1, params: {}, state: {} }) };
    expect(() => exportOnnx(foreign as unknown as OnnxExportable)).toThrow(/a model of type "someone\/else"/);
  });

  it("options outside their range", async () => {
    const model = await fit(createRidge(), x, y);
    expect(() => exportOnnx(model, { precision: "float16" as "float32" })).toThrow(/precision must be/);
    expect(() => exportOnnx(model, { metadata: { features: "mine" } })).toThrow(/"features" is written already/);
    const rows = x;
    await expect(runOnnx(exportOnnx(model, { precision: "float32" }), rows, "float64")).rejects.toThrow(/float/);
  });
});
