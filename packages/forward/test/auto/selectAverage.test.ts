import { describe, expect, it } from "vitest";
import { featureSets } from "../../src/auto/featureSets.ts";
import { selectAverage } from "../../src/auto/selectAverage.ts";

const estimates = (mean: readonly number[]) => ({
  mean: Float64Array.from(mean),
  variance: new Float64Array(mean.length),
});

describe("selectAverage", () => {
  const y = Float64Array.of(1, 2, 3, 4);

  it("averages opposite errors away, and leaves the worse member out", () => {
    const { members, weights, meanSquare } = selectAverage(
      y,
      [estimates([9, 9, 9, 9]), estimates([2, 1, 4, 3]), estimates([0, 3, 2, 5])],
      undefined,
    );
    expect(Array.from(members)).toEqual([1, 2]);
    expect(Array.from(weights)).toEqual([0.5, 0.5]);
    expect(meanSquare).toBe(0);
  });

  it("finds unequal weights to a twentieth", () => {
    // Errors e and −3e: three quarters of the first.
    const { members, weights, meanSquare } = selectAverage(
      y,
      [estimates([2, 3, 4, 5]), estimates([-2, -1, 0, 1])],
      undefined,
    );
    expect(Array.from(members)).toEqual([0, 1]);
    expect(weights[0]).toBeCloseTo(0.75, 9);
    expect(meanSquare).toBeCloseTo(0, 12);
  });

  it("keeps to one member where no other helps", () => {
    const { members, weights } = selectAverage(y, [estimates([1, 2, 3, 5]), estimates([1, 2, 3, 7])], undefined);
    expect([Array.from(members), Array.from(weights)]).toEqual([[0], [1]]);
  });

  it("counts rows by their weights", () => {
    const library = [estimates([1, 2, 3, 14]), estimates([5, 6, 7, 4])];
    expect(Array.from(selectAverage(y, library, Float64Array.of(1, 1, 1, 0)).members)).toEqual([0]);
    expect(Array.from(selectAverage(y, library, Float64Array.of(0, 0, 0, 1)).members)).toEqual([1]);
  });
});

describe("featureSets", () => {
  const feature = (name: string, unit: string, source: readonly string[]) => ({ name, unit, source });

  it("sets descriptors of amounts apart where the amounts are features", () => {
    const sets = featureSets([
      feature("C fraction", "atomic fraction", ["formula"]),
      feature("mean radius", "pm", ["formula"]),
      feature("T", "°C", ["T"]),
      feature("P times T", "", ["T", "P"]),
    ]);
    expect(sets.map(({ name, columns }) => [name, Array.from(columns)])).toEqual([
      ["all", [0, 1, 2, 3]],
      ["amounts", [0, 2, 3]],
    ]);
  });

  it("knows descriptors of several element columns", () => {
    const sets = featureSets([
      feature("C", "wt%", ["C"]),
      feature("Mn", "wt%", ["Mn"]),
      feature("carbon equivalent", "wt%", ["C", "Mn"]),
    ]);
    expect(Array.from(sets[1]?.columns ?? [])).toEqual([0, 1]);
  });

  it("has one set where nothing is computed from amounts, or nothing but", () => {
    expect(featureSets([feature("T", "°C", ["T"])])).toHaveLength(1);
    expect(featureSets([feature("mean radius", "pm", ["formula"]), feature("T", "°C", ["T"])])).toHaveLength(1);
  });
});
