import { describe, expect, it } from "vitest";
import { whyChosen } from "../../src/auto/whyChosen.ts";

const where = "on 4 inner grouped folds";

describe("whyChosen", () => {
  it.each([
    [false, 0, `least absolute error ${where}`],
    [true, 0, `least absolute error ${where}, by more than a standard error below the best single one`],
    [
      true,
      0.25,
      `selected weights drawn by 25 % to equal ones for the best of each learner within a fifth of the least error ${where}`,
    ],
    [true, 1, `equal weights for the best of each learner within a fifth of the least error ${where}`],
  ])("average %s, equal share %s", (isAverage, equalShare, start) => {
    const said = whyChosen(isAverage, equalShare, "absolute", where);
    expect(said.startsWith(start)).toBe(true);
    expect(said === start).toBe(equalShare === 0);
  });
});
