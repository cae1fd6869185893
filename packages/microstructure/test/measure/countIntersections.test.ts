import { createRandom, createRaster, DataError, DomainError, type LabelMap } from "@materiome/core";
import {
  abramsCircles,
  countIntersections,
  e112Pattern,
  heynLines,
  hilliardCircle,
  type TestCurve,
  testCurveLength,
  traceBoundaries,
} from "@materiome/microstructure/measure";
import { voronoiGrains } from "@materiome/microstructure/synthesis";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const map = (width: number, height: number, label: (x: number, y: number) => number): LabelMap =>
  createRaster(
    Uint32Array.from({ length: width * height }, (_, i) => label(i % width, Math.floor(i / width))),
    width,
    height,
  );
const line = (fromX: number, fromY: number, toX: number, toY: number): TestCurve => ({
  kind: "line",
  fromX,
  fromY,
  toX,
  toY,
});
/** Stripes `period` wide whose boundaries rise at `deg`. */
const stripes = (size: number, period: number, deg: number): LabelMap => {
  const angle = (deg * Math.PI) / 180;
  return map(size, size, (x, y) => 1000 + Math.floor((x * Math.sin(angle) + y * Math.cos(angle)) / period + 0.137));
};

describe("traceBoundaries", () => {
  it("straightens the staircase of a straight boundary at any angle", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 180, noNaN: true }), (deg) => {
        const angle = (deg * Math.PI) / 180;
        const half = map(120, 120, (x, y) => ((x - 59.7) * Math.sin(angle) + (y - 59.2) * Math.cos(angle) > 0 ? 2 : 1));
        const { lengthPx, nChains } = traceBoundaries(half);
        const across = 120 / Math.max(Math.abs(Math.sin(angle)), Math.abs(Math.cos(angle)));
        expect(nChains).toBe(1);
        expect(Math.abs(lengthPx - across)).toBeLessThan(1.5);
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it("knows loops, junctions and border ends", () => {
    const disc = map(60, 60, (x, y) => ((x - 30) ** 2 + (y - 30) ** 2 < 400 ? 2 : 1));
    const loop = traceBoundaries(disc);
    expect([loop.nChains, loop.kinds[0]]).toEqual([1, 1]);
    expect(Math.abs(loop.lengthPx / (40 * Math.PI) - 1)).toBeLessThan(0.02);
    const three = map(20, 20, (x, y) => (y < 10 ? 1 : x < 10 ? 2 : 3));
    const { nChains, kinds, lengthPx } = traceBoundaries(three);
    expect(nChains).toBe(3);
    expect([...kinds].every((kind) => kind === 2 || kind === 4)).toBe(true);
    expect(lengthPx).toBe(30);
    expect(traceBoundaries(map(4, 4, () => 1))).toMatchObject({ nChains: 0, lengthPx: 0 });
    expect(traceBoundaries(map(1, 1, () => 1)).nChains).toBe(0);
    expect(() => traceBoundaries(map(4, 4, (x) => x))).toThrow(/absorbBoundaries/);
    expect(() => traceBoundaries(disc, { tolerancePx: -1 })).toThrow(DomainError);
  });
});

