import { closeWorkers, createRandom, type FeatureMatrix, type Matrix, takeRows } from "@materiome/core";
import { createRandomForest, createRidge, type ForwardModel, type Player, treeShap } from "@materiome/forward";
import { afterAll, describe, expect, it } from "vitest";
import { features, smooth, targets } from "../data.ts";
import { bruteShapley, interventionalGame } from "./brute.ts";

afterAll(closeWorkers);

const METHODS = ["interventional", "path-dependent"] as const;

async function forest(x: FeatureMatrix, y: ReturnType<typeof targets>, nTrees = 5): Promise<ForwardModel> {
  return createRandomForest({ nTrees }).fit(x, y, { random: createRandom(3) });
}

/** Rows with gaps, and a target that depends on the gaps. */
function gappy(n: number, d: number): { x: FeatureMatrix; y: ReturnType<typeof targets> } {
  const random = createRandom(8);
  const { x, y } = smooth(n, d, 5);
  const data = x.data.map((value) => (random.next() < 0.15 ? Number.NaN : value));
  return { x: { ...x, data }, y };
}

describe("treeShap", () => {
  it.each(METHODS)("%s: contributions and base add up to the prediction", async (method) => {
    const { x, y } = gappy(150, 12);
    const model = await forest(x, y, 20);
    const background = method === "interventional" ? takeRows(x, [3, 14, 15, 92, 65]) : x;
    const { base, values } = await treeShap(model, x, background, { method });
    const predicted = model.predictSync(x).mean.data;
    for (let i = 0; i < x.rows; i++) {
      const sum = values.data.subarray(i * 12, (i + 1) * 12).reduce((total, v) => total + v, base);
      expect(Math.abs(sum - predicted[i])).toBeLessThan(1e-9);
    }
  });

  it("interventional: equals the mean over all subsets, gaps and background gaps included", async () => {
    const { x, y } = gappy(60, 5);
    const model = await forest(x, y);
    const background = takeRows(x, [0, 7, 21, 40]);
    const rows = takeRows(x, [1, 2, 3, 4, 5, 6, 8, 9]);
    const { values } = await treeShap(model, rows, background);
    for (let i = 0; i < rows.rows; i++) {
      const players = [[0], [1], [2], [3], [4]];
      const expected = bruteShapley(5, interventionalGame(model, rows, i, background, players));
      for (const [p, value] of expected.entries()) expect(values.data[i * 5 + p]).toBeCloseTo(value, 10);
    }
  });

  it("path-dependent: equals the mean over all subsets of the shares of the training rows", async () => {
    const { x, y } = gappy(60, 5);
    const model = await forest(x, y);
    const rows = takeRows(x, [1, 2, 3, 4, 5, 6, 8, 9]);
    const { values, base } = await treeShap(model, rows, x, { method: "path-dependent" });
    for (let i = 0; i < rows.rows; i++) {
      const game = pathGame(model, rows.data.subarray(i * 5, (i + 1) * 5), x);
      const expected = bruteShapley(5, game);
      expect(base).toBeCloseTo(game(0), 10);
      for (const [p, value] of expected.entries()) expect(values.data[i * 5 + p]).toBeCloseTo(value, 10);
    }
  });

  it("features of one player are known together", async () => {
    const { x, y } = gappy(60, 5);
    const model = await forest(x, y);
    const background = takeRows(x, [0, 7, 21, 40]);
    const players: Player[] = [
      { name: "a", features: [0, 3] },
      { name: "b", features: [1] },
      { name: "c", features: [2, 4] },
    ];
    const exact = await treeShap(model, x, background, { players });
    const path = await treeShap(model, x, x, { players, method: "path-dependent" });
    expect(exact.players).toEqual(["a", "b", "c"]);
    const sets = players.map((player) => player.features);
    for (const i of [1, 5, 9]) {
      const expected = bruteShapley(3, interventionalGame(model, x, i, background, sets));
      const grouped = bruteShapley(3, pathGame(model, x.data.subarray(i * 5, (i + 1) * 5), x, sets));
      for (let p = 0; p < 3; p++) {
        expect(exact.values.data[i * 3 + p]).toBeCloseTo(expected[p], 10);
        expect(path.values.data[i * 3 + p]).toBeCloseTo(grouped[p], 10);
      }
    }
  });

  it("has the closed form of one split: half of the step on each side of an even background", async () => {
    const x = features(4, 2, [0, 5, 0, 7, 1, 5, 1, 7]);
    const model = await createRandomForest({ nTrees: 1, sampling: "all" }).fit(x, targets([10, 10, 30, 30]), {
      random: createRandom(1),
    });
    for (const method of METHODS) {
      const { base, values } = await treeShap(model, x, x, { method });
      expect(base).toBe(20);
      expect(Array.from(values.data)).toEqual([-10, 0, -10, 0, 10, 0, 10, 0]);
    }
  });

  it("stays exact on deep trees of one player asked for again and again", async () => {
    const n = 150;
    const x = features(
      n,
      2,
      Array.from({ length: 2 * n }, (_, k) => (k % 2 === 0 ? k : Math.sin(k))),
    );
    const y = targets(Array.from({ length: n }, (_, i) => Math.sin(i) * i + x.data[2 * i + 1]));
    const model = await createRandomForest({ nTrees: 3, splitter: "random" }).fit(x, y, { random: createRandom(1) });
    const predicted = model.predictSync(x).mean.data;
    for (const method of METHODS) {
      const { base, values } = await treeShap(model, x, method === "interventional" ? takeRows(x, [4, 99]) : x, {
        method,
      });
      for (let i = 0; i < n; i++) {
        expect(Math.abs(base + values.data[2 * i] + values.data[2 * i + 1] - predicted[i])).toBeLessThan(1e-9);
      }
    }
  });

  it("is the same for any number of threads", async () => {
    const { x, y } = smooth(400, 6, 2);
    const model = await forest(x, y, 60);
    for (const method of METHODS) {
      const rows = takeRows(
        x,
        Array.from({ length: 100 }, (_, i) => 3 * i),
      ); // enough for threads
      const background =
        method === "interventional"
          ? takeRows(
              x,
              Array.from({ length: 40 }, (_, i) => i),
            )
          : x;
      const one = await treeShap(model, rows, background, { method, threads: 1 });
      expect(await treeShap(model, rows, background, { method, threads: 2 })).toEqual(one);
    }
  });

  it("a model read from a file is explained as before", async () => {
    const { x, y } = smooth(50, 3, 2);
    const { readForwardModel } = await import("../../src/learner/regressionModel.ts");
    const model = await forest(x, y);
    const again = readForwardModel(JSON.parse(JSON.stringify(model)));
    const before = await treeShap(model, x, x, { method: "path-dependent" });
    expect(await treeShap(again, x, x, { method: "path-dependent" })).toEqual(before);
  });

  it("refuses what it cannot explain", async () => {
    const { x, y } = smooth(50, 3, 2);
    const model = await forest(x, y);
    const ridge = await createRidge().fit(x, y, { random: createRandom(1) });
    await expect(treeShap(ridge, x, x)).rejects.toThrow("treeShap: the model (ridge) is not made of trees alone");
    await expect(treeShap(model, x, takeRows(x, []))).rejects.toThrow("at least one background row");
    await expect(treeShap(model, x, takeRows(x, [0]), { method: "path-dependent" })).rejects.toThrow(
      "reached by none of the 1 background rows",
    );
    await expect(treeShap(model, x, x, { players: [{ name: "a", features: [0, 1] }] })).rejects.toThrow(
      'feature "x2" belongs to no player',
    );
    const twice = [0, 1, 2, 0].map((f) => ({ name: `p${f}`, features: [f] }));
    await expect(treeShap(model, x, x, { players: twice })).rejects.toThrow('feature "x0" belongs to "p0" and to "p0"');
  });

  it("explains no rows by no values", async () => {
    const { x, y } = smooth(50, 3, 2);
    const { values } = await treeShap(await forest(x, y), takeRows(x, []), x);
    expect(values).toEqual({ rows: 0, columns: 3, data: new Float64Array(0) });
  });
});

