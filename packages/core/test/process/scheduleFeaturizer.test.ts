import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createRandom, FormatError, readTable } from "@materiome/core";
import {
  hollomonJaffe,
  readScheduleMapping,
  rollingStrain,
  scheduleFeaturizer,
  zenerHollomon,
} from "@materiome/core/process";
import { describe, expect, it } from "vitest";
import { messageOf } from "./messageOf.ts";
import { sound, steel, steelFeatures, steelMapping } from "./steelSchedules.ts";

const run = { random: createRandom(1) };
const folder = process.env["MATERIOME_DATA"] ?? "";
const dataset = (name: string, file: string): string => join(folder, name, file);

describe("scheduleFeaturizer", () => {
  it("computes what the fields allow, each feature with its unit and its columns", async () => {
    const encoder = await scheduleFeaturizer(readScheduleMapping(steelMapping), steelFeatures).fit(sound(), run);
    const x = encoder.encode(sound());
    const value = (name: string, row = 0): number =>
      x.data[row * x.columns + encoder.outputs.findIndex((f) => f.name === name)];
    expect(value("step 6 temper: Hollomon–Jaffe parameter")).toBeCloseTo(hollomonJaffe(873.15, 7200), 9);
    expect(value("step 2 hold: Hollomon–Jaffe parameter")).toBeCloseTo(hollomonJaffe(1133.15, 1800), 6);
    expect(value("step 3 deform: equivalent strain")).toBeCloseTo(rollingStrain(20, 10), 12);
    expect(value("step 3 deform: ln Zener–Hollomon")).toBeCloseTo(Math.log(zenerHollomon(2, 1133.15, 312e3)), 9);
    expect(value("step 4 quench: severity of quench")).toBeCloseTo(0.275, 12);
    expect(value("step 4 quench: severity of quench", 1)).toBeCloseTo(0.95, 12);
    expect(value("peak temperature")).toBeCloseTo(860, 9);
    expect(value("total time of holding")).toBe(9000);
    expect(value("total time of holding", 1)).toBe(1800);
    expect(value("total equivalent strain", 1)).toBe(0);
    const rolled = rollingStrain(20, 10) / 2;
    expect(value("duration")).toBeCloseTo(8400 + 1800 + rolled + 5800 + 7200, 6);
    expect(value("time above 500 °C")).toBeCloseTo(3600 + 1800 + rolled + 1000 + 7200, 6);
    expect(value("t8/5")).toBe(0);
    const source = (name: string) => encoder.outputs.find((f) => f.name === name)?.source;
    expect(source("step 6 temper: Hollomon–Jaffe parameter")).toEqual(["t_T", "T_T"]);
    expect(source("step 2 hold: Hollomon–Jaffe parameter")).toEqual(["T_A"]);
    expect(source("peak temperature")).toEqual(["T_A", "T_T"]);
    expect(encoder.outputs.find((f) => f.name === "t8/5")?.unit).toBe("s");
  });

  it("fit refuses rows that make no schedule, and mappings that give no feature", async () => {
    const featurizer = scheduleFeaturizer(readScheduleMapping(steelMapping));
    expect(featurizer.precheck(steel)).toEqual([
      'row 3, column "t out": step 3, thicknessOutMm: expected with the thickness in, found none; give both',
    ]);
    await expect(featurizer.fit(steel, run)).rejects.toThrow(FormatError);
    const mill = readScheduleMapping({ version: 1, steps: [{ kind: "mill", timeS: 3600 }] });
    await expect(scheduleFeaturizer(mill).fit(steel, run)).rejects.toThrow("has the fields of no feature");
  });

  it("checks the constants of the material, all at once", () => {
    const wrong = {
      meltingK: -3,
      arrhenius: { activationEnergyJPerMol: 2e5 },
      aboveC: [500, "x"],
      beamMaterial: { column: "m", materials: { "316L": { absorptivity: 3 } } },
      zener: 1,
    };
    const message = messageOf(() => scheduleFeaturizer(readScheduleMapping(steelMapping), wrong as never));
    for (const text of [
      "meltingK: expected a number above 0, found -3",
      "arrhenius.referenceC: expected a number above -273.15, found null",
      'aboveC[1]: expected a number above -273.15, found "x"',
      "ask for it with profile: {}",
      'beamMaterial.materials["316L"].densityKgPerM3: expected a number above 0',
      "absorptivity: expected at most 1, found 3",
      'zener: unknown option; did you mean "zenerHollomon"?',
    ]) {
      expect(message).toContain(text);
    }
  });

  it("computes the normalised enthalpy by the material of the row", async () => {
    const table = readTable("m,P (W),v (mm/s),d (um)\nA,200,800,100\nB,200,800,100\n,200,800,100\n");
    const mapping = readScheduleMapping({
      version: 1,
      steps: [
        { kind: "print", process: "lpbf", power: { column: "P" }, speed: { column: "v" }, spot: { column: "d" } },
      ],
    });
    const constants = {
      absorptivity: 0.4,
      densityKgPerM3: 7900,
      meltingEnthalpyJPerKg: 1.2e6,
      diffusivityM2PerS: 5e-6,
    };
    const encoder = await scheduleFeaturizer(mapping, {
      beamMaterial: { column: "m", materials: { A: constants } },
    }).fit(table, run);
    expect(encoder.outputs.map(({ name, source }) => [name, source])).toEqual([
      ["step 1 print: linear energy density", ["P", "v"]],
      ["step 1 print: normalised enthalpy", ["P", "v", "d", "m"]],
    ]);
    const x = encoder.encode(table);
    expect(x.data[1]).toBeCloseTo((0.4 * 200) / (7900 * 1.2e6 * Math.sqrt(Math.PI * 5e-6 * 0.8 * 50e-6 ** 3)), 9);
    expect(encoder.missing(table).map(({ row, reason }) => [row, reason])).toEqual([
      [3, 'step 1: no constants of the material "B"'],
      [4, 'step 1: no value in column "m"'],
    ]);
  });

  const lpbf = dataset("lpbf-relative-density", "lpbf-relative-density.csv");
  it.skipIf(!existsSync(lpbf))("reads 1579 printed samples (needs MATERIOME_DATA)", async () => {
    const table = readTable(readFileSync(lpbf, "utf8"), { file: "lpbf-relative-density.csv" });
    const mapping = readScheduleMapping({
      version: 1,
      steps: [
        {
          kind: "print",
          process: "lpbf",
          power: { column: "Laser Power (W)" },
          speed: { column: "Scan Speed (mm/s)" },
          hatch: { column: "Hatch space (mm)" },
          layer: { column: "Layer thickness (mm)" },
          spot: { column: "Spot size (mm)" },
        },
      ],
    });
    const encoder = await scheduleFeaturizer(mapping).fit(table, run);
    const x = encoder.encode(table);
    expect(x.rows).toBe(1579);
    // First row: 100 W, 250 mm/s, 0.114 mm, 0.05 mm.
    expect(x.data[encoder.outputs.findIndex((f) => f.name.endsWith("volumetric energy density"))]).toBeCloseTo(
      100 / (250 * 0.114 * 0.05),
      9,
    );
    expect(encoder.missing(table).every(({ reason }) => reason.includes("has no value"))).toBe(true);
  });
});
