import { createMatrix } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { applyBlend, fitBlend } from "../../src/learner/classBlend.ts";

describe("probabilities mixed with the shares of the classes", () => {
  it("are (1 − share) p + share (n + ½) / Σ (n + ½)", () => {
    const mixed = applyBlend({ share: 0.2, prior: [0.75, 0.25] }, createMatrix(1, 2, Float64Array.of(1, 0)));
    for (const [c, p] of [0.95, 0.05].entries()) expect(mixed.data[c]).toBeCloseTo(p, 12);
  });

  it("mix as much as the held-out rows ask for", () => {
    const codes = Int32Array.of(0, 0, 0, 1);
    const rows = Int32Array.of(0, 1, 2, 3);
    const right = createMatrix(4, 2, Float64Array.of(1, 0, 1, 0, 1, 0, 0, 1));
    const { share, prior } = fitBlend(right, codes, rows);
    expect(share).toBe(0.001);
    for (const [c, p] of [3.5 / 5, 1.5 / 5].entries()) expect(prior[c]).toBeCloseTo(p, 12);
    const wrong = createMatrix(4, 2, right.data.toReversed());
    expect(fitBlend(wrong, codes, rows).share).toBe(1);
    // Without any held-out row the shares are still those of the rows that are known.
    expect(fitBlend(right, codes, Int32Array.of(), rows)).toEqual({ share: 0.001, prior });
  });
});