/** Value of a coalition (bits) of a path-dependent game, by Algorithm 1 of Lundberg et al. on the stored trees. */
function pathGame(
  model: ForwardModel,
  row: Float64Array,
  training: Matrix,
  players: readonly (readonly number[])[] = Array.from(row.keys(), (f) => [f]),
): (coalition: number) => number {
  const parts = model.predictor.meanParts?.();
  const player = Array.from(row.keys(), (f) => players.findIndex((set) => set.includes(f)));
  return (coalition) => {
    let total = parts!.offset;
    for (const part of parts!.parts) {
      if (part.kind !== "trees") throw new Error("trees expected");
      const { treeStart, feature, threshold, left, missingLeft } = part.trees;
      const goesLeft = (node: number, values: Float64Array): boolean => {
        const value = values[feature[node]];
        return Number.isNaN(value) ? missingLeft[node] === 1 : value <= threshold[node];
      };
      const walk = (root: number, node: number, rows: readonly Float64Array[]): number => {
        if (feature[node] < 0) return threshold[node];
        const child = root + left[node];
        const isKnown = ((coalition >> player[feature[node]]) & 1) === 1;
        const [leftRows, rightRows] = [true, false].map((side) => rows.filter((r) => goesLeft(node, r) === side));
        const a = isKnown ? Number(goesLeft(node, row)) : leftRows.length / rows.length;
        return (a > 0 ? a * walk(root, child, leftRows) : 0) + (a < 1 ? (1 - a) * walk(root, child + 1, rightRows) : 0);
      };
      const rows = Array.from({ length: training.rows }, (_, i) => {
        return training.data.subarray(i * training.columns, (i + 1) * training.columns);
      });
      for (let t = 0; t + 1 < treeStart.length; t++) total += part.scale * walk(treeStart[t], treeStart[t], rows);
    }
    return total;
  };
}
