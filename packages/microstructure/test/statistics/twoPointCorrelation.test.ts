import { createRandom, createRaster, DataError, DomainError, type Raster, ShapeError } from "@materiome/core";
import {
  clusterFunction,
  correlationLengths,
  minkowskiFunctionals,
  phaseIndicator,
  radialAverage,
  specificSurface,
  twoPointCorrelation,
} from "@materiome/microstructure/statistics";
import { voronoiGrains } from "@materiome/microstructure/synthesis";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bernoulli, binary, expectClose, golden, lensArea, ofBits, voidsBetweenDiscs } from "./reference.ts";

const reference = golden.twoPoint;
const { width, height } = reference;
const [a, b, mask] = [reference.a, reference.b, reference.mask].map((bits) => ofBits(bits, width, height));
const grey = createRaster(Float64Array.from(reference.grey), width, height);

describe("twoPointCorrelation against SciPy's direct correlation", () => {
  const cases = {
    auto: [a, {}],
    cross: [a, { second: b }],
    periodic: [a, { periodic: true }],
    periodicCross: [a, { second: b, periodic: true }],
    masked: [a, { mask }],
    greyAuto: [grey, {}],
  } as const;
  for (const [name, [phase, options]] of Object.entries(cases)) {
    it(name, () => {
      const { map } = twoPointCorrelation(phase, { ...options, maxShiftPx: reference.maxShift });
      expectClose(map.data, reference[name as keyof typeof cases], 1e-12);
    });
  }
});

describe("twoPointCorrelation in closed form", () => {
  it("of independent pixels is p² + p (1 − p) δ", () => {
    const { map, fraction } = twoPointCorrelation(bernoulli(512, 512, 0.3, createRandom(1)), { maxShiftPx: 20 });
    expect(fraction).toBeCloseTo(0.3, 2);
    const middle = (map.data.length - 1) / 2;
    expect(map.data[middle]).toBe(fraction);
    // The standard error of each is near p / 512.
    const rest = map.data.filter((_, i) => i !== middle).map((value) => value - 0.09);
    expect(rest.reduce((worst, d) => Math.max(worst, Math.abs(d)), 0)).toBeLessThan(0.005);
  });

  it("of a checkerboard is ½ on even shifts and 0 on odd ones", () => {
    const { map } = twoPointCorrelation(
      binary(16, 20, (x, y) => (x + y) % 2 === 0),
      { periodic: true },
    );
    expectClose(
      map.data,
      Float64Array.from(map.data, (_, i) => (((i % 17) + Math.floor(i / 17)) % 2 === 0 ? 0.5 : 0)),
      1e-15,
    );
  });

  it("of stripes is a triangle wave across and constant along", () => {
    const stripes = binary(64, 48, (x) => x % 16 < 8);
    const { map } = twoPointCorrelation(stripes, { periodic: true });
    for (const [dx, dy] of [
      [0, 0],
      [3, 5],
      [-8, 7],
      [11, 0],
      [-20, -24],
    ]) {
      const phase = Math.abs(dx) % 16;
      expect(map.data[(dy + 24) * 65 + dx + 32]).toBeCloseTo(Math.abs(8 - phase) / 16, 14);
    }
  });

  it("of one disc is the lens of two discs", () => {
    const R = 30;
    const disc = binary(161, 161, (x, y) => (x - 80) ** 2 + (y - 80) ** 2 <= R * R);
    const { map } = twoPointCorrelation(disc, { periodic: true, maxShiftPx: 70 });
    const { distancePx, value } = radialAverage(map);
    const expected = distancePx[0].map((r) => lensArea(r, R) / 161 ** 2);
    expectClose(value[0], expected, (0.01 * Math.PI * R * R) / 161 ** 2);
  });

  it("of the space between random discs is exp(−ρ (2πR² − lens))", () => {
    const [R, density] = [10, 0.0025];
    const { map, fraction } = twoPointCorrelation(voidsBetweenDiscs(900, R, density, createRandom(3)), {
      periodic: true,
      maxShiftPx: 40,
    });
    expect(fraction).toBeCloseTo(Math.exp(-density * Math.PI * R * R), 1);
    const { distancePx, value } = radialAverage(map);
    // One field: the fraction itself is uncertain by about 0.008.
    const expected = distancePx[0].map((r) => Math.exp(-density * (2 * Math.PI * R * R - lensArea(r, R))));
    expectClose(value[0], expected, 0.015);
  });
});

