import { concatTables, createRandom, createRaster, type NumberColumn, type Table } from "@materiome/core";
import {
  chordLengths,
  describeStructure,
  granulometry,
  minkowskiFunctionals,
  twoPointCorrelation,
} from "@materiome/microstructure/statistics";
import { renderMicrograph, voronoiGrains } from "@materiome/microstructure/synthesis";
import { describe, expect, it } from "vitest";
import { binary, voidsBetweenDiscs } from "./reference.ts";

const random = createRandom(7);
const phase = { ...voidsBetweenDiscs(160, 8, 0.003, random), pixelSizeUm: 0.5 };
const labels = { ...voronoiGrains({ width: 160, height: 120, nGrains: 60 }, random), pixelSizeUm: 2 };

const cellOf = (table: Table, name: string): number =>
  (table.columns.find((column) => column.name === name) as NumberColumn).values[0];

describe("describeStructure", () => {
  it("gives calibrated columns of role structure for a phase", () => {
    const { table, missing } = describeStructure(phase);
    expect(missing).toEqual([]);
    expect(table.nRows).toBe(1);
    expect(new Set(table.columns.map(({ role }) => role))).toEqual(new Set(["structure"]));
    const units = Object.fromEntries(table.columns.map(({ name, unit }) => [name, unit]));
    expect(units).toMatchObject({
      areaFraction: "",
      boundaryDensity: "1/um",
      eulerDensity: "1/um2",
      meanChord90: "um",
    });
    expect(cellOf(table, "areaFraction")).toBe(twoPointCorrelation(phase).fraction);
    expect(cellOf(table, "boundaryDensity")).toBeCloseTo(minkowskiFunctionals(phase).perimeterDensityPerPx / 0.5, 12);
    expect(cellOf(table, "eulerDensity")).toBeCloseTo(minkowskiFunctionals(phase).eulerDensityPerPx2 / 0.25, 12);
    expect(cellOf(table, "meanChord0")).toBeCloseTo(0.5 * (chordLengths(phase)[0].meanPx ?? Number.NaN), 12);
    expect(cellOf(table, "openingRadiusMean")).toBeCloseTo(0.5 * (granulometry(phase).meanRadiusPx ?? Number.NaN), 12);
  });

  it("describes grains, of which elongated ones are aligned", () => {
    const { table, missing } = describeStructure(labels, { prefix: "grain." });
    expect(missing).toEqual([]);
    expect(table.names[0]).toBe("grain.sameGrainLength");
    // Mean grain 18 px across: the length lies between a quarter of that and the whole, in µm.
    expect(cellOf(table, "grain.sameGrainLength")).toBeGreaterThan(9);
    expect(cellOf(table, "grain.sameGrainLength")).toBeLessThan(36);
    const bricks = Uint32Array.from(
      { length: 120 * 120 },
      (_, i) => 1 + Math.floor((i % 120) / 30) + 4 * Math.floor(i / 720),
    );
    const { table: wall } = describeStructure(createRaster(bricks, 120, 120));
    expect(cellOf(wall, "grainAlignmentIndex")).toBeGreaterThan(0.9);
    expect(cellOf(wall, "grainDirection")).toBeCloseTo(0, 6);
  });

  it("describes grey images", () => {
    const image = renderMicrograph(labels, { noise: "low" }, createRandom(2));
    const { table, missing } = describeStructure(image);
    expect(missing).toEqual([]);
    expect(table.names).toContain("contrastAt4px");
    expect(table.names).toContain("localPattern9");
    expect(cellOf(table, "greyMean")).toBeGreaterThan(0.2);
    expect(cellOf(table, "contrastAt4px")).toBeGreaterThan(cellOf(table, "contrastAt1px"));
  });

  it("stands in px without calibration, and rows of images stack", () => {
    const { table } = describeStructure({ ...phase, pixelSizeUm: undefined });
    expect(table.columns.find(({ name }) => name === "correlationLength")?.unit).toBe("px");
    const again = describeStructure({ ...phase, pixelSizeUm: undefined });
    expect(concatTables([table, again.table]).nRows).toBe(2);
  });

  it("names what an image does not have", () => {
    const { table, missing } = describeStructure(binary(32, 32, () => true));
    expect(cellOf(table, "areaFraction")).toBe(1);
    expect(Number.isNaN(cellOf(table, "correlationLength"))).toBe(true);
    const reasons = new Map(missing.map(({ column, reason }) => [column, reason]));
    expect(reasons.get("correlationLength")).toMatch(/constant/);
    expect(reasons.get("openingRadiusMean")).toMatch(/fills the image/);
    expect(reasons.get("meanChord0")).toMatch(/no end of a chord/);
  });
});
