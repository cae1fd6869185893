import { createRandom } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { digitizeImage, renderMicrograph, voronoiGrains } from "../../src/index.ts";

describe("digitizeImage", () => {
  const truth = voronoiGrains({ width: 240, height: 240, nGrains: 120 }, createRandom(1));
  const micrograph = (look: Parameters<typeof renderMicrograph>[1]): Parameters<typeof digitizeImage>[0] => ({
    grey: renderMicrograph(truth, look, createRandom(2)),
    bitDepth: 8,
    sourceChannels: 1,
    warnings: ["of the file"],
  });
  const doubt = /do not use this grain size .* only \d+ % of the boundary length/;

  it("warns first of all where boundaries are no lines, and still gives numbers", () => {
    const { measurement } = digitizeImage(micrograph({ boundaryContrast: 0.05, grainContrast: 0.12 }));
    expect(measurement.warnings[0]).toMatch(doubt);
    expect(measurement.warnings[1]).toBe("of the file");
    expect(measurement.nGrains).toBeGreaterThan(1);
  });

  it("warns where the polarity is wrong", () => {
    const { measurement } = digitizeImage(micrograph({}), { segment: { polarity: "bright" } });
    expect(measurement.warnings[0]).toMatch(doubt);
  });

  it.each(["low", "medium", "high"] as const)("does not warn on etched grains under %s noise", (noise) => {
    for (const boundary of ["dark", "bright"] as const) {
      const { warnings } = digitizeImage(micrograph({ noise, boundary })).measurement;
      expect(warnings.join()).not.toMatch(doubt);
    }
  });
});