const images = fc
  .record({
    w: fc.integer({ min: 1, max: 12 }),
    h: fc.integer({ min: 1, max: 12 }),
    seed: fc.nat(),
    p: fc.double({ min: 0.1, max: 0.9, noNaN: true }),
  })
  .map(({ w, h, seed, p }) => bernoulli(w, h, p, createRandom(seed)));
const flipped = ({ data, ...rest }: Raster<Uint8Array>): Raster<Uint8Array> => ({
  ...rest,
  data: data.slice().reverse(),
});
const inverted = ({ data, ...rest }: Raster<Uint8Array>): Raster<Uint8Array> => ({
  ...rest,
  data: data.map((v) => 1 - v),
});

describe("twoPointCorrelation, for any image", () => {
  const all = { x: 0, y: 0 };
  const reach = (image: Raster, periodic: boolean): typeof all => {
    return periodic ? { x: image.width >> 1, y: image.height >> 1 } : { x: image.width - 1, y: image.height - 1 };
  };

  it("is symmetric, the fraction at zero, and the phases with each other sum to 1", () => {
    fc.assert(
      fc.property(images, fc.boolean(), (image, periodic) => {
        const options = { periodic, maxShiftPx: reach(image, periodic) };
        const other = inverted(image);
        const own = twoPointCorrelation(image, options);
        const middle = (own.map.data.length - 1) / 2;
        expect(own.map.data[middle]).toBeCloseTo(own.fraction, 14);
        expectClose(own.map.data.slice().reverse(), own.map.data, 0);
        const parts = [
          own.map.data,
          twoPointCorrelation(other, options).map.data,
          twoPointCorrelation(image, { ...options, second: other }).map.data,
          twoPointCorrelation(other, { ...options, second: image }).map.data,
        ];
        expectClose(
          parts[0].map((value, i) => value + parts[1][i] + parts[2][i] + parts[3][i]),
          new Float64Array(parts[0].length).fill(1),
          1e-13,
        );
        expectClose(twoPointCorrelation(flipped(image), options).map.data, own.map.data, 1e-14);
      }),
      { seed: 2, numRuns: 60 },
    );
  });

  it("does not see a shift of a periodic image, and mirrors with it", () => {
    fc.assert(
      fc.property(images, fc.nat(11), fc.nat(11), (image, sx, sy) => {
        const { width: w, height: h } = image;
        const shifted = binary(w, h, (x, y) => image.data[((y + sy) % h) * w + ((x + sx) % w)] === 1);
        const own = twoPointCorrelation(image, { periodic: true });
        expectClose(twoPointCorrelation(shifted, { periodic: true }).map.data, own.map.data, 1e-14);
        const mirror = binary(w, h, (x, y) => image.data[y * w + w - 1 - x] === 1);
        const columns = own.map.width;
        const turned = own.map.data.map((_, i) => own.map.data[i - (i % columns) + columns - 1 - (i % columns)]);
        expectClose(twoPointCorrelation(mirror, { periodic: true }).map.data, turned, 1e-14);
      }),
      { seed: 3, numRuns: 40 },
    );
  });

  it("is the same with a mask of ones", () => {
    const whole = { ...mask, data: mask.data.map(() => 255) };
    expectClose(twoPointCorrelation(a, { mask: whole }).map.data, twoPointCorrelation(a).map.data, 1e-14);
  });

  it("is NaN where no pair is known", () => {
    const two = binary(5, 1, (x) => x < 2);
    const { map } = twoPointCorrelation(
      binary(5, 1, () => true),
      { mask: two, maxShiftPx: { x: 4, y: 0 } },
    );
    expect([...map.data]).toEqual([Number.NaN, Number.NaN, Number.NaN, 1, 1, 1, Number.NaN, Number.NaN, Number.NaN]);
  });

  it("refuses what does not fit", () => {
    expect(() => twoPointCorrelation(a, { second: binary(3, 3, () => true) })).toThrow(ShapeError);
    expect(() => twoPointCorrelation(a, { mask: binary(width, height, () => false) })).toThrow(DataError);
    expect(() => twoPointCorrelation(a, { maxShiftPx: 33 })).toThrow(/along y must be a whole number 0 … 32/);
    expect(() => twoPointCorrelation(createRaster(Float32Array.of(0, Number.NaN), 2, 1))).toThrow(/NaN at \(1, 0\)/);
    expect(() => twoPointCorrelation(createRaster(new Uint8Array(12), 2, 2, { channels: 3 }))).toThrow(ShapeError);
    expect(() => phaseIndicator(createRaster(Uint32Array.of(1, 2), 2, 1), [3])).toThrow(DataError);
    expect(() => phaseIndicator(createRaster(Uint32Array.of(1, 2), 2, 1), [])).toThrow(DomainError);
  });
});

