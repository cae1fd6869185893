import { describe, expect, it } from "vitest";
import { chooseWeights } from "../../src/auto/chooseWeights.ts";
import { meanCost } from "../../src/auto/judged.ts";
import { candidate, judged, noise, squared } from "./judgedRows.ts";

const zeros = (n: number): Float64Array => new Float64Array(n);
const weightsOf = (...given: Parameters<typeof judged>): number[] =>
  Array.from(chooseWeights(judged(...given), squared).weights);

describe("chooseWeights", () => {
  it("selects where the same weights help all folds", () => {
    // Errors e and −3e: three quarters of the first, in each fold.
    const library = [candidate("a", [1, 1, 2, 2]), candidate("b", [-3, -3, -6, -6])];
    const { weights, equalShare } = chooseWeights(judged(zeros(4), library, [0, 0, 1, 1]), squared);
    expect(equalShare).toBe(0);
    expect(weights[0]).toBeCloseTo(0.75, 9);
    expect(weights[1]).toBeCloseTo(0.25, 9);
  });

  it("weighs learners alike where each fold would choose another: the best of each, and none far behind", () => {
    const library = [
      candidate("a", [1, 1, -1.2, -1.2]),
      candidate("a", [1.05, 1.05, -1.25, -1.25]),
      candidate("b", [-1.2, -1.2, 1, 1]),
      candidate("c", [1.5, -1.5, 1.5, -1.5]),
    ];
    const { weights, equalShare } = chooseWeights(judged(zeros(4), library, [0, 0, 1, 1]), squared);
    expect(equalShare).toBe(1);
    expect(Array.from(weights)).toEqual([0.5, 0, 0.5, 0]);
  });

  it("goes part of the way where that costs least, by quarters", () => {
    const shares = Array.from({ length: 12 }, (_, seed) => chooseWeights(noise(seed, 40, 6, 4), squared).equalShare);
    expect(new Set(shares).size).toBeGreaterThan(2);
    expect(shares.every((share) => [0, 0.25, 0.5, 0.75, 1].includes(share))).toBe(true);
  });

  it("keeps to the best, wherever it stands, where one group makes the gain of an average", () => {
    // Four rows gain from an average, eight lose a little.
    const library = [
      candidate("a", [-1, -1, -1, -1, ...Array(8).fill(0.8)]),
      candidate("a", [1, 1, 1, 1, ...Array(8).fill(0.5)]),
    ];
    const fold = zeros(12);
    expect(weightsOf(zeros(12), library, fold)[0]).toBeGreaterThan(0.3);
    expect(weightsOf(zeros(12), library, fold, { groups: [0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8] })).toEqual([0, 1]);
  });

  it("counts rows by their weights, in the choice of members and in that between one and several", () => {
    const library = [candidate("a", [0, 9, 0, 9]), candidate("b", [8, 0, 8, 0])];
    expect(weightsOf(zeros(4), library, [0, 0, 1, 1], { weights: [1, 0, 1, 0] })).toEqual([1, 0]);
    const opposite = [candidate("a", [1, 1, 1, 0, 0, 0]), candidate("b", [-1, -1, -1, 9, 9, 9])];
    expect(weightsOf(zeros(6), opposite, zeros(6), { weights: [1, 1, 1, 0, 0, 0] })).toEqual([0.5, 0.5]);
    expect(meanCost(judged([0, 0], library, [0, 1], { weights: [3, 1] }), Float64Array.of(1, 2), squared)).toBe(7 / 4);
  });

  it("does not draw where rows of one fold alone weigh anything", () => {
    const library = [candidate("a", [1, 1, 1, 1]), candidate("b", [2, 2, 1, 1])];
    for (const weights of [
      [1, 1, 0, 0],
      [0, 0, 0, 0],
    ]) {
      const choice = chooseWeights(judged(zeros(4), library, [0, 0, 1, 1], { weights }), squared);
      expect([Array.from(choice.weights), choice.equalShare]).toEqual([[1, 0], 0]);
    }
  });
});
