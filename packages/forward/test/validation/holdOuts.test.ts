import { closeWorkers, createMatrix, createRandom, type FeatureMatrix } from "@materiome/core";
import {
  createRidge,
  crossValidate,
  extrapolation,
  groupKFold,
  kFold,
  leaveOneClusterOut,
  leaveOneElementOut,
  leaveOneGroupOut,
  repeated,
  type SplitRows,
  type Splitter,
  stratifiedGroupKFold,
  stratifiedKFold,
  timeOrdered,
} from "@materiome/forward";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { features, smooth } from "../data.ts";

afterAll(closeWorkers);

const plan = (splitter: Splitter, rows: SplitRows, seed = 1): ReturnType<Splitter["plan"]> =>
  splitter.plan(rows, createRandom(seed));

function named(names: readonly string[], rows: readonly (readonly number[])[]): FeatureMatrix {
  const features = names.map((name) => ({ name, unit: "", source: [name] }));
  return { ...createMatrix(rows.length, names.length, Float64Array.from(rows.flat())), features };
}

describe("stratifiedKFold", () => {
  it("deals every class evenly, to one row, and every fold as many rows", () => {
    const classes = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 12, maxLength: 80 });
    fc.assert(
      fc.property(classes, fc.integer({ min: 2, max: 5 }), fc.nat(), (codes, nFolds, seed) => {
        fc.pre([0, 1, 2, 3].every((c) => codes.filter((code) => code === c).length !== 1));
        const fold = stratifiedKFold(nFolds, { by: "classes" }).assign(
          codes.length,
          undefined,
          createRandom(seed),
          codes,
        );
        const spread = (of: (i: number) => boolean): number => {
          const counts = Array.from({ length: nFolds }, (_, k) => fold.filter((f, i) => f === k && of(i)).length);
          return Math.max(...counts) - Math.min(...counts);
        };
        expect(spread(() => true)).toBeLessThanOrEqual(1);
        for (const c of [0, 1, 2, 3]) expect(spread((i) => codes[i] === c)).toBeLessThanOrEqual(1);
      }),
      { seed: 1 },
    );
  });

  it("gives each fold two rows of each fifth of a skewed target, which kFold does not", () => {
    const target = Float64Array.from({ length: 50 }, (_, i) => Math.exp(i / 5));
    const most = (splitter: typeof stratifiedKFold | typeof kFold): number => {
      const fold = splitter(5).assign(50, undefined, createRandom(3), target);
      return Math.max(
        ...Array.from(
          { length: 25 },
          (_, at) =>
            fold.filter((f, i) => f === at % 5 && i % 50 >= 10 * Math.floor(at / 5) && i < 10 * Math.floor(at / 5) + 10)
              .length,
        ),
      );
    };
    expect(most(stratifiedKFold)).toBe(2);
    expect(most(kFold)).toBeGreaterThan(2);
  });

  it("refuses lone classes, no targets, gaps in them, fewer rows than folds", () => {
    const assign = (target: readonly number[] | undefined, by: "classes" | "quantiles" = "classes"): Int32Array =>
      stratifiedKFold(2, { by }).assign(target?.length ?? 4, undefined, createRandom(1), target);
    expect(() => assign([0, 0, 1, 1, 2])).toThrow(/class 2 has a single row.*drop or merge/);
    expect(() => assign(undefined)).toThrow(/needs the target of each of the 4 rows/);
    expect(() => assign([1, Number.NaN, 2], "quantiles")).toThrow(/target of row 1 is NaN/);
    expect(() => assign([1])).toThrow(/1 rows cannot be divided into 2 folds/);
    expect(() => stratifiedKFold(2, { nBins: 1 })).toThrow(/nBins/);
  });

  it("takes a target of few values", () => {
    const target = Float64Array.from({ length: 20 }, (_, i) => (i < 16 ? 0 : 5));
    const fold = stratifiedKFold(4).assign(20, undefined, createRandom(1), target);
    for (let k = 0; k < 4; k++) expect(fold.filter((f, i) => f === k && target[i] === 5)).toHaveLength(1);
  });
});

