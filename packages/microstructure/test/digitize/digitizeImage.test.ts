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
    const { measurement } = digitizeImage(micrograph({ boundaryContrast: 0.05, grainContrast: 0.12 }), {
      method: "lines",
    });
    expect(measurement.warnings[0]).toMatch(doubt);
    expect(measurement.warnings[1]).toBe("of the file");
    expect(measurement.nGrains).toBeGreaterThan(1);
  });

  it("warns where the polarity is wrong", () => {
    const { measurement } = digitizeImage(micrograph({}), { method: "bright" });
    expect(measurement.warnings[0]).toMatch(doubt);
  });

  it.each(["low", "medium", "high"] as const)("does not warn on etched grains under %s noise", (noise) => {
    for (const boundary of ["dark", "bright"] as const) {
      const { measurement, method } = digitizeImage(micrograph({ noise, boundary }));
      expect(method).toBe("lines");
      expect(measurement.warnings.join()).not.toMatch(doubt);
    }
  });
});

describe("digitizeImage on other things than lines", () => {
  const round = (grey: Float32Array, size: number): Parameters<typeof digitizeImage>[0] => ({
    grey: createRaster(grey, size, size, { pixelSizeUm: 0.1 }),
    bitDepth: 8,
    sourceChannels: 1,
    page: 0,
    pages: 1,
    warnings: [],
  });

  it("finds particles in a matrix and measures them as a second phase", () => {
    const random = createRandom(3);
    const size = 200;
    const grey = Float32Array.from({ length: size * size }, () => 0.3 + 0.02 * random.normal());
    // 25 disks of radius 9 on a grid of 40 px.
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        if (Math.hypot((x % 40) - 19.5, (y % 40) - 19.5) < 9) grey[y * size + x]! += 0.4;
      }
    }
    const { measurement, labels, method, methodReason } = digitizeImage(round(grey, size));
    expect([method, measurement.kind]).toEqual(["particles", "particles"]);
    expect(methodReason).toContain("two phases");
    if (measurement.kind !== "particles" || measurement.pixelSizeUm === null)
      throw new Error("not calibrated particles");
    expect(measurement.nGrains).toBe(25);
    expect(Math.max(...labels.data)).toBe(25);
    const fraction = (Math.PI * 81) / 1600;
    expect(measurement.phaseFractions.map(({ phase }) => phase)).toEqual(["particles", "matrix"]);
    expect(measurement.phaseFractions[0]?.fraction).toBeCloseTo(fraction, 2);
    expect(measurement.equivalentDiameterUm?.mean).toBeCloseTo(1.8, 1);
    expect(measurement.particlesPerMm2).toBeCloseTo((25 / (20 * 20)) * 1e6, -1);
    // S_V = 4 A_A / L̄ with the mean chord of a disk, πr/2.
    expect(measurement.surfaceAreaDensityPerUm / ((4 * fraction) / ((Math.PI / 2) * 0.9))).toBeCloseTo(1, 1);
    expect(measurement.grainSizeNumber).toBeNull();
  });

  it("measures the thickness of layers", () => {
    const random = createRandom(4);
    const size = 120;
    const grey = Float32Array.from({ length: size * size }, (_, i) => {
      const y = Math.floor(i / size);
      return (y < 40 ? 0.2 : y < 70 ? 0.7 : 0.4) + 0.02 * random.normal();
    });
    const { measurement } = digitizeImage(round(grey, size), { method: "layers" });
    if (measurement.kind !== "layers") throw new Error("no layers");
    expect(measurement.layers.map(({ isCut }) => isCut)).toEqual([true, false, true]);
    expect(measurement.layers[1]?.inUm?.mean).toBeCloseTo(3, 1);
    expect(measurement.warnings.join()).toContain("layers 1 and 3 reach the border");
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
    expect(warnings.join()).toContain("each region is counted as one of its own");
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
