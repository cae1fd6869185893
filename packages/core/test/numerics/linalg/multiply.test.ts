import { createMatrix, createRandom, DomainError, ShapeError } from "@materiome/core";
import { gramMatrix, multiplyMatrices } from "@materiome/core/numerics";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomMatrix, referenceProduct, relativeDifference, transposed } from "./reference.ts";

const size = fc.integer({ min: 0, max: 40 });

describe("multiplyMatrices", () => {
  it("is the textbook product, for each transposition, alpha, beta and size", () => {
    fc.assert(
      fc.property(size, size, size, fc.boolean(), fc.boolean(), fc.nat(), (m, n, k, ta, tb, seed) => {
        const random = createRandom(seed);
        const a = randomMatrix(m, k, random);
        const b = randomMatrix(k, n, random);
        const c = randomMatrix(m, n, random);
        const product = referenceProduct(a, b);
        const options = { isTransposedA: ta, isTransposedB: tb, alpha: -1.5, c, beta: 0.25 };
        const out = multiplyMatrices(ta ? transposed(a) : a, tb ? transposed(b) : b, options);
        expect([out.rows, out.columns]).toEqual([m, n]);
        const expected = product.data.map((value, i) => -1.5 * value + 0.25 * c.data[i]);
        expect(relativeDifference(out.data, expected)).toBeLessThan(1e-14);
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  it.each([
    [129, 7, 300],
    [5, 1030, 257],
    [260, 133, 520],
    [1, 1, 1000],
  ])("crosses its blocks: %i × %i, depth %i", (m, n, k) => {
    const a = randomMatrix(m, k);
    const b = randomMatrix(k, n, createRandom(2));
    expect(relativeDifference(multiplyMatrices(a, b).data, referenceProduct(a, b).data)).toBeLessThan(1e-14);
  });

  it("gives each element the same bits whatever stands beside it", () => {
    const a = randomMatrix(70, 600);
    const b = randomMatrix(600, 50, createRandom(2));
    const whole = multiplyMatrices(a, b);
    const part = multiplyMatrices(createMatrix(3, 600, a.data.slice(31 * 600, 34 * 600)), b);
    expect(part.data).toEqual(whole.data.slice(31 * 50, 34 * 50));
  });

  it("leaves its arguments alone, and keeps results apart", () => {
    const a = randomMatrix(20, 20);
    const before = a.data.slice();
    const first = multiplyMatrices(a, a);
    const copy = first.data.slice();
    multiplyMatrices(first, first, { c: a });
    expect(a.data).toEqual(before);
    expect(first.data).toEqual(copy);
  });

  it("names what does not fit", () => {
    const a = createMatrix(2, 3);
    expect(() => multiplyMatrices(a, a)).toThrow(
      new ShapeError("multiplyMatrices: inner sizes differ: a is 2 × 3, b is 2 × 3"),
    );
    expect(() => multiplyMatrices(a, a, { isTransposedB: true, c: a })).toThrow(/the product is 2 × 2, c is 2 × 3/);
    const bad = createMatrix(2, 3, Float64Array.of(1, 2, 3, 4, Number.NaN, 6));
    expect(() => multiplyMatrices(a, bad, { isTransposedB: true })).toThrow(
      new DomainError("multiplyMatrices: b is NaN at row 1, column 1 (counted from 0); expected finite numbers"),
    );
    expect(() => multiplyMatrices(a, a, { isTransposedB: true, alpha: Number.NaN })).toThrow(/must be finite, got NaN/);
    const short = { rows: 2, columns: 3, data: new Float64Array(5) };
    expect(() => multiplyMatrices(short, a, { isTransposedB: true })).toThrow(
      /a says 2 × 3 but holds 5 numbers, not 6/,
    );
  });
});

describe("gramMatrix", () => {
  it("is Aᵀ A or A Aᵀ, exactly symmetric", () => {
    fc.assert(
      fc.property(size, size, fc.boolean(), fc.nat(), (rows, columns, ofRows, seed) => {
        const a = randomMatrix(rows, columns, createRandom(seed));
        const out = gramMatrix(a, { ofRows });
        const expected = ofRows ? referenceProduct(a, transposed(a)) : referenceProduct(transposed(a), a);
        expect(relativeDifference(out.data, expected.data)).toBeLessThan(1e-14);
        expect(transposed(out).data).toEqual(out.data);
      }),
      { seed: 4, numRuns: 100 },
    );
  });

  it("crosses its blocks", () => {
    const a = randomMatrix(300, 281);
    expect(relativeDifference(gramMatrix(a).data, referenceProduct(transposed(a), a).data)).toBeLessThan(1e-14);
  });
});
