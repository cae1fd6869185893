import { readFileSync } from "node:fs";
import { createMatrix, createRandom, DomainError, type Matrix, ShapeError } from "@materiome/core";
import { createNeighbourSearch, distanceMatrix, gowerDistances, pairDistances } from "@materiome/core/numerics";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

type Name = "euclidean" | "squaredEuclidean" | "manhattan" | "mahalanobis";
type Golden = { readonly source: string } & Readonly<Record<Name | "a" | "b" | "lower", readonly number[]>>;

const golden = JSON.parse(readFileSync(new URL("./fixtures/distances.json", import.meta.url), "utf8")) as Golden;
const matrix = (rows: number, columns: number, values: readonly number[]): Matrix =>
  createMatrix(rows, columns, Float64Array.from(values));
const a = matrix(7, 5, golden.a);
const b = matrix(10, 5, golden.b);

describe(`distanceMatrix against ${golden.source}`, () => {
  it.each<Name>(["euclidean", "squaredEuclidean", "manhattan", "mahalanobis"])("%s", (metric) => {
    const { data, rows, columns } = distanceMatrix(a, b, { metric, lower: matrix(5, 5, golden.lower) });
    expect([rows, columns]).toEqual([7, 10]);
    golden[metric].forEach((expected, i) => {
      expect(Math.abs(data[i]! - expected)).toBeLessThan(1e-12 * Math.max(1, expected));
    });
  });

  it("is symmetric with a zero diagonal for all pairs, and NaN where a value is missing", () => {
    const own = distanceMatrix(b, b);
    for (let i = 0; i < 10; i++) {
      expect(own.data[i * 11]).toBe(0);
      for (let j = 0; j < i; j++) expect(own.data[i * 10 + j]).toBe(own.data[j * 10 + i]);
    }
    expect(distanceMatrix(matrix(1, 2, [0, Number.NaN]), matrix(1, 2, [0, 0])).data[0]).toBeNaN();
    expect(distanceMatrix(matrix(0, 2, []), matrix(1, 2, [0, 0])).data.length).toBe(0);
  });

  it("refuses what does not fit", () => {
    expect(() => distanceMatrix(a, matrix(1, 2, [0, 0]))).toThrow(ShapeError);
    expect(() => distanceMatrix(a, b, { metric: "mahalanobis" })).toThrow(/needs `lower`/);
    expect(() => distanceMatrix(a, b, { metric: "mahalanobis", lower: createMatrix(5, 5) })).toThrow(/diagonal 0/);
  });
});

describe("pairDistances", () => {
  it("has the same bits as sums over the coordinates in order, for any number of points", () => {
    const random = createRandom(4);
    for (const [n, d] of [
      [0, 3],
      [1, 2],
      [7, 1],
      [8, 5],
      [9, 5],
      [31, 12],
      [64, 3],
    ] as const) {
      const x = createMatrix(
        d,
        n,
        Float64Array.from({ length: n * d }, () => random.normal()),
      );
      const expected: number[] = [];
      for (let i = 0; i < n; i++) {
        for (let j = 0; j <= i; j++) {
          let sum = 0;
          for (let c = 0; c < d; c++) sum += (x.data[c * n + i]! - x.data[c * n + j]!) ** 2;
          expected.push(sum);
        }
      }
      expect(Array.from(pairDistances(x))).toEqual(expected);
    }
    expect(Array.from(pairDistances(matrix(1, 2, [0, Number.NaN])))).toEqual([0, Number.NaN, Number.NaN]);
    expect(Array.from(pairDistances(matrix(0, 2, [])))).toEqual([0, 0, 0]);
  });
});

describe("gowerDistances", () => {
  it("mixes numbers and categories and leaves out what is missing", () => {
    const x = matrix(2, 3, [0, 5, 1, Number.NaN, 10, 2]);
    const y = matrix(3, 3, [10, 5, 1, 0, 0, 1, 4, Number.NaN, 2]);
    const { data } = gowerDistances(x, y, { isCategory: [false, false, true] });
    // Ranges over y: 10 and 5.
    const expected = [1 / 3, 1 / 3, (0.4 + 1) / 2, (1 + 1) / 2, (2 + 1) / 2, 0];
    expected.forEach((value, i) => {
      expect(data[i]).toBeCloseTo(value, 14);
    });
    expect(gowerDistances(matrix(1, 1, [Number.NaN]), matrix(1, 1, [1])).data[0]).toBeNaN();
    expect(() => gowerDistances(x, y, { isCategory: [true] })).toThrow(/3 columns need 3 values of isCategory, got 1/);
  });
});

describe("createNeighbourSearch", () => {
  /** All rows sorted by distance, then row. */
  const sorted = (points: Matrix, queries: Matrix, k: number): number[] =>
    Array.from({ length: queries.rows }, (_, q) => {
      const { data } = distanceMatrix(
        matrix(1, queries.columns, [...queries.data.subarray(q * queries.columns, (q + 1) * queries.columns)]),
        points,
        { metric: "squaredEuclidean" },
      );
      return Array.from({ length: points.rows }, (__, i) => i)
        .sort((i, j) => data[i]! - data[j]! || i - j)
        .slice(0, k);
    }).flat();

  it("tree and full search equal a sort of all distances, with ties on a grid in the order of the rows", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 5 }),
        fc.boolean(),
        fc.nat(1000),
        (n, d, onGrid, seed) => {
          const random = createRandom(seed);
          const draw = (rows: number): Matrix =>
            createMatrix(
              rows,
              d,
              Float64Array.from({ length: rows * d }, () => (onGrid ? random.int(4) : random.normal())),
            );
          const points = draw(n);
          const queries = draw(8);
          const k = 1 + random.int(Math.min(n, 12));
          const expected = sorted(points, queries, k);
          for (const method of ["tree", "all"] as const) {
            expect([...createNeighbourSearch(points, { method })(queries, k).rows]).toEqual(expected);
          }
        },
      ),
      { seed: 11, numRuns: 120 },
    );
  });

  it("gives bit-identical distances by both methods", () => {
    const random = createRandom(2);
    const points = createMatrix(
      2000,
      6,
      Float64Array.from({ length: 12_000 }, () => random.normal()),
    );
    const tree = createNeighbourSearch(points, { method: "tree" })(points, 4);
    const all = createNeighbourSearch(points, { method: "all" })(points, 4);
    expect(tree.distances).toEqual(all.distances);
    expect(tree.rows).toEqual(all.rows);
    expect(tree.rows.filter((_, i) => i % 4 === 0)).toEqual(Int32Array.from({ length: 2000 }, (_, i) => i));
  });

  it("survives identical points, and refuses NaN and a k beyond the rows", () => {
    const same = createMatrix(500, 2, new Float64Array(1000).fill(3));
    expect([...createNeighbourSearch(same)(same, 3).rows.subarray(0, 6)]).toEqual([0, 1, 2, 0, 1, 2]);
    expect(() => createNeighbourSearch(matrix(2, 2, [0, 1, Number.NaN, 2]))).toThrow(
      /row 1, column 0 \(counted from 0\) is NaN/,
    );
    expect(() => createNeighbourSearch(a)(b, 8)).toThrow(DomainError);
    expect(() => createNeighbourSearch(a)(matrix(1, 1, [0]), 1)).toThrow(ShapeError);
  });
});
