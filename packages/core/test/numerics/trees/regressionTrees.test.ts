import { createRandom } from "@materiome/core";
import { type RankedColumns, useRegressionTrees } from "@materiome/core/numerics";
import { describe, expect, it } from "vitest";

const MISSING = 65535;

/** Ranks of columns (row-major values, NaN where missing); fewer than 255 values each, so that coarse codes are the fine ones. */
function rank(n: number, d: number, x: readonly number[]): RankedColumns {
  const fine = new Uint16Array(n * d);
  const coarse = new Uint8Array(n * d);
  const [coarseLow, coarseHigh] = [new Float64Array(256 * d), new Float64Array(256 * d)];
  const [fineLow, fineOffset, usable]: number[][] = [[], [0], []];
  for (let f = 0; f < d; f++) {
    const column = Array.from({ length: n }, (_, i) => x[i * d + f]);
    const values = [...new Set(column.filter((v) => !Number.isNaN(v)))].sort((a, b) => a - b);
    for (const [i, v] of column.entries()) {
      fine[f * n + i] = Number.isNaN(v) ? MISSING : values.indexOf(v);
      coarse[f * n + i] = Number.isNaN(v) ? 255 : values.indexOf(v);
    }
    coarseLow.set(values, 256 * f);
    coarseHigh.set(values, 256 * f);
    fineLow.push(...values);
    fineOffset.push(fineLow.length);
    if (new Set(column).size > 1) usable.push(f);
  }
  const lows = Float64Array.from(fineLow);
  const own = {
    fineOffset: Int32Array.from(fineOffset),
    fineLow: lows,
    fineHigh: lows,
    usable: Int32Array.from(usable),
  };
  return { n, d, coarse, coarseLow, coarseHigh, fine, ...own };
}

/** xoshiro128** 1.1 in whole numbers without bound. */
function bits(state: bigint[]): number {
  const low = (v: bigint): bigint => BigInt.asUintN(32, v);
  const rotate = (v: bigint, k: bigint): bigint => low((v << k) | (low(v) >> (32n - k)));
  const result = low(rotate(low(state[1] * 5n), 7n) * 9n);
  const t = low(state[1] << 9n);
  state[2] ^= state[0];
  state[3] ^= state[1];
  state[1] ^= state[2];
  state[0] ^= state[3];
  state[2] ^= t;
  state[3] = rotate(state[3], 11n);
  return Number(result);
}

interface Node {
  feature: number;
  threshold: number;
  left: number;
  missingLeft: number;
}

interface Growth {
  readonly isDrawn: boolean;
  readonly nTry: number;
  readonly minLeaf: number;
  readonly maxDepth: number;
}