describe("what is made of the correlation", () => {
  it("cluster function agrees with counting, and is S₂ for one cluster", () => {
    const { map } = clusterFunction(a, { connectivity: 4, maxShiftPx: reference.maxShift });
    expectClose(map.data, reference.cluster4, 1e-14);
    const ring = binary(60, 50, (x, y) => Math.abs(Math.hypot(x - 30, y - 25) - 18) < 4);
    expectClose(clusterFunction(ring).map.data, twoPointCorrelation(ring).map.data, 1e-14);
    expect(() => clusterFunction(binary(3, 3, () => false))).toThrow(DataError);
  });

  it("cluster function of grains sums the correlations of each", () => {
    const labels = voronoiGrains({ width: 90, height: 70, nGrains: 12 }, createRandom(1));
    const sum = new Float64Array(21 * 21);
    for (const label of new Set(labels.data)) {
      const { map } = twoPointCorrelation(phaseIndicator(labels, [label]), { maxShiftPx: 10 });
      for (const [i, value] of map.data.entries()) sum[i] += value;
    }
    expectClose(clusterFunction(labels, { maxShiftPx: 10 }).map.data, sum, 1e-13);
  });

  it("radial averages count every shift of the rings once, by sector too", () => {
    const map = createRaster(
      Float64Array.from({ length: 11 * 11 }, (_, i) => Math.hypot((i % 11) - 5, Math.floor(i / 11) - 5)),
      11,
      11,
    );
    const { distancePx, value, count } = radialAverage(map);
    expectClose(value[0], distancePx[0], 1e-14);
    expect([...count[0]].slice(0, 3)).toEqual([1, 8, 12]);
    const sectors = radialAverage(map, { nSectors: 4 });
    expect(sectors.directionsDeg).toEqual([0, 45, 90, 135]);
    const total = sectors.count.reduce((sum, counts) => sum.map((n, k) => n + counts[k]), new Float64Array(6));
    expect([...total].slice(1)).toEqual([...count[0]].slice(1));
    expect(() => radialAverage(createRaster(new Float64Array(4), 2, 2))).toThrow(ShapeError);
    expect(() => radialAverage(map, { nSectors: 0 })).toThrow(DomainError);
  });

  it("sectors turn counter-clockwise from +x", () => {
    const line = binary(64, 64, (x, y) => x + y === 63); // rises to the right
    const { directionsDeg, value } = radialAverage(twoPointCorrelation(line, { maxShiftPx: 12 }).map, { nSectors: 4 });
    const far = value.map((sector) => sector[10]);
    expect(directionsDeg[far.indexOf(Math.max(...far))]).toBe(45);
    expect(far.filter((v) => v > 0).length).toBe(1);
  });

  it("lengths of an exponential decay are its constants", () => {
    const distance = Float64Array.from({ length: 200 }, (_, k) => k);
    const radial = {
      directionsDeg: [0],
      distancePx: [distance],
      value: [distance.map((r) => 0.16 + 0.24 * Math.exp(-r / 12))],
      count: [distance],
    };
    const { decayPx, zeroPx, integralPx } = correlationLengths(radial, 0.4);
    expect(decayPx).toBeCloseTo(12, 1);
    expect(zeroPx).toBeUndefined();
    expect(integralPx).toBeCloseTo(12, 1);
    expect(() => correlationLengths(radial, 0.4, 1)).toThrow(DomainError);
    const constant = radialAverage(twoPointCorrelation(binary(9, 9, () => true)).map);
    expect(() => correlationLengths(constant, 1)).toThrow(DataError);
  });

  it("slope at zero is the boundary length, Crofton's on a torus", () => {
    const disc = binary(120, 100, (x, y) => (x - 60) ** 2 + (y - 50) ** 2 <= 40 ** 2);
    const perPx = specificSurface(twoPointCorrelation(disc, { periodic: true }));
    expect(perPx * 12000).toBeCloseTo(minkowskiFunctionals(disc).perimeterPx, 8);
    expect(Math.abs((perPx * 12000) / (2 * Math.PI * 40) - 1)).toBeLessThan(0.015);
    expect(() => specificSurface(twoPointCorrelation(disc, { maxShiftPx: 0 }))).toThrow(DataError);
  });
});
