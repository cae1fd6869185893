import { readFileSync } from "node:fs";
import { createRandom, createRaster, DomainError, type Raster, ShapeError } from "@materiome/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bilateralFilter, medianFilter, nonLocalMeans, smoothGaussian } from "../../src/enhance/index.ts";
import { reflectIndex } from "../../src/kernels/index.ts";

const golden = JSON.parse(readFileSync(new URL("../fixtures/enhance/enhance.json", import.meta.url), "utf8"));
const { width, height } = golden as { width: number; height: number };
const grey = createRaster(Float32Array.from(golden.grey as number[]), width, height);
const unit = createRaster(Float32Array.from(golden.unit as number[]), width, height);
const colour = createRaster(Float32Array.from(golden.colour as number[]), 16, 14, { channels: 3 });

const worst = (found: Raster<Float32Array>, expected: readonly number[]): number =>
  found.data.reduce((most, value, i) => Math.max(most, Math.abs(value - (expected[i] ?? Number.NaN))), 0);

describe("medianFilter", () => {
  it("is SciPy's, on bytes and on real values", () => {
    expect(worst(medianFilter(grey), golden.median.grey3)).toBe(0);
    expect(worst(medianFilter(grey, { radiusPx: 4 }), golden.median.grey9)).toBe(0);
    expect(worst(medianFilter(unit, { radiusPx: 2 }), golden.median.unit5)).toBeLessThan(1e-7);
  });

  it("is the sorted middle for any size, window and number of values", () => {
    const image = fc
      .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 12 }))
      .chain(([w, h, r]) =>
        fc.tuple(
          fc.constant({ w, h, r }),
          fc.array(fc.integer({ min: -3, max: 900 }), { minLength: w * h, maxLength: w * h }),
        ),
      );
    fc.assert(
      fc.property(image, ([{ w, h, r }, values]) => {
        const found = medianFilter(createRaster(Float32Array.from(values), w, h), { radiusPx: r });
        for (let y = 0; y < h; y++) {
          for (let x = 0; x < w; x++) {
            const window: number[] = [];
            for (let v = -r; v <= r; v++)
              for (let u = -r; u <= r; u++) window.push(values[reflectIndex(y + v, h) * w + reflectIndex(x + u, w)]!);
            window.sort((a, b) => a - b);
            expect(found.data[y * w + x]).toBe(window[window.length >> 1]);
          }
        }
      }),
      { numRuns: 40, seed: 5 },
    );
  });

  it("both ways of counting agree on the same order of values", () => {
    const random = createRandom(4);
    const levels = Float32Array.from({ length: 90 * 50 }, () => random.int(200));
    const few = medianFilter(createRaster(levels, 90, 50), { radiusPx: 6 });
    const many = levels.slice();
    for (let k = 0; k < 300; k++) many[k] = 1000 + k; // more than 256 distinct values in the first rows
    const both = medianFilter(createRaster(many, 90, 50), { radiusPx: 6 });
    expect(both.data.subarray(20 * 90)).toEqual(few.data.subarray(20 * 90));
  });
});

describe("bilateralFilter", () => {
  it("is its definition in NumPy, on grey and on colour", () => {
    const grey = bilateralFilter(unit, { sigmaPx: 1.5, sigmaGrey: 0.1, radiusPx: 4 });
    expect(worst(grey, golden.bilateral.grey)).toBeLessThan(2e-5);
    const coloured = bilateralFilter(colour, { sigmaPx: 1.5, sigmaGrey: 0.1, radiusPx: 3 });
    expect(worst(coloured, golden.bilateral.colour)).toBeLessThan(2e-5);
  });

  it("is the Gaussian of its window where grey hardly counts, and keeps a step where it counts", () => {
    const wide = bilateralFilter(unit, { sigmaPx: 1, sigmaGrey: 1e4, radiusPx: 4 });
    const blurred = smoothGaussian(unit, { sigmaPx: 1 });
    expect(worst(wide, [...blurred.data])).toBeLessThan(1e-5);
    const step = createRaster(
      Float32Array.from({ length: 400 }, (_, i) => (i % 20 < 10 ? 0.2 : 0.8)),
      20,
      20,
    );
    expect(bilateralFilter(step, { sigmaPx: 3, sigmaGrey: 0.05 }).data).toEqual(step.data);
    expect(() => bilateralFilter(step)).toThrow(/no noise/);
  });
});

describe("nonLocalMeans", () => {
  it("is its definition in NumPy, on grey and on colour", () => {
    const options = { patchRadiusPx: 2, searchRadiusPx: 5, noise: 0.06, strength: 0.05 / 0.06 };
    expect(worst(nonLocalMeans(unit, options), golden.nlm.grey)).toBeLessThan(2e-5);
    const colours = { patchRadiusPx: 1, searchRadiusPx: 3, noise: 0.03, strength: 0.08 / 0.03 };
    expect(worst(nonLocalMeans(colour, colours), golden.nlm.colour)).toBeLessThan(2e-5);
  });

  it("adapts to the noise: less than 0.35 of it is left on two flat grains, and the step between them stays", () => {
    const random = createRandom(2);
    const truth = Float32Array.from({ length: 96 * 96 }, (_, i) => (i % 96 < 48 ? 0.35 : 0.65));
    const noisy = createRaster(
      truth.map((v) => v + 0.06 * random.normal()),
      96,
      96,
    );
    const clean = nonLocalMeans(noisy);
    const rms = Math.sqrt(clean.data.reduce((sum, v, i) => sum + (v - truth[i]!) ** 2, 0) / truth.length);
    expect(rms).toBeLessThan(0.35 * 0.06);
    let step = 0;
    for (let y = 0; y < 96; y++) step += (clean.data[y * 96 + 49]! - clean.data[y * 96 + 46]!) / 96;
    expect(step).toBeGreaterThan(0.27);
  });

  it.each([bilateralFilter, nonLocalMeans, medianFilter, smoothGaussian])(
    "%o refuses NaN, two channels, nothing",
    (filter) => {
      expect(() => filter(createRaster(Float32Array.of(1, Number.NaN), 2, 1))).toThrow(DomainError);
      expect(() => filter(createRaster(new Float32Array(8), 2, 2, { channels: 2 }))).toThrow(ShapeError);
      expect(() => filter(createRaster(new Float32Array(0), 0, 0))).toThrow(ShapeError);
    },
  );

  it("one pixel stays, negative options are refused", () => {
    const one = createRaster(Float32Array.of(0.4), 1, 1);
    expect(nonLocalMeans(one, { noise: 0.1 }).data[0]).toBeCloseTo(0.4, 6);
    expect(medianFilter(one, { radiusPx: 3 }).data[0]).toBeCloseTo(0.4, 6);
    expect(() => nonLocalMeans(one, { noise: -1 })).toThrow(DomainError);
    expect(() => medianFilter(one, { radiusPx: 0.5 })).toThrow(/whole/);
    expect(() => smoothGaussian(one, { sigmaPx: 0 })).toThrow(/sigmaPx/);
  });
});
