import { closeWorkers, createRandom, DomainError, type Targets } from "@materiome/core";
import { createRandomForest, crossValidate, groupKFold, kFold } from "@materiome/forward";
import { afterAll, describe, expect, it } from "vitest";
import { features, goldens, rSquared, smooth, targets } from "../data.ts";

afterAll(closeWorkers);

describe("createRandomForest", () => {
  const { friedman, forests } = goldens();
  const train = features(400, 7, friedman.x);
  const test = features(400, 7, friedman.xTest);

  it.each([
    ["forest", { splitter: "best" }],
    ["extraTrees", { splitter: "random", sampling: "all" }],
  ] as const)("is as accurate as scikit-learn's on the same rows: %s", async (name, options) => {
    const model = await createRandomForest(options).fit(train, targets(friedman.y), { random: createRandom(5) });
    const r2 = rSquared(friedman.yTest, model.predictSync(test).mean.data);
    expect(Math.abs(r2 - forests[name].r2)).toBeLessThan(Math.max(0.01, 4 * forests[name].spread));
  });

  it("gives the same model for any number of threads", async () => {
    const { x, y } = smooth(1000, 21, 4);
    const forest = createRandomForest({ nTrees: 200, maxFeatures: 0.3 });
    const fit = async (threads: number): Promise<string> =>
      JSON.stringify(await forest.fit(x, y, { random: createRandom(9), threads }));
    const one = await fit(1);
    expect(await fit(2)).toBe(one);
    expect(await fit(3)).toBe(one);
  });

  it("keeps groups whole: held-out predictions know nothing of their group", async () => {
    const random = createRandom(2);
    const n = 240;
    const groups = Int32Array.from({ length: n }, (_, i) => Math.floor(i / 6));
    const offset = Array.from({ length: 40 }, () => 10 * random.normal());
    const x = features(n, 1, Array.from(groups));
    const values = Array.from(groups, (g) => offset[g] + random.normal());
    const score = async (y: Targets, splitter: "best" | "random"): Promise<number> => {
      const model = await createRandomForest({ splitter }).fit(x, y, { random: createRandom(1) });
      return rSquared(values, model.heldOut?.mean ?? []);
    };
    for (const splitter of ["best", "random"] as const) {
      expect(await score(targets(values, { groups }), splitter)).toBeLessThan(0.3);
      expect(await score(targets(values), splitter)).toBeGreaterThan(0.9);
    }
  });

  it.each(["best", "random"] as const)(
    "splitter %s: intervals cover nine of ten new rows and are wider where noise is larger",
    async (splitter) => {
      const random = createRandom(11);
      const make = (n: number): { x: number[]; y: number[] } => {
        const x = Array.from({ length: 2 * n }, () => random.next());
        const y = Array.from({ length: n }, (_, i) => 3 * x[2 * i] + (0.1 + 2 * x[2 * i + 1]) * random.normal());
        return { x, y };
      };
      const [a, b] = [make(600), make(600)];
      const model = await createRandomForest({ splitter, minSamplesLeaf: 5 }).fit(features(600, 2, a.x), targets(a.y), {
        random: createRandom(1),
      });
      const { lower, upper } = model.predictSync(features(600, 2, b.x));
      const inside = b.y.filter((v, i) => lower!.data[i] <= v && v <= upper!.data[i]).length / 600;
      expect(inside).toBeGreaterThan(0.86);
      expect(inside).toBeLessThan(0.94);
      const width = (isNoisy: boolean): number => {
        const rows = b.y.map((_, i) => i).filter((i) => b.x[2 * i + 1] > 0.5 === isNoisy);
        return rows.reduce((sum, i) => sum + upper!.data[i] - lower!.data[i], 0) / rows.length;
      };
      expect(width(true) / width(false)).toBeGreaterThan(1.3);
    },
  );

  it("without held-out rows gives no interval and says that its spread is epistemic", async () => {
    const { x, y } = smooth(50, 3, 1);
    const model = await createRandomForest({ nTrees: 10, sampling: "all" }).fit(x, y, { random: createRandom(1) });
    const { uncertainty, lower, distribution } = model.predictSync(x);
    expect({ uncertainty, lower, distribution }).toEqual({ uncertainty: "epistemic" });
  });

  it("keeps the held-out predictions: close to a cross-validation", async () => {
    const { x, y } = smooth(300, 4, 6);
    const forest = createRandomForest({ nTrees: 100 });
    const model = await forest.fit(x, y, { random: createRandom(1) });
    const outOfBag = rSquared(y.values.data, model.heldOut?.mean ?? []);
    const { scores } = await crossValidate(forest, x, y, kFold(10), { random: createRandom(1), threads: 1 });
    expect(Math.abs(outOfBag - scores.r2)).toBeLessThan(0.03);
  });

  it("reports progress and stops when asked", async () => {
    const { x, y } = smooth(200, 3, 1);
    const controller = new AbortController();
    const reason = new Error("enough");
    const work = createRandomForest().fit(x, y, {
      random: createRandom(1),
      signal: controller.signal,
      onProgress: ({ done }) => done === 3 && controller.abort(reason),
    });
    await expect(work).rejects.toBe(reason);
  });

  it.each([
    [{ nTrees: 0 }, /nTrees must be/],
    [{ maxFeatures: 1.5 }, /maxFeatures must be above 0 and at most 1, got 1.5/],
    [{ minSamplesLeaf: 0 }, /minSamplesLeaf/],
    [{ level: 1 }, /level/],
  ])("refuses %o", (options, message) => {
    expect(() => createRandomForest(options)).toThrow(DomainError);
    expect(() => createRandomForest(options)).toThrow(message);
  });

  it("refuses rows that all belong to one group", async () => {
    const { x, y } = smooth(20, 3, 1);
    const work = createRandomForest().fit(x, { ...y, groups: new Int32Array(20) }, { random: createRandom(1) });
    await expect(work).rejects.toThrow(/all 20 training rows belong to one group/);
    expect(() => groupKFold(1)).toThrow(/at least 2 folds/);
  });
});
