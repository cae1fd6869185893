import { createRandom, createRaster, DataError, DomainError } from "@materiome/core";
import { boxCounting, granulometry, lacunarity, minkowskiFunctionals } from "@materiome/microstructure/statistics";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bernoulli, binary, expectClose, golden, ofBits } from "./reference.ts";

const { width, height, ...expected } = golden.shape;
const phase = ofBits(expected.phase, width, height);

describe("minkowskiFunctionals", () => {
  it("agree with scikit-image", () => {
    const { areaPx, perimeterPx, eulerNumber } = minkowskiFunctionals(phase);
    expect(areaPx).toBe(expected.area);
    expect(perimeterPx).toBeCloseTo(expected.perimeter, 9);
    expect(eulerNumber).toBe(expected.euler8);
    expect(minkowskiFunctionals(phase, { connectivity: 4 }).eulerNumber).toBe(expected.euler4);
  });

  it("know pixel, ring, diagonal and full image", () => {
    expect(minkowskiFunctionals(binary(1, 1, () => true))).toMatchObject({ areaPx: 1, eulerNumber: 1 });
    const ring = binary(9, 9, (x, y) => Math.max(Math.abs(x - 4), Math.abs(y - 4)) === 2);
    expect(minkowskiFunctionals(ring).eulerNumber).toBe(0);
    const diagonal = binary(4, 4, (x, y) => x === y);
    expect(minkowskiFunctionals(diagonal).eulerNumber).toBe(1);
    expect(minkowskiFunctionals(diagonal, { connectivity: 4 }).eulerNumber).toBe(4);
    const full = minkowskiFunctionals(binary(6, 5, () => true));
    expect(full).toMatchObject({ areaFraction: 1, perimeterDensityPerPx: 0, eulerDensityPerPx2: 0 });
    const plain = { areaPx: 0, perimeterPx: 0, eulerNumber: 0 };
    expect(minkowskiFunctionals(binary(6, 5, () => false))).toMatchObject(plain);
    expect(() => minkowskiFunctionals(phase, { connectivity: 6 as 8 })).toThrow(DomainError);
    expect(() => minkowskiFunctionals(createRaster(Float32Array.of(0.5), 1, 1))).toThrow(/threshold/);
  });

  it("of the complement: χ₄ = 1 − χ₈ inside a frame, the same boundary", () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 14 }), fc.integer({ min: 3, max: 14 }), fc.nat(), (w, h, seed) => {
        const random = createRandom(seed);
        const inner = (x: number, y: number) => x > 0 && y > 0 && x < w - 1 && y < h - 1;
        const image = binary(w, h, (x, y) => random.next() < 0.5 && inner(x, y));
        const complement = { ...image, data: image.data.map((v) => 1 - v) };
        const own = minkowskiFunctionals(image, { connectivity: 8 });
        const other = minkowskiFunctionals(complement, { connectivity: 4 });
        expect(other.eulerNumber).toBe(1 - own.eulerNumber);
        expect(other.perimeterDensityPerPx).toBeCloseTo(own.perimeterDensityPerPx, 12);
        expect(other.eulerDensityPerPx2).toBeCloseTo(-own.eulerDensityPerPx2, 12);
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it("densities of independent pixels are their expectations, whatever the window", () => {
    const p = 0.4;
    const q = 1 - p;
    const { eulerDensityPerPx2, perimeterDensityPerPx } = minkowskiFunctionals(bernoulli(700, 700, p, createRandom(2)));
    // Q₁ − Q₃ − 2 Q_D of four independent pixels.
    expect(eulerDensityPerPx2).toBeCloseTo(p * q ** 3 - p ** 3 * q - p * p * q * q, 2);
    expect(perimeterDensityPerPx).toBeCloseTo((Math.PI / 8) * 2 * p * q * (2 + Math.SQRT2), 2);
  });
});

