import { createMatrix, createRandom } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { calibrateClassSets, classSets, decodeClassSets, encodeClassSets } from "../../src/uncertainty/classSets.ts";

describe("prediction sets", () => {
  it("hold a class up to the ⌈level (n + 1)⌉-th smallest of its scores", () => {
    // Class 0 was given 0.9, 0.8, 0.6, 0.3: scores 0.1, 0.2, 0.4, 0.7. At level 0.6 the third smallest of four counts: 0.4.
    const p = createMatrix(4, 2, Float64Array.of(0.9, 0.1, 0.8, 0.2, 0.6, 0.4, 0.3, 0.7));
    const rows = Int32Array.of(0, 1, 2, 3);
    const sets = calibrateClassSets(p, new Int32Array(4), undefined, rows);
    const asked = createMatrix(2, 2, Float64Array.of(0.61, 0.39, 0.59, 0.41));
    expect(classSets(sets, asked, 0.6)).toEqual([[0, 1], [1]]); // class 1 has no rows, so nothing rules it out
    expect(classSets(sets, asked, 0.85)).toEqual([
      [0, 1],
      [0, 1],
    ]); // 4 rows are too few for a level above 0.8
  });

  it("count the rows of a group once", () => {
    const p = createMatrix(6, 1, Float64Array.of(0.9, 0.9, 0.9, 0.9, 0.5, 0.2));
    const rows = Int32Array.from({ length: 6 }, (_, i) => i);
    const asked = createMatrix(1, 1, Float64Array.of(0.4));
    const codes = new Int32Array(6);
    expect(classSets(calibrateClassSets(p, codes, undefined, rows), asked, 0.7)).toEqual([[]]); // ⌈4.9⌉-th: score 0.5
    const groups = Int32Array.of(0, 0, 0, 0, 1, 2); // three units: the ⌈2.8⌉-th of 0.1, 0.5, 0.8
    expect(classSets(calibrateClassSets(p, codes, groups, rows), asked, 0.7)).toEqual([[0]]);
  });

  it("hold the true class as often as they say, class by class", () => {
    const random = createRandom(5);
    const draw = (n: number): { p: Float64Array; codes: Int32Array } => {
      const codes = Int32Array.from({ length: n }, () => (random.next() < 0.8 ? 0 : 1));
      const p = Float64Array.from(codes, (code) => 1 / (1 + Math.exp(-(code === 0 ? 1 : -1) - random.normal())));
      return { p: Float64Array.from([...p].flatMap((value) => [value, 1 - value])), codes };
    };
    const [known, fresh] = [draw(600), draw(3000)];
    const all = Int32Array.from(known.codes.keys());
    const calibrated = calibrateClassSets(createMatrix(600, 2, known.p), known.codes, undefined, all);
    const again = decodeClassSets(JSON.parse(JSON.stringify(encodeClassSets(calibrated))), 2);
    const sets = classSets(again, createMatrix(3000, 2, fresh.p), 0.9);
    for (const c of [0, 1]) {
      const own = Array.from(fresh.codes.keys()).filter((i) => fresh.codes[i] === c);
      const share = own.filter((i) => sets[i]?.includes(c) === true).length / own.length;
      expect(share).toBeGreaterThan(0.84);
      expect(share).toBeLessThan(0.96);
    }
  });

  it("refuses damaged calibrations", () => {
    expect(() => decodeClassSets({ scores: [] }, 2)).toThrow(/damaged/);
  });
});
