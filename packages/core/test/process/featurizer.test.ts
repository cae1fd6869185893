import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createRandom, FormatError, IncompatibleError, readTable, type Table } from "@materiome/core";
import {
  concatFeaturizers,
  featurePipeline,
  imputeFeatures,
  readTableEncoder,
  scaleFeatures,
  tableFeaturizer,
} from "@materiome/core/features";
import {
  hollomonJaffe,
  readScheduleEncoder,
  readScheduleMapping,
  rollingStrain,
  scheduleFeaturizer,
  schedulesFromTable,
  writeScheduleMapping,
  zenerHollomon,
} from "@materiome/core/process";
import { describe, expect, it } from "vitest";

const run = { random: createRandom(1) };
const folder = process.env["MATERIOME_DATA"] ?? "";
const dataset = (name: string, file: string): string => join(folder, name, file);

const steel = readTable(
  "heat,T_A (°F),T_T (°C),t_T (min),cooling,t in (mm),t out (mm)\n" +
    "a,1580,600,120,OQ,20,10\nb,1562,550,,WQ,20,\nc,1580,,,OQ,,\n",
  { file: "steel.csv" },
);
const json = {
  version: 1,
  startTemperatureC: 20,
  steps: [
    { kind: "heat", temperature: { column: "T_A" }, rate: "6 K/min", treatment: "austenitise" },
    { kind: "hold", time: "30 min" },
    {
      kind: "deform",
      method: "roll",
      thicknessIn: { column: "t in" },
      thicknessOut: { column: "t out" },
      optional: true,
      strainRatePerS: 2,
    },
    { kind: "quench", medium: { column: "cooling", values: { OQ: "oil", WQ: "water" } }, agitation: "none" },
    { kind: "heat", temperature: { column: "T_T" }, rate: "6 K/min", treatment: "temper", optional: true },
    { kind: "hold", temperature: { column: "T_T" }, time: { column: "t_T" }, treatment: "temper", optional: true },
  ],
};

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("nothing was thrown");
}

/** Rows without the half-measured one. */
function sound(): Table {
  return readTable(
    "heat,T_A (°F),T_T (°C),t_T (min),cooling,t in (mm),t out (mm)\na,1580,600,120,OQ,20,10\nc,1580,,,WQ,,\n",
    { file: "steel.csv" },
  );
}

describe("schedulesFromTable", () => {
  it("makes a schedule per row, units converted, absent steps left out", () => {
    const { schedules, mappedSteps } = schedulesFromTable(sound(), readScheduleMapping(json));
    const near = (value: number) => expect.closeTo(value, 9);
    expect(schedules[0]?.steps).toEqual([
      { kind: "heat", temperatureC: near(860), rateKPerS: near(0.1), treatment: "austenitise" },
      { kind: "hold", timeS: 1800 },
      { kind: "deform", method: "roll", thicknessInMm: 20, thicknessOutMm: 10, strainRatePerS: 2 },
      { kind: "quench", medium: "oil", agitation: "none" },
      { kind: "heat", temperatureC: 600, rateKPerS: near(0.1), treatment: "temper" },
      { kind: "hold", temperatureC: 600, timeS: 7200, treatment: "temper" },
    ]);
    expect(schedules[1]?.steps.map((step) => step.kind)).toEqual(["heat", "hold", "quench"]);
    expect(mappedSteps[1]).toEqual([0, 1, 3]);
  });

  it("names row, column and step of everything that is wrong, all at once", () => {
    const { problems, schedules } = schedulesFromTable(steel, readScheduleMapping(json), { onError: "record" });
    expect(schedules.map((schedule) => schedule !== undefined)).toEqual([true, false, true]);
    expect(problems).toEqual([
      {
        row: 3,
        column: "t out",
        step: 3,
        field: "thicknessOutMm",
        message: "expected with the thickness in, found none; give both",
      },
    ]);
    expect(messageOf(() => schedulesFromTable(steel, readScheduleMapping(json)))).toBe(
      'steel.csv, row 3, column "t out": step 3, thicknessOutMm: expected with the thickness in, found none; give both',
    );
    const odd = readTable("T (°C),t (min),m\n700,10,OQ\n,10,water\n700,-5,oil\n", { file: "odd.csv" });
    const mapping = readScheduleMapping({
      version: 1,
      steps: [
        { kind: "heat", temperature: { column: "T" } },
        { kind: "hold", time: { column: "t" } },
        { kind: "quench", medium: { column: "m" } },
      ],
    });
    expect(messageOf(() => schedulesFromTable(odd, mapping)).split("\n")).toEqual([
      "odd.csv: 3 problems",
      '  row 2, column "m": step 3, medium: expected one of water, brine, oil, polymer, salt, lead, gas, air, furnace, found "OQ"; say what labels mean with values: { "label": "choice" }',
      '  row 3, column "T": step 1, temperatureC: no value, but a heat step needs one; fill it in, or say "optional": true',
      '  row 4, column "t": step 2, timeS: expected above 0 s, found -300; check the value and its unit',
    ]);
  });

  it("names the column of the starting temperature too", () => {
    const hot = readTable("s (°C),T (°C)\n-300,500\n,500\n", { file: "hot.csv" });
    const steps = [{ kind: "heat", temperature: { column: "T" } }];
    const mapping = readScheduleMapping({ version: 1, startTemperatureC: { column: "s" }, steps });
    expect(() => schedulesFromTable(hot, mapping)).toThrow(
      'hot.csv, row 2, column "s": startTemperatureC: expected above',
    );
  });

  it("says that a row has none of the steps", () => {
    const mapping = readScheduleMapping({
      version: 1,
      steps: [{ kind: "heat", temperature: { column: "T" }, optional: true }],
    });
    const cast = readTable("id,T (°C)\na,500\nb,\n", { file: "cast.csv" });
    expect(() => schedulesFromTable(cast, mapping)).toThrow("cast.csv, row 3: the row has no value of any step");
  });

  it("checks the mapping against the table, all at once", () => {
    const mapping = readScheduleMapping({
      version: 1,
      startTemperatureC: { column: "nowhere" },
      steps: [
        { kind: "heat", temperature: { column: "heat" }, time: { column: "T_T" } },
        { kind: "hold", time: { column: "temp", unit: "h" } },
      ],
    });
    const message = messageOf(() => schedulesFromTable(steel, mapping));
    expect(message).toContain('step 1, temperatureC: column "heat" holds text such as "a"; numbers are expected');
    expect(message).toContain('step 1, timeS: column "T_T" is in degC, which is not convertible to s');
    expect(message).toContain('step 2, timeS: no column "temp"');
    expect(message).toContain('startTemperatureC: no column "nowhere"');
    const onlyT = readTable("T (°C)\n700\n");
    const time = readScheduleMapping({ version: 1, steps: [{ kind: "hold", time: { column: "t", unit: "min" } }] });
    expect(() => schedulesFromTable(onlyT, time)).toThrow(
      'column "T" is in degC, stated is min; another column is meant?',
    );
    const bare = readTable("T\n700\n");
    const noUnit = readScheduleMapping({ version: 1, steps: [{ kind: "heat", temperature: { column: "T" } }] });
    expect(() => schedulesFromTable(bare, noUnit)).toThrow('column "T" has no unit; write { column, unit: "degC" }');
  });
});

