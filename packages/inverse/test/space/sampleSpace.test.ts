import { createRandom } from "@materiome/core";
import { chiSquareCdf, regularisedBeta } from "@materiome/core/numerics";
import { type Constraint, type Point, sampleSpace, violationsOf } from "@materiome/inverse";
import { describe, expect, it } from "vitest";
import { choice, number, numbers, space, sumOf } from "./spaces.ts";

const random = () => createRandom(1);
const valuesOf = (points: readonly Point[], j: number): number[] => points.map((point) => point[j] as number);

/** Largest distance of the empirical distribution from `cdf`, times √n: above 1.63 in 1 % of all cases (Kolmogorov). */
function kolmogorov(values: readonly number[], cdf: (x: number) => number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  return Math.sqrt(n) * Math.max(...sorted.map((x, i) => Math.max(cdf(x) - i / n, (i + 1) / n - cdf(x))));
}

/** P of counts at least as uneven under equal shares. */
function evenness(counts: Iterable<number>, nCells: number): number {
  const seen = [...counts];
  const n = seen.reduce((a, b) => a + b, 0);
  const expected = n / nCells;
  const unseen = (nCells - seen.length) * expected;
  return (
    1 -
    chiSquareCdf(
      seen.reduce((sum, count) => sum + (count - expected) ** 2 / expected, unseen),
      nCells - 1,
    )
  );
}

