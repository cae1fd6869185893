import { describe, expect, it } from "vitest";
import { featureSets } from "../../src/auto/featureSets.ts";

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