describe("readScheduleMapping", () => {
  it("reads what it writes", () => {
    const mapping = readScheduleMapping(json);
    expect(readScheduleMapping(JSON.parse(JSON.stringify(writeScheduleMapping(mapping))))).toEqual(mapping);
  });

  it("reports every problem with step and field", () => {
    const wrong = {
      version: 1,
      start: 4,
      steps: [
        { kind: "heat", temperature: { colum: "T" }, rateKPerS: -1 },
        { kind: "hold", time: { column: "t", values: { a: "b" } }, timeS: 4 },
        { kind: "quench", medium: { column: "m", values: { WQ: "watr" } }, optional: "yes" },
        { kind: "deform", strain: { column: "e" } },
        { kind: "cool", temperatureC: 20, optional: true },
      ],
    };
    const message = messageOf(() => readScheduleMapping(wrong, "map.json"));
    expect(message).toMatch(/^map\.json: 10 problems\n/);
    for (const text of [
      "start: unknown field; did you mean",
      'step 1, temperature: unknown "colum" in a column; did you mean "column"?',
      'step 1, temperature: expected { column: "name" }',
      "step 1, rateKPerS: expected above 0 K/s, found -1",
      "step 2, time: values: only fields that are choices or texts take them",
      "step 2, timeS: given twice, as a value and as a column",
      'step 3, optional: expected true or false, found "yes"',
      'step 3, medium: values, "WQ": expected one of water',
      "step 4, method: expected one of roll",
      "step 5, optional: an optional step needs a field from a column",
    ]) {
      expect(message).toContain(text);
    }
    expect(() => readScheduleMapping({ version: 3 })).toThrow(IncompatibleError);
    expect(() => readScheduleMapping({ steps: json.steps })).toThrow(
      'version: expected 1, found undefined; write "version": 1',
    );
    expect(() => readScheduleMapping("x")).toThrow(FormatError);
  });
});

