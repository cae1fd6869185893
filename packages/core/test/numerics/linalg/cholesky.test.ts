import { createMatrix, createRandom, DataError, DomainError, ShapeError } from "@materiome/core";
import {
  cholesky,
  choleskyDowndate,
  choleskyInverse,
  choleskyLogDeterminant,
  choleskySolve,
  choleskyUpdate,
  multiplyMatrices,
  solvePositiveDefinite,
} from "@materiome/core/numerics";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  randomMatrix,
  randomPositive,
  referenceCholesky,
  referenceProduct,
  relativeDifference,
  transposed,
} from "./reference.ts";

const sizes = [1, 2, 3, 5, 31, 32, 33, 64, 65, 97, 130, 200];

describe("cholesky", () => {
  it.each(sizes)("of order %i is the textbook factor, and L Lᵀ = A", (n) => {
    const a = randomPositive(n);
    const { lower, jitter, jittersTried } = cholesky(a);
    expect(relativeDifference(lower.data, referenceCholesky(a).data)).toBeLessThan(1e-13);
    expect(relativeDifference(referenceProduct(lower, transposed(lower)).data, a.data)).toBeLessThan(2e-15);
    expect([jitter, jittersTried]).toEqual([0, [0]]);
  });

  it("reads the lower triangle only, and leaves its argument alone", () => {
    const a = randomPositive(40);
    const half = createMatrix(40, 40, a.data.slice());
    for (let i = 0; i < 40; i++) half.data.fill(Number.NaN, i * 40 + i + 1, (i + 1) * 40);
    const before = half.data.slice();
    expect(cholesky(half)).toEqual(cholesky(a));
    expect(half.data).toEqual(before);
  });

  it("of an empty matrix is empty", () => {
    expect(cholesky(createMatrix(0, 0)).lower).toEqual(createMatrix(0, 0));
  });

  it("adds the least jitter of the ladder that is enough, and says which", () => {
    const g = randomMatrix(60, 3);
    const singular = multiplyMatrices(g, g, { isTransposedB: true });
    const { lower, jitter, jittersTried } = cholesky(singular, { maxRelativeJitter: 1e-4 });
    const mean = singular.data.reduce((sum, v, i) => (i % 61 === 0 ? sum + v / 60 : sum), 0);
    expect(jittersTried[0]).toBe(0);
    expect(jittersTried.at(-1)).toBe(jitter);
    expect(jitter / mean).toBeGreaterThan(0.99e-10);
    const square = referenceProduct(lower, transposed(lower));
    for (let i = 0; i < 60; i++) square.data[i * 61] -= jitter;
    expect(relativeDifference(square.data, singular.data)).toBeLessThan(1e-14);
  });

  it("refuses a matrix that is not positive definite, names the row and what was tried", () => {
    const a = createMatrix(3, 3, Float64Array.of(4, 2, 0, 2, 1, 0, 0, 0, 1));
    const message =
      /the 3 × 3 matrix is not positive definite: the pivot of row 1 \(counted from 0\).*jitter tried: 0\. Rows that/;
    expect(() => cholesky(a)).toThrow(DataError);
    expect(() => cholesky(a)).toThrow(message);
    const indefinite = createMatrix(2, 2, Float64Array.of(1, 2, 2, 1));
    expect(() => cholesky(indefinite, { maxRelativeJitter: 3e-9 })).toThrow(
      /row 1 .*jitter tried: 0, 1\.0e-10, 1\.0e-9, 3\.0e-9\. Remove.* more than maxRelativeJitter 3e-9/,
    );
    const late = randomPositive(100);
    late.data[77 * 101] = -1;
    expect(() => cholesky(late)).toThrow(/pivot of row 77 /);
    expect(() => cholesky(createMatrix(1, 1, Float64Array.of(-1)), { maxRelativeJitter: 1 })).toThrow(
      /tried: 0\. Its diagonal is -1 at row 0/,
    );
  });

  it("names numbers that are not finite and shapes that are not square", () => {
    const a = randomPositive(3);
    a.data[2 * 3 + 1] = Number.POSITIVE_INFINITY;
    expect(() => cholesky(a)).toThrow(
      new DomainError("cholesky: a is Infinity at row 2, column 1 (counted from 0); expected finite numbers"),
    );
    expect(() => cholesky(createMatrix(2, 3))).toThrow(ShapeError);
    expect(() => cholesky(createMatrix(2, 3))).toThrow(/square, got 2 × 3/);
    expect(() => cholesky(a, { maxRelativeJitter: -1 })).toThrow(/between 0 and 1, got -1/);
  });
});

