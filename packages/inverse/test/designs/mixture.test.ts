import { createRandom, type Matrix } from "@materiome/core";
import {
  boxBehnken,
  centralComposite,
  createSpace,
  designPoints,
  extremeVertices,
  fullFactorial,
  haltonDesign,
  latinHypercubeDesign,
  simplexCentroid,
  simplexLattice,
  spaceFillingDesign,
} from "@materiome/inverse";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const rowsOf = ({ data, rows, columns }: Matrix): number[][] =>
  Array.from({ length: rows }, (_, i) => Array.from(data.subarray(i * columns, (i + 1) * columns)));

describe("mixture designs", () => {
  it("have the runs of Scheffé's tables", () => {
    expect(simplexLattice(3, 2).runs.rows).toBe(6);
    expect(simplexLattice(4, 3).runs.rows).toBe(20);
    expect(simplexCentroid(3).runs.rows).toBe(7);
    expect(simplexCentroid(4).runs.rows).toBe(15);
    expect(rowsOf(simplexCentroid(3).runs).at(-1)).toEqual([1 / 3, 1 / 3, 1 / 3]);
    for (const row of rowsOf(simplexCentroid(5).runs)) expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
  });

  it("find the eight vertices of McLean & Anderson's flare: Mg, NaNO₃, SrNO₃, binder", () => {
    const [low, high] = [
      [0.4, 0.1, 0.1, 0.03],
      [0.6, 0.5, 0.5, 0.08],
    ];
    const design = extremeVertices(low, high, { centroids: "none" });
    // All there are: three amounts at a bound, where the fourth lies within its own.
    const expected = low.flatMap((_, free) =>
      Array.from({ length: 8 }, (_, bits) => {
        let bit = 0;
        const row = low.map((least, j) => (j === free ? 0 : (bits >> bit++) & 1 ? (high[j] as number) : least));
        row[free] = 1 - row.reduce((a, b) => a + b, 0);
        return row;
      }).filter(
        (row) => (row[free] as number) >= (low[free] as number) && (row[free] as number) <= (high[free] as number),
      ),
    );
    expect(expected).toHaveLength(8);
    const text = (row: readonly number[]): string => row.map((x) => x.toFixed(4)).join();
    expect(rowsOf(design.runs).map(text).sort()).toEqual(expected.map(text).sort());
    // Six faces, so twelve edges (Euler: 8 − 12 + 6 = 2), and the whole.
    const all = extremeVertices(low, high, { centroids: "faces" });
    expect(all.runs.rows).toBe(8 + 12 + 6 + 1);
  });

  it("stay within bounds and add up, whatever the bounds", () => {
    const bounds = fc.array(
      fc.tuple(fc.double({ min: 0, max: 0.3, noNaN: true }), fc.double({ min: 0.3, max: 1, noNaN: true })),
      {
        minLength: 3,
        maxLength: 5,
      },
    );
    fc.assert(
      fc.property(bounds, (pairs) => {
        const low = pairs.map(([l]) => l / pairs.length);
        const high = pairs.map(([, u]) => u);
        fc.pre(high.reduce((a, b) => a + b, 0) >= 1.01);
        for (const row of rowsOf(extremeVertices(low, high, { centroids: "faces" }).runs)) {
          expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
          row.forEach((x, j) => {
            expect(x).toBeGreaterThanOrEqual((low[j] as number) - 1e-9);
            expect(x).toBeLessThanOrEqual((high[j] as number) + 1e-9);
          });
        }
      }),
      { seed: 1, numRuns: 40 },
    );
    expect(() => extremeVertices([0.5, 0.4, 0.3], [0.6, 0.7, 0.5])).toThrow(
      "lower ones add up to 1.2, upper ones to 1.8,",
    );
    expect(() => extremeVertices([0.5, 0], [0.4, 0.8])).toThrow(/0 ≤ lower ≤ upper/);
  });
});

describe("designs of the cube", () => {
  it("give each factor of a Latin hypercube evenly spaced values once, the nearest runs apart", () => {
    const nearest = (runs: Matrix): number => {
      const rows = rowsOf(runs);
      return Math.min(
        ...rows.flatMap((a, i) => rows.slice(i + 1).map((b) => Math.hypot(...a.map((x, j) => x - (b[j] as number))))),
      );
    };
    const { runs } = latinHypercubeDesign(12, 2, createRandom(1));
    for (let j = 0; j < 2; j++) {
      const column = rowsOf(runs).map((row) => Math.round((row[j] as number) * 12 - 0.5));
      expect(column.sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i));
    }
    // The best there is has √13/12 = 0.30 (12 points with squared distances of 13 exist, with 16 none: searched exhaustively in Python).
    expect(nearest(runs)).toBeGreaterThanOrEqual(Math.sqrt(8) / 12);
    expect(nearest(runs)).toBeGreaterThan(nearest(latinHypercubeDesign(12, 2, createRandom(1), { exchanges: 0 }).runs));
  });

  it("put the first b^k Halton points into b^k equal slices", () => {
    const { runs } = haltonDesign(27, 3, createRandom(1));
    for (const [j, base] of [2, 3, 5].entries()) {
      const n = base === 2 ? 16 : base === 3 ? 27 : 25;
      const slices = rowsOf(runs)
        .slice(0, n)
        .map((row) => Math.floor((row[j] as number) * n));
      expect(new Set(slices).size).toBe(n);
    }
  });
});

