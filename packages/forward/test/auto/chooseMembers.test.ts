import { createRandom } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { chooseMembers, heldOutOfChoices, meanCost } from "../../src/auto/chooseMembers.ts";

const squared = (error: number): number => error * error;
const estimates = (mean: ArrayLike<number>, variance = 0) => ({
  mean: Float64Array.from(mean),
  variance: new Float64Array(mean.length).fill(variance),
});
const rowsOf = (y: ArrayLike<number>, groups?: readonly number[], weights?: readonly number[]) => ({
  y: Float64Array.from(y),
  weights: weights && Float64Array.from(weights),
  groups: Int32Array.from(groups ?? Array.from({ length: y.length }, (_, i) => i)),
  nGroups: groups === undefined ? y.length : new Set(groups).size,
});

describe("chooseMembers", () => {
  const y = [0, 0, 0, 0, 0, 0];
  // Errors of opposite signs average to nothing but for what the second has more in one row.
  const library = [estimates([1, 1, 1, 1, 1, 1]), estimates([-1, -1, -1, -1, -1, -2])];

  it("takes an average that is better by more than a standard error", () => {
    const { members, weights } = chooseMembers(rowsOf(y), library, squared);
    expect(Array.from(members)).toEqual([0, 1]);
    expect(weights.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 12);
  });

  it("keeps to the best candidate where a single group makes the gain", () => {
    const one = [estimates([1, 1, 1, 1, 1, 3]), estimates([1.4, 1.4, 1.4, 1.4, 1.4, -3])];
    expect(Array.from(chooseMembers(rowsOf(y), one, squared).members)).toEqual([0]);
    expect(Array.from(chooseMembers(rowsOf(y, [0, 0, 0, 0, 0, 0]), library, squared).members)).toEqual([0, 1]);
  });

  it("says what the choice costs on the rows, by their weights", () => {
    const rows = rowsOf([0, 0], undefined, [3, 1]);
    const { members, cost } = chooseMembers(rows, [estimates([1, 2])], squared);
    expect(Array.from(members)).toEqual([0]);
    expect(cost).toBe((3 * 1 + 1 * 4) / 4);
    expect(meanCost(rows, Float64Array.of(1, 2), squared)).toBe(cost);
  });
});

describe("heldOutOfChoices", () => {
  it("predicts each fold by what the others choose, with its variance", () => {
    // The first is right in fold 0 alone, the second in fold 1 alone: each fold gets the one that is wrong there.
    const library = [estimates([5, 5, 9, 9], 1), estimates([9, 9, 5, 5], 4)];
    const folds = { fold: Int32Array.of(0, 0, 1, 1), nFolds: 2 };
    const { mean, variance } = heldOutOfChoices(rowsOf([5, 5, 5, 5]), library, folds, squared);
    expect([Array.from(mean), Array.from(variance)]).toEqual([
      [9, 9, 9, 9],
      [4, 4, 1, 1],
    ]);
  });

  it("errs as much on the rows as new ones would be missed, where what was chosen by all of them errs less", () => {
    const random = createRandom(1);
    const normals = (n: number): Float64Array => Float64Array.from({ length: n }, () => random.normal());
    const [nSamples, nFolds] = [60, 5];
    let [ours, chosen, fresh] = [0, 0, 0];
    for (let repeat = 0; repeat < 30; repeat++) {
      const rows = rowsOf(normals(nSamples));
      const library = Array.from({ length: 30 }, () => estimates(normals(nSamples)));
      const folds = { fold: Int32Array.from({ length: nSamples }, (_, i) => i % nFolds), nFolds };
      const choice = chooseMembers(rows, library, squared);
      chosen += choice.cost / 30;
      ours += meanCost(rows, heldOutOfChoices(rows, library, folds, squared).mean, squared) / 30;
      // Candidates know nothing: new rows have variance 1, their average that of its weights.
      fresh += (1 + choice.weights.reduce((sum, w) => sum + w * w, 0)) / 30;
    }
    expect(chosen).toBeLessThan(0.8 * fresh);
    expect(Math.abs(ours / fresh - 1)).toBeLessThan(0.05);
  });
});
