import { createRandom, DomainError, ShapeError } from "@materiome/core";
import { autocorrelate2d, crossCorrelate2d } from "@materiome/core/numerics";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

type Shape = readonly [number, number];

/** The sum over all pairs of points, one shift after the other. */
function definition(a: Float64Array, b: Float64Array, [rows, width]: Shape, [ly, lx]: Shape, periodic: boolean) {
  const sums: number[] = [];
  for (let dy = -ly; dy <= ly; dy++) {
    for (let dx = -lx; dx <= lx; dx++) {
      let sum = 0;
      for (let y = 0; y < rows; y++) {
        for (let x = 0; x < width; x++) {
          const [ty, tx] = periodic ? [(y + dy + rows) % rows, (x + dx + width) % width] : [y + dy, x + dx];
          if (ty >= 0 && ty < rows && tx >= 0 && tx < width) sum += a[y * width + x] * b[ty * width + tx];
        }
      }
      sums.push(sum);
    }
  }
  return Float64Array.from(sums);
}

function noise(length: number, seed: number): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length }, () => random.normal());
}

function largestDifference(x: Float64Array, y: Float64Array): number {
  expect(x.length).toBe(y.length);
  return x.reduce((worst, value, i) => Math.max(worst, Math.abs(value - y[i])), 0);
}

describe("correlations of grids", () => {
  it("are the definition for any size, shift and border", () => {
    fc.assert(
      fc.property(
        fc.nat(17),
        fc.nat(17),
        fc.boolean(),
        fc.nat(),
        fc.nat(),
        fc.nat(),
        (h, w, periodic, sy, sx, seed) => {
          const shape: Shape = [h + 1, w + 1];
          const most = (size: number) => (periodic ? size >> 1 : size - 1) + 1;
          const maxShift: Shape = [sy % most(shape[0]), sx % most(shape[1])];
          const [a, b] = [noise(shape[0] * shape[1], seed), noise(shape[0] * shape[1], seed + 1)];
          const options = { periodic, maxShift };
          const auto = definition(a, a, shape, maxShift, periodic);
          expect(largestDifference(autocorrelate2d(a, shape, options), auto)).toBeLessThan(1e-11);
          const cross = definition(a, b, shape, maxShift, periodic);
          expect(largestDifference(crossCorrelate2d(a, b, shape, options), cross)).toBeLessThan(1e-11);
        },
      ),
      { seed: 1, numRuns: 150 },
    );
  });

  it("reach every shift unless told otherwise", () => {
    const a = noise(5 * 8, 1);
    const all = autocorrelate2d(a, [5, 8]);
    expect(largestDifference(all, definition(a, a, [5, 8], [4, 7], false))).toBeLessThan(1e-12);
    const periodic = autocorrelate2d(a, [5, 8], { periodic: true });
    expect(largestDifference(periodic, definition(a, a, [5, 8], [2, 4], true))).toBeLessThan(1e-12);
  });

  it("take bytes, and sizes with large prime factors", () => {
    const random = createRandom(3);
    const bytes = Uint8Array.from({ length: 67 * 59 }, () => random.int(2));
    const values = Float64Array.from(bytes);
    for (const periodic of [false, true]) {
      const found = autocorrelate2d(bytes, [67, 59], { periodic, maxShift: [3, 4] });
      expect(largestDifference(found, definition(values, values, [67, 59], [3, 4], periodic))).toBeLessThan(1e-9);
    }
  });

  it("know closed forms", () => {
    expect(autocorrelate2d(Float64Array.of(3), [1, 1])).toEqual(Float64Array.of(9));
    expect(autocorrelate2d(Float64Array.of(3), [1, 1], { periodic: true })).toEqual(Float64Array.of(9));
    // A box against itself is a pyramid.
    const box = autocorrelate2d(new Uint8Array(100 * 70).fill(1), [100, 70]);
    for (const [dy, dx] of [
      [0, 0],
      [99, 69],
      [-40, 12],
      [7, -30],
    ]) {
      expect(box[(dy + 99) * 139 + dx + 69]).toBeCloseTo((100 - Math.abs(dy)) * (70 - Math.abs(dx)), 8);
    }
  });

  it("refuse what they cannot do", () => {
    expect(() => autocorrelate2d(new Float64Array(5), [2, 3])).toThrow(ShapeError);
    expect(() => autocorrelate2d(new Uint8Array(5), [2, 3])).toThrow(ShapeError);
    expect(() => autocorrelate2d(Float64Array.of(1, Number.NaN), [1, 2])).toThrow(DomainError);
    expect(() => autocorrelate2d(new Float64Array(6), [2, 3], { maxShift: [2, 0] })).toThrow(/0 … 1, got 2/);
    expect(() => crossCorrelate2d(new Float64Array(6), new Float64Array(4), [2, 3])).toThrow(ShapeError);
    expect(() => autocorrelate2d(new Float64Array(6), [2, 3], { periodic: true, maxShift: [0, 2] })).toThrow(
      /periodic/,
    );
  });
});

it("correlations keep their plans when these alone are more than is kept", () => {
  const n = 1_000_003;
  const found = autocorrelate2d(new Uint8Array(n).fill(1, 0, 5), [1, n], { periodic: true, maxShift: [0, 3] });
  expect(Array.from(found, Math.round)).toEqual([2, 3, 4, 5, 4, 3, 2]);
});