describe("stratifiedGroupKFold", () => {
  it("keeps groups whole, fills every fold, and spreads a class better than groupKFold does", () => {
    const random = createRandom(2);
    let [even, plain] = [0, 0];
    for (let trial = 0; trial < 30; trial++) {
      const groups = Int32Array.from({ length: 90 }, (_, i) => Math.floor(i / 3));
      const rare = Array.from({ length: 30 }, () => (random.next() < 0.25 ? 1 : 0));
      for (const g of [0, 1, 2]) rare[g] = 1;
      const target = Array.from(groups, (g) => rare[g]);
      const worst = (fold: Int32Array): number => {
        const counts = Array.from({ length: 5 }, (_, k) => fold.filter((f, i) => f === k && target[i] === 1).length);
        return Math.max(...counts) - Math.min(...counts);
      };
      const fold = stratifiedGroupKFold(5, { by: "classes" }).assign(90, groups, createRandom(trial), target);
      expect(new Set(fold).size).toBe(5);
      for (let i = 0; i < 90; i++) expect(fold[i]).toBe(fold[3 * groups[i]]);
      even += worst(fold);
      plain += worst(groupKFold(5).assign(90, groups, createRandom(trial)));
    }
    expect(even / 30).toBeLessThanOrEqual(3); // one group of three rows
    expect(plain / 30).toBeGreaterThan(5);
  });

  it("fills every fold where there are as many groups as folds", () => {
    const groups = Int32Array.of(0, 0, 0, 0, 1, 2);
    const fold = stratifiedGroupKFold(3).assign(6, groups, createRandom(1), [1, 2, 3, 4, 5, 6]);
    expect(new Set(fold).size).toBe(3);
  });

  it("refuses a class within one group, fewer groups than folds, no groups", () => {
    const groups = Int32Array.of(0, 0, 1, 1, 2);
    const by = { by: "classes" } as const;
    expect(() => stratifiedGroupKFold(2, by).assign(5, groups, createRandom(1), [1, 1, 0, 0, 0])).toThrow(
      /all rows of class 1 are of one group/,
    );
    expect(() => stratifiedGroupKFold(4).assign(5, groups, createRandom(1), [1, 2, 3, 4, 5])).toThrow(
      /3 groups cannot be divided into 4 folds; use at most 3/,
    );
    expect(() => stratifiedGroupKFold(2).assign(5, undefined, createRandom(1), [1, 2, 3, 4, 5])).toThrow(
      /needs the group/,
    );
  });
});

describe("leaveOneGroupOut", () => {
  it("holds out each group once and says which", () => {
    const groups = Int32Array.of(7, 7, 3, 9);
    const { holdOuts } = plan(leaveOneGroupOut(), { nRows: 4, groups });
    expect(holdOuts.map(({ test, train }) => [Array.from(test), Array.from(train)])).toEqual([
      [
        [0, 1],
        [2, 3],
      ],
      [[2], [0, 1, 3]],
      [[3], [0, 1, 2]],
    ]);
    expect(holdOuts.map(({ heldOut }) => heldOut)).toEqual([
      "group 7 (2 rows)",
      "group 3 (1 rows)",
      "group 9 (1 rows)",
    ]);
  });

  it("refuses one group and none", () => {
    expect(() => plan(leaveOneGroupOut(), { nRows: 2, groups: Int32Array.of(1, 1) })).toThrow(
      /all rows are of one group/,
    );
    expect(() => plan(leaveOneGroupOut(), { nRows: 2 })).toThrow(/needs the group of each row/);
  });
});

describe("leaveOneClusterOut", () => {
  const values = [0, 0.1, 0.2, 5, 5.1, 9, 9.1];
  // The second feature has a huge unit, the third is constant and has a gap.
  const x = features(
    7,
    3,
    values.flatMap((v, i) => [v, i === 3 ? Number.NaN : 1e6 * (v % 5), 4]),
  );

  it("holds out the plain clusters whatever the units", () => {
    const tests = plan(leaveOneClusterOut(3), { nRows: 7, x }).holdOuts.map(({ test }) => Array.from(test).join());
    expect(tests.sort()).toEqual(["0,1,2", "3,4", "5,6"]);
  });

  it("does not train on rows of a group that is tested, and says how many it left out", () => {
    const groups = Int32Array.of(0, 0, 1, 1, 2, 3, 3);
    const { holdOuts } = plan(leaveOneClusterOut(3), { nRows: 7, x, groups });
    const first = holdOuts.find(({ test }) => test[0] === 0);
    expect(Array.from(first!.train)).toEqual([4, 5, 6]);
    expect(first!.heldOut).toMatch(/\(3 rows; 1 more of the same groups are not trained on\)/);
  });

  it("refuses no features and fewer rows than clusters", () => {
    expect(() => plan(leaveOneClusterOut(3), { nRows: 7 })).toThrow(/needs the features/);
    expect(() => plan(leaveOneClusterOut(8), { nRows: 7, x })).toThrow(/use at most 7 clusters/);
    expect(() => leaveOneClusterOut(1)).toThrow(/at least 2 clusters/);
  });
});

