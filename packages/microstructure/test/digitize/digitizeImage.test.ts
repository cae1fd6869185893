import { createRandom, createRaster, DataError, type LabelMap } from "@materiome/core";
import { digitizeImage, digitizeLabels } from "@materiome/microstructure";
import { boundaryMask } from "@materiome/microstructure/regions";
import { renderMicrograph, voronoiGrains } from "@materiome/microstructure/synthesis";
import { describe, expect, it } from "vitest";

describe("digitizeImage", () => {
  const truth = voronoiGrains({ width: 240, height: 240, nGrains: 120 }, createRandom(1));
  const micrograph = (look: Parameters<typeof renderMicrograph>[1]): Parameters<typeof digitizeImage>[0] => ({
    grey: renderMicrograph(truth, look, createRandom(2)),
    bitDepth: 8,
    sourceChannels: 1,
    page: 0,
    pages: 1,
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

describe("digitizeLabels on a mask of boundary lines", () => {
  const truth = voronoiGrains({ width: 200, height: 150, nGrains: 60 }, createRandom(4));
  const nTrue = Math.max(...new Set(truth.data));
  const line = boundaryMask(truth).data;
  const wide = line.map((value, i) => (value === 1 || (line[i + 1] ?? 0) === 1 || (line[i + 200] ?? 0) === 1 ? 1 : 0));
  const mask = (onLine: number, between: number): LabelMap =>
    createRaster(
      Uint32Array.from(wide, (value) => (value === 1 ? onLine : between)),
      200,
      150,
    );

  it.each([
    [255, 0],
    [1, 0],
    [2, 1],
    [1, 2],
  ])("refuses lines of %i between %i, with the way out", (onLine, between) => {
    const measure = (): unknown => digitizeLabels(mask(onLine, between));
    expect(measure).toThrow(DataError);
    expect(measure).toThrow(/looks like a boundary mask, not labels.*number the regions.*lines as 0/);
  });

  it("takes lines of 0 between grains of one number: each region counts", () => {
    const { nGrains, warnings } = digitizeLabels(mask(0, 255)).measurement;
    expect(Math.abs(nGrains / nTrue - 1)).toBeLessThan(0.1);
    expect(warnings.join()).toContain("each region is counted as a grain");
  });

  it("takes two grains, and a thin one between two", () => {
    const bands = (at: (x: number) => number): LabelMap =>
      createRaster(
        Uint32Array.from({ length: 60 * 60 }, (_, i) => at(i % 60)),
        60,
        60,
      );
    expect(digitizeLabels(bands((x) => (x < 30 ? 1 : 2))).measurement.nGrains).toBe(2);
    expect(digitizeLabels(bands((x) => (x < 28 || x > 31 ? 1 : 2))).measurement.nGrains).toBe(3);
  });
});
