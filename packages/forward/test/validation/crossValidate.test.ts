import { closeWorkers, createRandom, type Regressor } from "@materiome/core";
import { createRandomForest, createRidge, crossValidate, groupKFold, kFold } from "@materiome/forward";
import { afterAll, describe, expect, it } from "vitest";
import { features, smooth, targets } from "../data.ts";

afterAll(closeWorkers);

describe("crossValidate", () => {
  const { x, y } = smooth(90, 4, 2);
  const groups = Int32Array.from({ length: 90 }, (_, i) => Math.floor(i / 3));

  it("fits each fold without its rows and hands their groups to the learner", async () => {
    const seen: { rows: Float64Array; groups: Int32Array | undefined }[] = [];
    const ridge = createRidge();
    const spy: Regressor = {
      ...ridge,
      toJSON: () => ({ type: "test/spy", version: 1, params: null, state: null }),
      fit: (inputs, target, run) => {
        seen.push({ rows: inputs.data, groups: target.groups });
        return ridge.fit(inputs, target, run);
      },
    };
    const { repeats } = await crossValidate(spy, x, { ...y, groups }, groupKFold(5), { random: createRandom(1) });
    expect(seen).toHaveLength(5);
    const { fold } = repeats[0];
    for (const [k, { rows, groups: trained }] of seen.entries()) {
      const kept = Array.from(fold.keys()).filter((i) => fold[i] !== k);
      expect(Array.from(rows)).toEqual(kept.flatMap((i) => Array.from(x.data.subarray(i * 4, i * 4 + 4))));
      expect(Array.from(trained ?? [])).toEqual(kept.map((i) => groups[i]));
    }
  });

  it("scores the same for any number of threads, each repeat on its own split", async () => {
    const forest = createRandomForest({ nTrees: 10 });
    const run = (threads: number): ReturnType<typeof crossValidate> =>
      crossValidate(forest, x, y, kFold(3), { random: createRandom(1), threads }, { repeats: 2 });
    const one = await run(1);
    expect(await run(2)).toEqual(one);
    expect(one.repeats[0].fold).not.toEqual(one.repeats[1].fold);
    expect(one.perFold.map(({ repeat, fold }) => [repeat, fold])).toEqual([
      [0, 0],
      [0, 1],
      [0, 2],
      [1, 0],
      [1, 1],
      [1, 2],
    ]);
    expect(one.scores.n).toBe(90);
  });

  it("takes the baselines from the training rows of the fold", async () => {
    const values = [0, 0, 0, 0, 100, 100];
    const target = targets(values);
    const { repeats } = await crossValidate(createRidge(), features(6, 1, [1, 2, 3, 4, 5, 6]), target, kFold(6), {
      random: createRandom(1),
      threads: 1,
    });
    expect(Array.from(repeats[0].meanBaseline)).toEqual([40, 40, 40, 40, 20, 20]);
    expect(Array.from(repeats[0].medianBaseline)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it("finds nothing in noise: R² at most about 0, coverage still 90 %", async () => {
    const random = createRandom(5);
    const noise = targets(Array.from({ length: 300 }, () => random.normal()));
    const inputs = features(
      300,
      3,
      Array.from({ length: 900 }, () => random.next()),
    );
    const { scores } = await crossValidate(createRandomForest({ nTrees: 60 }), inputs, noise, kFold(5), {
      random: createRandom(1),
      threads: 1,
    });
    expect(scores.r2).toBeLessThan(0.05);
    expect(scores.coverage).toBeGreaterThan(0.85);
    expect(scores.coverage).toBeLessThan(0.95);
  });

  it("refuses a constant target and no repeats", async () => {
    const run = { random: createRandom(1) };
    const constant = targets(new Array<number>(90).fill(7));
    await expect(crossValidate(createRidge(), x, constant, kFold(5), run)).rejects.toThrow(
      /constant \(7 in all 90 rows\)/,
    );
    await expect(crossValidate(createRidge(), x, y, kFold(5), run, { repeats: 0 })).rejects.toThrow(/repeats must be/);
  });
});
