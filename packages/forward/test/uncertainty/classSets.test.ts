import { createMatrix, createRandom, type Matrix } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { againstPrior } from "../../src/learner/classBlend.ts";
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

  it("set against the shares learnt from do not take a fold with fewer rows of a class for unlike it", () => {
    // A classifier that learnt nothing says the share of each class: 0.30 where its fold holds many of class 0, else 0.31.
    const folds = [0.3, 0.31, 0.31].map((share) => ({ share: 0, prior: [share, 1 - share] }));
    const said = folds.map(({ prior }) => createMatrix(1, 2, Float64Array.from(prior)));
    const relative = folds.map((blend, f) => againstPrior(blend, said[f] as Matrix));
    expect(relative.map(({ data }) => [...data])).toEqual([
      [0.5, 0.5],
      [0.5, 0.5],
      [0.5, 0.5],
    ]);
    const cover = (of: readonly Matrix[]): boolean => {
      const others = Float64Array.from({ length: 80 }, (_, at) => of[1 + (Math.floor(at / 2) % 2)]?.data[at % 2] ?? 0);
      const rows = Int32Array.from({ length: 40 }, (_, i) => i);
      const sets = calibrateClassSets(createMatrix(40, 2, others), new Int32Array(40), undefined, rows);
      return classSets(sets, of[0] as Matrix, 0.9)[0]?.includes(0) === true;
    };
    expect(cover(said)).toBe(false);
    expect(cover(relative)).toBe(true);
  });

  it("set against shares keep the order of one model, and its probabilities where the shares are equal", () => {
    const p = createMatrix(3, 3, Float64Array.of(0.2, 0.3, 0.5, 0.6, 0.1, 0.3, 0, 1, 0));
    const { data } = againstPrior({ share: 0, prior: [0.1, 0.5, 0.4] }, p);
    expect(data[0]).toBeCloseTo(2 / (2 + 0.8 / 0.9), 12); // odds 0.2 / 0.8 · 0.9 / 0.1
    expect(data[3]).toBeGreaterThan(data[0] as number);
    expect([...data.subarray(6)]).toEqual([0, 1, 0]);
    const half = createMatrix(2, 2, Float64Array.of(0.2, 0.8, 0.7, 0.3));
    for (const [at, value] of againstPrior({ share: 0, prior: [0.5, 0.5] }, half).data.entries())
      expect(value).toBeCloseTo(half.data[at] as number, 12);
  });

  it("of models stored before that are read as they were", () => {
    const stored = encodeClassSets(
      calibrateClassSets(createMatrix(1, 1), new Int32Array(1), undefined, Int32Array.of(0)),
    );
    const { isRelative, ...old } = stored as { readonly isRelative: boolean };
    expect([isRelative, decodeClassSets(old, 1).isRelative]).toEqual([false, false]);
    expect(() => decodeClassSets({ ...old, isRelative: 1 }, 1)).toThrow(/damaged/);
  });

  it("refuses damaged calibrations", () => {
    expect(() => decodeClassSets({ scores: [] }, 2)).toThrow(/damaged/);
  });
});