describe("countIntersections", () => {
  it("counts stripes of known spacing and angle", () => {
    // Lines at φ across stripes at θ, period p: ℓ̄ = p / |sin(θ − φ)|.
    for (const [deg, phi] of [
      [0, 90],
      [20, 75],
      [33, 10],
      [137, 60],
    ] as const) {
      const field = stripes(900, 17, deg);
      const lines = heynLines(field, { directionsDeg: [phi], pitchPx: 7 });
      const { meanInterceptPx } = countIntersections(traceBoundaries(field), lines);
      const expected = 17 / Math.abs(Math.sin(((deg - phi) * Math.PI) / 180));
      expect(Math.abs(meanInterceptPx / expected - 1)).toBeLessThan(0.02); // one stripe more or less in 53
    }
  });

  it("has no preferred direction on Poisson-Voronoi mosaics, and their known mean", () => {
    // ℓ̄ = π / (4 √λ): J. L. Meijering, Philips Res. Rep. 8, 270 (1953). Two fields of 2000 grains.
    const directionsDeg = [0, 22.5, 45, 67.5, 90, 112.5, 135, 157.5];
    const counts = directionsDeg.map(() => 0);
    const lengths = directionsDeg.map(() => 0);
    for (const seed of [1, 2]) {
      const field = voronoiGrains({ width: 800, height: 800, nGrains: 2000, relaxations: 0 }, createRandom(seed));
      const boundaries = traceBoundaries(field);
      for (const [k, angle] of directionsDeg.entries()) {
        const found = countIntersections(boundaries, heynLines(field, { directionsDeg: [angle], pitchPx: 16 }));
        counts[k] += found.nIntersections;
        lengths[k] += found.lineLengthPx;
      }
    }
    const expected = Math.PI / 4 / Math.sqrt(2000 / 640_000);
    const pooled = lengths.reduce((a, b) => a + b) / counts.reduce((a, b) => a + b);
    expect(Math.abs(pooled / expected - 1)).toBeLessThan(0.03);
    for (const k of directionsDeg.keys()) expect(Math.abs(lengths[k] / counts[k] / pooled - 1)).toBeLessThan(0.03);
  });

  it("counts circles: concentric boundaries never, radial ones once each", () => {
    const rings = map(201, 201, (x, y) => 1 + Math.floor(Math.hypot(x - 100, y - 100) / 20));
    const at = (radiusPx: number): TestCurve[] => [{ kind: "circle", centreX: 100, centreY: 100, radiusPx }];
    expect(() => countIntersections(traceBoundaries(rings), at(50))).toThrow(DataError);
    const sectors = map(
      201,
      201,
      (x, y) => 1 + Math.floor(((Math.atan2(y - 99.9, x - 100.2) + Math.PI) / Math.PI) * 3.9999),
    );
    const found = countIntersections(traceBoundaries(sectors), at(70));
    expect(found.nIntersections).toBe(8);
    expect(found.lineLengthPx).toBeCloseTo(140 * Math.PI, 10);
    // A boundary loop much smaller than the circle, lying on it, is met twice.
    const spot = map(201, 201, (x, y) => (Math.hypot(x - 170, y - 100) < 10 ? 2 : 1));
    expect(countIntersections(traceBoundaries(spot), at(70)).nIntersections).toBe(2);
  });

  it("scores ends, tangents and triple points as the standard does", () => {
    const three = traceBoundaries(map(40, 40, (x, y) => (y < 20 ? 1 : x < 20 ? 2 : 3))); // boundaries y = 19.5, x = 19.5 below
    const steep = (x: number): TestCurve[] => [line(x, 0, x, 39)];
    expect(countIntersections(three, steep(10)).nIntersections).toBe(1);
    // Slanted through the triple point: 1½, if 0.3 px counts as "on".
    const through = [line(0, 9.6, 39, 29.4)];
    expect(countIntersections(three, through, { reachPx: 0.3 })).toMatchObject({
      nJunctionArms: 3,
      nIntersections: 1.5,
    });
    expect([1, 2]).toContain(countIntersections(three, through).nIntersections);
    // A line that ends on the boundary: ½; short of it: none, hence an error.
    expect(countIntersections(three, [line(10, 0, 10, 19.4)], { reachPx: 0.3 }).nIntersections).toBe(0.5);
    expect(() => countIntersections(three, [line(10, 0, 10, 19)], { reachPx: 0.3 })).toThrow(DataError);
    // A line 0.2 px off the lowest point of a disc, inside or outside: a tangency.
    const disc = traceBoundaries(map(60, 60, (x, y) => (Math.hypot(x - 30, y - 30) < 20.2 ? 2 : 1)));
    const lowest = Math.max(...Array.from({ length: disc.points.length / 2 }, (_, i) => disc.points[2 * i + 1]));
    for (const y of [lowest - 0.2, lowest + 0.2]) {
      expect(countIntersections(disc, [line(0, y, 59, y)], { reachPx: 0.3 })).toMatchObject({
        nTangents: 1,
        nIntersections: 1,
      });
    }
    expect(countIntersections(disc, [line(0, lowest - 0.2, 59, lowest - 0.2)]).nIntersections).toBe(2);
    const half = { reachPx: 0.3, tangentScore: 0.5 };
    expect(countIntersections(disc, [line(0, lowest, 59, lowest)], half).nIntersections).toBe(0.5);
  });

  it("comes to the same mean with a reach as without", () => {
    const field = voronoiGrains({ width: 500, height: 500, nGrains: 500 }, createRandom(7));
    const boundaries = traceBoundaries(field);
    const lines = heynLines(field, { directionsDeg: [10, 55, 100, 145], pitchPx: 5 });
    const exact = countIntersections(boundaries, lines);
    const byHand = countIntersections(boundaries, lines, { reachPx: 0.5 });
    expect(byHand.nJunctionArms).toBeGreaterThan(100);
    expect(Math.abs(byHand.nIntersections / exact.nIntersections - 1)).toBeLessThan(0.01);
  });

  it("lays patterns of the standard's proportions", () => {
    const frame = { width: 1000, height: 800 };
    const pattern = e112Pattern(frame);
    expect(pattern.map((curve) => curve.kind).filter((kind) => kind === "circle")).toHaveLength(3);
    const circles = abramsCircles(frame).reduce((sum, c) => sum + testCurveLength(c), 0);
    expect(circles / 800).toBeCloseTo((Math.PI * (79.58 + 53.05 + 26.53)) / 100, 10); // 500 mm on a side of 100 mm
    expect(hilliardCircle(frame, 0.5)).toEqual({ kind: "circle", centreX: 499.5, centreY: 399.5, radiusPx: 200 });
    const lines = heynLines(frame, { directionsDeg: [0], pitchPx: 40 });
    expect(lines).toHaveLength(20);
    expect(lines.every((l) => testCurveLength(l) === 1000)).toBe(true);
    // However they lie, lines one pixel apart cover the field: total length = area.
    for (const angle of [0, 13, 45, 90, 161]) {
      const covered = heynLines(frame, { directionsDeg: [angle], pitchPx: 1 }).reduce(
        (s, l) => s + testCurveLength(l),
        0,
      );
      expect(Math.abs(covered / 800_000 - 1)).toBeLessThan(1e-3);
    }
    expect(() => heynLines(frame, { directionsDeg: [] })).toThrow(DomainError);
    expect(() => heynLines(frame, { pitchPx: 0 })).toThrow(DomainError);
    expect(() => hilliardCircle(frame, 2)).toThrow(DomainError);
    expect(() => countIntersections(traceBoundaries(stripes(20, 5, 0)), pattern, { reachPx: -1 })).toThrow(DomainError);
  });
});