describe("scheduleFeaturizer", () => {
  const options = {
    profile: { quench: "jump", quenchToC: 20 },
    aboveC: [500],
    arrhenius: { activationEnergyJPerMol: 250e3, referenceC: 600 },
    zenerHollomon: { activationEnergyJPerMol: 312e3 },
  } as const;

  it("computes what the fields allow, each feature with its unit and its columns", async () => {
    const encoder = await scheduleFeaturizer(readScheduleMapping(json), options).fit(sound(), run);
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

  it("is NaN with a reason where a row lacks something", async () => {
    const encoder = await scheduleFeaturizer(readScheduleMapping(json), options).fit(sound(), run);
    const x = encoder.encode(sound());
    const missing = encoder.missing(sound());
    const nans = [...x.data].filter((v) => Number.isNaN(v)).length;
    expect(missing).toHaveLength(nans);
    expect(missing).toContainEqual({
      row: 3,
      feature: "step 6 temper: Hollomon–Jaffe parameter",
      reason: "step 6 is absent",
    });
    expect(missing).toContainEqual({
      row: 2,
      feature: "mean cooling rate",
      reason: "the history never cools, or only jumps",
    });
  });

  it("survives JSON, to the same numbers", async () => {
    const encoder = await scheduleFeaturizer(readScheduleMapping(json), options).fit(sound(), run);
    const again = readScheduleEncoder(JSON.parse(JSON.stringify(encoder)));
    expect(again.encode(sound())).toEqual(encoder.encode(sound()));
    const { reader } = await import(encoder.module);
    expect((await reader.read(JSON.parse(JSON.stringify(encoder)))).outputs).toEqual(encoder.outputs);
    expect(() => readScheduleEncoder({ ...encoder.toJSON(), version: 9 })).toThrow(IncompatibleError);
    expect(() => readScheduleEncoder({ type: "x" })).toThrow(FormatError);
  });

  it("fit refuses rows that make no schedule, and mappings that give no feature", async () => {
    const featurizer = scheduleFeaturizer(readScheduleMapping(json));
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
    const message = messageOf(() => scheduleFeaturizer(readScheduleMapping(json), wrong as never));
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

  it("stands in a stored pipeline beside columns and steps, and reads new rows in other units", async () => {
    const mapping = readScheduleMapping({
      version: 1,
      steps: [
        { kind: "heat", temperature: { column: "T_T" }, treatment: "temper" },
        { kind: "hold", time: { column: "t_T" }, treatment: "temper", optional: true },
      ],
    });
    const rows = (lines: string, header = "C,T_T (°C),t_T (h),HV") => readTable(`${header}\n${lines}`);
    const training = rows("0.3,550,1,320\n0.3,600,2,280\n0.4,650,,250\n0.4,600,1,290\n");
    const parts = concatFeaturizers([tableFeaturizer({ inputs: ["C"], targets: ["HV"] }), scheduleFeaturizer(mapping)]);
    const pipeline = featurePipeline(parts, [imputeFeatures({ method: "median" }), scaleFeatures()]);
    const encoder = await pipeline.fit(training, run);
    expect(encoder.inputs.map(({ name }) => name)).toEqual(["C", "T_T", "t_T"]);
    const stored = JSON.parse(JSON.stringify(encoder));
    const { reader } = await import(encoder.module);
    for (const again of [readTableEncoder(stored), await reader.read(stored)]) {
      expect(again.encode(training)).toEqual(encoder.encode(training));
      const inFahrenheit = again.encode(rows("0.3,1112,120\n0.4,1202,\n", "C,T_T (°F),t_T (min)"));
      const inCelsius = encoder.encode(rows("0.3,600,2\n0.4,650,\n", "C,T_T (°C),t_T (h)"));
      for (const [k, value] of inCelsius.data.entries()) expect(inFahrenheit.data[k]).toBeCloseTo(value, 9);
      expect(() => again.encode(rows("0.3,600,5\n", "C,T_T (°C),t_T (mm)"))).toThrow(/t_T/);
      expect(() => again.encode(rows("0.3,600\n", "C,T_T (°C)"))).toThrow("is in degC, which is not convertible to s");
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

  const nims = dataset("nims-fatigue-steels", "nims-fatigue.csv");
  it.skipIf(!existsSync(nims))("reads the heat treatments of 360 steels (needs MATERIOME_DATA)", () => {
    const table = readTable(readFileSync(nims, "utf8"), { file: "nims-fatigue.csv" });
    const unit = "degC";
    const mapping = readScheduleMapping({
      version: 1,
      steps: [
        { kind: "deform", method: "forge", areaRatio: { column: "RR" } },
        { kind: "heat", temperature: { column: "Normalized Temperature", unit }, treatment: "normalise" },
        { kind: "cool", temperatureC: 20 },
        { kind: "heat", temperature: { column: "Quenching Temperature", unit }, treatment: "austenitise" },
        { kind: "quench", medium: "oil", temperatureC: 20 },
        { kind: "heat", temperature: { column: "Temperaing Temperature", unit }, treatment: "temper" },
      ],
    });
    const { schedules } = schedulesFromTable(table, mapping);
    expect(schedules).toHaveLength(360);
    for (const schedule of schedules) expect(schedule?.steps).toHaveLength(6);
  });

  const concrete = dataset("concrete-strength", "concrete-strength.csv");
  it.skipIf(!existsSync(concrete))("reads the age of concrete as curing (needs MATERIOME_DATA)", () => {
    const table = readTable(readFileSync(concrete, "utf8"));
    const mapping = readScheduleMapping({
      version: 1,
      steps: [{ kind: "cure", time: { column: "age", unit: "day" } }],
    });
    const { schedules } = schedulesFromTable(table, mapping);
    expect(schedules[0]?.steps).toEqual([{ kind: "cure", timeS: 28 * 86400 }]);
  });
});
