import { readFileSync } from "node:fs";
import { closeWorkers, createRandom, supportsPlanePredict, takeRows } from "@materiome/core";
import { type ClassificationModel, createRandomForestClassifier, readClassifier, reader } from "@materiome/forward";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { blobs, classes, LABELS, planesOf, readChanged, run, type StoredClassifier, storedOf } from "../classData.ts";
import { features } from "../data.ts";

afterAll(closeWorkers);

interface Score {
  readonly mean: number;
  readonly spread: number;
}
type ScoreName = "accuracy" | "logLoss" | "recall0" | "recall1" | "recall2";
interface Goldens {
  readonly floor: number;
  readonly x: number[];
  readonly y: number[];
  readonly xTest: number[];
  readonly yTest: number[];
  readonly expected: Record<"forest" | "extraTrees" | "balanced", Record<ScoreName, Score>>;
  readonly oobAccuracy: number;
}
const goldens = JSON.parse(
  readFileSync(new URL("../fixtures/sklearn_classifiers.json", import.meta.url), "utf8"),
) as Goldens;

describe("createRandomForestClassifier", () => {
  const train = features(800, 6, goldens.x);
  const test = features(1500, 6, goldens.xTest);

  it.each([
    ["forest", {}],
    ["extraTrees", { splitter: "random", sampling: "all" }],
    ["balanced", { classWeights: "balanced", minSamplesLeaf: 10 }],
  ] as const)("scores as scikit-learn's on the same rows: %s", async (name, options) => {
    const model = await createRandomForestClassifier(options).fit(train, classes(goldens.y), run(3));
    const { probabilities } = model.predictSync(test);
    const right = [0, 0, 0];
    const total = [0, 0, 0];
    let logLoss = 0;
    for (const [i, truth] of goldens.yTest.entries()) {
      const p = Array.from(probabilities.data.subarray(3 * i, 3 * i + 3));
      total[truth]++;
      if (p.indexOf(Math.max(...p)) === truth) right[truth]++;
      logLoss -= Math.log(Math.max(p[truth], goldens.floor)) / goldens.yTest.length;
    }
    const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);
    const found = {
      accuracy: sum(right) / sum(total),
      logLoss,
      recall0: right[0] / total[0],
      recall1: right[1] / total[1],
      recall2: right[2] / total[2],
    };
    for (const [key, { mean, spread }] of Object.entries(goldens.expected[name])) {
      // The leaf limit of a weighted forest counts weights here, rows there.
      const room = name === "balanced" ? 0.06 : 0.005;
      expect(Math.abs(found[key as ScoreName] - mean), key).toBeLessThan(room + 4 * spread);
    }
  });

  it("knows its accuracy from out-of-bag rows: as scikit-learn's, and close to that on new rows", async () => {
    const model = await createRandomForestClassifier().fit(train, classes(goldens.y), run(4));
    const { outOfBag } = model;
    expect(outOfBag?.nRows).toBe(800);
    expect(Math.abs((outOfBag?.accuracy ?? 0) - goldens.oobAccuracy)).toBeLessThan(0.02);
    expect(Math.abs((outOfBag?.accuracy ?? 0) - goldens.expected.forest.accuracy.mean)).toBeLessThan(0.04);
    expect(outOfBag?.brier).toBeGreaterThan(0.1);
    expect(outOfBag?.brier).toBeLessThan(0.5);
  });

  it("finds the best split by Gini's impurity, whatever the weights", async () => {
    const arbitrary = fc.integer({ min: 4, max: 40 }).chain((n) =>
      fc.record({
        x: fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 2 * n, maxLength: 2 * n }),
        y: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: n, maxLength: n }),
        w: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: n, maxLength: n }),
      }),
    );
    const tree = createRandomForestClassifier({ nTrees: 1, sampling: "all", maxDepth: 1, maxFeatures: 1 });
    await fc.assert(
      fc.asyncProperty(arbitrary, async ({ x, y, w }) => {
        const n = y.length;
        fc.pre(new Set(y).size > 1);
        const gini = (rows: number[]): number => {
          const share = [0, 0, 0];
          for (const i of rows) share[y[i]] += w[i];
          const total = share[0] + share[1] + share[2];
          return total === 0 ? 0 : total - share.reduce((sum, s) => sum + s * s, 0) / total;
        };
        const all = Array.from({ length: n }, (_, i) => i);
        let best = gini(all);
        for (const f of [0, 1]) {
          for (const cut of [-4, -3, -2, -1, 0, 1, 2, 3]) {
            const goesLeft = (i: number): boolean => x[2 * i + f] <= cut;
            best = Math.min(best, gini(all.filter(goesLeft)) + gini(all.filter((i) => !goesLeft(i))));
          }
        }
        const inputs = features(n, 2, x);
        const y3 = { ...classes(y), labels: LABELS, weights: Float64Array.from(w) };
        const p = (await tree.fit(inputs, y3, run())).predictSync(inputs).probabilities.data;
        const left = all.map((i) => w[i] * (1 - [0, 1, 2].reduce((sum, c) => sum + p[3 * i + c] ** 2, 0)));
        expect(left.reduce((a, b) => a + b, 0)).toBeCloseTo(best, 2);
      }),
      { seed: 5, numRuns: 80 },
    );
  });

  it("grown to the end it knows each of its rows, and cuts half way between them", async () => {
    const tree = createRandomForestClassifier({ nTrees: 1, sampling: "all" });
    const model = await tree.fit(features(4, 1, [1, 2, 6, 8]), classes([0, 0, 1, 1]), run());
    const { probabilities } = model.predictSync(features(4, 1, [-9, 3.999, 4.001, 99]));
    expect(Array.from(probabilities.data)).toEqual([1, 0, 1, 0, 0, 1, 0, 1]);
    const many = blobs(900, 2);
    const sure = (await tree.fit(many.x, many.y, run())).predictSync(many.x).probabilities.data;
    expect(many.y.codes.every((c, i) => sure[3 * i + c] > 0.99)).toBe(true);
  });

  it.each(["best", "random"] as const)("splitter %s: the same model for any number of threads", async (splitter) => {
    // Small trees, and as many as it takes to be given to threads.
    const { x, y } = blobs(800, 7);
    const forest = createRandomForestClassifier({ nTrees: 1300, splitter, maxDepth: 2, maxFeatures: 1 });
    const one = JSON.stringify(await forest.fit(x, y, run(9, 1)));
    expect(JSON.stringify(await forest.fit(x, y, run(9, 2)))).toBe(one);
    expect(JSON.stringify(await forest.fit(x, y, run(8, 2)))).not.toBe(one);
  });

  it("predicts the same bits from rows, planes, one by one, and after saving and loading", async () => {
    const { x, y } = blobs(1203, 5);
    const groups = Int32Array.from({ length: 1203 }, (_, i) => i >> 5);
    const model = await createRandomForestClassifier({ nTrees: 20 }).fit(x, { ...y, groups }, run());
    const text = JSON.stringify(model);
    const again = (await reader.read(JSON.parse(text), reader)) as unknown as ClassificationModel;
    const { probabilities } = model.predictSync(x);
    expect(await model.predict(x)).toEqual(model.predictSync(x));
    expect(again.predictSync(x)).toEqual(model.predictSync(x));
    expect(again.outOfBag).toEqual(model.outOfBag);
    expect(JSON.stringify(again)).toBe(text);
    expect(supportsPlanePredict(again)).toBe(true);
    const out = new Float32Array(1203 * 3);
    again.predictPlanes(planesOf(x), 1203, out);
    expect(out).toEqual(Float32Array.from(probabilities.data));
    for (const i of [0, 511, 512, 1202]) {
      const single = model.predictSync(takeRows(x, [i])).probabilities.data;
      expect(single).toEqual(probabilities.data.slice(3 * i, 3 * i + 3));
      expect(single[0] + single[1] + single[2]).toBeCloseTo(1, 12);
    }
  });

  it("leaves its arguments as they were, and gives no out-of-bag scores where every tree saw every row", async () => {
    const { x, y } = blobs(50, 6);
    const weights = Float64Array.from({ length: 50 }, (_, i) => 1 + (i % 3));
    const before = structuredClone({ data: x.data, codes: y.codes, weights });
    const forest = createRandomForestClassifier({ nTrees: 3, sampling: "all", classWeights: "balanced" });
    const model = await forest.fit(x, { ...y, weights }, run());
    const planes = planesOf(x);
    model.predictPlanes(planes, 50, new Float32Array(150));
    expect({ data: x.data, codes: y.codes, weights }).toEqual(before);
    expect(planes).toEqual(planesOf(x));
    expect(model.outOfBag).toBeUndefined();
    expect((await reader.read(JSON.parse(JSON.stringify(model)), reader)) as object).toHaveProperty(
      "outOfBag",
      undefined,
    );
  });

  it("keeps groups whole: out-of-bag predictions know nothing of their group", async () => {
    const random = createRandom(2);
    const groups = Int32Array.from({ length: 300 }, (_, i) => Math.floor(i / 6));
    const codeOf = Array.from({ length: 50 }, () => random.int(2));
    const x = features(
      300,
      1,
      Array.from(groups, (g) => g + 0.1 * random.normal()),
    );
    const y = classes(Array.from(groups, (g) => codeOf[g]));
    const accuracy = async (more: object, splitter: "best" | "random"): Promise<number> =>
      (await createRandomForestClassifier({ splitter }).fit(x, { ...y, ...more }, run())).outOfBag?.accuracy ?? 0;
    for (const splitter of ["best", "random"] as const) {
      expect(await accuracy({ groups }, splitter)).toBeLessThan(0.7);
      expect(await accuracy({}, splitter)).toBeGreaterThan(0.9);
    }
  });

  it("a class without rows has probability 0, and says so", async () => {
    const { x } = blobs(30, 1);
    const y = classes(Array.from({ length: 30 }, (_, i) => 2 * (i % 2)));
    const model = await createRandomForestClassifier({ nTrees: 5, classWeights: "balanced" }).fit(x, y, run());
    expect(model.counts).toEqual([15, 0, 15]);
    expect(model.predictSync(x).probabilities.data.every((p, k) => k % 3 !== 1 || p === 0)).toBe(true);
  });

  it("comes back from its stored form as the same learner", async () => {
    const learner = createRandomForestClassifier({ nTrees: 7, classWeights: [1, 2, 3], maxDepth: 4 });
    const again = readClassifier(JSON.parse(JSON.stringify(learner)));
    const { x, y } = blobs(60, 3);
    expect(JSON.stringify(await again.fit(x, y, run()))).toBe(JSON.stringify(await learner.fit(x, y, run())));
    expect(readClassifier(JSON.parse(JSON.stringify(createRandomForestClassifier()))).toJSON()).toEqual(
      createRandomForestClassifier().toJSON(),
    );
    expect(() => readClassifier({ type: "materiome/ridge-learner", version: 1 })).toThrow(/found "materiome\/ridge/);
  });

  it("refuses rows that teach nothing, options out of range, and inputs unlike the training rows", async () => {
    const { x, y } = blobs(40, 3);
    const forest = createRandomForestClassifier({ nTrees: 3 });
    const refuse = async (more: object, message: RegExp): Promise<void> =>
      expect(forest.fit(x, { ...y, ...more }, run())).rejects.toThrow(message);
    await refuse({ codes: new Int32Array(40) }, /all 40 training rows are of class "matrix"/);
    await refuse({ codes: new Int32Array(40).fill(3) }, /class of row 0 is 3, but there are labels 0 … 2/);
    await refuse({ codes: new Int32Array(9) }, /40 rows of inputs but 9 classes/);
    await refuse({ labels: ["a", "a", "b"] }, /give each class its own name/);
    await refuse({ groups: new Int32Array(40) }, /all 40 training rows belong to one group/);
    await refuse({ weights: new Float64Array(40) }, /all weights are 0/);
    const holed = { ...x, data: x.data.map((v, k) => (k === 5 ? Number.NaN : v)) };
    await expect(forest.fit(holed, y, run())).rejects.toThrow(/feature "x1" is missing in row 1/);
    const few = createRandomForestClassifier({ classWeights: [1, 2] });
    await expect(few.fit(x, y, run())).rejects.toThrow(/2 class weights for 3 classes/);
    expect(() => createRandomForestClassifier({ nTrees: 0 })).toThrow(/nTrees must be 1 … 32000/);
    expect(() => createRandomForestClassifier({ maxFeatures: 2 })).toThrow(/maxFeatures must be "sqrt" or above 0/);
    expect(() => createRandomForestClassifier({ classWeights: [] })).toThrow(/classWeights/);
    const model = await forest.fit(x, y, run());
    const planes = planesOf(x);
    const out = new Float32Array(120);
    expect(() => model.predictPlanes(planes.slice(1), 40, out)).toThrow(/takes 4 planes, got 3/);
    expect(() => model.predictPlanes(planes, 41, out)).toThrow(/plane 0 holds 40 of 41/);
    expect(() => model.predictPlanes(planes, 40, out.subarray(1))).toThrow(/out needs 40 × 3/);
    planes[2][17] = Number.NaN;
    expect(() => model.predictPlanes(planes, 40, out)).toThrow(/feature 2 is NaN in 1 of samples 0 … 39/);
    expect(() => model.predictSync(features(1, 3, [1, 2, 3]))).toThrow(/takes 4 features, got 3/);
  });

  it("refuses stored models that are damaged, so that no walk runs astray", async () => {
    const { x, y } = blobs(40, 3);
    const model = await createRandomForestClassifier({ nTrees: 2 }).fit(x, y, run());
    const damaged = (change: (stored: StoredClassifier) => unknown): Promise<unknown> => readChanged(model, change);
    await expect(damaged((s) => Object.assign(s, { version: 99 }))).rejects.toThrow(/version 99.*reads version 1/);
    await expect(damaged((s) => s.params.labels.pop())).rejects.toMatchObject({ code: "FORMAT" });
    await expect(damaged((s) => Object.assign(s.state, { forest: {} }))).rejects.toMatchObject({ code: "FORMAT" });
    const shares = storedOf(model).state["forest"]["shares"];
    const bytes = Buffer.from((shares as { data: string }).data, "base64");
    bytes[0] ^= 1;
    const broken = { ...(shares as object), data: bytes.toString("base64") };
    await expect(damaged((s) => Object.assign(s.state["forest"], { shares: broken }))).rejects.toThrow(
      /trees are inconsistent/,
    );
    const short = { dtype: "f64", length: 0, data: "" };
    await expect(damaged((s) => Object.assign(s.state["forest"], { edges: short }))).rejects.toThrow(
      /edges are inconsistent/,
    );
  });
});