describe("granulometry", () => {
  it("opens as scikit-image does", () => {
    const { remaining, spectrum, beyond, meanRadiusPx } = granulometry(phase, { radiiPx: expected.radii });
    expectClose(remaining, expected.opened, 1e-12);
    expect(spectrum.reduce((a, b) => a + b, beyond)).toBeCloseTo(1, 12);
    expect(meanRadiusPx === undefined).toBe(beyond > 0);
  });

  it("finds the sizes of two discs, by area", () => {
    const discs = binary(90, 60, (x, y) => Math.hypot(x - 22, y - 30) <= 6 || Math.hypot(x - 60, y - 30) <= 14);
    const { radiusPx, spectrum, beyond } = granulometry(discs);
    const areas = [6, 14].map((r) => {
      let n = 0;
      for (let y = -r; y <= r; y++) for (let x = -r; x <= r; x++) if (x * x + y * y <= r * r) n++;
      return n;
    });
    const share = (at: number) => areas[at] / (areas[0] + areas[1]);
    expect(spectrum[radiusPx.indexOf(7)]).toBeCloseTo(share(0), 12);
    expect(spectrum[radiusPx.indexOf(15)]).toBeCloseTo(share(1), 12);
    expect(beyond).toBe(0);
  });

  it("is not cut at the border", () => {
    const half = binary(40, 40, (x) => x < 20);
    expect(granulometry(half, { radiiPx: [5, 10, 19] }).remaining).toEqual(Float64Array.of(1, 1, 1));
  });

  it("refuses what has no sizes", () => {
    expect(() => granulometry(binary(5, 5, () => true))).toThrow(DataError);
    expect(() => granulometry(binary(5, 5, () => false))).toThrow(DataError);
    expect(() => granulometry(phase, { radiiPx: [3, 2] })).toThrow(DomainError);
  });
});

describe("boxCounting and lacunarity", () => {
  it("know plane, line and Sierpiński carpet", () => {
    const plane = boxCounting(binary(64, 64, () => true));
    expect(plane.dimension).toBeCloseTo(2, 12);
    expect(plane.r2).toBeCloseTo(1, 12);
    expect(boxCounting(binary(64, 64, (_, y) => y === 20)).dimension).toBeCloseTo(1, 12);
    expect(boxCounting(binary(64, 64, (x, y) => x === y)).dimension).toBeCloseTo(1, 12);
    const isCarpet = (x: number, y: number): boolean => {
      for (let [u, v] = [x, y]; u > 0 || v > 0; [u, v] = [Math.floor(u / 3), Math.floor(v / 3)]) {
        if (u % 3 === 1 && v % 3 === 1) return false;
      }
      return true;
    };
    const carpet = boxCounting(binary(243, 243, isCarpet), { boxSizesPx: [1, 3, 9, 27, 81] });
    expect(carpet.dimension).toBeCloseTo(Math.log(8) / Math.log(3), 12);
    expect(carpet.counts).toEqual([8 ** 5, 8 ** 4, 8 ** 3, 8 ** 2, 8]);
  });

  it("say how well a line fits", () => {
    const { r2, dimension } = boxCounting(bernoulli(256, 256, 0.02, createRandom(1)));
    expect(r2).toBeLessThan(0.99);
    expect(dimension).toBeGreaterThan(1);
    expect(dimension).toBeLessThan(2);
  });

  it("lacunarity is 1/φ for pixels, 1 when full, and that of independent pixels for boxes", () => {
    const p = 0.3;
    const random = bernoulli(400, 400, p, createRandom(4));
    const found = lacunarity(random, { boxSizesPx: [1, 5] }).lacunarity;
    const fraction = random.data.reduce((a, b) => a + b, 0) / random.data.length;
    expect(found[0]).toBeCloseTo(1 / fraction, 12);
    expect(found[1]).toBeCloseTo(1 + (1 - p) / (25 * p), 2);
    expect(lacunarity(binary(20, 20, () => true)).lacunarity).toEqual([1, 1, 1]);
  });

  it("refuse impossible sizes and empty sets", () => {
    expect(() => boxCounting(phase, { boxSizesPx: [4] })).toThrow(DomainError);
    expect(() => boxCounting(phase, { boxSizesPx: [4, 61] })).toThrow(DomainError);
    expect(() => boxCounting(binary(9, 9, () => false))).toThrow(DataError);
    expect(() => lacunarity(binary(9, 9, () => false))).toThrow(DataError);
    expect(() => boxCounting(binary(3, 3, () => true))).toThrow(/at least 2/);
  });
});
