import { createMatrix, createRandom, DataError } from "@materiome/core";
import { lu, luSolve, solveLinear, solveTriangular } from "@materiome/core/numerics";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomMatrix, randomTriangle, referenceProduct, relativeDifference, transposed } from "./reference.ts";

describe("solveTriangular", () => {
  it("solves each kind of triangle, for vectors and matrices of any size", () => {
    const sizes = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 60, max: 150 }));
    fc.assert(
      fc.property(
        ...[sizes, fc.integer({ min: 1, max: 140 })],
        ...[fc.boolean(), fc.boolean(), fc.boolean(), fc.nat()],
        (n, m, isUpper, isTransposed, hasUnitDiagonal, seed) => {
          const random = createRandom(seed);
          const t = randomTriangle(n, isUpper, random);
          const x = randomMatrix(n, m, random);
          const used = createMatrix(n, n, t.data.slice());
          if (hasUnitDiagonal) for (let i = 0; i < n; i++) used.data[i * (n + 1)] = 1;
          const b = referenceProduct(isTransposed ? transposed(used) : used, x);
          // The other triangle is not read.
          for (let i = 0; i < n; i++)
            for (let j = 0; j < n; j++) if (j > i !== isUpper && i !== j) t.data[i * n + j] = 9;
          const options = { isUpper, isTransposed, hasUnitDiagonal };
          expect(relativeDifference(solveTriangular(t, b, options).data, x.data)).toBeLessThan(1e-11);
          const [column, expected] = [b, x].map(({ data }) => Float64Array.from({ length: n }, (_, i) => data[i * m]));
          expect(relativeDifference(solveTriangular(t, column, options), expected)).toBeLessThan(1e-11);
        },
      ),
      { seed: 6, numRuns: 100 },
    );
  });

  it("names a zero on the diagonal", () => {
    const t = createMatrix(2, 2, Float64Array.of(1, 0, 1, 0));
    expect(() => solveTriangular(t, Float64Array.of(1, 1))).toThrow(DataError);
    expect(() => solveTriangular(t, Float64Array.of(1, 1))).toThrow(/diagonal is zero in row 1 /);
    expect(solveTriangular(t, Float64Array.of(1, 3), { hasUnitDiagonal: true })).toEqual(Float64Array.of(1, 2));
  });
});

describe("lu", () => {
  it.each([1, 2, 3, 17, 32, 33, 64, 65, 100, 190])("of order %i: P A = L U with |L| ≤ 1, and it solves", (n) => {
    const a = randomMatrix(n, n);
    const factors = lu(a);
    const l = createMatrix(n, n);
    const u = createMatrix(n, n);
    factors.lu.data.forEach((value, at) => {
      const [i, j] = [Math.floor(at / n), at % n];
      (j < i ? l : u).data[at] = value;
      if (j < i) expect(Math.abs(value)).toBeLessThanOrEqual(1);
      if (i === j) l.data[at] = 1;
    });
    const permuted = createMatrix(n, n);
    for (const [i, row] of factors.permutation.entries())
      permuted.data.set(a.data.subarray(row * n, (row + 1) * n), i * n);
    expect(relativeDifference(referenceProduct(l, u).data, permuted.data)).toBeLessThan(1e-14);
    const x = randomMatrix(n, 5, createRandom(7));
    const b = referenceProduct(a, x);
    expect(relativeDifference(luSolve(factors, b).data, x.data)).toBeLessThan(1e-10);
    const column = Float64Array.from({ length: n }, (_, i) => b.data[i * 5]);
    const expected = Float64Array.from({ length: n }, (_, i) => x.data[i * 5]);
    expect(relativeDifference(solveLinear(a, column), expected)).toBeLessThan(1e-10);
  });

  it("estimates the condition of |A⁻¹| |A| from below and closely", () => {
    for (const n of [2, 5, 12]) {
      const a = randomMatrix(n, n, createRandom(n));
      const identity = createMatrix(n, n);
      for (let i = 0; i < n; i++) identity.data[i * (n + 1)] = 1;
      const inverse = solveLinear(a, identity);
      const absolute = (m: typeof a) => createMatrix(n, n, m.data.map(Math.abs));
      const product = referenceProduct(absolute(inverse), absolute(a));
      const rows = Array.from({ length: n }, (_, i) =>
        product.data.subarray(i * n, (i + 1) * n).reduce((sum, v) => sum + v, 0),
      );
      const exact = Math.max(...rows);
      const { conditionEstimate } = lu(a);
      expect(conditionEstimate).toBeLessThanOrEqual(exact * (1 + 1e-10));
      expect(conditionEstimate).toBeGreaterThan(exact / 3);
    }
  });

  it("refuses singular matrices, exactly so or to working precision, but not badly scaled ones", () => {
    const zero = createMatrix(3, 3, Float64Array.of(1, 0, 2, 2, 0, 1, 5, 0, 1));
    expect(() => lu(zero)).toThrow(DataError);
    expect(() => lu(zero)).toThrow(/the 3 × 3 matrix is singular: no pivot for column 1 /);
    const counting = createMatrix(3, 3, Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9));
    expect(() => solveLinear(counting, Float64Array.of(1, 2, 3))).toThrow(/singular/);
    const nearly = createMatrix(3, 3, Float64Array.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9));
    expect(() => solveLinear(nearly, Float64Array.of(1, 2, 3))).toThrow(/singular to working precision: its condition/);
    const scaled = createMatrix(2, 2, Float64Array.of(1e-200, 0, 0, 1e100));
    expect(solveLinear(scaled, Float64Array.of(1e-200, 3e100))).toEqual(Float64Array.of(1, 3));
  });
});
