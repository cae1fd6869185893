import { readFileSync } from "node:fs";
import { type Classes, closeWorkers, type FeatureMatrix, supportsPlanePredict, takeRows } from "@materiome/core";
import {
  type ClassificationModel,
  createGradientBoostingClassifier,
  type GradientBoostingClassifierOptions,
  readClassifier,
  reader,
} from "@materiome/forward";
import { afterAll, describe, expect, it } from "vitest";
import { blobs, classes, LABELS, planesOf, readChanged, run, type StoredClassifier, storedOf } from "../classData.ts";
import { features } from "../data.ts";

afterAll(closeWorkers);

interface Goldens {
  readonly tolerance: number;
  readonly columns: number;
  readonly x: number[];
  readonly two: number[];
  readonly three: number[];
  readonly weights: number[];
  readonly cases: readonly {
    readonly name: string;
    readonly target: "two" | "three";
    readonly isWeighted: boolean;
    readonly options: GradientBoostingClassifierOptions;
    readonly expected: number[];
  }[];
  readonly scores: { readonly accuracy: number; readonly logLoss: number };
}
const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), "utf8"));
const goldens = read("sklearn_boosting") as Goldens;
const rows = read("sklearn_classifiers") as Record<"x" | "y" | "xTest" | "yTest", number[]>;

const fit = (
  options: GradientBoostingClassifierOptions,
  x: FeatureMatrix,
  y: Classes,
  seed = 1,
): Promise<ClassificationModel> => createGradientBoostingClassifier(options).fit(x, y, run(seed));

const furthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((most, v, i) => Math.max(most, Math.abs(v - b[i])), 0);

