import { createRandom } from "@materiome/core";
import { FEATURE_KIND, MOST_SAMPLES, SPLIT, tileCodes, useHistogramTrees } from "@materiome/core/numerics";
import { describe, expect, it } from "vitest";
import { boostingWasm } from "../../../src/numerics/wasm/boosting.wasm.ts";
import { createWasmEngine, type WasmExports } from "../../../src/numerics/wasm/wasmEngine.ts";

const N = 9001; // more than two blocks
const D = 11; // more than a tile

function samples(seed: number): {
  readonly columns: Uint8Array;
  readonly nBins: Int32Array;
  readonly g: Float64Array;
  readonly h: Float64Array;
} {
  const random = createRandom(seed);
  const nBins = Int32Array.from({ length: D }, (_, f) => [255, 2, 40, 1][f % 4]);
  const columns = Uint8Array.from({ length: N * D }, (_, k) => random.int(nBins[Math.floor(k / N)]));
  const g = Float64Array.from({ length: N }, (_, i) => random.normal() + 0.02 * columns[i] + columns[2 * N + i] / 40);
  const h = Float64Array.from({ length: N }, () => 0.25 * random.next());
  return { columns, nBins, g, h };
}

interface Best {
  gain: number;
  feature: number;
  code: number;
  left: number[];
}

/** The best split of some rows by adding up from the start for every cut. */
function plainSplit(
  { columns, nBins, g, h }: ReturnType<typeof samples>,
  rows: readonly number[],
  l2: number,
  minLeaf: number,
): Best {
  const best: Best = { gain: 0, feature: -1, code: 0, left: [] };
  const total = (of: Float64Array): number => rows.reduce((sum, i) => sum + of[i], 0);
  const [allG, allH] = [total(g), total(h)];
  for (let f = 0; f < D; f++) {
    const sums = Array.from({ length: nBins[f] }, () => [0, 0, 0]);
    for (const i of rows) {
      const bin = sums[columns[f * N + i]];
      bin[0] += g[i];
      bin[1] += h[i];
      bin[2]++;
    }
    const left = [0, 0, 0];
    for (const [code, bin] of sums.entries()) {
      for (let k = 0; k < 3; k++) left[k] += bin[k];
      if (bin[2] === 0 || left[2] < minLeaf || rows.length - left[2] < minLeaf) continue;
      const rightG = allG - left[0];
      const gain = left[0] ** 2 / (left[1] + l2) + rightG ** 2 / (allH - left[1] + l2) - allG ** 2 / (allH + l2);
      if (gain > best.gain + 1e-9) Object.assign(best, { gain, feature: f, code, left: [...left] });
    }
  }
  return best;
}

