import { readFileSync } from "node:fs";
import { binaryMixingEnthalpy, MIEDEMA_ELEMENTS } from "@materiome/core/composition";
import { describe, expect, it } from "vitest";

interface Published {
  readonly source: string;
  readonly tolerance: number;
  readonly expected: readonly (readonly [string, string, number])[];
}
const published = JSON.parse(
  readFileSync(new URL("../../fixtures/alloy/mixing-enthalpies.json", import.meta.url), "utf8"),
) as Published;

describe("binaryMixingEnthalpy", () => {
  it("agrees with the published liquid table as its documentation says", () => {
    const misses = published.expected.map(([a, b, value]) => ({
      a,
      b,
      off: Math.abs(binaryMixingEnthalpy(a, b) - value),
    }));
    expect(misses).toHaveLength(828);
    const within = (limit: number) => misses.filter(({ off }) => off <= limit).length;
    expect([within(0.5), within(1)]).toEqual([684, 780]);
    const worst = (element: string) =>
      Math.max(...misses.filter((pair) => pair.a === element || pair.b === element).map(({ off }) => off));
    expect(worst("N")).toBeCloseTo(13.1, 1);
    expect(misses.filter(({ a, b }) => a === "Ba" || b === "Ba").filter(({ off }) => off > 3.4)).toEqual([]);
    const others = misses.filter(({ a, b }) => ![a, b].some((symbol) => symbol === "N" || symbol === "Ba"));
    expect(others.filter(({ off }) => !(off <= published.tolerance))).toMatchObject([{ a: "P", b: "Cs" }]);
  });

  it("agrees with values that every paper on alloys quotes", () => {
    const quoted = [
      ["Fe", "Cr", -1],
      ["Al", "Ni", -22],
      ["Ti", "Ni", -35],
      ["Zr", "Cu", -23],
      ["Cu", "Fe", 13],
      ["Fe", "B", -26],
      ["Fe", "Si", -35],
      ["Ta", "W", -7],
      ["Hf", "Zr", 0],
    ] as const;
    for (const [a, b, value] of quoted) expect(Math.abs(binaryMixingEnthalpy(a, b) - value)).toBeLessThan(1);
  });

  it("is symmetric, zero for an element with itself, NaN without parameters", () => {
    for (const a of MIEDEMA_ELEMENTS) {
      for (const b of MIEDEMA_ELEMENTS) expect(binaryMixingEnthalpy(a, b)).toBe(binaryMixingEnthalpy(b, a));
      expect(binaryMixingEnthalpy(a, a)).toBe(0);
      expect(binaryMixingEnthalpy(a, "O")).toBeNaN();
    }
  });

  it("refuses what is no element", () => {
    expect(() => binaryMixingEnthalpy("Fe", "Xx")).toThrow('no element "Xx"');
  });
});
