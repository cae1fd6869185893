import { ConvergenceError, createRandom, createRaster, DataError, DomainError, ShapeError } from "@materiome/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { conductionBounds, conductionField, effectiveConductivity } from "../../src/fields/index.ts";
import { disc, fractionOf, mapOf, turned } from "./maps.ts";

const exact = { tolerance: 1e-11 };
const random = (width: number, height: number, seed: number, share = 0.4) => {
  const draw = createRandom(seed);
  return mapOf(width, height, () => (draw.next() < share ? 1 : 0));
};

describe("effectiveConductivity", () => {
  it("of layers is the harmonic mean across and the arithmetic mean along them, whatever the size", () => {
    for (const [width, height] of [
      [7, 5],
      [8, 6],
      [4, 1],
    ] as const) {
      const layers = mapOf(width, height, (x) => (x < 3 ? 1 : x < 4 ? 2 : 0));
      const k = { 0: 1, 1: 10, 2: 0.25 };
      const shares = [(width - 4) / width, 3 / width, 1 / width];
      const series = 1 / (shares[0]! + shares[1]! / 10 + shares[2]! / 0.25);
      const parallel = shares[0]! + shares[1]! * 10 + shares[2]! * 0.25;
      const across = effectiveConductivity(layers, { conductivity: k, ...exact });
      expect(across.xx).toBeCloseTo(series, 10);
      expect(across.yy).toBeCloseTo(parallel, 10);
      expect(across.xy).toBeCloseTo(0, 10);
      const along = effectiveConductivity(turned(layers), { conductivity: k, ...exact });
      expect([along.xx, along.yy]).toEqual([expect.closeTo(parallel, 10), expect.closeTo(series, 10)]);
    }
  });

  it("obeys the reciprocal theorem to the last digits: k*xx(k₁, k₂) k*yy(k₂, k₁) = k₁ k₂", () => {
    // J. B. Keller, doi:10.1063/1.1704146, of principal axes. Odd sizes have no chequered mode, and the scheme is its own dual.
    const map = mapOf(15, 15, (x, y) => (Math.hypot(x - 7, (y - 7) / 1.7) < 3.6 ? 1 : 0));
    const one = effectiveConductivity(map, { conductivity: { 0: 1, 1: 20 }, ...exact });
    const other = effectiveConductivity(map, { conductivity: { 0: 20, 1: 1 }, ...exact });
    expect(one.xx * other.yy).toBeCloseTo(20, 8);
    expect(one.xx / one.yy).toBeLessThan(0.9);
  });

  it("of a chequerboard tends to √(k₁ k₂) with finer pixels", () => {
    // A. M. Dykhne, Sov. Phys. JETP 32, 63 (1971).
    const errors = [4, 8, 16].map((side) => {
      const map = mapOf(2 * side, 2 * side, (x, y) => (Math.floor(x / side) + Math.floor(y / side)) % 2);
      return effectiveConductivity(map, { conductivity: { 0: 1, 1: 4 } }).xx / 2 - 1;
    });
    expect(errors[0]! / errors[1]!).toBeGreaterThan(2);
    expect(errors[1]! / errors[2]!).toBeGreaterThan(2);
    expect(Math.abs(errors[2]!)).toBeLessThan(0.003);
  });

  it("of a square array of discs is that of Perrins et al.", () => {
    // W. T. Perrins, D. R. McKenzie, R. C. McPhedran, doi:10.1098/rspa.1979.0160, their third-order formula.
    const map = disc(64, 21.5);
    const f = fractionOf(map);
    for (const contrast of [10, 0.1]) {
      const t = (1 + contrast) / (1 - contrast);
      const below = t + f - (0.305827 * f ** 4 * t) / (t * t - 1.402958 * f ** 8) - (0.013362 * f ** 8) / t;
      const { xx, yy, xy } = effectiveConductivity(map, { conductivity: { 0: 1, 1: contrast } });
      expect(Math.abs(xx / (1 - (2 * f) / below) - 1)).toBeLessThan(0.01);
      expect([yy, xy]).toEqual([expect.closeTo(xx, 8), expect.closeTo(0, 8)]);
    }
  });

  it("turns with the map: xx and yy change places, xy its sign", () => {
    const map = random(12, 9, 3);
    const options = { conductivity: { 0: 1, 1: 30 }, ...exact };
    const { xx, yy, xy } = effectiveConductivity(map, options);
    const other = effectiveConductivity(turned(map), options);
    expect([other.xx, other.yy, other.xy]).toEqual([yy, xx, -xy].map((value) => expect.closeTo(value, 8)));
    expect(Math.abs(xy)).toBeGreaterThan(1e-3);
  });

  it("lies between Reuss and Voigt for any map, and between Hashin and Shtrikman for a disc in a square", () => {
    const contrast = fc.double({ min: -2, max: 2, noNaN: true }).map((power) => 10 ** power);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), contrast, fc.double({ min: 2, max: 9 }), (seed, k, radius) => {
        const conductivity = { 0: 1, 1: k };
        const bounds = (fraction: number) =>
          conductionBounds([
            { fraction: 1 - fraction, conductivity: 1 },
            { fraction, conductivity: k },
          ]);
        const slack = 1 + 1e-6;
        const map = random(7, 6, seed);
        const any = effectiveConductivity(map, { conductivity });
        const { voigt, reuss } = bounds(fractionOf(map));
        for (const value of [any.xx, any.yy]) {
          expect(value).toBeLessThanOrEqual(voigt * slack);
          expect(value).toBeGreaterThanOrEqual(reuss / slack);
        }
        const round = disc(21, radius);
        const { lower, upper } = bounds(fractionOf(round));
        const { xx } = effectiveConductivity(round, { conductivity });
        expect(xx).toBeLessThanOrEqual(upper * slack);
        expect(xx).toBeGreaterThanOrEqual(lower / slack);
      }),
      { seed: 1, numRuns: 12 },
    );
  });

  it("of pores: no flux in them, and that of the rest", () => {
    const map = disc(64, 12.3);
    const f = fractionOf(map);
    const conductivity = { 0: 3, 1: 0 };
    const { xx } = effectiveConductivity(map, { conductivity });
    expect(Math.abs(xx / ((3 * (1 - f)) / (1 + f)) - 1)).toBeLessThan(0.01); // Maxwell
    const { flux } = conductionField(map, { conductivity, gradient: { x: 1, y: 0 } });
    for (let i = 0; i < map.data.length; i++) if (map.data[i] === 1) expect(flux.data[2 * i]).toBeCloseTo(0, 12);
  });
});

