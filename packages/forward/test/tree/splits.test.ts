import { createRandom } from "@materiome/core";
import { createRandomForest } from "@materiome/forward";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { features, targets } from "../data.ts";

/** Squared error left by the best single split, by trying every one; missing values on either side. */
function bestSplitError(d: number, x: readonly number[], y: readonly number[], rows: readonly number[]): number {
  const error = (part: readonly number[]): number => {
    const mean = part.reduce((sum, i) => sum + y[i], 0) / part.length;
    return part.reduce((sum, i) => sum + (y[i] - mean) ** 2, 0);
  };
  let best = error(rows);
  for (let f = 0; f < d; f++) {
    const value = (i: number): number => x[i * d + f];
    const missing = rows.filter((i) => Number.isNaN(value(i)));
    const present = rows.filter((i) => !Number.isNaN(value(i)));
    for (const threshold of new Set(present.map(value))) {
      const left = present.filter((i) => value(i) <= threshold);
      const right = present.filter((i) => value(i) > threshold);
      for (const [a, b] of [
        [left, [...right, ...missing]],
        [[...left, ...missing], right],
      ]) {
        if (a.length > 0 && b.length > 0) best = Math.min(best, error(a) + error(b));
      }
    }
  }
  return best;
}

async function treeError(
  n: number,
  d: number,
  x: readonly number[],
  y: readonly number[],
  maxDepth: number,
): Promise<number> {
  const tree = createRandomForest({ nTrees: 1, sampling: "all", maxDepth });
  const inputs = features(n, d, x);
  const model = await tree.fit(inputs, targets(y), { random: createRandom(1) });
  const { mean } = model.predictSync(inputs);
  return y.reduce((sum, v, i) => sum + (v - mean.data[i]) ** 2, 0);
}

const table = (min: number, max: number): fc.Arbitrary<{ n: number; d: number; x: number[]; y: number[] }> =>
  fc.record({ n: fc.integer({ min, max }), d: fc.integer({ min: 1, max: 4 }) }).chain(({ n, d }) =>
    fc.record({
      n: fc.constant(n),
      d: fc.constant(d),
      x: fc.array(fc.oneof({ weight: 8, arbitrary: fc.integer({ min: -9, max: 9 }) }, fc.constant(Number.NaN)), {
        minLength: n * d,
        maxLength: n * d,
      }),
      y: fc.array(fc.integer({ min: -50, max: 50 }), { minLength: n, maxLength: n }),
    }),
  );

