import { describe, expect, it } from "vitest";
import { averageByOthers } from "../../src/stack/averageByOthers.ts";

const part = (...mean: number[]) => ({
  mean: Float64Array.from(mean),
  variance: new Float64Array(mean.length).fill(1),
});
const fold = Int32Array.of(1, 0, 1, 2);

describe("averageByOthers", () => {
  it("asks for weights with the rows of the other folds, ascending", () => {
    const asked: number[][] = [];
    averageByOthers([part(0, 0, 0, 0)], fold, (others) => {
      asked.push(Array.from(others));
      return { weights: Float64Array.of(1), centre: 0 };
    });
    expect(asked).toEqual([
      [1, 3],
      [0, 2, 3],
      [0, 1, 2],
    ]);
  });

  it("averages with them, and gives what they leave of 1 to the centre", () => {
    const { mean, variance } = averageByOthers([part(2, 4, 6, 8), part(4, 6, 8, 10)], fold, (others) => ({
      weights: Float64Array.of(others.length === 2 ? 0.5 : 0.25, 0.25),
      centre: 10,
    }));
    // Fold 1: ½·2 + ¼·4 + ¼·10; the others ¼, ¼ and ½.
    expect(Array.from(mean)).toEqual([4.5, 7.5, 7.5, 9.5]);
    expect(variance[1]).toBe(1 + (3.5 ** 2 + 1.5 ** 2) / 2);
  });

  it("does not look at what parts of weight 0 say, and is the centre without parts", () => {
    const bad = { mean: new Float64Array(4).fill(Number.NaN), variance: new Float64Array(4).fill(Number.NaN) };
    const weights = Float64Array.of(0, 1);
    expect(Array.from(averageByOthers([bad, part(1, 2, 3, 4)], fold, () => ({ weights, centre: 0 })).mean)).toEqual([
      1, 2, 3, 4,
    ]);
    const none = averageByOthers([bad], fold, () => ({ weights: Float64Array.of(0), centre: 7 }));
    expect([Array.from(none.mean), Array.from(none.variance)]).toEqual([Array(4).fill(7), Array(4).fill(0)]);
  });

  it("leaves rows out, of their fold and of the others", () => {
    const asked: number[][] = [];
    const weigh = (others: Int32Array) => {
      asked.push(Array.from(others));
      return { weights: Float64Array.of(1), centre: 0 };
    };
    const { mean } = averageByOthers([part(1, 2, 3, 4)], fold, weigh, { rows: Int32Array.of(0, 3) });
    expect([Array.from(mean), asked]).toEqual([
      [1, 0, 0, 4],
      [[3], [0]],
    ]);
  });

  it("stops when asked to", () => {
    const signal = AbortSignal.abort();
    const weigh = () => ({ weights: Float64Array.of(1), centre: 0 });
    expect(() => averageByOthers([part(1, 2, 3, 4)], fold, weigh, { signal })).toThrow(/abort/i);
  });
});
