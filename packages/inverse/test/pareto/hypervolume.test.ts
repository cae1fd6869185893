import { createMatrix, createRandom, type Matrix } from "@materiome/core";
import {
  crowdingDistance,
  hypervolume,
  hypervolumeContributions,
  minimisedValues,
  nonDominatedSort,
  paretoFront,
  referencePointOf,
} from "@materiome/inverse";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const matrix = (rows: readonly (readonly number[])[]): Matrix =>
  createMatrix(rows.length, rows[0]?.length ?? 0, Float64Array.from(rows.flat()));

/** Coarse numbers, so that ties, copies and dominated rows are common. */
const rowsOf = (m: number, most: number) =>
  fc.array(
    fc.array(
      fc.integer({ min: 0, max: 6 }).map((k) => k / 4),
      { minLength: m, maxLength: m },
    ),
    { minLength: 1, maxLength: most },
  );

/** Σ over non-empty subsets of (−1)^(|S|+1) · volume of the box under their componentwise maximum. */
function byInclusionExclusion(rows: readonly (readonly number[])[], reference: readonly number[]): number {
  let total = 0;
  for (let subset = 1; subset < 2 ** rows.length; subset++) {
    const chosen = rows.filter((_, i) => (subset >> i) & 1);
    const box = reference.reduce(
      (v, r, j) => v * Math.max(0, r - Math.max(...chosen.map((row) => row[j] as number))),
      1,
    );
    total += chosen.length % 2 === 1 ? box : -box;
  }
  return total;
}

describe("paretoFront and nonDominatedSort", () => {
  it("finds fronts within fronts, copies included", () => {
    const values = matrix([
      [1, 4],
      [2, 2],
      [3, 3],
      [2, 2],
      [5, 5],
      [4, 1],
    ]);
    expect(paretoFront(values)).toEqual([0, 1, 3, 5]);
    expect(Array.from(nonDominatedSort(values))).toEqual([0, 0, 1, 0, 2, 0]);
  });

  it("is what is left when every row is compared with every other", () => {
    fc.assert(
      fc.property(rowsOf(3, 12), (rows) => {
        const dominates = (a: readonly number[], b: readonly number[]): boolean =>
          a.every((x, j) => x <= (b[j] as number)) && a.some((x, j) => x < (b[j] as number));
        const expected = rows.flatMap((row, i) => (rows.some((other) => dominates(other, row)) ? [] : [i]));
        expect(paretoFront(matrix(rows))).toEqual(expected);
        const ranks = nonDominatedSort(matrix(rows));
        rows.forEach((row, i) => {
          const above = rows.flatMap((other, k) => (dominates(other, row) ? [ranks[k] as number] : []));
          expect(ranks[i]).toBe(above.length === 0 ? 0 : 1 + Math.max(...above));
        });
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it("takes an empty table and refuses NaN", () => {
    expect(paretoFront(createMatrix(0, 2))).toEqual([]);
    expect(() => paretoFront(matrix([[1, Number.NaN]]))).toThrow(/NaN in row 0, column 1/);
  });
});

describe("crowdingDistance", () => {
  it("adds the gaps around a row, and leaves the ends free", () => {
    expect(
      Array.from(
        crowdingDistance(
          matrix([
            [4, 0],
            [0, 4],
            [1, 2],
          ]),
        ),
      ),
    ).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 2]);
  });
});

describe("hypervolume", () => {
  it("is the box of a single row, and 0 at or beyond the reference", () => {
    for (const m of [1, 2, 3, 4, 5]) {
      const reference = Array.from({ length: m }, (_, j) => 2 + j);
      expect(hypervolume(matrix([reference.map(() => 1)]), reference)).toBeCloseTo(
        reference.reduce((v, r) => v * (r - 1), 1),
        12,
      );
      expect(hypervolume(matrix([reference]), reference)).toBe(0);
      expect(hypervolume(matrix([reference.map((r, j) => (j === 0 ? r + 1 : 0))]), reference)).toBe(0);
    }
  });

  it("agrees with inclusion and exclusion in one to five objectives, ties and copies included", () => {
    for (const m of [1, 2, 3, 4, 5]) {
      fc.assert(
        fc.property(rowsOf(m, 7), (rows) => {
          const reference = new Array<number>(m).fill(1.3);
          expect(hypervolume(matrix(rows), reference)).toBeCloseTo(byInclusionExclusion(rows, reference), 10);
        }),
        { seed: m, numRuns: 60 },
      );
    }
  });

  it("of n even points on the line x + y = 1 is n / (2 n + 2)", () => {
    const n = 200;
    const rows = Array.from({ length: n }, (_, i) => [(i + 1) / (n + 1), 1 - (i + 1) / (n + 1)]);
    expect(hypervolume(matrix(rows), [1, 1])).toBeCloseTo(n / (n + 1) / 2, 12);
  });

  it("agrees with a Monte Carlo estimate on a spherical front of four objectives", () => {
    const random = createRandom(3);
    const rows = Array.from({ length: 60 }, () => {
      const x = Array.from({ length: 4 }, () => Math.abs(random.normal()));
      const norm = Math.hypot(...x);
      return x.map((v) => 1 - v / norm);
    });
    let hits = 0;
    const n = 15_000;
    for (let i = 0; i < n; i++) {
      const at = Array.from({ length: 4 }, () => random.next());
      if (rows.some((row) => row.every((v, j) => v <= (at[j] as number)))) hits++;
    }
    const share = hits / n;
    const error = Math.sqrt((share * (1 - share)) / n);
    expect(Math.abs(hypervolume(matrix(rows), [1, 1, 1, 1]) - share)).toBeLessThan(4 * error);
  });
});

describe("hypervolumeContributions", () => {
  it("is what the volume loses without the row", () => {
    for (const m of [2, 3, 4]) {
      fc.assert(
        fc.property(rowsOf(m, 8), (rows) => {
          const reference = new Array<number>(m).fill(1.6);
          const all = hypervolume(matrix(rows), reference);
          hypervolumeContributions(matrix(rows), reference).forEach((contribution, i) => {
            const others = rows.filter((_, k) => k !== i);
            const rest = others.length === 0 ? 0 : hypervolume(matrix(others), reference);
            expect(contribution).toBeCloseTo(all - rest, 10);
          });
        }),
        { seed: m, numRuns: 30 },
      );
    }
  });
});

describe("referencePointOf", () => {
  it("lies a tenth of the front's range beyond the nadir", () => {
    const point = referencePointOf(
      matrix([
        [0, 10],
        [4, 0],
        [9, 90],
      ]),
    );
    expect(point[0]).toBeCloseTo(4.4, 12);
    expect(point[1]).toBeCloseTo(11, 12);
  });

  it("takes the range of all rows where one row is the front, and the value's tenth where nothing varies", () => {
    const point = referencePointOf(
      matrix([
        [1, 5],
        [3, 5],
      ]),
    );
    expect(point[0]).toBeCloseTo(1.2, 12);
    expect(point[1]).toBeCloseTo(5.5, 12);
    expect(() => referencePointOf(createMatrix(0, 2))).toThrow(/no row/);
  });
});

describe("minimisedValues", () => {
  it("turns what is to be large, and back", () => {
    const objectives = [{ direction: "maximize" }, { direction: "minimize" }] as const;
    const values = matrix([
      [1, 2],
      [3, 4],
    ]);
    const turned = minimisedValues(values, objectives);
    expect(Array.from(turned.data)).toEqual([-1, 2, -3, 4]);
    expect(Array.from(minimisedValues(turned, objectives).data)).toEqual(Array.from(values.data));
  });
});