describe("what a factor serves for", () => {
  it.each(sizes)("order %i: solve, inverse, log-determinant", (n) => {
    const a = randomPositive(n);
    const factor = cholesky(a);
    const x = randomMatrix(n, 7, createRandom(2));
    const b = referenceProduct(a, x);
    expect(relativeDifference(choleskySolve(factor, b).data, x.data)).toBeLessThan(1e-12);
    expect(relativeDifference(solvePositiveDefinite(a, b).data, x.data)).toBeLessThan(1e-12);
    const column = Float64Array.from({ length: n }, (_, i) => b.data[i * 7]);
    const expected = Float64Array.from({ length: n }, (_, i) => x.data[i * 7]);
    expect(relativeDifference(choleskySolve(factor, column), expected)).toBeLessThan(1e-12);
    expect(relativeDifference(solvePositiveDefinite(a, column), expected)).toBeLessThan(1e-12);
    const inverse = choleskyInverse(factor);
    expect(transposed(inverse).data).toEqual(inverse.data);
    const identity = Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
    expect(relativeDifference(referenceProduct(inverse, a).data, identity)).toBeLessThan(1e-12);
    const logarithms = Array.from({ length: n }, (_, i) => 2 * Math.log(factor.lower.data[i * n + i]));
    expect(choleskyLogDeterminant(factor)).toBeCloseTo(
      logarithms.reduce((sum, v) => sum + v, 0),
      9,
    );
  });

  it("determinants of diagonal matrices are products, far beyond what a number holds", () => {
    const n = 400;
    const a = createMatrix(n, n);
    for (let i = 0; i < n; i++) a.data[i * (n + 1)] = 1e-10;
    expect(choleskyLogDeterminant(cholesky(a))).toBeCloseTo(n * Math.log(1e-10), 6);
  });

  it("solving names shapes and numbers that do not fit", () => {
    const factor = cholesky(randomPositive(3));
    expect(() => choleskySolve(factor, new Float64Array(2))).toThrow(/matrix is 3 × 3, b has 2 numbers/);
    expect(() => choleskySolve(factor, createMatrix(2, 4))).toThrow(/matrix is 3 × 3, b is 2 × 4/);
    expect(() => choleskySolve(factor, Float64Array.of(1, 2, Number.NaN))).toThrow(/b\[2\] is NaN/);
  });
});

describe("rank-one changes of a factor", () => {
  it("are the factors of A ± x xᵀ, and undo each other", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.nat(), (n, seed) => {
        const random = createRandom(seed);
        const a = randomPositive(n, random);
        const x = Float64Array.from({ length: n }, () => 3 * random.normal());
        const factor = cholesky(a);
        const up = choleskyUpdate(factor, x);
        const larger = createMatrix(n, n, a.data.slice());
        for (let i = 0; i < n * n; i++) larger.data[i] += x[Math.floor(i / n)] * x[i % n];
        expect(relativeDifference(up.lower.data, cholesky(larger).lower.data)).toBeLessThan(1e-12);
        const back = choleskyDowndate(up, x);
        expect(relativeDifference(back.lower.data, factor.lower.data)).toBeLessThan(1e-10);
        expect(factor).toEqual(cholesky(a));
      }),
      { seed: 5, numRuns: 60 },
    );
  });

  it("a downdate past positive definite is refused", () => {
    const factor = cholesky(createMatrix(2, 2, Float64Array.of(4, 0, 0, 1)));
    expect(() => choleskyDowndate(factor, Float64Array.of(2, 0))).toThrow(DataError);
    expect(() => choleskyDowndate(factor, Float64Array.of(0, 3))).toThrow(/xᵀ A⁻¹ x is 9\.00000, it must be below 1/);
    expect(() => choleskyUpdate(factor, new Float64Array(3))).toThrow(/factor is 2 × 2, x has 3 numbers/);
  });
});