describe("useHistogramTrees", () => {
  const data = samples(1);
  const { columns, nBins, g, h } = data;
  const codes = new Uint8Array(N * 16);
  tileCodes(
    N,
    columns,
    Int32Array.from({ length: D }, (_, f) => f),
    codes,
  );
  const sumOf = (values: Float64Array): number => values.reduce((sum, v) => sum + Math.abs(v), 0);
  const grow = <Result>(job: Parameters<typeof useHistogramTrees<Result>>[2]): Result =>
    useHistogramTrees({ n: N, codes, nBins }, 4, (trees) => {
      trees.gradients.set(g);
      trees.hessians.set(h);
      for (let i = 0; i < N; i++) trees.rows[i] = i;
      trees.quantise(sumOf(g), sumOf(h));
      return job(trees);
    });

  it("lays codes out sample by sample, filled up to whole tiles", () => {
    expect(Array.from(codes.subarray(16 * 77, 16 * 78))).toEqual(
      Array.from({ length: 16 }, (_, f) => (f < D ? columns[f * N + 77] : 0)),
    );
    const out = new Uint8Array(16);
    tileCodes(2, Uint8Array.of(1, 2, 3, 4, 5, 6), Int32Array.of(2, 0), out);
    expect(Array.from(out)).toEqual([5, 1, 0, 0, 0, 0, 0, 0, 6, 2, 0, 0, 0, 0, 0, 0]);
  });

  it.each([
    [0, 1],
    [1, 30],
    [0.3, 4400],
  ])("finds the best cut of all, with its sums: l2 %d, at least %d samples", (l2, minLeaf) => {
    const expected = plainSplit(data, Array.from(g.keys()), l2, minLeaf);
    expect(expected.feature).toBeGreaterThanOrEqual(0);
    grow(({ build, findSplit, split }) => {
      build(0, N, 1);
      findSplit(1, D, l2, minLeaf, 0);
      expect([split[SPLIT.feature], split[SPLIT.code]]).toEqual([expected.feature, expected.code]);
      expect(split[SPLIT.gain] / expected.gain).toBeCloseTo(1, 8);
      expect(split[SPLIT.leftGradient]).toBeCloseTo(expected.left[0], 6);
      expect(split[SPLIT.leftHessian]).toBeCloseTo(expected.left[1], 6);
      expect(split[SPLIT.leftCount]).toBe(expected.left[2]);
      expect(split[SPLIT.gradient]).toBeCloseTo(
        g.reduce((a, b) => a + b),
        6,
      );
      expect(split[SPLIT.hessian]).toBeCloseTo(
        h.reduce((a, b) => a + b),
        6,
      );
    });
  });

  it("parts samples in their order, and what is left of the parent's histogram is the sibling's", () => {
    grow(({ build, findSplit, partition, rows, split }) => {
      build(0, N, 0);
      const middle = partition(0, N, 2, 12);
      const goesLeft = (i: number): boolean => columns[2 * N + i] <= 12;
      const all = Array.from(g.keys());
      expect(Array.from(rows)).toEqual([...all.filter(goesLeft), ...all.filter((i) => !goesLeft(i))]);
      build(0, middle, 2, 0);
      const find = (slot: number): number[] => {
        findSplit(slot, D, 1, 20, 1e-3);
        return Array.from(split);
      };
      const [left, right] = [find(2), find(0)];
      build(middle, N, 1);
      expect(find(1)).toEqual(right);
      const expected = [
        plainSplit(data, all.filter(goesLeft), 1, 20),
        plainSplit(
          data,
          all.filter((i) => !goesLeft(i)),
          1,
          20,
        ),
      ];
      expect([left, right].map((found) => [found[SPLIT.feature], found[SPLIT.code]])).toEqual(
        expected.map(({ feature, code }) => [feature, code]),
      );
      // The same in any order of the samples: sums are whole numbers.
      rows.subarray(middle).reverse();
      build(middle, N, 3);
      expect(find(3)).toEqual(right);
    });
  });

  // Histograms by hand: so many samples would fill 800 MB.
  it.each([2 ** 23 - 1, 2 ** 23, MOST_SAMPLES])("cuts nodes of up to the most samples it takes: %d", (n) => {
    interface Kernel extends WasmExports {
      findSplit(...numbers: number[]): void;
    }
    const counts = [5, Math.floor(n / 2) - 5, n - Math.floor(n / 2) - 7, 7];
    const gradients = [50n, -3_000_000n, 2_000_000n, 70n];
    const cuts = createWasmEngine<Kernel>(boostingWasm).use("test", [1, 1, 512, 10], (wasm, addresses, view) => {
      const [features = 0, nBins = 0, histogram = 0, split = 0] = addresses;
      const unbounded = [1, 0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0];
      new Int32Array(view(features, 1).buffer, nBins, 1)[0] = 4;
      const words = new BigInt64Array(view(features, 1).buffer, histogram, 512).fill(0n);
      for (const [code, count] of counts.entries()) {
        words[2 * code] = gradients[code];
        words[2 * code + 1] = BigInt.asIntN(64, (BigInt(count) << 40n) | BigInt(3 * count)); // hessians of 3
      }
      return [1, 6, Math.floor(n / 2), Math.ceil(n / 2) + 1].map((minLeaf) => {
        wasm.findSplit(1, features, 1, nBins, 0, histogram, 1, 1, 0, minLeaf, 0, ...unbounded, split, 0, 0, 0, 0, 0, 0);
        return Array.from(view(split, 8));
      });
    });
    const [first, , half, none] = cuts;
    const expected = [1, Number(gradients[0] + gradients[1]), 3 * Math.floor(n / 2), Math.floor(n / 2)];
    for (const cut of [first, cuts[1], half]) {
      expect(cut[SPLIT.gain]).toBeGreaterThan(0);
      expect(cut.slice(SPLIT.code, SPLIT.leftCount + 1)).toEqual(expected);
      expect(cut.slice(SPLIT.gradient, SPLIT.hessian + 1)).toEqual([-999_880, 3 * n]);
    }
    expect(none[SPLIT.gain]).toBe(0);
  });

  it("finds the same from the samples of a node as from its histogram, with gaps and categories too", () => {
    const random = createRandom(3);
    const kinds = Int32Array.of(...[FEATURE_KIND.missing, 0, FEATURE_KIND.missing | FEATURE_KIND.categorical, 0]);
    const own = Int32Array.of(200, 7, 30, 1);
    const tiled = new Uint8Array(8 * N);
    for (let i = 0; i < N; i++) {
      for (let f = 0; f < 4; f++) {
        tiled[8 * i + f] = (kinds[f] & FEATURE_KIND.missing) !== 0 && random.int(9) === 0 ? 255 : random.int(own[f]);
      }
    }
    useHistogramTrees({ n: N, codes: tiled, nBins: own, kinds }, 2, (trees) => {
      const { build, findSplit, partition, rows, sides, split } = trees;
      trees.gradients.set(g.map((value, i) => value + 0.3 * Math.sin(tiled[8 * i + 2])));
      trees.hessians.set(h);
      for (let i = 0; i < N; i++) rows[i] = i;
      trees.quantise(2 * sumOf(g) + N, sumOf(h));
      const middle = partition(0, N, 0, 90, true);
      const found = new Set<number>();
      for (const [start, end] of [
        [0, N],
        [0, middle],
        [middle, N],
        [middle, middle + 40],
        [7, 9],
        [7, 8],
        // Fewer samples than the first feature has codes: those without samples are skipped.
        ...Array.from({ length: 40 }, (_, k) => [100 * k, 100 * k + 1 + random.int(205)]),
      ]) {
        build(start, end, 1);
        for (const [nTry, bounds] of [[1], [4], [4, { lower: -0.3, upper: 0.2 }]] as const) {
          findSplit(1, nTry, 0.5, 1, 0, 1, bounds);
          const [expected, expectedSides] = [Array.from(split), Array.from(sides)];
          split.fill(Number.NaN);
          sides.fill(9);
          findSplit({ start, end }, nTry, 0.5, 1, 0, 1, bounds);
          expect(Array.from(split)).toEqual(expected);
          if (expected[SPLIT.feature] === 2) expect(Array.from(sides)).toEqual(expectedSides);
          found.add(expected[SPLIT.feature]);
        }
      }
      expect(found).toEqual(new Set([0, 2, -1]));
    });
  });

  it("tries columns in the order given until enough were not constant", () => {
    grow(({ build, features, findSplit, split }) => {
      build(0, N, 0);
      features.set([3, 7, 1, 0, 2, 4, 5, 6, 8, 9, 10]); // 3 and 7 have one value
      findSplit(0, 1, 0, 1, 0);
      expect(split[SPLIT.feature]).toBe(1);
      findSplit(0, 2, 0, 1, 0);
      expect(split[SPLIT.feature]).toBe(0);
    });
  });

  it("finds none in a node that is constant, too small, or has no hessian to speak of", () => {
    grow(({ build, findSplit, partition, split }) => {
      build(0, 9, 0);
      findSplit(0, D, 0, 5, 0);
      expect(split[SPLIT.gain]).toBe(0);
      findSplit(0, D, 0, 1, 2);
      expect(split[SPLIT.gain]).toBe(0);
      build(4, 5, 1);
      findSplit(1, D, 1, 1, 0);
      expect(Array.from(split.subarray(0, 3))).toEqual([0, -1, 0]);
      expect(partition(5, 5, 0, 3)).toBe(5);
    });
  });
});
