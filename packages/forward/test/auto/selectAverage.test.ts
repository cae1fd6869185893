import { describe, expect, it } from "vitest";
import { selectAverage } from "../../src/auto/selectAverage.ts";

const squared = (error: number): number => error * error;
const estimates = (mean: readonly number[]) => ({
  mean: Float64Array.from(mean),
  variance: new Float64Array(mean.length),
});

describe("selectAverage", () => {
  const y = Float64Array.of(1, 2, 3, 4);

  it("averages opposite errors away, and leaves the worse member out", () => {
    const weights = selectAverage(
      y,
      [estimates([9, 9, 9, 9]), estimates([2, 1, 4, 3]), estimates([0, 3, 2, 5])],
      undefined,
      squared,
    );
    expect(Array.from(weights)).toEqual([0, 0.5, 0.5]);
  });

  it("finds unequal weights to a twentieth", () => {
    // Errors e and −3e: three quarters of the first.
    const weights = selectAverage(y, [estimates([2, 3, 4, 5]), estimates([-2, -1, 0, 1])], undefined, squared);
    expect(weights[0]).toBeCloseTo(0.75, 9);
    expect(weights[1]).toBeCloseTo(0.25, 9);
  });

  it("keeps to one member where no other helps", () => {
    const weights = selectAverage(y, [estimates([1, 2, 3, 5]), estimates([1, 2, 3, 7])], undefined, squared);
    expect(Array.from(weights)).toEqual([1, 0]);
  });

  it("takes what the cost says: the median of wild rows, their mean for squares", () => {
    const wild = Float64Array.of(0, 0, 0, 8);
    const library = [estimates([0, 0, 0, 0]), estimates([2, 2, 2, 2])];
    expect(Array.from(selectAverage(wild, library, undefined, Math.abs))).toEqual([1, 0]);
    expect(Array.from(selectAverage(wild, library, undefined, squared))).toEqual([0, 1]);
  });

  it("counts rows by their weights", () => {
    const library = [estimates([1, 2, 3, 14]), estimates([5, 6, 7, 4])];
    expect(Array.from(selectAverage(y, library, Float64Array.of(1, 1, 1, 0), squared))).toEqual([1, 0]);
    expect(Array.from(selectAverage(y, library, Float64Array.of(0, 0, 0, 1), squared))).toEqual([0, 1]);
  });
});
