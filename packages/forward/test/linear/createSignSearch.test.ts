import { createRandom } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { createSignSearch } from "../../src/linear/createSignSearch.ts";

const P = 24;

/** G and c of standardised features: amounts, sums of them as descriptors are, one that is there twice; fewer rows than features. */
function problem(seed: number): { readonly gram: Float64Array; readonly pull: Float64Array } {
  const random = createRandom(seed);
  const n = 20;
  const columns = Array.from({ length: 6 }, () => Array.from({ length: n }, () => random.normal()));
  while (columns.length < P - 1) {
    const shares = Array.from({ length: 6 }, () => random.normal());
    const noise = columns.length % 3 === 0 ? 0 : 0.01;
    columns.push(
      Array.from(
        { length: n },
        (_, i) => shares.reduce((sum, s, k) => sum + s * columns[k]![i]!, 0) + noise * random.normal(),
      ),
    );
  }
  columns.push([...columns[0]!]);
  const standard = (values: readonly number[]): number[] => {
    const mean = values.reduce((sum, v) => sum + v, 0) / n;
    const std = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / n);
    return values.map((v) => (v - mean) / std);
  };
  const z = columns.map(standard);
  const y = standard(
    Array.from({ length: n }, (_, i) => 2 * z[0]![i]! - z[3]![i]! + z[9]![i]! + 0.3 * random.normal()),
  );
  const product = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, v, i) => sum + v * b[i]!, 0) / n;
  return {
    gram: Float64Array.from(z.flatMap((a) => z.map((b) => product(a, b)))),
    pull: Float64Array.from(z, (a) => product(a, y)),
  };
}

/** How far the conditions for the minimum are from being met. */
function violation({ gram, pull }: ReturnType<typeof problem>, l1: number, l2: number, w: Float64Array): number {
  return Math.max(
    ...w.map((own, j) => {
      const slope = pull[j]! - w.reduce((sum, v, k) => sum + gram[j * P + k]! * v, 0) - l2 * own;
      return own === 0 ? Math.max(0, Math.abs(slope) - l1) : Math.abs(slope - l1 * Math.sign(own));
    }),
  );
}

describe("createSignSearch", () => {
  it.each([1, 2, 3, 4, 5])(
    "meets the conditions for the minimum along a path, with features that others tell: problem %d",
    (seed) => {
      const given = problem(seed);
      const most = Math.max(...given.pull.map(Math.abs));
      const search = createSignSearch(given.gram, given.pull);
      for (const ratio of [1, 0.5, 0.1]) {
        const w = new Float64Array(P);
        for (let k = 0; k < 30; k++) {
          const lambda = (most / ratio) * 1e-4 ** (k / 29);
          expect(search(lambda * ratio, lambda * (1 - ratio), w)).toBe(true);
          expect(violation(given, lambda * ratio, lambda * (1 - ratio), w)).toBeLessThan(2e-9);
          if (k === 0) expect(Array.from(w)).toEqual(Array(P).fill(0));
        }
        expect(w.some((value) => value !== 0)).toBe(true);
      }
    },
  );

  it("comes to the same from anywhere, and with l2 gives features that are there twice the same", () => {
    const given = problem(7);
    const search = createSignSearch(given.gram, given.pull);
    const from = (w: Float64Array): number[] => {
      expect(search(0.03, 0.02, w)).toBe(true);
      return Array.from(w);
    };
    const minimum = from(new Float64Array(P));
    expect(minimum[0]).not.toBe(0);
    expect(minimum[P - 1]).toBeCloseTo(minimum[0]!, 9);
    const random = createRandom(1);
    for (let repeat = 0; repeat < 5; repeat++) {
      const again = from(Float64Array.from({ length: P }, () => 3 * random.normal()));
      for (const [j, value] of again.entries()) expect(value).toBeCloseTo(minimum[j]!, 8);
    }
  });

  it("without penalties solves the linear system, whose signs are not known beforehand", () => {
    const gram = Float64Array.of(1, 0.9, 0.9, 1);
    const w = new Float64Array(2);
    expect(createSignSearch(gram, Float64Array.of(0.5, 0.2))(0, 0, w)).toBe(true);
    expect(w[0]).toBeCloseTo((0.5 - 0.9 * 0.2) / 0.19, 6);
    expect(w[1]).toBeCloseTo((0.2 - 0.9 * 0.5) / 0.19, 6);
  });
});