describe("leaveOneElementOut", () => {
  const x = named(
    ["alloy Fe fraction", "fraction Cr", "Ni", "T"],
    [
      [0.9, 0.1, 0, 20],
      [0.8, 0, 0.2, 30],
      [0.5, 0.1, 0.4, 20],
      [0.3, 0, 0.7, 50],
      [0.2, 0.1, 0.7, 50],
      [1, 0, Number.NaN, 20],
    ],
  );

  it("tests the rows with the element, a row once for each of its elements", () => {
    const { holdOuts, remarks } = plan(leaveOneElementOut({ minRows: 2 }), { nRows: 6, x });
    expect(holdOuts.map(({ heldOut, test }) => [heldOut, Array.from(test)])).toEqual([
      ["rows with Cr (3 rows)", [0, 2, 4]],
      ["rows with Ni (4 rows)", [1, 2, 3, 4]],
    ]);
    expect(remarks).toEqual(["not held out, for too few rows on one side: Fe (in 6 rows)"]);
  });

  it("holds out alloy families by the largest part", () => {
    const { holdOuts } = plan(leaveOneElementOut({ by: "base", minRows: 2 }), { nRows: 6, x });
    expect(holdOuts.map(({ heldOut, test }) => [heldOut, Array.from(test)])).toEqual([
      ["Fe-based rows (4 rows)", [0, 1, 2, 5]],
      ["Ni-based rows (2 rows)", [3, 4]],
    ]);
  });

  it("refuses what it cannot hold out", () => {
    expect(() => plan(leaveOneElementOut({ elements: ["Co"] }), { nRows: 6, x })).toThrow(
      /amount of Co; there are Fe, Cr, Ni/,
    );
    expect(() => plan(leaveOneElementOut({ elements: ["Fe"] }), { nRows: 6, x })).toThrow(
      /rows with Fe: 0 rows are left to train on/,
    );
    expect(() => plan(leaveOneElementOut(), { nRows: 6, x })).toThrow(
      /no element leaves at least 5 rows on either side.*lower minRows/,
    );
    expect(() => plan(leaveOneElementOut(), { nRows: 6, x: features(6, 1, [1, 2, 3, 4, 5, 6]) })).toThrow(
      /no feature is the amount/,
    );
  });
});