describe("best split of a tree", () => {
  it.each([
    ["small nodes, sorted", 2, 32],
    ["middle nodes, binned", 33, 80],
  ])("%s: leaves no more squared error than the best of all splits", async (_, min, max) => {
    await fc.assert(
      fc.asyncProperty(table(min, max), async ({ n, d, x, y }) => {
        const rows = Array.from({ length: n }, (_, i) => i);
        expect(await treeError(n, d, x, y, 1)).toBeCloseTo(bestSplitError(d, x, y, rows), 6);
      }),
      { seed: 7, numRuns: 60 },
    );
  });

  it("large nodes, by histogram and sibling subtraction: equals the greedy tree of depth 2", async () => {
    const random = createRandom(3);
    const [n, d] = [3000, 3];
    const x = Array.from({ length: n * d }, () => (random.next() < 0.05 ? Number.NaN : random.int(60)));
    const y = Array.from(
      { length: n },
      (_, i) => (x[i * d] > 20 ? 30 : 0) + (x[i * d + 1] > 7 ? 9 : 0) + random.int(20),
    );
    const all = Array.from({ length: n }, (_, i) => i);
    expect(await treeError(n, d, x, y, 1)).toBeCloseTo(bestSplitError(d, x, y, all), 3);
    // The first split is on x0 at 20: both halves again, on their own.
    const root = createRandomForest({ nTrees: 1, sampling: "all", maxDepth: 1 });
    const inputs = features(n, d, x);
    const { mean } = (await root.fit(inputs, targets(y), { random: createRandom(1) })).predictSync(inputs);
    const left = all.filter((i) => mean.data[i] === mean.data[0]);
    const right = all.filter((i) => mean.data[i] !== mean.data[0]);
    expect(Math.min(left.length, right.length)).toBeGreaterThan(500);
    expect(Math.max(left.length, right.length)).toBeGreaterThan(1024);
    const expected = bestSplitError(d, x, y, left) + bestSplitError(d, x, y, right);
    expect(await treeError(n, d, x, y, 2)).toBeCloseTo(expected, 3);
  });

  it("puts the threshold half way between the neighbours in the node", async () => {
    const tree = createRandomForest({ nTrees: 1, sampling: "all" });
    const model = await tree.fit(features(4, 1, [1, 2, 6, 8]), targets([0, 0, 10, 10]), { random: createRandom(1) });
    expect(Array.from(model.predictSync(features(2, 1, [3.999, 4.001])).mean.data)).toEqual([0, 10]);
  });

  it("learns from the absence of a value, and sends an unexpected absence to the larger part", async () => {
    const tree = createRandomForest({ nTrees: 1, sampling: "all" });
    const run = { random: createRandom(1) };
    const informative = await tree.fit(features(4, 1, [1, 2, Number.NaN, Number.NaN]), targets([0, 0, 9, 9]), run);
    expect(Array.from(informative.predictSync(features(2, 1, [1e9, Number.NaN])).mean.data)).toEqual([0, 9]);
    const unexpected = await tree.fit(features(5, 1, [1, 2, 3, 7, 8]), targets([0, 0, 0, 5, 5]), run);
    expect(unexpected.predictSync(features(1, 1, [Number.NaN])).mean.data[0]).toBe(0);
  });

  it("separates all rows of more than 255 distinct values", async () => {
    const n = 700;
    const y = Array.from({ length: n }, (_, i) => (i * 7919) % 1000);
    const x = Array.from({ length: n }, (_, i) => Math.exp(i / 100));
    expect(await treeError(n, 1, x, y, 1000)).toBeCloseTo(0, 9);
  });

  it("a row of weight k counts as k rows, one of weight 0 as none", async () => {
    const tree = createRandomForest({ nTrees: 1, sampling: "all", maxDepth: 2 });
    const run = { random: createRandom(1) };
    const [x, y, w] = [
      [1, 2, 3, 4, 5, 6, 7],
      [3, 1, 4, 1, 5, 9, 90],
      [1, 2, 1, 3, 1, 2, 0],
    ];
    const repeated = w.flatMap((count, i) => Array.from({ length: count }, () => i));
    const weighted = await tree.fit(features(7, 1, x), targets(y, { weights: Float64Array.from(w) }), run);
    const copies = await tree.fit(
      features(
        repeated.length,
        1,
        repeated.map((i) => x[i]),
      ),
      targets(repeated.map((i) => y[i])),
      run,
    );
    const probe = features(
      13,
      1,
      Array.from({ length: 13 }, (_, i) => 0.75 + i / 2),
    );
    const [a, b] = [weighted.predictSync(probe).mean.data, copies.predictSync(probe).mean.data];
    for (const [i, value] of a.entries()) expect(value).toBeCloseTo(b[i], 12);
  });

  it("keeps leaves at the least size and trees at the greatest depth", async () => {
    const n = 64;
    const x = features(
      n,
      1,
      Array.from({ length: n }, (_, i) => i),
    );
    const y = targets(Array.from({ length: n }, (_, i) => i * i));
    const countLeaves = async (options: object): Promise<Map<number, number>> => {
      const model = await createRandomForest({ nTrees: 1, sampling: "all", ...options }).fit(x, y, {
        random: createRandom(1),
      });
      const counts = new Map<number, number>();
      for (const value of model.predictSync(x).mean.data) counts.set(value, (counts.get(value) ?? 0) + 1);
      return counts;
    };
    expect(Math.min(...(await countLeaves({ minSamplesLeaf: 5 })).values())).toBeGreaterThanOrEqual(5);
    expect((await countLeaves({ maxDepth: 3 })).size).toBe(8);
  });
});
