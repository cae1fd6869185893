import { createRandom, createRaster, type LabelMap } from "@materiome/core";
import {
  compareLabellings,
  grainSizeDifference,
  operatorRepeatability,
  renderConfusionPng,
} from "@materiome/microstructure/compare";
import { voronoiGrains } from "@materiome/microstructure/synthesis";
import sharp from "sharp";
import { describe, expect, it } from "vitest";

/** Vertical stripes of a width: mean intercept by horizontal lines is the width. */
function stripes(period: number, size = 240): LabelMap {
  return createRaster(
    Uint32Array.from({ length: size * size }, (_, i) => 1 + Math.floor((i % size) / period)),
    size,
    size,
  );
}

/** Checkerboard-like squares, numbered: grains per area is 1/edge². */
function squares(edge: number, size = 240): LabelMap {
  const perRow = size / edge;
  return createRaster(
    Uint32Array.from({ length: size * size }, (_, i) => {
      return 1 + Math.floor((i % size) / edge) + perRow * Math.floor(Math.floor(i / size) / edge);
    }),
    size,
    size,
  );
}

describe("grainSizeDifference", () => {
  it("is 2 when grains are half as wide, by intercept and by count", () => {
    const { intercept, planimetric, relativeIntercept } = grainSizeDifference(squares(10), squares(20));
    // 2, and up to 0.13 more: a field of 240 px holds 23 and 11 lines, not 24 and 12.
    expect(intercept).toBeGreaterThan(2);
    expect(intercept).toBeLessThan(2 * Math.log2(23 / 11));
    // Half grains at the border, a quarter at the corners: 23² against 11² grains in all.
    expect(planimetric).toBeCloseTo(2 * Math.log2(23 / 11), 12);
    expect(relativeIntercept).toBeCloseTo(-0.5, 1);
    expect(grainSizeDifference(stripes(20), stripes(20))).toEqual({
      intercept: 0,
      planimetric: 0,
      relativeIntercept: 0,
    });
  });
});

describe("compareLabellings", () => {
  const grains = voronoiGrains({ width: 120, height: 120, nGrains: 60 }, createRandom(1));

  it("finds nothing to fault in equal maps", () => {
    expect(compareLabellings(grains, grains)).toMatchObject({
      nRegions: { predicted: 60, truth: 60 },
      boundary: { tolerancePx: 3, f1: 1, f1OneToOne: 1 },
      adaptedRandError: 0,
      variationOfInformation: { total: 0 },
      panoptic: { quality: 1 },
      averagePrecision: 1,
      grainSize: { intercept: 0 },
    });
  });

  it("a merge of two grains shows as merge, not as split, and coarsens G", () => {
    const at = (x: number): number => grains.data[60 * 120 + x];
    const x = Array.from({ length: 40 }, (_, k) => 40 + k).find((k) => at(k) !== at(k + 1)) ?? 0;
    const merged = { ...grains, data: grains.data.map((v) => (v === at(x) ? at(x + 1) : v)) };
    const { variationOfInformation, grainSize, nRegions } = compareLabellings(merged, grains);
    expect(variationOfInformation.split).toBe(0);
    expect(variationOfInformation.merge).toBeGreaterThan(0);
    expect(nRegions.predicted).toBe(59);
    expect(grainSize?.planimetric).toBeLessThan(0);
  });

  it("gives no grain size where a map holds boundary pixels", () => {
    const lined = { ...grains, data: grains.data.map((v, i) => (i % 120 === 60 ? 0 : v)) };
    expect(compareLabellings(lined, grains).grainSize).toBeNull();
  });
});

describe("operatorRepeatability", () => {
  it("pools differences of G as ISO 5725 does", () => {
    const pairs = [
      { first: stripes(20), second: stripes(24) },
      { first: stripes(24), second: stripes(20) },
    ];
    const { bias, repeatabilityStd, repeatabilityLimit, biasLow, biasHigh } = operatorRepeatability(pairs);
    const d = grainSizeDifference(stripes(20), stripes(24)).intercept;
    expect(bias).toBeCloseTo(0, 12);
    expect(repeatabilityStd).toBeCloseTo(d / Math.SQRT2, 12);
    expect(repeatabilityLimit).toBeCloseTo((2.8 * d) / Math.SQRT2, 12);
    // Two fields: t₀.₉₇₅(1) = 12.706, s_d = d·√2, so half = 12.706·d.
    expect(biasHigh).toBeCloseTo(12.7062 * d, 3);
    expect(biasLow).toBeCloseTo(-12.7062 * d, 3);
  });

  it("has no interval for one field, and refuses none and fields with boundary pixels", () => {
    const grains = stripes(20);
    expect(operatorRepeatability([{ first: grains, second: grains }])).toMatchObject({
      biasLow: null,
      bias: 0,
      nFields: 1,
    });
    expect(() => operatorRepeatability([])).toThrow(/no fields/);
    const lined = { ...grains, data: grains.data.map((v, i) => (i % 20 === 0 ? 0 : v)) };
    expect(() => operatorRepeatability([{ first: grains, second: lined }])).toThrow(/field 1 holds 0/);
  });
});

describe("renderConfusionPng", () => {
  it("paints found, false and missed lines in three colours", async () => {
    const grey = createRaster(new Float32Array(240 * 240).fill(0.5), 240, 240);
    const png = await renderConfusionPng(grey, stripes(60), stripes(40));
    const { data } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
    const at = (x: number): number[] => [...data.subarray(3 * (240 * 9 + x), 3 * (240 * 9 + x) + 3)];
    expect(at(119)).toEqual([0, 158, 115]); // both
    expect(at(59)).toEqual([213, 94, 0]); // only predicted
    expect(at(79)).toEqual([0, 114, 178]); // only true
    expect(at(10)).toEqual([128, 128, 128]);
  });
});