describe("createGradientBoostingClassifier", () => {
  it.each(goldens.cases)("has the probabilities of scikit-learn's where bins are exact: $name", async (golden) => {
    const x = features(goldens.two.length, goldens.columns, goldens.x);
    const weights = golden.isWeighted ? Float64Array.from(goldens.weights) : undefined;
    const model = await fit(golden.options, x, classes(goldens[golden.target], { weights }));
    expect(furthest(model.predictSync(x).probabilities.data, golden.expected)).toBeLessThan(goldens.tolerance);
  });

  it("scores as scikit-learn's on rows it has not seen", async () => {
    const model = await fit({ nRounds: 40, l2: 1 }, features(800, 6, rows.x), classes(rows.y));
    const p = model.predictSync(features(1500, 6, rows.xTest)).probabilities.data;
    let right = 0;
    let logLoss = 0;
    for (const [i, truth] of rows.yTest.entries()) {
      const own = p.subarray(3 * i, 3 * i + 3);
      if (own.indexOf(Math.max(...own)) === truth) right++;
      logLoss -= Math.log(own[truth]) / 1500;
    }
    expect(Math.abs(right / 1500 - goldens.scores.accuracy)).toBeLessThan(0.012); // its standard error
    expect(Math.abs(logLoss / goldens.scores.logLoss - 1)).toBeLessThan(0.01);
  });

  it("takes one Newton step in one round of one split: closed form", async () => {
    // 3 of 4 on the left and 1 of 6 on the right are of the second class; the intercept is the logit of 0.4.
    const x = features(10, 1, [1, 1, 1, 1, 5, 5, 5, 5, 5, 5]);
    const y = classes([1, 1, 1, 0, 1, 0, 0, 0, 0, 0]);
    const options = { nRounds: 1, maxLeaves: 2, minSamplesLeaf: 1, learningRate: 0.5, l2: 0.3 };
    const { probabilities } = (await fit(options, x, y)).predictSync(features(3, 1, [-9, 3.001, 2.999]));
    const after = (gradient: number, n: number): number =>
      1 / (1 + Math.exp(-(Math.log(0.4 / 0.6) - (0.5 * gradient) / (n * 0.24 + 0.3))));
    const [left, right] = [after(4 * 0.4 - 3, 4), after(6 * 0.4 - 1, 6)];
    expect(furthest(probabilities.data, [1 - left, left, 1 - right, right, 1 - left, left])).toBeLessThan(1e-9);
  });

  it("gives the class shares where no column tells anything", async () => {
    const x = features(40, 2, new Float64Array(80).fill(7));
    const three = Array.from({ length: 40 }, (_, i) => (i < 20 ? 0 : i < 30 ? 1 : 2));
    const shares = (await fit({ nRounds: 3 }, x, classes(three))).predictSync(takeRows(x, [0])).probabilities.data;
    expect(furthest(shares, [0.5, 0.25, 0.25])).toBeLessThan(1e-12);
  });

  it("a weight of w is w rows, a weight of 0 none; balanced classes weigh the same", async () => {
    const { x, y } = blobs(120, 4);
    const weights = Float64Array.from({ length: 120 }, (_, i) => i % 4);
    const repeated = Array.from(weights).flatMap((w, i) => new Array<number>(w).fill(i));
    const codes = repeated.map((i) => y.codes[i]);
    const options = { nRounds: 12, maxLeaves: 6, minSamplesLeaf: 1, l2: 1, learningRate: 0.3 };
    const weighted = (await fit(options, x, { ...y, weights })).predictSync(x).probabilities.data;
    const rowsTaken = { ...takeRows(x, repeated), features: x.features };
    const plain = (await fit(options, rowsTaken, classes(codes))).predictSync(x).probabilities.data;
    expect(furthest(weighted, plain)).toBeLessThan(1e-8);
    const factors = [0, 1, 2].map((c) => 120 / 3 / y.codes.filter((code) => code === c).length);
    const balanced = await fit({ ...options, classWeights: "balanced" }, x, y);
    const byHand = await fit({ ...options, classWeights: factors }, x, y);
    expect(furthest(balanced.predictSync(x).probabilities.data, byHand.predictSync(x).probabilities.data)).toBeLessThan(
      1e-9,
    );
    const empty = features(1, 1, [0]);
    const constant = features(6, 1, new Float64Array(6));
    const half = await fit(
      { classWeights: "balanced", nRounds: 1, minSamplesLeaf: 1 },
      constant,
      classes([0, 0, 0, 0, 0, 1]),
    );
    expect(half.predictSync(empty).probabilities.data[0]).toBeCloseTo(0.5, 12);
  });

  it("grows as told: leaves, depth, rows in a leaf", async () => {
    const { x, y } = blobs(500, 8, 2);
    const leavesOf = async (options: GradientBoostingClassifierOptions): Promise<number> => {
      const p = (await fit({ nRounds: 1, minSamplesLeaf: 1, ...options }, x, y)).predictSync(x).probabilities.data;
      const sizes = new Map<number, number>();
      for (let i = 0; i < 500; i++) sizes.set(p[2 * i], (sizes.get(p[2 * i]) ?? 0) + 1);
      expect(Math.min(...sizes.values())).toBeGreaterThanOrEqual(options.minSamplesLeaf ?? 1);
      return sizes.size;
    };
    expect(await leavesOf({ maxLeaves: 2 })).toBe(2);
    expect(await leavesOf({ maxLeaves: 9 })).toBe(9);
    expect(await leavesOf({ maxDepth: 2 })).toBe(4);
    expect(await leavesOf({ minSamplesLeaf: 100 })).toBeLessThanOrEqual(5);
    expect(await leavesOf({ minSamplesLeaf: 250 })).toBeLessThanOrEqual(2);
  });

  it.each([
    ["all rows and columns", {}, false],
    ["drawn rows and columns", { rowShare: 0.6, maxFeatures: 0.5 }, true],
  ] as const)("the same seed gives the same model in any number of threads: %s", async (_, more, isRandom) => {
    const { x, y } = blobs(27_000, 7, 2);
    const boosting = createGradientBoostingClassifier({ nRounds: 40, maxLeaves: 4, ...more });
    const progress: number[] = [];
    const fitted = async (seed: number, threads: number): Promise<string> =>
      JSON.stringify(
        await boosting.fit(x, y, { ...run(seed, threads), onProgress: ({ done }) => progress.push(done) }),
      );
    const one = await fitted(9, 1);
    expect(progress.slice(0, 2)).toEqual([10, 20]);
    expect(progress.at(-1)).toBe(40);
    expect(await fitted(9, 2)).toBe(one);
    expect((await fitted(8, 1)) === one).toBe(!isRandom);
  });

  it("learns from drawn rows and columns as well: near the truth on new rows", async () => {
    const [train, test] = [blobs(1500, 11), blobs(1500, 12)];
    const accuracy = async (more: GradientBoostingClassifierOptions): Promise<number> => {
      const p = (await fit({ nRounds: 30, ...more }, train.x, train.y)).predictSync(test.x).probabilities.data;
      return test.y.codes.filter((c, i) => p[3 * i + c] === Math.max(...p.subarray(3 * i, 3 * i + 3))).length / 1500;
    };
    const whole = await accuracy({});
    expect(whole).toBeGreaterThan(0.6);
    expect(await accuracy({ rowShare: 0.5, maxFeatures: "sqrt" })).toBeGreaterThan(whole - 0.03);
  });

  it("predicts the same bits from rows, planes, one by one, and after saving and loading", async () => {
    for (const nClasses of [2, 3]) {
      const { x, y } = blobs(4500, 5, nClasses);
      const model = await fit({ nRounds: 8 }, x, y);
      const text = JSON.stringify(model);
      const again = (await reader.read(JSON.parse(text), reader)) as unknown as ClassificationModel;
      const { probabilities } = model.predictSync(x);
      expect(await model.predict(x)).toEqual(model.predictSync(x));
      expect(again.predictSync(x)).toEqual(model.predictSync(x));
      expect(again.outOfBag).toBeUndefined();
      expect(JSON.stringify(again)).toBe(text);
      expect(supportsPlanePredict(again)).toBe(true);
      const out = new Float32Array(4500 * nClasses);
      again.predictPlanes(planesOf(x), 4500, out);
      expect(out).toEqual(Float32Array.from(probabilities.data));
      for (const i of [0, 4095, 4096, 4499]) {
        const single = model.predictSync(takeRows(x, [i])).probabilities.data;
        expect(single).toEqual(probabilities.data.slice(nClasses * i, nClasses * (i + 1)));
        expect(single.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
      }
    }
  });

  it("a class without rows has probability 0, and the others are as without it", async () => {
    const { x, y } = blobs(60, 1, 2);
    const gap = { ...y, codes: y.codes.map((c) => 2 * c), labels: LABELS };
    const model = await fit({ nRounds: 5, classWeights: [1, 1, 1] }, x, gap);
    expect(model.counts[1]).toBe(0);
    const p = model.predictSync(x).probabilities.data;
    const two = (await fit({ nRounds: 5 }, x, y)).predictSync(x).probabilities.data;
    expect(p).toEqual(
      Float64Array.from({ length: 180 }, (_, k) => (k % 3 === 1 ? 0 : two[2 * Math.floor(k / 3) + (k % 3) / 2])),
    );
  });

  it("comes back from its stored form as the same learner, and leaves its arguments as they were", async () => {
    const learner = createGradientBoostingClassifier({
      nRounds: 7,
      classWeights: [1, 2, 3],
      maxDepth: 4,
      rowShare: 0.7,
    });
    const again = readClassifier(JSON.parse(JSON.stringify(learner)));
    const { x, y } = blobs(60, 3);
    const before = structuredClone({ data: x.data, codes: y.codes });
    expect(JSON.stringify(await again.fit(x, y, run()))).toBe(JSON.stringify(await learner.fit(x, y, run())));
    expect({ data: x.data, codes: y.codes }).toEqual(before);
    const plain = createGradientBoostingClassifier();
    expect(readClassifier(JSON.parse(JSON.stringify(plain))).toJSON()).toEqual(plain.toJSON());
  });

  it("stops when told to, in a thread and here", async () => {
    const { x, y } = blobs(2000, 3, 2);
    const boosting = createGradientBoostingClassifier({ nRounds: 2000 });
    for (const threads of [1, 2]) {
      const controller = new AbortController();
      const fitting = boosting.fit(x, y, {
        ...run(1, threads),
        signal: controller.signal,
        onProgress: () => controller.abort(new Error("enough")),
      });
      await expect(fitting).rejects.toThrow("enough");
    }
  });

  it("refuses fewer rows than two leaves hold, whose model would know nothing, and learns from as many", async () => {
    const separable = (n: number): [FeatureMatrix, Classes] => [
      features(
        n,
        1,
        Float64Array.from({ length: n }, (_, i) => i),
      ),
      classes(Array.from({ length: n }, (_, i) => +(2 * i >= n))),
    ];
    const p = (await fit({}, ...separable(40))).predictSync(features(2, 1, [0, 39])).probabilities.data;
    expect(p[0]).toBeGreaterThan(0.99);
    expect(p[3]).toBeGreaterThan(0.99);
    const [x, y] = separable(39);
    await expect(fit({}, x, y)).rejects.toMatchObject({
      code: "DATA",
      message:
        "gradient boosting classifier: 39 rows with a weight, but a split needs 2 · minSamplesLeaf = 40; give more rows or a minSamplesLeaf of at most 19",
    });
    await expect(fit({ rowShare: 0.5, minSamplesLeaf: 11 }, x, y)).rejects.toThrow(
      /39 rows .*, of which a round draws 20,/,
    );
    const weights = Float64Array.from({ length: 40 }, (_, i) => +(i > 0));
    const [more, labels] = separable(40);
    await expect(fit({}, more, { ...labels, weights })).rejects.toThrow(/39 rows with a weight,/);
  });

  it("refuses rows that teach nothing, options out of range, and inputs unlike the training rows", async () => {
    const { x, y } = blobs(40, 3);
    const boosting = createGradientBoostingClassifier({ nRounds: 3 });
    const refuse = async (more: object, message: RegExp): Promise<void> =>
      expect(boosting.fit(x, { ...y, ...more }, run())).rejects.toThrow(message);
    await refuse({ codes: new Int32Array(40) }, /all 40 training rows are of class "matrix"/);
    await refuse({ codes: new Int32Array(9) }, /40 rows of inputs but 9 classes/);
    await refuse({ weights: new Float64Array(40) }, /all weights are 0/);
    await refuse(
      { weights: Float64Array.from(y.codes, (c) => +(c === 1)) },
      /with a weight are of class "precipitate"/,
    );
    const holed = { ...x, data: x.data.map((v, k) => (k === 5 ? Number.NaN : v)) };
    await expect(boosting.fit(holed, y, run())).rejects.toThrow(/feature "x1" is missing in row 1/);
    await expect(fit({ classWeights: [1, 2] }, x, y)).rejects.toThrow(/2 class weights for 3 classes/);
    for (const [options, message] of [
      [{ nRounds: 0 }, /nRounds must be 1 … 10000, got 0/],
      [{ learningRate: 0 }, /learningRate must be above 0 and at most 1/],
      [{ maxLeaves: 1 }, /maxLeaves must be 2 … 4096/],
      [{ maxDepth: 0 }, /maxDepth must be at least 1/],
      [{ minSamplesLeaf: 1.5 }, /minSamplesLeaf must be a whole number/],
      [{ l2: -1 }, /l2 must be a number of at least 0/],
      [{ rowShare: 0 }, /rowShare must be above 0/],
      [{ maxFeatures: 2 }, /maxFeatures must be "sqrt" or above 0/],
      [{ classWeights: [] }, /classWeights/],
    ] as const) {
      expect(() => createGradientBoostingClassifier(options)).toThrow(message);
    }
    const model = await boosting.fit(x, y, run());
    const planes = planesOf(x);
    const out = new Float32Array(120);
    expect(() => model.predictPlanes(planes.slice(1), 40, out)).toThrow(/takes 4 planes, got 3/);
    planes[2][17] = Number.NaN;
    expect(() => model.predictPlanes(planes, 40, out)).toThrow(/feature 2 is NaN in 1 of samples 0 … 39/);
    expect(() => model.predictSync(features(1, 3, [1, 2, 3]))).toThrow(/takes 4 features, got 3/);
  });

  it("refuses stored models that are damaged, so that no walk runs astray", async () => {
    const { x, y } = blobs(40, 3);
    const model = await fit({ nRounds: 2, minSamplesLeaf: 5 }, x, y);
    const damaged = (change: (stored: StoredClassifier) => unknown): Promise<unknown> => readChanged(model, change);
    await expect(damaged((s) => Object.assign(s, { version: 99 }))).rejects.toThrow(/version 99.*reads version 1/);
    await expect(damaged((s) => s.params.labels.pop())).rejects.toMatchObject({ code: "FORMAT" });
    await expect(damaged((s) => Object.assign(s.state, { boosting: {} }))).rejects.toMatchObject({ code: "FORMAT" });
    for (const name of ["values", "intercepts", "present", "edges"]) {
      const { dtype } = storedOf(model).state["boosting"][name] as { dtype: string };
      const short = { dtype, length: 0, data: "" };
      await expect(damaged((s) => Object.assign(s.state["boosting"], { [name]: short }))).rejects.toThrow(
        /inconsistent/,
      );
    }
  });
});
