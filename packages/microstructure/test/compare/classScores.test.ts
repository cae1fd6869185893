import { createRaster, type LabelMap } from "@materiome/core";
import { classScores, shiftLabels } from "@materiome/microstructure/compare";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const map = (width: number, values: readonly number[]): LabelMap =>
  createRaster(Uint32Array.from(values), width, values.length / width);

describe("classScores", () => {
  it("gives IoU, Dice, precision and recall of each class, and the confusion matrix", () => {
    // Class 1: 2 right, 1 false, 2 missed. Class 2 is only predicted, class 3 is nowhere.
    const scores = classScores(map(5, [1, 1, 1, 0, 2, 0, 0, 0, 0, 0]), map(5, [1, 1, 0, 1, 1, 0, 0, 0, 0, 0]), [
      "matrix",
      "carbide",
      "pore",
      "crack",
    ]);
    expect(scores.byClass[1]).toEqual({
      name: "carbide",
      nTrue: 4,
      nPredicted: 3,
      iou: 2 / 5,
      dice: 4 / 7,
      precision: 2 / 3,
      recall: 1 / 2,
    });
    expect(scores.byClass[2]).toMatchObject({ iou: 0, recall: null, precision: 0 });
    expect(scores.byClass[3]).toMatchObject({ iou: null, dice: null, nTrue: 0 });
    expect(scores.confusion[1]).toEqual([1, 2, 1, 0]);
    expect(scores.accuracy).toBe(0.7);
    // Intersections 5 + 2, unions 7 + 5 + 1.
    expect(scores.microIou).toBeCloseTo(7 / 13, 14);
    expect(scores.meanIou).toBeCloseTo((5 / 7 + 2 / 5 + 0) / 3, 14);
  });

  it("is symmetric in IoU and Dice, and swaps precision and recall", () => {
    const arbitrary = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 30, maxLength: 30 }).map((v) => map(6, v));
    fc.assert(
      fc.property(arbitrary, arbitrary, (a, b) => {
        const [ab, ba] = [classScores(a, b, ["0", "1", "2"]), classScores(b, a, ["0", "1", "2"])];
        expect(ab.microIou).toBe(ba.microIou);
        for (const [k, score] of ab.byClass.entries()) {
          expect(score.iou).toBe(ba.byClass[k]?.iou);
          expect(score.precision).toBe(ba.byClass[k]?.recall);
        }
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it("a half plane shifted by one pixel loses one column of each class", () => {
    const half = map(
      10,
      Array.from({ length: 100 }, (_, i) => Number(i % 10 < 5)),
    );
    const scores = classScores(shiftLabels(half, 1, 0), half, ["right", "left"]);
    expect(scores.byClass.map(({ iou }) => iou)).toEqual([4 / 5, 5 / 6]);
    expect(classScores(shiftLabels(half, 0, 3), half, ["right", "left"]).microIou).toBe(1);
  });

  it("refuses a class without a name", () => {
    expect(() => classScores(map(1, [0]), map(1, [2]), ["a", "b"])).toThrow(/hold class 2, but 2 names/);
  });
});
