import { createRaster, DataError, type LabelMap, ShapeError } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { measureSecondPhase } from "../../src/measure/measureSecondPhase.ts";
import { poolPhaseFields } from "../../src/measure/poolPhaseFields.ts";

/** Rectangles w × 4 on a lattice of 40 × 20, none on the border, numbered in rows. */
function bricks(w: number): LabelMap {
  const data = Uint32Array.from({ length: 400 * 200 }, (_, i) => {
    const [x, y] = [i % 400, Math.floor(i / 400)];
    const isIn = x % 40 >= 10 && x % 40 < 10 + w && y % 20 >= 8 && y % 20 < 12;
    return isIn ? 1 + Math.floor(x / 40) + 10 * Math.floor(y / 20) : 0;
  });
  return createRaster(data, 400, 200);
}

describe("measureSecondPhase", () => {
  it("has the closed form of a lattice of rectangles", () => {
    const { measurement: found } = measureSecondPhase(bricks(12), { pixelSizeUm: 0.5, phase: "carbide" });
    // In px: A_A = 48/800, N_A = 1/800, N_L = (12 + 4)/2 per 800 over both directions.
    const nL = 8 / 800 / 0.5;
    expect(found.phaseFractions.map(({ phase, fraction }) => [phase, fraction])).toEqual([
      ["carbide", 0.06],
      ["matrix", 0.94],
    ]);
    if (found.pixelSizeUm === null) throw new Error("calibrated");
    expect(found.particlesPerMm2).toBeCloseTo(1e6 / 800 / 0.25, 6);
    expect(found.meanParticleInterceptUm).toBeCloseTo(0.06 / nL, 10);
    expect(found.meanFreePathUm).toBeCloseTo(0.94 / nL, 10);
    expect(found.surfaceAreaDensityPerUm).toBeCloseTo(4 * nL, 10);
    expect(found.boundaryLengthDensityPerUm).toBeCloseTo(Math.PI * nL, 10);
    expect(found.equivalentDiameterUm?.mean).toBeCloseTo(0.5 * Math.sqrt((4 * 48) / Math.PI), 10);
    expect(found.warnings).toEqual([]);
  });

  it("gives each body the phase of its first pixel", () => {
    const labels = createRaster(Uint32Array.of(0, 0, 1, 2, 1, 1, 2, 0, 0, 0, 0, 0), 4, 3);
    const map = createRaster(Uint8Array.of(0, 0, 2, 1, 2, 2, 1, 0, 0, 0, 0, 0), 4, 3);
    const names = ["matrix", "oxide", "nitride"];
    const { phaseNames, measurement } = measureSecondPhase(labels, { phases: { map, names } });
    expect(phaseNames).toEqual(["nitride", "oxide"]);
    expect(measurement.phaseFractions.map(({ fraction }) => fraction)).toEqual([7 / 12, 2 / 12, 3 / 12]);
    expect(measurement.warnings.join("; ")).toMatch(/no calibration.*cuts every body.*2 of 2 bodies are smaller/);
    expect(() => measureSecondPhase(labels, { phases: { map, names: ["matrix", "oxide"] } })).toThrow(DataError);
    const other = createRaster(new Uint8Array(4), 2, 2);
    expect(() => measureSecondPhase(labels, { phases: { map: other, names } })).toThrow(ShapeError);
  });

  it("refuses a field without bodies", () => {
    expect(() => measureSecondPhase(createRaster(new Uint32Array(9), 3, 3))).toThrow(DataError);
  });
});

describe("poolPhaseFields", () => {
  const field = (w: number, pixelSizeUm?: number) => measureSecondPhase(bricks(w), { pixelSizeUm }).measurement;

  it("pools fractions by Student's t and says what the standard lacks", () => {
    // V_V = 4w/800 = 0.05, 0.06, 0.07: t(2) = 4.30265 for 95 %, s = 0.01.
    const found = poolPhaseFields("A", [field(10, 1), field(12, 1), field(14, 1)]);
    const [particles] = found.phaseFractions;
    expect(particles?.fraction).toBeCloseTo(0.06, 12);
    expect(particles?.ciHigh).toBeCloseTo(0.06 + (4.302653 * 0.01) / Math.sqrt(3), 8);
    expect(particles?.relativeAccuracyPct).toBeCloseTo((100 * 4.302653 * 0.01) / Math.sqrt(3) / 0.06, 4);
    const intercept = found.measures.find(({ name }) => name === "mean particle intercept");
    expect(intercept?.mean).toBeCloseTo(
      [10, 12, 14].reduce((sum, w) => sum + (8 * w) / (w + 4) / 3, 0),
      10,
    );
    expect(found.G.intercept).toBeNull();
    expect(found.meetsStandard).toBe(false);
    expect(found.reasons.join("; ")).toMatch(/3 fields, fewer than 5.*relative accuracy of the fraction of particles/);
  });

  it("asks for accuracy of every phase but the matrix, wherever it stands", () => {
    const fields = [0.1, 0.1, 0.1, 0.1, 0.2].map((fraction) => ({
      ...field(12, 1),
      phaseFractions: [
        { phase: "matrix", fraction: 0.05 + fraction },
        { phase: "nitride", fraction: 0.5 },
        { phase: "oxide", fraction },
      ].map((share) => ({ ...share, ciLow: null, ciHigh: null, method: "given" })),
    }));
    const { reasons, meetsStandard } = poolPhaseFields("A", fields);
    expect(meetsStandard).toBe(false);
    expect(reasons).toEqual([expect.stringContaining("fraction of oxide")]);
  });

  it("meets it with five fields that agree", () => {
    const found = poolPhaseFields("A", [field(12, 1), field(12, 1), field(12, 1), field(12, 1), field(12, 1)]);
    expect(found).toMatchObject({ nFields: 5, meetsStandard: true, reasons: [] });
  });

  it("refuses calibrated and other fields together, and none", () => {
    expect(() => poolPhaseFields("A", [field(12, 1), field(12)])).toThrow(DataError);
    expect(() => poolPhaseFields("A", [])).toThrow(DataError);
  });
});
