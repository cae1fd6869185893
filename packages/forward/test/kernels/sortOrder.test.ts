import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sortOrder } from "../../src/kernels/index.ts";

function orderOf(given: readonly number[]): number[] {
  const n = given.length;
  const values = Float64Array.from(given);
  const order = new Int32Array(n);
  const words = new Int32Array(values.buffer);
  sortOrder(n, values, words, new Int32Array(2 * n), new Int32Array(2048), new Int32Array(n), order);
  expect(values).toEqual(Float64Array.from(given));
  return Array.from(order);
}

describe("sortOrder", () => {
  it("puts numbers of any size and sign in order, zeros by their sign, NaN last, equal ones in their order", () => {
    const [infinity, least] = [Number.POSITIVE_INFINITY, Number.MIN_VALUE];
    expect(orderOf([3, -infinity, Number.NaN, 0, -0, 3, infinity, -least, least, -2e300, 1e-300])).toEqual([
      1, 9, 7, 4, 3, 8, 10, 0, 5, 6, 2,
    ]);
    expect(orderOf([])).toEqual([]);
    expect(orderOf([5, 5, 5])).toEqual([0, 1, 2]);
    // A NaN with its sign bit set is no small number.
    const values = new Float64Array(2);
    const words = new Int32Array(values.buffer);
    words.set([0, 0xfff80000 | 0, 0, 0]);
    const order = new Int32Array(2);
    sortOrder(2, values, words, new Int32Array(4), new Int32Array(2048), new Int32Array(2), order);
    expect(Array.from(order)).toEqual([1, 0]);
  });

  it.each([
    ["double", fc.double({ noNaN: true, noDefaultInfinity: true })],
    ["single", fc.float({ noNaN: true, noDefaultInfinity: true })],
  ])("%s precision: as a stable sort by comparison", (_, arbitrary) => {
    fc.assert(
      fc.property(fc.array(arbitrary, { maxLength: 60 }), (given) => {
        const values = given.map((v) => v + 0); // one zero
        const expected = Array.from(values.keys()).sort((a, b) => values[a] - values[b] || a - b);
        expect(orderOf(values)).toEqual(expected);
      }),
      { seed: 3, numRuns: 100 },
    );
  });
});