describe("designPoints", () => {
  const number = (name: string, min: number, max: number, more = {}) =>
    ({ kind: "continuous", name, role: "process", unit: "degC", min, max, scale: "linear", ...more }) as const;

  it("puts coded units between the bounds, on scale and grid, and categories in order", () => {
    const space = createSpace({
      variables: [
        number("T", 800, 1000, { step: 10 }),
        number("t", 1, 100, { scale: "log" }),
        {
          kind: "category",
          name: "bath",
          role: "process",
          unit: "",
          columnKind: "category",
          levels: ["air", "oil", "water"],
        },
      ],
      fixed: [],
      sums: [],
    });
    const points = designPoints(space, fullFactorial([3, 3, 3])).map((point) => [...point]);
    expect(points).toHaveLength(27);
    expect(points[0]).toEqual([800, 1, 0]);
    const middle = points[13] as number[];
    expect(middle[0]).toBe(900);
    expect(middle[1]).toBeCloseTo(10, 9);
    expect(middle[2]).toBe(1);
    const held = designPoints(space, fullFactorial([2, 2]), {
      variables: ["t", "T"],
      centre: Float64Array.of(900, 10, 2),
    });
    expect(held.map((p) => [...p])[1]).toEqual([800, 100, 2]);
    expect(() => designPoints(space, boxBehnken(4))).toThrow(/4 factors, got 3 variables/);
  });

  it("refuses axial points beyond the bounds, or inscribes them", () => {
    const space = createSpace({ variables: [number("a", 0, 1), number("b", 0, 1)], fixed: [], sums: [] });
    expect(() => designPoints(space, centralComposite(2))).toThrow(/1\.414 times the bounds/);
    const points = designPoints(space, centralComposite(2), { beyond: "inscribe" });
    expect(Math.max(...points.flatMap((p) => [...p]))).toBeCloseTo(1, 12);
    expect(points[0]?.[0]).toBeCloseTo(0.5 - 0.5 / Math.SQRT2, 12);
  });

  it("gives proportions their share of the total, and names runs that the space forbids", () => {
    const share = (name: string, max: number) =>
      ({ kind: "continuous", name, role: "composition", unit: "%", min: 0, max, scale: "linear" }) as const;
    const sums = [{ columns: ["A", "B", "C"], total: 60, tolerance: 1e-9 }];
    const space = createSpace({ variables: [share("A", 60), share("B", 60), share("C", 60)], fixed: [], sums });
    expect(designPoints(space, simplexLattice(3, 2)).map((p) => p.reduce((a, b) => a + b, 0))).toEqual(
      new Array(6).fill(60),
    );
    const narrow = createSpace({ variables: [share("A", 60), share("B", 60), share("C", 20)], fixed: [], sums });
    expect(() => designPoints(narrow, simplexLattice(3, 2))).toThrow(/does not allow run 0/);
    const open = createSpace({ variables: [share("A", 60), share("B", 60), share("C", 60)], fixed: [], sums: [] });
    expect(() => designPoints(open, simplexLattice(3, 2))).toThrow(/no sum of the space/);
  });
});

describe("spaceFillingDesign", () => {
  it("keeps points apart inside constraints, and away from those already tried", () => {
    const axis = (name: string) =>
      ({ kind: "continuous", name, role: "process", unit: "", min: 0, max: 1, scale: "linear" }) as const;
    const space = createSpace({
      variables: [axis("a"), axis("b")],
      fixed: [],
      sums: [],
      constraints: [
        {
          kind: "linear",
          terms: [
            { name: "a", coefficient: 1 },
            { name: "b", coefficient: 1 },
          ],
          max: 1,
        },
      ],
    });
    const nearest = (points: readonly Float64Array[]): number =>
      Math.min(
        ...points.flatMap((p, i) =>
          points
            .slice(i + 1)
            .map((q) => Math.hypot((p[0] as number) - (q[0] as number), (p[1] as number) - (q[1] as number))),
        ),
      );
    const points = spaceFillingDesign(space, 6, { random: createRandom(1) });
    for (const [a = 0, b = 0] of points) expect(a + b).toBeLessThanOrEqual(1 + 1e-9);
    // Six points of a right triangle: corners and middles of sides are ½ apart.
    expect(nearest(points)).toBeGreaterThan(0.42);
    const more = spaceFillingDesign(space, 3, { random: createRandom(2), existing: points });
    expect(nearest([...points, ...more])).toBeGreaterThan(0.2);
  });

  it("gives what a finite space has", () => {
    const level = { kind: "integer", name: "n", role: "process", unit: "", min: 1, max: 3 } as const;
    const space = createSpace({ variables: [level], fixed: [], sums: [] });
    expect(
      spaceFillingDesign(space, 5, { random: createRandom(1) })
        .map((p) => p[0])
        .sort(),
    ).toEqual([1, 2, 3]);
  });
});