function countOf<T>(values: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

describe("sampleSpace is uniform", () => {
  it("in a simplex: marginals are Beta(1, n − 1)", () => {
    const points = sampleSpace(space(numbers(6, 0, 1), { sums: [sumOf(6, 1)] }), 3000, random());
    for (const j of [0, 5]) expect(kolmogorov(valuesOf(points, j), (x) => regularisedBeta(x, 1, 5))).toBeLessThan(1.63);
  });

  it("in a simplex cut by boxes, which a walk must sample", () => {
    // Irwin–Hall: the density of x0 is ∝ the volume of the others that sum to 1 − x0, each at most u.
    const [n, u] = [10, 0.15];
    const binomial = (k: number): number => (k === 0 ? 1 : (binomial(k - 1) * (n - k)) / k);
    const volume = (s: number): number => {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += (-1) ** k * binomial(k) * Math.max(0, s - k * u) ** (n - 1);
      return sum;
    };
    // ∫ of s^(n−2) terms from 1 − x to 1 gives s^(n−1): P(x0 ≤ x) = (V(1) − V(1 − x)) / (V(1) − V(1 − u)).
    const cdf = (x: number): number => (volume(1) - volume(1 - x)) / (volume(1) - volume(1 - u));
    const points = sampleSpace(space(numbers(n, 0, u), { sums: [sumOf(n, 1)] }), 1500, random());
    for (const j of [0, 4, 9]) expect(kolmogorov(valuesOf(points, j), cdf)).toBeLessThan(1.63);
  });

  it("under an order of 50 variables: order statistics, Beta(i, 51 − i)", () => {
    const constraints = Array.from(
      { length: 49 },
      (_, i): Constraint => ({ kind: "order", below: `x${i}`, above: `x${i + 1}` }),
    );
    const points = sampleSpace(space(numbers(50, 0, 1), { constraints }), 60, random());
    for (const j of [0, 24, 49]) {
      expect(kolmogorov(valuesOf(points, j), (x) => regularisedBeta(x, j + 1, 50 - j))).toBeLessThan(1.63);
    }
  });

  it("along a needle of 12 variables that differ by at most 1e-4", () => {
    const constraints = Array.from(
      { length: 11 },
      (_, i): Constraint => ({
        kind: "linear",
        terms: [
          { name: `x${i}`, coefficient: 1 },
          { name: `x${i + 1}`, coefficient: -1 },
        ],
        min: -1e-4,
        max: 1e-4,
      }),
    );
    const points = sampleSpace(space(numbers(12, 0, 1), { constraints }), 500, random());
    for (const j of [0, 11]) expect(kolmogorov(valuesOf(points, j), (x) => x)).toBeLessThan(1.63);
  });

  it("on a grid of compositions, each as often, and they add up exactly", () => {
    // 0, 0.1, … 0.5 of three amounts that make 1: 21 of them.
    const points = sampleSpace(space(numbers(3, 0, 0.5, { step: 0.1 }), { sums: [sumOf(3, 1)] }), 4000, random());
    expect(evenness(countOf(points.map((p) => p.join())).values(), 21)).toBeGreaterThan(0.01);
    const fine = sampleSpace(space(numbers(8, 0, 100, { step: 0.1 }), { sums: [sumOf(8, 100)] }), 200, random());
    for (const p of fine) {
      expect(p.reduce((sum, x) => sum + Math.round(10 * x), 0)).toBe(1000);
      for (const x of p) expect(Number(x.toFixed(1))).toBe(x);
    }
  });

  it("on a thin grid that only a walk finds, rounding included", () => {
    // Of 0 … 1 in steps of 0.02, three numbers at most one step apart from each other in turn, and 20 more that are free.
    const constraints: Constraint[] = Array.from({ length: 5 }, (_, i) => ({
      kind: "linear",
      terms: [
        { name: `x${i}`, coefficient: 1 },
        { name: `x${i + 1}`, coefficient: -1 },
      ],
      min: -0.021,
      max: 0.021,
    }));
    const points = sampleSpace(space(numbers(6, 0, 0.2, { step: 0.02 }), { constraints }), 1500, random());
    // Exact shares of the middle variable by counting paths of six values 0 … 10 whose steps are −1, 0 or 1.
    const step = (ways: number[]): number[] => ways.map((w, k) => w + (ways[k - 1] ?? 0) + (ways[k + 1] ?? 0));
    const ones = new Array<number>(11).fill(1);
    const weights = step(step(ones)).map((w, k) => w * (step(step(step(ones)))[k] as number));
    const total = weights.reduce((a, b) => a + b, 0);
    const counts = countOf(points.map((p) => Math.round((p[2] as number) / 0.02)));
    const chi = weights.reduce((sum, w, k) => {
      const expected = (1500 * w) / total;
      return sum + ((counts.get(k) ?? 0) - expected) ** 2 / expected;
    }, 0);
    expect(1 - chiSquareCdf(chi, 10)).toBeGreaterThan(0.01);
  });

  it("on logarithmic scales under a linear limit: as what rejection keeps of log-uniform numbers", () => {
    const [n, least, limit] = [6, 1e-4, 0.006];
    const terms = sumOf(n, 1).columns.map((name) => ({ name, coefficient: 1 }));
    const constraints: Constraint[] = [{ kind: "linear", terms, max: limit }];
    const walked = sampleSpace(space(numbers(n, least, 1, { scale: "log" }), { constraints }), 500, random());
    const stream = createRandom(2);
    const kept: number[] = [];
    while (kept.length < 500) {
      const x = Array.from({ length: n }, () => least ** (1 - stream.next()));
      if (x.reduce((sum, value) => sum + value, 0) <= limit) kept.push(x[0] as number);
    }
    kept.sort((x, y) => x - y);
    const below = (x: number): number => kept.findIndex((value) => value > x);
    const share = (x: number): number => (below(x) < 0 ? 1 : below(x) / kept.length);
    // Two samples of one size: the statistic of one against the other is √2 times larger.
    for (const j of [0, 5]) expect(kolmogorov(valuesOf(walked, j), share)).toBeLessThan(1.63 * Math.SQRT2);
  });

  it("over selections of three of six components, none below 5 %", () => {
    const names = sumOf(6, 1).columns;
    const alloys = space(numbers(6, 0, 1), {
      sums: [sumOf(6, 1)],
      constraints: [{ kind: "presence", names, max: 3, least: 0.05 }],
    });
    const points = sampleSpace(alloys, 2000, random());
    const selections = points.map((p) => names.filter((_, j) => (p[j] as number) > 0).join());
    expect(evenness(countOf(selections).values(), 20)).toBeGreaterThan(0.01);
    const present = points.flatMap((p) => [...p].filter((x) => x > 0));
    expect(present).toHaveLength(6000);
    // 0.05 + 0.85 · Beta(1, 2)
    const thirds = points.map((p) => [...p].find((x) => x > 0) as number);
    expect(kolmogorov(thirds, (x) => regularisedBeta((x - 0.05) / 0.85, 1, 2))).toBeLessThan(1.63);
  });

  it("over categories, with variables that exist for some of them only", () => {
    const heat = space([
      choice("route", ["as cast", "quenched", "aged"]),
      choice("medium", ["oil", "water"], { when: { name: "route", in: ["quenched"] } }),
      number("bath", 20, 80, { when: { name: "medium", in: ["oil"] } }),
    ]);
    const points = sampleSpace(heat, 3000, random());
    expect(evenness(countOf(valuesOf(points, 0)).values(), 3)).toBeGreaterThan(0.01);
    for (const [route, medium, bath] of points) {
      expect(Number.isNaN(medium as number)).toBe(route !== 1);
      expect(Number.isNaN(bath as number)).toBe(!(route === 1 && medium === 0));
    }
    const baths = valuesOf(points, 2).filter((x) => !Number.isNaN(x));
    expect(kolmogorov(baths, (x) => (x - 20) / 60)).toBeLessThan(1.63);
  });

  it("where forbidden combinations and expressions cut pieces away", () => {
    const cut = space([number("x", 0, 1, { unit: "mm" }), number("y", 0, 1, { unit: "mm" }), choice("c", ["a", "b"])], {
      constraints: [
        { kind: "expression", text: "x^2 + y^2", max: 1, unit: "mm2" },
        {
          kind: "forbidden",
          when: [
            { name: "c", in: ["b"] },
            { name: "x", min: 0.5 },
          ],
        },
      ],
    });
    const points = sampleSpace(cut, 1000, random());
    const inA = points.filter(([, , c]) => c === 0);
    expect(
      kolmogorov(
        inA.map(([x, y]) => (x as number) ** 2 + (y as number) ** 2),
        (r2) => r2,
      ),
    ).toBeLessThan(1.63);
    expect(points.every(([x, , c]) => c === 0 || (x as number) < 0.5)).toBe(true);
    // Quarter disc against its part left of 0.5: π/4 to (√3/8 + π/12).
    const share = Math.PI / 4 / (Math.PI / 4 + Math.sqrt(3) / 8 + Math.PI / 12);
    expect(Math.abs(inA.length / 1000 - share)).toBeLessThan(2.6 * Math.sqrt((share * (1 - share)) / 1000));
  });
});

describe("sampleSpace", () => {
  it("gives the same points for the same seed, and none that violates anything", () => {
    const mixed = space(
      [...numbers(5, 0, 40, { step: 0.5 }), number("T", 500, 900, { step: 10 }), choice("gas", ["Ar", "N2"])],
      {
        sums: [{ ...sumOf(5, 100) }],
        constraints: [
          { kind: "ratio", numerator: "x0", denominator: "x1", min: 0.5, max: 0.8 },
          {
            kind: "linear",
            terms: [
              { name: "x2", coefficient: 2 },
              { name: "T", coefficient: 0.05 },
            ],
            max: 60,
          },
        ],
      },
    );
    const points = sampleSpace(mixed, 100, random());
    expect(points).toEqual(sampleSpace(mixed, 100, random()));
    for (const point of points) expect(violationsOf(mixed, point)).toEqual([]);
  });

  it("keeps held values, and gives the rest of a sum to the others", () => {
    const shares = space(numbers(5, 0, 1, { step: 0.05 }), {
      sums: [sumOf(5, 1)],
      constraints: [{ kind: "presence", names: sumOf(5, 1).columns, max: 3 }],
    });
    for (const point of sampleSpace(shares, 100, random(), { held: new Map([[1, 0.35]]) })) {
      expect(point[1]).toBe(0.35);
      expect(violationsOf(shares, point)).toEqual([]);
    }
  });

  it("says what is broken where nothing is found", () => {
    const none = space([number("x", 0, 1), number("y", 0, 1)], {
      constraints: [{ kind: "expression", text: "x * y", min: 2 }],
    });
    expect(() => sampleSpace(none, 1, random())).toThrow(
      /no point found in 20\d\d\d tries; broken were x \* y \(100 %/,
    );
    expect(() => sampleSpace(none, -1, random())).toThrow("n must be a whole number");
  });
});
