import { readFileSync } from "node:fs";
import { createRandom, createRaster, DataError, DomainError, type Raster, ShapeError } from "@materiome/core";
import { describe, expect, it } from "vitest";
import {
  cielab,
  clahe,
  colourGradient,
  contrastGrey,
  hueAndChroma,
  hueStatistics,
  linearLight,
  unsharpMask,
} from "../../src/enhance/index.ts";

const golden = JSON.parse(readFileSync(new URL("../fixtures/enhance/enhance.json", import.meta.url), "utf8"));
const tiled = JSON.parse(readFileSync(new URL("../fixtures/enhance/clahe.json", import.meta.url), "utf8"));
const rgb = (width: number, height: number, at: (x: number, y: number) => readonly number[]): Raster<Float32Array> =>
  createRaster(
    Float32Array.from(Array.from({ length: width * height }, (_, i) => at(i % width, Math.floor(i / width))).flat()),
    width,
    height,
    { channels: 3 },
  );

describe("clahe", () => {
  const image = createRaster(Float32Array.from(tiled.image as number[]), 48, 48);

  it("changes nothing at a clip limit of 1", () => {
    const { data } = clahe(image, { clipLimit: 1, tiles: [3, 5] });
    for (let i = 0; i < data.length; i++) expect(data[i]).toBeCloseTo(image.data[i]!, 5);
  });

  it("without limit and tiles it is the cumulative histogram", () => {
    const levels = createRaster(
      Float32Array.from({ length: 100 }, (_, i) => (i < 50 ? 0 : i < 80 ? 0.5 : 1)),
      10,
      10,
    );
    const { data } = clahe(levels, { tiles: [1, 1], clipLimit: Number.POSITIVE_INFINITY, bins: 4 });
    expect(data[0]).toBeCloseTo(0, 6);
    expect(data[60]).toBeCloseTo(0.5, 6);
    expect(data[99]).toBeCloseTo(1, 6);
  });

  it("no grey step grows beyond the limit", () => {
    const ramp = createRaster(
      Float32Array.from({ length: 64 * 64 }, (_, i) => 0.45 + (0.1 * (i % 64)) / 63),
      64,
      64,
    );
    const { data } = clahe(ramp, { tiles: [1, 1], clipLimit: 4 });
    expect((data[63]! - data[0]!) / 0.1).toBeLessThan(4.1);
    expect((data[63]! - data[0]!) / 0.1).toBeGreaterThan(3);
  });

  // It maps whole levels, shares out the excess in steps and pads the image by half a tile.
  it("is scikit-image's within the difference of the definitions", () => {
    const { data } = clahe(image, { tiles: [4, 4], clipLimit: tiled.clipLimit, bins: 64 });
    const difference = data.map((v, i) => Math.abs(v - tiled.expected[i]));
    expect(difference.reduce((a, b) => a + b) / difference.length).toBeLessThan(0.03);
    expect(Math.max(...difference)).toBeLessThan(0.1);
  });

  it("keeps hue and saturation of colours", () => {
    const random = createRandom(1);
    const colour = rgb(32, 32, () => {
      const v = 0.2 + 0.3 * random.next();
      return [v, 0.5 * v, 0.25 * v];
    });
    const { data } = clahe(colour, { tiles: [2, 2] });
    for (let i = 0; i < data.length; i += 3) {
      expect(data[i + 1]! / data[i]!).toBeCloseTo(0.5, 4);
      expect(data[i + 2]! / data[i]!).toBeCloseTo(0.25, 4);
    }
  });

  it("refuses values outside the range and more tiles than pixels", () => {
    expect(() => clahe(createRaster(Float32Array.of(2), 1, 1), { tiles: [1, 1] })).toThrow(/outside 0 … 1/);
    expect(() => clahe(createRaster(Float32Array.of(0.2), 1, 1))).toThrow(DomainError);
    expect(() => clahe(image, { clipLimit: 0.5 })).toThrow(/clipLimit/);
  });
});

describe("unsharpMask", () => {
  const unit = createRaster(Float32Array.from(golden.unit as number[]), golden.width, golden.height);
  it("is scikit-image's", () => {
    const { data } = unsharpMask(unit, { sigmaPx: 2, amount: 0.7 });
    for (let i = 0; i < data.length; i++) expect(data[i]).toBeCloseTo(golden.unsharp[i], 4);
  });

  it("leaves small differences alone, and cuts to 0 … 1 if asked", () => {
    expect(unsharpMask(unit, { threshold: 2 }).data).toEqual(unit.data);
    const cut = unsharpMask(unit, { amount: 20, clip: true }).data;
    expect(Math.min(...cut)).toBe(0);
    expect(Math.max(...cut)).toBe(1);
    expect(() => unsharpMask(unit, { amount: -1 })).toThrow(DomainError);
  });
});