/** The same tree by looking at the values of every row for every threshold. */
function plainTree(
  x: readonly number[],
  d: number,
  y: readonly number[],
  w: readonly number[],
  usable: readonly number[],
  seed: readonly number[],
  { isDrawn, nTry, minLeaf, maxDepth }: Growth,
): Node[] {
  const state = seed.map((word) => BigInt.asUintN(32, BigInt(word)));
  const order = [...usable];
  const nodes: Node[] = [{ feature: -1, threshold: 0, left: 0, missingLeft: 0 }];
  const open = [{ rows: y.map((_, i) => i), node: 0, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { rows, node, depth } = next;
    const sum = (part: readonly number[], of: (i: number) => number): number => part.reduce((s, i) => s + of(i), 0);
    const weight = (part: readonly number[]): number => sum(part, (i) => w[i]);
    const total = weight(rows);
    const mean = sum(rows, (i) => w[i] * y[i]) / total;
    const best = { score: Number.NEGATIVE_INFINITY, feature: -1, threshold: 0, left: [] as number[], missingLeft: 0 };
    const attempt = (feature: number, threshold: number, left: readonly number[], missingLeft: number): void => {
      const [a, b] = [weight(left), total - weight(left)];
      if (a < minLeaf || b < minLeaf) return;
      const score = (sum(left, (i) => w[i] * y[i]) - a * mean) ** 2 / (a * b);
      if (score > best.score * (1 + 1e-9)) Object.assign(best, { score, feature, threshold, left, missingLeft });
    };
    const mixed = rows.some((i) => y[i] !== y[rows[0]]);
    if (mixed && depth < maxDepth && total >= 2 * minLeaf) {
      let tried = 0;
      for (let k = 0; k < order.length && tried < nTry; k++) {
        const pick = k + Math.floor((bits(state) * (order.length - k)) / 2 ** 32);
        [order[k], order[pick]] = [order[pick], order[k]];
        const feature = order[k];
        const value = (i: number): number => x[i * d + feature];
        const present = rows.filter((i) => !Number.isNaN(value(i)));
        const missing = rows.filter((i) => Number.isNaN(value(i)));
        const values = [...new Set(present.map(value))].sort((a, b) => a - b);
        if (values.length === 0 || (values.length === 1 && missing.length === 0)) continue;
        tried++;
        const [lowest, highest] = [values[0], values[values.length - 1]];
        const middles = values.slice(1).map((v, j) => values[j] + (v - values[j]) / 2);
        if (missing.length > 0) middles.push(Number.POSITIVE_INFINITY);
        let thresholds = middles;
        if (isDrawn) {
          const drawn = values.length === 1 ? highest : lowest + (bits(state) / 2 ** 32) * (highest - lowest);
          thresholds = [values.length === 1 ? Number.POSITIVE_INFINITY : drawn];
        }
        for (const threshold of thresholds) {
          const left = present.filter((i) => value(i) <= threshold);
          attempt(feature, threshold, left, 0);
          if (missing.length > 0 && threshold < Number.POSITIVE_INFINITY) {
            attempt(feature, threshold, [...left, ...missing], 1);
          }
        }
        if (!isDrawn && rows.length === 2) break;
      }
    }
    if (best.feature < 0) {
      nodes[node] = { feature: -1, threshold: mean, left: 0, missingLeft: 0 };
      continue;
    }
    const goesLeft = new Set(best.left);
    const [left, right] = [rows.filter((i) => goesLeft.has(i)), rows.filter((i) => !goesLeft.has(i))];
    const hadMissing = rows.some((i) => Number.isNaN(x[i * d + best.feature]));
    const missingLeft = hadMissing ? best.missingLeft : Number(left.length >= right.length);
    nodes[node] = { feature: best.feature, threshold: best.threshold, left: nodes.length, missingLeft };
    open.push({ rows: right, node: nodes.length + 1, depth: depth + 1 });
    open.push({ rows: left, node: nodes.length, depth: depth + 1 });
    nodes.push({ ...nodes[node] }, { ...nodes[node] });
  }
  return nodes;
}

const SEED = [11, -22, 33, -44];

function grown(columns: RankedColumns, y: readonly number[], w: readonly number[], growth: Growth): Node[] {
  return useRegressionTrees(columns, Float64Array.from(y), growth, (trees) => {
    for (const [i, value] of y.entries()) {
      trees.rows[i] = i;
      trees.pairs.set([w[i], w[i] * value], 2 * i);
    }
    trees.random.set(SEED);
    const { feature, threshold, left, missingLeft } = trees;
    return Array.from({ length: trees.grow(y.length) }, (_, k) => ({
      feature: feature[k],
      threshold: threshold[k],
      left: left[k],
      missingLeft: missingLeft[k],
    }));
  });
}

describe("useRegressionTrees", () => {
  const settings = [
    { isDrawn: true, nTry: 99, minLeaf: 1, maxDepth: Number.POSITIVE_INFINITY },
    { isDrawn: true, nTry: 4, minLeaf: 2, maxDepth: 6 },
    { isDrawn: false, nTry: 99, minLeaf: 1, maxDepth: Number.POSITIVE_INFINITY },
    { isDrawn: false, nTry: 4, minLeaf: 2, maxDepth: 6 },
  ];
  it.each(
    settings.flatMap((growth) => [
      { ...growth, gaps: 0, weighted: false },
      { ...growth, gaps: 0.15, weighted: false },
      { ...growth, gaps: 0.15, weighted: true },
    ]),
  )("grows node for node the tree that plain loops over values grow: %o", ({ gaps, weighted, ...growth }) => {
    const random = createRandom(5);
    const [n, d] = [150, 19]; // more than two blocks of columns; nodes that are sorted, binned, counted, and told by values
    const x = Array.from({ length: n * d }, (_, k) =>
      random.next() < gaps ? Number.NaN : k % d === 3 ? 1 : k % d < 7 ? random.int(5) : random.normal(),
    );
    const y = Array.from({ length: n }, (_, i) => (x[i * d + 1] || 0) + Math.round(4 * random.normal()) / 4);
    const w = Array.from({ length: n }, () => (weighted ? 0.2 + random.next() : 1));
    const columns = rank(n, d, x);
    const expected = plainTree(x, d, y, w, Array.from(columns.usable), SEED, growth);
    const found = grown(columns, y, w, growth);
    expect(found.map(({ feature, left, missingLeft }) => [feature, left, missingLeft])).toEqual(
      expected.map(({ feature, left, missingLeft }) => [feature, left, missingLeft]),
    );
    for (const [k, { threshold }] of found.entries()) {
      if (Number.isFinite(threshold)) expect(threshold).toBeCloseTo(expected[k].threshold, 12);
      else expect(threshold).toBe(expected[k].threshold);
    }
  });

  it.each([
    ["drawn", true],
    ["best", false],
  ])("splits by what counts where more rows go left than sixteen bits count: %s", (_, isDrawn) => {
    const n = 70_000;
    // A column that tells every second row, as the target does, and one that tells the fourth row from all others.
    const x = Array.from({ length: 2 * n }, (_, k) => (k % 2 === 0 ? (k / 2) % 2 : Number(k === 7)));
    const y = Array.from({ length: n }, (_, i) => 10 * (i % 2));
    const ones = y.map(() => 1);
    const [root, left, right] = grown(rank(n, 2, x), y, ones, { isDrawn, nTry: 2, minLeaf: 1, maxDepth: 1 });
    expect([root.feature, left.threshold, right.threshold]).toEqual([0, 0, 10]);
  });

  it("has a leaf for rows of one value, of one row, and without a column to split by", () => {
    const growth = { isDrawn: true, nTry: 1, minLeaf: 1, maxDepth: 9 };
    for (const isDrawn of [true, false]) {
      const leaf = (y: readonly number[], x: readonly number[]): Node[] =>
        grown(
          rank(y.length, 1, x),
          y,
          y.map(() => 1),
          { ...growth, isDrawn },
        );
      expect(leaf([2, 2, 2], [1, 2, 3])).toEqual([{ feature: -1, threshold: 2, left: 0, missingLeft: 0 }]);
      expect(leaf([7], [1])).toEqual([{ feature: -1, threshold: 7, left: 0, missingLeft: 0 }]);
      expect(leaf([1, 2], [5, 5])).toEqual([{ feature: -1, threshold: 1.5, left: 0, missingLeft: 0 }]);
    }
  });
});