describe("timeOrdered", () => {
  it("predicts each part from all before it, rows of one time together", () => {
    const times = [3, 1, 2, 4, 4, 6, 5, 0];
    const { holdOuts, remarks } = plan(timeOrdered(3, { times }), { nRows: 8 });
    expect(holdOuts.map(({ train, test }) => [Array.from(train), Array.from(test)])).toEqual([
      [
        [1, 7],
        [0, 2],
      ],
      [
        [0, 1, 2, 7],
        [3, 4],
      ],
      [
        [0, 1, 2, 3, 4, 7],
        [5, 6],
      ],
    ]);
    expect(remarks).toEqual(["the first 2 rows by time are never tested"]);
  });

  it("takes the order of the rows, or a feature, as time; drops earlier rows of a tested group", () => {
    const { holdOuts } = plan(timeOrdered(1), { nRows: 8, groups: Int32Array.of(0, 1, 2, 3, 3, 2, 4, 4) });
    expect(Array.from(holdOuts[0].test)).toEqual([4, 5, 6, 7]);
    expect(Array.from(holdOuts[0].train)).toEqual([0, 1]);
    const falling = features(8, 1, [8, 7, 6, 5, 4, 3, 2, 1]);
    expect(Array.from(plan(timeOrdered(1, { by: "x0" }), { nRows: 8, x: falling }).holdOuts[0].test)).toEqual([
      0, 1, 2, 3,
    ]);
    expect(() => plan(timeOrdered(1), { nRows: 4, groups: Int32Array.of(0, 1, 1, 0) })).toThrow(
      /0 rows are left to train on \(2 share/,
    );
  });

  it("refuses too few times", () => {
    expect(() => plan(timeOrdered(3, { times: [1, 1, 2, 2] }), { nRows: 4 })).toThrow(
      /make only 1 parts after the first; use 1 folds/,
    );
    expect(() => plan(timeOrdered(2, { by: "x9" }), { nRows: 2, x: features(2, 1, [1, 2]) })).toThrow(
      /no feature "x9"; there are x0/,
    );
    expect(() => timeOrdered(1, { by: "x0", times: [1] })).toThrow(/not both/);
  });
});

describe("extrapolation", () => {
  const target = [5, 1, 9, 3, 7, 2, 10, 4, 8, 6];
  it("tests beyond the range it trains on", () => {
    const { holdOuts } = plan(extrapolation({ sides: ["below", "above", "outside"] }), { nRows: 10, target });
    const values = (rows: Int32Array): number[] => Array.from(rows, (i) => target[i]).sort((a, b) => a - b);
    expect(holdOuts.map(({ test }) => values(test))).toEqual([
      [1, 2],
      [9, 10],
      [1, 10],
    ]);
    expect(holdOuts.map(({ train }) => train.length)).toEqual([8, 8, 8]);
    expect(holdOuts[1].heldOut).toBe("rows with target above 8.2 (2 rows)");
  });

  it("cuts by a feature, and refuses a constant one and one with gaps", () => {
    const x = features(4, 2, [1, 5, 2, 5, 3, 5, Number.POSITIVE_INFINITY, 5]);
    expect(() => plan(extrapolation({ by: "x1" }), { nRows: 4, x })).toThrow(/below 5: no row to test/);
    expect(() => plan(extrapolation({ by: "x0" }), { nRows: 4, x })).toThrow(/"x0" has no value in row 3/);
    expect(() => extrapolation({ share: 0 })).toThrow(/share/);
  });
});

describe("crossValidate with splits that are no partition", () => {
  const { x, y } = smooth(60, 3, 4);
  const run = { random: createRandom(1), threads: 1 };

  it("scores the rows tested, each at its own place", async () => {
    const { repeats, folds, remarks, scores } = await crossValidate(createRidge(), x, y, timeOrdered(3), run);
    expect(Array.from(repeats[0].row)).toEqual(Array.from({ length: 45 }, (_, i) => 15 + i));
    expect(repeats[0].actual).toEqual(y.values.data.slice(15));
    expect(scores.n).toBe(45);
    expect(folds.map(({ nTrain, nTest }) => [nTrain, nTest])).toEqual([
      [15, 15],
      [30, 15],
      [45, 15],
    ]);
    expect(remarks[0]).toMatch(/first 15 rows/);
    const model = await createRidge().fit(
      { ...x, rows: 15, data: x.data.slice(0, 45) },
      { ...y, values: createMatrix(15, 1, y.values.data.slice(0, 15)) },
      run,
    );
    const expected = (await model.predict({ ...x, rows: 1, data: x.data.slice(45, 48) })).mean.data[0];
    expect(repeats[0].predicted[0]).toBeCloseTo(expected, 10);
  });

  it("repeats a split, drawn anew each time, as `repeats` does", async () => {
    const { repeats, perFold, folds } = await crossValidate(createRidge(), x, y, repeated(kFold(3), 2), run, {
      repeats: 2,
    });
    expect(repeats).toHaveLength(4);
    expect(new Set(repeats.map(({ fold }) => fold.join())).size).toBe(4);
    expect(perFold.map(({ repeat, fold }) => `${repeat}${fold}`).join()).toBe("00,01,02,10,11,12,20,21,22,30,31,32");
    expect(folds[4].heldOut).toBe("repeat 2, fold 2 of 3 (20 rows)");
    expect(() => repeated(kFold(2), 0)).toThrow(/at least 1 repeat/);
  });
});
