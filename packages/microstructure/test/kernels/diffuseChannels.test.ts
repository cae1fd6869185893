import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffuseChannels } from "../../src/kernels/index.ts";

const run = (
  width: number,
  height: number,
  nChannels: number,
  edge: number,
  nSteps: number,
  data: Float32Array,
): Float32Array => {
  const values = data.slice();
  diffuseChannels(width, height, nChannels, edge, nSteps, values, new Float32Array(values.length));
  return values;
};

describe("diffuseChannels", () => {
  it("lets flow 0.2 ΔI / (1 + ΔI²/K²) to each neighbour, nothing across the border", () => {
    // One step of height 4 at K = 2 lets 0.2 · 4 / 5 = 0.16 through.
    expect([...run(4, 1, 1, 2, 1, Float32Array.of(1, 1, 5, 5))]).toEqual([1, 1.16, 4.84, 5].map(Math.fround));
    expect([...run(1, 4, 1, 2, 1, Float32Array.of(1, 1, 5, 5))]).toEqual([1, 1.16, 4.84, 5].map(Math.fround));
    // A corner has two neighbours, and three channels share |ΔI|² = 16, so that 0.04 of each ΔI flows.
    const spike = run(2, 2, 3, 2, 1, Float32Array.of(4, 0, 0, 0, 0, 0, 0, 0, 7, 7, 7, 7));
    expect(spike[0]).toBeCloseTo(3.68, 6); // rounded after each flow
    expect([...spike.subarray(1)]).toEqual([0.16, 0.16, 0, 0, 0, 0, 0, 7, 7, 7, 7].map(Math.fround));
  });

  it("with K infinite is a Gaussian of variance 0.4 px² a step", () => {
    const size = 31;
    const data = new Float32Array(size * size);
    data[15 * size + 15] = 1;
    const smooth = run(size, size, 1, Number.POSITIVE_INFINITY, 8, data);
    let mass = 0;
    let variance = 0;
    for (const [i, value] of smooth.entries()) {
      mass += value;
      variance += value * ((i % size) - 15) ** 2;
    }
    expect(mass).toBeCloseTo(1, 6);
    expect(variance).toBeCloseTo(3.2, 5);
  });

  it("is the same to the last bit with a channel more in which nothing changes", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom(1, 3),
        fc.integer({ min: 0, max: 4 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 243, maxLength: 243 }),
        (width, height, nChannels, nSteps, numbers) => {
          const length = width * height * nChannels;
          const data = Float32Array.from(numbers.slice(0, length));
          const more = new Float32Array(length + width * height);
          more.set(data);
          const expected = run(width, height, nChannels + 1, 0.3, nSteps, more).subarray(0, length);
          expect(run(width, height, nChannels, 0.3, nSteps, data)).toEqual(expected);
        },
      ),
      { seed: 7, numRuns: 100 },
    );
  });
});