describe("conductionField", () => {
  it("in a disc far from others is uniform: 2 k₁ / (k₁ + k₂) of the gradient far away", () => {
    const map = disc(96, 12);
    for (const k of [5, 0.2]) {
      const { gradient } = conductionField(map, { conductivity: { 0: 1, 1: k }, gradient: { x: 0, y: 2 } });
      // The rotated scheme ripples by ±2 % from pixel to pixel; over 2 × 2 pixels it cancels.
      const [x, y] = [0, 1].map((c) => {
        const at = (row: number, column: number): number => gradient.data[2 * (96 * row + column) + c]!;
        return (at(47, 47) + at(47, 48) + at(48, 47) + at(48, 48)) / 4;
      });
      expect(x).toBeCloseTo(0, 6);
      // The mean gradient is that of the far field but for about β φ.
      const far = 2 * (1 + ((k - 1) / (k + 1)) * fractionOf(map));
      expect(Math.abs(y! / ((2 * far) / (1 + k)) - 1)).toBeLessThan(0.03);
    }
  });

  it("has the asked mean gradient, flux −k times it, and as much power as the means", () => {
    const map = createRaster(random(10, 13, 5).data, 10, 13, { pixelSizeUm: 0.5 });
    const conductivity = { 0: 2, 1: 7 };
    const mean = { x: 0.3, y: -1 };
    const { gradient, flux, meanFlux, residual } = conductionField(map, { conductivity, gradient: mean, ...exact });
    const total = { x: 0, y: 0, power: 0 };
    for (let i = 0; i < map.data.length; i++) {
      total.x += gradient.data[2 * i]! / 130;
      total.y += gradient.data[2 * i + 1]! / 130;
      for (const c of [2 * i, 2 * i + 1]) {
        total.power += (flux.data[c]! * gradient.data[c]!) / 130;
        expect(flux.data[c]).toBeCloseTo(-(map.data[i] === 1 ? 7 : 2) * gradient.data[c]!, 12);
      }
    }
    expect([total.x, total.y]).toEqual([expect.closeTo(0.3, 12), expect.closeTo(-1, 12)]);
    expect(total.power).toBeCloseTo(meanFlux.x * mean.x + meanFlux.y * mean.y, 10);
    expect(residual).toBeLessThanOrEqual(1e-11);
    expect(flux).toMatchObject({ width: 10, height: 13, channels: 2, pixelSizeUm: 0.5 });
  });

  it("of one phase is uniform at once", () => {
    const { flux, iterations } = conductionField(
      mapOf(3, 2, () => 4),
      {
        conductivity: { 4: 2 },
        gradient: { x: 1, y: 0 },
      },
    );
    expect([iterations, ...flux.data.subarray(0, 2)]).toEqual([0, -2, 0]);
  });

  it("refuses what it cannot solve, with the reason", () => {
    const map = random(8, 8, 1);
    const gradient = { x: 1, y: 0 };
    const conductivity = { 0: 1, 1: 1e4 };
    const tight = () => conductionField(map, { conductivity, gradient, maxIterations: 2 });
    expect(tight).toThrow(ConvergenceError);
    expect(tight).toThrow(/not in balance to 0.000001; allow more maxIterations.*stopped after 2 iterations/);
    expect(() => conductionField(map, { conductivity: { 0: 1 }, gradient })).toThrow(
      /pixels of phase 1, but conductivity names only 0/,
    );
    expect(() => conductionField(map, { conductivity: { 0: 0, 1: 0 }, gradient })).toThrow(DataError);
    expect(() => conductionField(map, { conductivity: { 0: 1, 1: -2 }, gradient })).toThrow(
      /conductivity of phase 1 must be at least 0 and finite, got -2/,
    );
    expect(() => conductionField(map, { conductivity, gradient: { x: 0, y: 0 } })).toThrow(DomainError);
    expect(() => conductionField(map, { conductivity, gradient, tolerance: 0 })).toThrow(/tolerance/);
    expect(() => conductionField(map, { conductivity, gradient, maxIterations: 0 })).toThrow(/maxIterations/);
    expect(() => conductionField(createRaster(new Float32Array(4), 2, 2), { conductivity, gradient })).toThrow(
      /whole numbers, got Float32Array/,
    );
    const colour = createRaster(new Uint8Array(12), 2, 2, { channels: 3 });
    expect(() => conductionField(colour, { conductivity, gradient })).toThrow(ShapeError);
    const signal = AbortSignal.abort(new Error("enough"));
    expect(() => conductionField(map, { conductivity, gradient, signal })).toThrow("enough");
  });
});