describe("colour", () => {
  it("linear light and CIELAB at known points", () => {
    const image = rgb(
      3,
      1,
      (x) =>
        [
          [1, 1, 1],
          [0, 0, 0],
          [1, 0, 0],
        ][x]!,
    );
    const lab = cielab(image).data;
    for (const [k, v] of [100, 0, 0, 0, 0, 0, 53.24, 80.09, 67.2].entries()) expect(lab[k]).toBeCloseTo(v, 1);
    expect(linearLight(rgb(1, 1, () => [0.5, 0.04, 1])).data[0]).toBeCloseTo(0.21404, 5);
  });

  it("gradient of a tilted ramp: slope and direction, counter-clockwise", () => {
    const ramp = rgb(20, 20, (x, y) => [0.02 * x, 0.01 * x - 0.02 * y, 0]);
    const { magnitude, directionDeg } = colourGradient(
      { ...ramp, data: ramp.data.map((v) => v + 0.3) },
      { space: "srgb", sigmaPx: 0 },
    );
    // Tensor: xx = 0.0005, xy = −0.0002, yy = 0.0004.
    const larger = 0.00045 + Math.hypot(0.00005, 0.0002);
    expect(magnitude.data[10 * 20 + 10]).toBeCloseTo(Math.sqrt(larger), 6);
    expect(directionDeg.data[10 * 20 + 10]).toBeCloseTo((Math.atan2(0.0004, 0.0001) * 90) / Math.PI, 2);
    const up = createRaster(
      Float32Array.from({ length: 100 }, (_, i) => (i % 10) * 0.01 - Math.floor(i / 10) * 0.01),
      10,
      10,
    );
    expect(colourGradient(up, { sigmaPx: 0 }).directionDeg.data[55]).toBeCloseTo(45, 3);
  });

  it("sees an edge between two colours of one grey", () => {
    const [a, b] = [
      [0.6, 0.35, 0.5],
      [0.2, 0.47, 0.45],
    ];
    const image = rgb(40, 20, (x) => (x < 20 ? a : b));
    const { magnitude, directionDeg } = colourGradient(image);
    const row = magnitude.data.subarray(400, 440);
    const peak = row.indexOf(Math.max(...row));
    expect(peak === 19 || peak === 20).toBe(true);
    expect(row[peak]).toBeGreaterThan(10);
    expect(row[5]).toBeLessThan(1e-3);
    expect(directionDeg.data[400 + peak]).toBeCloseTo(0, 3);
    const { grey, explained } = contrastGrey(image);
    expect(Math.abs(grey.data[5]! - grey.data[35]!)).toBeCloseTo(1, 6);
    expect(explained).toBeCloseTo(1, 6);
  });

  it("finds the axis that colours were spread along", () => {
    const random = createRandom(3);
    const axis = [0.6, -0.48, 0.64];
    const image = rgb(60, 50, () => {
      const t = 0.1 * random.normal();
      return axis.map((v) => 0.5 + v * t + 0.01 * random.normal());
    });
    const found = contrastGrey(image, { space: "srgb" });
    for (const [k, v] of axis.entries()) expect(found.axis[k]).toBeCloseTo(v, 2);
    expect(found.explained).toBeCloseTo(0.0101 / 0.0103, 2);
    expect(() => contrastGrey(rgb(4, 4, () => [0.2, 0.3, 0.4]))).toThrow(DataError);
  });

  it("hue goes round the circle", () => {
    const map = (...degrees: number[]) => ({
      hueDeg: createRaster(Float32Array.from(degrees), degrees.length, 1),
      chroma: createRaster(new Float32Array(degrees.length).fill(20), degrees.length, 1),
    });
    const near = hueStatistics(map(350, 10));
    expect(Math.min(near.meanDeg, 360 - near.meanDeg)).toBeCloseTo(0, 5);
    expect(near.resultant).toBeCloseTo(Math.cos(Math.PI / 18), 6);
    expect(hueStatistics(map(0, 180)).resultant).toBeCloseTo(0, 6);
    const spread = 30 * (Math.PI / 180);
    const random = createRandom(6);
    const normal = hueStatistics(map(...Array.from({ length: 4000 }, () => (720 + 90 + 30 * random.normal()) % 360)));
    expect(normal.standardDeviationDeg).toBeCloseTo((spread * 180) / Math.PI, -0.5);
    const { hueDeg, chroma } = hueAndChroma(rgb(2, 1, (x) => (x === 0 ? [1, 0, 0] : [0.5, 0.5, 0.5])));
    expect(hueDeg.data[0]).toBeCloseTo(40, 0);
    expect(chroma.data[1]).toBeLessThan(0.01);
    const empty = createRaster(new Uint8Array(2), 2, 1);
    expect(() => hueStatistics({ hueDeg, chroma }, { mask: empty })).toThrow(DataError);
    expect(() => cielab(createRaster(new Float32Array(1), 1, 1))).toThrow(ShapeError);
  });
});
