import { createRandom } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { type Candidate, chooseWeights, heldOutOfChoices, meanCost } from "../../src/auto/chooseWeights.ts";

const squared = (error: number): number => error * error;
const candidate = (name: string, mean: ArrayLike<number>, variance = 0): Candidate => ({
  family: { name },
  estimates: { mean: Float64Array.from(mean), variance: new Float64Array(mean.length).fill(variance) },
});
const judged = (
  y: ArrayLike<number>,
  library: readonly Candidate[],
  fold: readonly number[],
  weights?: readonly number[],
) => ({
  y: Float64Array.from(y),
  weights: weights && Float64Array.from(weights),
  groups: Int32Array.from(fold, (_, i) => i),
  fold: Int32Array.from(fold),
  library,
});

describe("chooseWeights", () => {
  it("selects where the same weights help all folds", () => {
    // Errors e and −3e: three quarters of the first, in each fold.
    const library = [candidate("a", [1, 1, 2, 2]), candidate("b", [-3, -3, -6, -6])];
    const { weights, equalShare } = chooseWeights(judged([0, 0, 0, 0], library, [0, 0, 1, 1]), squared);
    expect(equalShare).toBe(0);
    expect(weights[0]).toBeCloseTo(0.75, 9);
  });

  it("weighs learners alike where each fold would choose another", () => {
    const library = [candidate("a", [1, 1, -1.2, -1.2]), candidate("b", [-1.2, -1.2, 1, 1])];
    const { weights, equalShare } = chooseWeights(judged([0, 0, 0, 0], library, [0, 0, 1, 1]), squared);
    expect(equalShare).toBe(1);
    expect(Array.from(weights)).toEqual([0.5, 0.5]);
  });

  it("keeps to the best where an average gains in one group alone", () => {
    const library = [candidate("a", [1, 1, 1, 1, 1, 3]), candidate("a", [1.4, 1.4, 1.4, 1.4, 1.4, -3])];
    const rows = judged([0, 0, 0, 0, 0, 0], library, [0, 0, 0, 0, 0, 0]);
    expect(Array.from(chooseWeights(rows, squared).weights)).toEqual([1, 0]);
    const equal = [candidate("a", [1, 1, 1, 1, 1, 1]), candidate("a", [-1, -1, -1, -1, -1, -2])];
    expect(chooseWeights({ ...rows, library: equal }, squared).weights[1]).toBeGreaterThan(0.4);
    const grouped = { ...rows, library: equal, groups: Int32Array.of(0, 0, 0, 0, 0, 0) };
    expect(chooseWeights(grouped, squared).weights[1]).toBeGreaterThan(0.4);
  });

  it("gives equal weights to the best of each learner alone, and to none far behind", () => {
    // Within each fold "a" or "b" is better by far, so what the others choose is always wrong.
    const library = [
      candidate("a", [1, 1, -1.2, -1.2]),
      candidate("a", [1.05, 1.05, -1.25, -1.25]),
      candidate("b", [-1.2, -1.2, 1, 1]),
      candidate("c", [1.5, -1.5, 1.5, -1.5]),
    ];
    const { weights, equalShare } = chooseWeights(judged([0, 0, 0, 0], library, [0, 0, 1, 1]), squared);
    expect(equalShare).toBe(1);
    expect(Array.from(weights)).toEqual([0.5, 0, 0.5, 0]);
  });

  it("counts rows by their weights", () => {
    const rows = judged([0, 0], [candidate("a", [1, 2])], [0, 1], [3, 1]);
    expect(meanCost(rows, Float64Array.of(1, 2), squared)).toBe((3 * 1 + 1 * 4) / 4);
    const library = [candidate("a", [0, 9, 0, 9]), candidate("b", [9, 0, 9, 0])];
    expect(
      Array.from(chooseWeights(judged([0, 0, 0, 0], library, [0, 0, 1, 1], [1, 0, 1, 0]), squared).weights),
    ).toEqual([1, 0]);
  });
});

describe("heldOutOfChoices", () => {
  it("predicts each fold by what the others choose, with its variance", () => {
    // The first is right in fold 0 alone, the second in fold 1 alone: each fold gets the one that is wrong there.
    const library = [candidate("a", [5, 5, 9, 9], 1), candidate("b", [9, 9, 5, 5], 4)];
    const { mean, variance } = heldOutOfChoices(judged([5, 5, 5, 5], library, [0, 0, 1, 1]), squared);
    expect([Array.from(mean), Array.from(variance)]).toEqual([
      [9, 9, 9, 9],
      [4, 4, 1, 1],
    ]);
  });

  it("errs on the rows as on new ones, where what was chosen by all of them errs less", () => {
    const random = createRandom(1);
    const normals = (n: number): Float64Array => Float64Array.from({ length: n }, () => random.normal());
    const [nSamples, nFolds, repeats] = [60, 5, 40];
    let [ours, chosen, fresh] = [0, 0, 0];
    for (let repeat = 0; repeat < repeats; repeat++) {
      const library = Array.from({ length: 20 }, () => candidate("a", normals(nSamples)));
      const rows = judged(
        normals(nSamples),
        library,
        Array.from({ length: nSamples }, (_, i) => i % nFolds),
      );
      const { weights } = chooseWeights(rows, squared);
      const mean = rows.y.map((_, i) =>
        library.reduce((sum, { estimates }, m) => sum + (weights[m] as number) * (estimates.mean[i] as number), 0),
      );
      chosen += meanCost(rows, mean, squared) / repeats;
      ours += meanCost(rows, heldOutOfChoices(rows, squared).mean, squared) / repeats;
      // Candidates know nothing: new rows have variance 1, their average that of its weights.
      fresh += (1 + weights.reduce((sum, w) => sum + w * w, 0)) / repeats;
    }
    expect(chosen).toBeLessThan(0.85 * fresh);
    expect(Math.abs(ours / fresh - 1)).toBeLessThan(0.05);
  });
});
