import { createRandom } from "@materiome/core";
import { groupKFold, kFold } from "@materiome/forward";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const sizes = (folds: Int32Array, nFolds: number): number[] =>
  Array.from({ length: nFolds }, (_, k) => folds.filter((fold) => fold === k).length);

describe("kFold", () => {
  it("divides evenly, differently for another seed, equally for the same", () => {
    const folds = kFold(4).assign(11, undefined, createRandom(1));
    expect(sizes(folds, 4).sort()).toEqual([2, 3, 3, 3]);
    expect(kFold(4).assign(11, undefined, createRandom(1))).toEqual(folds);
    expect(kFold(4).assign(11, undefined, createRandom(2))).not.toEqual(folds);
  });

  it("refuses fewer rows than folds", () => {
    expect(() => kFold(5).assign(4, undefined, createRandom(1))).toThrow(/4 rows cannot be divided into 5 folds/);
  });
});

describe("groupKFold", () => {
  it("never splits a group, fills every fold, and keeps the sizes within one largest group", () => {
    const groups = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 10, maxLength: 120 });
    fc.assert(
      fc.property(groups, fc.integer({ min: 2, max: 6 }), fc.nat(), (codes, nFolds, seed) => {
        fc.pre(new Set(codes).size >= nFolds);
        const folds = groupKFold(nFolds).assign(codes.length, Int32Array.from(codes), createRandom(seed));
        const foldOf = new Map<number, number>();
        for (const [i, code] of codes.entries()) {
          expect(foldOf.get(code) ?? folds[i]).toBe(folds[i]);
          foldOf.set(code, folds[i]);
        }
        const counts = sizes(folds, nFolds);
        const largest = Math.max(...[...new Set(codes)].map((g) => codes.filter((c) => c === g).length));
        expect(Math.min(...counts)).toBeGreaterThan(0);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(largest);
      }),
      { seed: 1 },
    );
  });

  it("refuses fewer groups than folds, and no groups", () => {
    const groups = Int32Array.of(0, 0, 1, 1);
    expect(() => groupKFold(3).assign(4, groups, createRandom(1))).toThrow(/2 groups cannot be divided into 3 folds/);
    expect(() => groupKFold(2).assign(4, undefined, createRandom(1))).toThrow(/needs the group of each row/);
  });
});
