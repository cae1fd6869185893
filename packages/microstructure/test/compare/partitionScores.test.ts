import { readFileSync } from "node:fs";
import { createRandom, createRaster, DataError, type LabelMap, ShapeError } from "@materiome/core";
import {
  adaptedRandError,
  averagePrecision,
  panopticQuality,
  variationOfInformation,
} from "@materiome/microstructure/compare";
import { voronoiGrains } from "@materiome/microstructure/synthesis";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const golden = JSON.parse(readFileSync(new URL("../fixtures/compare/partition_scores.json", import.meta.url), "utf8"));

function map(width: number, values: readonly number[]): LabelMap {
  return createRaster(Uint32Array.from(values), width, values.length / width);
}

/** Arbitrary small label map of a fixed size, 0 included. */
const small = fc
  .array(fc.integer({ min: 0, max: 4 }), { minLength: 36, maxLength: 36 })
  .map((values) => map(6, values));

describe("adaptedRandError and variationOfInformation", () => {
  it.each([0, 1, 2])("agree with scikit-image, case %i", (i) => {
    const { width, truth, predicted, adaptedRand, variation } = golden.cases[i];
    const { error, precision, recall } = adaptedRandError(map(width, predicted), map(width, truth));
    for (const [k, value] of [error, precision, recall].entries()) expect(value).toBeCloseTo(adaptedRand[k], 11);
    const { split, merge, total } = variationOfInformation(map(width, predicted), map(width, truth));
    expect(split).toBeCloseTo(variation[0], 11);
    expect(merge).toBeCloseTo(variation[1], 11);
    expect(total).toBeCloseTo(variation[0] + variation[1], 11);
  });

  it("halving one region of two costs one bit on its half of the field", () => {
    const truth = map(8, [1, 1, 1, 1, 2, 2, 2, 2]);
    const cut = map(8, [1, 1, 3, 3, 2, 2, 2, 2]);
    expect(variationOfInformation(cut, truth)).toEqual({ split: 0.5, merge: 0, total: 0.5 });
    expect(variationOfInformation(truth, cut)).toEqual({ split: 0, merge: 0.5, total: 0.5 });
    // Pairs: truth 12, cut 6 + 2 = 8 of them, all joined by the truth too.
    expect(adaptedRandError(cut, truth)).toMatchObject({ precision: 1, recall: 16 / 24 });
  });

  it("are 0 for a map against itself with other numbers; the variation is symmetric and a metric", () => {
    fc.assert(
      fc.property(small, small, small, (a, b, c) => {
        const vi = (x: LabelMap, y: LabelMap): number => variationOfInformation(x, y, { leaveOut: "none" }).total;
        expect(vi(a, { ...a, data: a.data.map((v) => 9 - v) })).toBeCloseTo(0, 12);
        expect(vi(a, b)).toBeCloseTo(vi(b, a), 12);
        expect(vi(a, c)).toBeLessThanOrEqual(vi(a, b) + vi(b, c) + 1e-12);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it("refuse maps without pairs or pixels, and different sizes", () => {
    const single = map(2, [1, 2, 3, 4]);
    expect(() => adaptedRandError(single, map(2, [1, 1, 1, 1]))).toThrow(/every region is a single pixel/);
    expect(() => variationOfInformation(single, map(2, [0, 0, 0, 0]))).toThrow(DataError);
    expect(() => variationOfInformation(single, map(4, [1, 1, 1, 1]))).toThrow(ShapeError);
  });
});

describe("panopticQuality and averagePrecision", () => {
  // Two true squares of 16 px; one found with 12 of 16, one cut into halves (IoU ½ each: no match).
  const truth = map(
    8,
    Array.from({ length: 32 }, (_, i) => (i % 8 < 4 ? 1 : 2)),
  );
  const found = map(
    8,
    Array.from({ length: 32 }, (_, i) => (i % 8 < 3 ? 5 : i % 8 === 3 ? 0 : i < 16 ? 7 : 9)),
  );

  it("count unique matches above one half", () => {
    expect(panopticQuality(found, truth)).toEqual({
      quality: 0.75 / 2.5,
      segmentation: 0.75,
      recognition: 1 / 2.5,
      truePositives: 1,
      falsePositives: 2,
      falseNegatives: 1,
    });
    expect(averagePrecision(found, truth, { thresholds: [0.5, 0.75] }).byThreshold).toEqual([
      { iou: 0.5, precision: 1 / 4 },
      { iou: 0.75, precision: 0 },
    ]);
  });

  it("are 1 for equal maps, also at a threshold of 1, and 0 where nothing overlaps", () => {
    const grains = voronoiGrains({ width: 60, height: 50, nGrains: 20 }, createRandom(3));
    expect(panopticQuality(grains, grains).quality).toBe(1);
    expect(averagePrecision(grains, grains, { thresholds: [1] }).mean).toBe(1);
    expect(averagePrecision(map(4, [1, 1, 0, 0]), map(4, [0, 0, 1, 1])).mean).toBe(0);
    expect(panopticQuality(map(4, [1, 1, 0, 0]), map(4, [0, 0, 1, 1]))).toMatchObject({
      quality: 0,
      segmentation: null,
    });
  });

  it("refuse empty maps and thresholds that allow two matches", () => {
    expect(() => panopticQuality(map(2, [0, 0]), map(2, [0, 0]))).toThrow(DataError);
    expect(() => averagePrecision(truth, truth, { thresholds: [0.4] })).toThrow(/0\.5 … 1/);
  });
});
