import { createMatrix, createRandom, type Matrix } from "@materiome/core";
import { createSpace, evolveFront, hypervolume, type Point, paretoFront } from "@materiome/inverse";
import { describe, expect, it } from "vitest";
import { isAllowedPoint } from "../../src/space/violations.ts";

const axis = (name: string, min = 0, max = 1) =>
  ({ kind: "continuous", name, role: "process", unit: "", min, max, scale: "linear" }) as const;
const cube = (d: number) =>
  createSpace({ variables: Array.from({ length: d }, (_, j) => axis(`x${j}`)), fixed: [], sums: [] });
const table = (rows: readonly (readonly number[])[]): Matrix =>
  createMatrix(rows.length, rows[0]?.length ?? 0, Float64Array.from(rows.flat()));

/** Zitzler, Deb & Thiele (2000), test function 1: front f₂ = 1 − √f₁. */
const zdt1 = (points: readonly Point[]) => ({
  values: table(
    points.map((x) => {
      const first = x[0] as number;
      const g = 1 + (9 * x.subarray(1).reduce((a, b) => a + b, 0)) / (x.length - 1);
      return [first, g * (1 - Math.sqrt(first / g))];
    }),
  ),
});

/** Deb, Thiele, Laumanns & Zitzler (2002), DTLZ2 with m objectives: front is the unit sphere's positive part. */
const dtlz2 = (m: number) => (points: readonly Point[]) => ({
  values: table(
    points.map((x) => {
      const g = x.subarray(m - 1).reduce((sum, v) => sum + (v - 0.5) ** 2, 0);
      return Array.from({ length: m }, (_, i) => {
        let f = 1 + g;
        for (let j = 0; j < m - 1 - i; j++) f *= Math.cos(((x[j] as number) * Math.PI) / 2);
        return i === 0 ? f : f * Math.sin(((x[m - 1 - i] as number) * Math.PI) / 2);
      });
    }),
  ),
});

describe("evolveFront", () => {
  it("reaches 99 % of the hypervolume of ZDT1's front", async () => {
    const { values, evaluations } = await evolveFront(cube(6), zdt1, {
      random: createRandom(1),
      populationSize: 40,
      generations: 60,
    });
    // ∫₀¹ (1.1 − (1 − √x)) dx + 0.1 · 1.1
    const limit = 0.1 + 2 / 3 + 0.11;
    expect(hypervolume(values, [1.1, 1.1])).toBeGreaterThan(0.99 * limit);
    expect(hypervolume(values, [1.1, 1.1])).toBeLessThan(limit);
    expect(paretoFront(values)).toHaveLength(values.rows);
    expect(evaluations).toBe(40 * 61);
  });

  it("spreads over the sphere of DTLZ2 by NSGA-III", async () => {
    const { values } = await evolveFront(cube(6), dtlz2(3), {
      random: createRandom(2),
      populationSize: 60,
      generations: 50,
    });
    for (let i = 0; i < values.rows; i++) {
      expect(Math.hypot(...values.data.subarray(3 * i, 3 * i + 3))).toBeGreaterThan(1 - 1e-9);
    }
    // The whole sphere has 1.1³ − π / 6 = 0.807; 91 points placed for it have 0.745.
    expect(hypervolume(values, [1.1, 1.1, 1.1])).toBeGreaterThan(0.72);
    expect(hypervolume(values, [1.1, 1.1, 1.1])).toBeLessThan(1.1 ** 3 - Math.PI / 6);
  });

  it("stays in mixed spaces with sums, and is the same for the same seed", async () => {
    const share = (name: string) =>
      ({
        kind: "continuous",
        name,
        role: "composition",
        unit: "%",
        min: 0,
        max: 100,
        step: 5,
        scale: "linear",
      }) as const;
    const space = createSpace({
      variables: [
        share("A"),
        share("B"),
        share("C"),
        { kind: "category", name: "bath", role: "process", unit: "", columnKind: "category", levels: ["oil", "water"] },
        { kind: "integer", name: "passes", role: "process", unit: "", min: 1, max: 9 },
      ],
      fixed: [],
      sums: [{ columns: ["A", "B", "C"], total: 100, tolerance: 1e-6 }],
    });
    const seeds = [Float64Array.of(30, 30, 40, 0, 5)];
    const evaluate = (points: readonly Point[]) => ({
      values: table(points.map(([a = 0, b = 0, , bath = 0, passes = 0]) => [a + 10 * bath, b + passes])),
    });
    const run = () =>
      evolveFront(space, evaluate, { random: createRandom(3), populationSize: 20, generations: 15, seeds });
    const [first, second] = [await run(), await run()];
    expect(first.points.every((point) => isAllowedPoint(space, point))).toBe(true);
    expect(first.points.map((p) => [...p])).toEqual(second.points.map((p) => [...p]));
    expect(first.points.map((p) => p.join())).toContain("0,0,100,0,1");
  });

  it("honours constraints on outcomes, and says when none can be met", async () => {
    const limited = (least: number) => (points: readonly Point[]) => ({
      ...zdt1(points),
      violation: Float64Array.from(points, (x) => Math.max(0, least - (x[0] as number))),
    });
    const options = { random: createRandom(4), populationSize: 20, generations: 10 };
    const { points } = await evolveFront(cube(3), limited(0.5), options);
    expect(points.every((x) => (x[0] as number) >= 0.5)).toBe(true);
    await expect(evolveFront(cube(3), limited(1.5), options)).rejects.toThrow(/smallest violation is 0\.5/);
  });

  it("refuses outcomes of another shape, or NaN", async () => {
    const options = { random: createRandom(5), populationSize: 8, generations: 1 };
    await expect(evolveFront(cube(2), () => ({ values: createMatrix(1, 2) }), options)).rejects.toThrow(
      /returned 1 × 2/,
    );
    await expect(
      evolveFront(
        cube(2),
        (p) => ({
          values: createMatrix(p.length, 2).rows > 0 ? table(p.map(() => [Number.NaN, 1])) : createMatrix(0, 2),
        }),
        options,
      ),
    ).rejects.toThrow(/finite/);
  });
});
