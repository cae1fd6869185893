import { createRandom, DataError } from "@materiome/core";
import { scoreHeldOut } from "@materiome/forward";
import { describe, expect, it } from "vitest";

const rows = {
  actual: Float64Array.of(1, 2, 3, 6),
  predicted: Float64Array.of(1, 3, 3, 4),
  lower: Float64Array.of(0, 2.5, 2, 2),
  upper: Float64Array.of(2, 3.5, 4, 5),
  meanBaseline: Float64Array.of(3, 3, 3, 3),
  medianBaseline: Float64Array.of(2.5, 2.5, 2.5, 2.5),
};

describe("scoreHeldOut", () => {
  it("gives the scores by their definitions", () => {
    const scores = scoreHeldOut(rows, { level: 0.8, random: createRandom(1) });
    expect(scores).toMatchObject({ n: 4, mae: 0.75, meanBaselineMae: 1.5, medianBaselineMae: 1.5, coverage: 0.5 });
    expect(scores.rmse).toBeCloseTo(Math.sqrt(5 / 4), 12);
    expect(scores.r2).toBeCloseTo(1 - 5 / 14, 12);
    expect(scores.meanIntervalWidth).toBeCloseTo((2 + 1 + 2 + 3) / 4, 12);
    // Penalty 2/0.2 = 10 times 0.5 below the second and 1 above the fourth interval.
    expect(scores.intervalScore).toBeCloseTo((2 + (1 + 5) + 2 + (3 + 10)) / 4, 12);
  });

  it("gives a wider interval of the error when errors come in groups", () => {
    const random = createRandom(3);
    const n = 400;
    const groups = Int32Array.from({ length: n }, (_, i) => Math.floor(i / 20));
    const shift = Array.from({ length: 20 }, () => random.normal());
    const zeros = new Float64Array(n);
    const actual = Float64Array.from(groups, (g) => 5 * shift[g] + 0.1 * random.normal());
    const data = { actual, predicted: zeros, lower: zeros, upper: zeros, meanBaseline: zeros, medianBaseline: zeros };
    const width = (with_: Int32Array | undefined): number => {
      const { maeCi, mae } = scoreHeldOut(data, { level: 0.9, groups: with_, random: createRandom(1) });
      expect(maeCi[0]).toBeLessThan(mae);
      expect(maeCi[1]).toBeGreaterThan(mae);
      return maeCi[1] - maeCi[0];
    };
    // 20 groups instead of 400 rows: √20 wider.
    expect(width(groups) / width(undefined)).toBeGreaterThan(3);
    expect(width(groups) / width(undefined)).toBeLessThan(6);
  });

  it("has a bootstrap interval near mean ± 1.96 standard errors", () => {
    const random = createRandom(4);
    const n = 500;
    const actual = Float64Array.from({ length: n }, () => random.normal());
    const zeros = new Float64Array(n);
    const data = { actual, predicted: zeros, lower: zeros, upper: zeros, meanBaseline: zeros, medianBaseline: zeros };
    const { maeCi } = scoreHeldOut(data, { level: 0.9, random: createRandom(1), nBootstrap: 4000 });
    const expected = (2 * 1.96 * Math.sqrt(1 - 2 / Math.PI)) / Math.sqrt(n);
    expect((maeCi[1] - maeCi[0]) / expected).toBeGreaterThan(0.88);
    expect((maeCi[1] - maeCi[0]) / expected).toBeLessThan(1.12);
  });

  it("says null where there are no intervals", () => {
    const lower = new Float64Array(4).fill(Number.NaN);
    const scores = scoreHeldOut({ ...rows, lower }, { level: 0.9, random: createRandom(1) });
    expect(scores).toMatchObject({ coverage: null, meanIntervalWidth: null, intervalScore: null });
  });

  it("refuses a constant target and arrays of different length", () => {
    const constant = { ...rows, actual: Float64Array.of(2, 2, 2, 2) };
    expect(() => scoreHeldOut(constant, { level: 0.9, random: createRandom(1) })).toThrow(DataError);
    const short = { ...rows, predicted: Float64Array.of(1) };
    expect(() => scoreHeldOut(short, { level: 0.9, random: createRandom(1) })).toThrow(
      /4 measured rows but 1 in predicted/,
    );
  });
});
