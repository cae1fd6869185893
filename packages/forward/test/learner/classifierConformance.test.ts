import { closeWorkers, createRandom, takeRows } from "@materiome/core";
import {
  type ClassificationModel,
  type Classifier,
  createAutoClassifier,
  createGradientBoostingClassifier,
  createImputedClassifier,
  createLogistic,
  createMlpClassifier,
  createRandomForestClassifier,
  createSupportVectorClassifier,
  readClassifier,
  reader,
} from "@materiome/forward";
import { afterAll, describe, expect, it } from "vitest";
import { blobs } from "../classData.ts";
import { features } from "../data.ts";

afterAll(closeWorkers);

const CLASSIFIERS: Readonly<Record<string, Classifier>> = {
  forest: createRandomForestClassifier({ nTrees: 20 }),
  "extra trees": createRandomForestClassifier({ nTrees: 20, splitter: "random" }),
  boosting: createGradientBoostingClassifier({ nRounds: 20, minSamplesLeaf: 5, rowShare: 0.7 }),
  logistic: createLogistic({ folds: 3 }),
  "support vectors": createSupportVectorClassifier({ folds: 3, penalty: 1 }),
  nets: createMlpClassifier({ hidden: [8], epochs: 25, folds: 2, nMembers: 2 }),
  "imputed logistic": createImputedClassifier(createLogistic({ penalty: 0.1 })),
  auto: createAutoClassifier({ folds: 2, trials: 2 }),
};

describe.each(Object.entries(CLASSIFIERS))("classifier: %s", (_, classifier) => {
  const { x, y } = blobs(72, 3);
  const fresh = blobs(30, 8).x;
  const fit = (seed = 1, more: object = {}, threads = 1): Promise<ClassificationModel> =>
    classifier.fit(x, { ...y, ...more }, { random: createRandom(seed), threads });
  const probabilities = (model: ClassificationModel, rows = fresh): number[] =>
    Array.from(model.predictSync(rows).probabilities.data);

  it("is determined by the seed, not by the threads", async () => {
    const one = probabilities(await fit());
    expect(probabilities(await fit())).toEqual(one);
    expect(probabilities(await fit(1, {}, 2))).toEqual(one);
  });

  it("gives probabilities of all classes that sum to 1, and is right more often than the commonest class", async () => {
    const model = await fit();
    const given = probabilities(model);
    expect(model.predictSync(fresh).labels).toEqual(y.labels);
    expect(given.every((p) => p >= 0 && p <= 1)).toBe(true);
    for (let i = 0; i < fresh.rows; i++) {
      expect(given.slice(3 * i, 3 * i + 3).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9);
    }
    const truth = blobs(30, 8).y.codes;
    const right = truth.filter((code, i) => given[3 * i + code] === Math.max(...given.slice(3 * i, 3 * i + 3))).length;
    expect(right).toBeGreaterThan(Math.max(...y.labels.map((__, c) => truth.filter((code) => code === c).length)));
  });

  it("predicts bit by bit the same after saving and loading, with and without a promise, row by row", async () => {
    const model = await fit();
    const again = (await reader.read(JSON.parse(JSON.stringify(model)), reader)) as unknown as ClassificationModel;
    const all = probabilities(model);
    expect(probabilities(again)).toEqual(all);
    expect(JSON.stringify(again)).toBe(JSON.stringify(model));
    expect(Array.from((await model.predict(fresh)).probabilities.data)).toEqual(all);
    expect(probabilities(model, takeRows(fresh, [17]))).toEqual(all.slice(51, 54));
  });

  it("leaves its arguments as they were", async () => {
    const [before, codes, input] = [x.data.slice(), y.codes.slice(), fresh.data.slice()];
    probabilities(await fit());
    expect([x.data, y.codes, fresh.data]).toEqual([before, codes, input]);
  });

  it("comes back from its stored form as the same learner", async () => {
    const again = readClassifier(JSON.parse(JSON.stringify(classifier.toJSON())));
    expect(again.toJSON()).toEqual(classifier.toJSON());
    const model = await again.fit(x, y, { random: createRandom(1), threads: 1 });
    expect(probabilities(model)).toEqual(probabilities(await fit()));
  });

  it("takes missing values if it says so, else refuses them by name", async () => {
    const data = x.data.map((v, at) => (at % 28 === 1 ? Number.NaN : v));
    const work = classifier.fit({ ...x, data }, y, { random: createRandom(1), threads: 1 });
    if (!classifier.supports.has("missing")) return expect(work).rejects.toThrow(/"x1" is missing in row 0/);
    expect(probabilities(await work).every(Number.isFinite)).toBe(true);
  });

  it("refuses infinite inputs, one class, unknown codes, unequal lengths and other features", async () => {
    const run = { random: createRandom(1), threads: 1 };
    const data = x.data.map((v, at) => (at === 9 ? Number.POSITIVE_INFINITY : v));
    await expect(classifier.fit({ ...x, data }, y, run)).rejects.toThrow(/"x1" is Infinity in row 2/);
    await expect(fit(1, { codes: new Int32Array(72) })).rejects.toThrow(/all 72 training rows are of class "matrix"/);
    await expect(fit(1, { codes: y.codes.map((c) => c + 1) })).rejects.toThrow(/class of row \d+ is 3/);
    await expect(fit(1, { codes: y.codes.slice(1) })).rejects.toThrow(/72 rows of inputs but 71 classes/);
    const model = await fit();
    expect(() => model.predictSync(features(1, 3, [1, 2, 3]))).toThrow(/takes 4 features, got 3/);
  });

  it("refuses stored models of another version or damaged ones", async () => {
    const stored = JSON.parse(JSON.stringify(await fit())) as Record<string, unknown>;
    await expect(reader.read({ ...stored, version: 99 }, reader)).rejects.toThrow(/version 99.*reads version 1/);
    await expect(reader.read({ ...stored, state: {} }, reader)).rejects.toMatchObject({ code: "FORMAT" });
  });
});
