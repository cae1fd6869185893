import { describe, expect, it } from "vitest";
import { chooseWeights } from "../../src/auto/chooseWeights.ts";
import { heldOutOfChoices } from "../../src/auto/heldOutOfChoices.ts";
import { meanCost, takeJudged } from "../../src/auto/judged.ts";
import { candidate, judged, noise, squared } from "./judgedRows.ts";

describe("heldOutOfChoices", () => {
  it("predicts each fold by what the others choose, with its variance", () => {
    // The first is right in fold 0 alone, the second in fold 1 alone: each fold gets the one that is wrong there.
    const library = [candidate("a", [5, 5, 9, 9], 1), candidate("b", [9, 9, 5, 5], 4)];
    const { mean, variance } = heldOutOfChoices(judged([5, 5, 5, 5], library, [0, 0, 1, 1]), squared, undefined);
    expect([Array.from(mean), Array.from(variance)]).toEqual([
      [9, 9, 9, 9],
      [4, 4, 1, 1],
    ]);
  });

  it("goes by the weights of rows, and predicts all rows where those of two folds alone have any", () => {
    const library = [candidate("a", [5, 9, 5, 9, 5, 9]), candidate("b", [8, 5, 8, 5, 8, 5])];
    const rows = judged([5, 5, 5, 5, 5, 5], library, [0, 0, 1, 1, 2, 2], { weights: [1, 0, 1, 0, 0, 0] });
    expect(Array.from(heldOutOfChoices(rows, squared, undefined).mean)).toEqual([5, 9, 5, 9, 5, 9]);
  });

  it("draws towards equal weights in the folds as in the choice", () => {
    const shares: number[] = [];
    for (let seed = 0; seed < 6; seed++) {
      const rows = noise(seed, 30, 6, 3);
      const { mean } = heldOutOfChoices(rows, squared, undefined);
      for (const k of new Set(rows.fold)) {
        const all = Int32Array.from(rows.fold.keys());
        const others = all.filter((i) => rows.fold[i] !== k);
        const { weights, equalShare } = chooseWeights(takeJudged(rows, others), squared);
        shares.push(equalShare);
        for (const i of all.filter((row) => rows.fold[row] === k)) {
          const expected = rows.library.reduce((sum, { estimates }, m) => sum + weights[m]! * estimates.mean[i]!, 0);
          expect(mean[i]).toBeCloseTo(expected, 12);
        }
      }
    }
    expect(shares.filter((share) => share > 0).length).toBeGreaterThan(3);
  });

  it("errs on the rows as on new ones, where what was chosen by all of them errs less", () => {
    const repeats = 40;
    let [ours, chosen, fresh] = [0, 0, 0];
    for (let repeat = 0; repeat < repeats; repeat++) {
      const rows = noise(100 + repeat, 60, 20, 5);
      const { weights } = chooseWeights(rows, squared);
      const mean = rows.y.map((_, i) =>
        rows.library.reduce((sum, { estimates }, m) => sum + weights[m]! * estimates.mean[i]!, 0),
      );
      chosen += meanCost(rows, mean, squared) / repeats;
      ours += meanCost(rows, heldOutOfChoices(rows, squared, undefined).mean, squared) / repeats;
      // Candidates know nothing: new rows have variance 1, their average that of its weights.
      fresh += (1 + weights.reduce((sum, w) => sum + w * w, 0)) / repeats;
    }
    expect(chosen).toBeLessThan(0.9 * fresh);
    expect(Math.abs(ours / fresh - 1)).toBeLessThan(0.08);
  });
});
