import { DataError, FormatError, IncompatibleError } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { createSchedule, readSchedule } from "../../src/process/schedule.ts";
import type { Step } from "../../src/process/step.ts";
import { bareName, STEP_FIELDS } from "../../src/process/stepFields.ts";
import { thermalProfile } from "../../src/process/thermalProfile.ts";
import { messageOf } from "./messageOf.ts";

const hardening: Step[] = [
  { kind: "heat", temperatureC: 860, rateKPerS: 0.1, treatment: "austenitise" },
  { kind: "hold", timeS: 3600 },
  { kind: "quench", medium: "oil", temperatureC: 60, rateKPerS: 20 },
  { kind: "heat", temperatureC: 600, timeS: 1800, treatment: "temper" },
  { kind: "hold", temperatureC: 600, timeS: 7200 },
  { kind: "cool", temperatureC: 20, rateKPerS: 0.05 },
];

const problemsOf = (steps: unknown[], startTemperatureC?: number): string =>
  messageOf(() => readSchedule({ version: 1, startTemperatureC, steps }));

describe("schedule", () => {
  it("is its own JSON", () => {
    const schedule = createSchedule(hardening, { name: "quench and temper", startTemperatureC: 20 });
    expect(readSchedule(JSON.parse(JSON.stringify(schedule)))).toEqual(schedule);
    expect(schedule.steps).toEqual(hardening);
  });

  it("reads texts that bring their own unit", () => {
    const { steps } = readSchedule({
      version: 1,
      steps: [
        { kind: "heat", temperature: "1580 °F", rate: "10 K/min" },
        { kind: "hold", time: "2 h" },
        { kind: "deform", method: "roll", thicknessIn: "1 in", thicknessOut: "0.5 in", strainRate: "60 1/min" },
        { kind: "print", process: "lpbf", layer: "30 µm", speed: "0.8 m/s", power: "0.2 kW" },
        { kind: "sinter", method: "hip", temperature: "1423.15 K", pressure: "100 bar" },
        { kind: "deposit", method: "sputter", pressure: "0.5 mbar", rate: "12 Å/s", bias: "-0.1 kV" },
      ],
    });
    const near = (value: number) => expect.closeTo(value, 9);
    expect(steps).toEqual([
      { kind: "heat", temperatureC: near(860), rateKPerS: near(1 / 6) },
      { kind: "hold", timeS: 7200 },
      {
        kind: "deform",
        method: "roll",
        thicknessInMm: near(25.4),
        thicknessOutMm: near(12.7),
        strainRatePerS: near(1),
      },
      { kind: "print", process: "lpbf", layerMm: near(0.03), speedMmPerS: near(800), powerW: near(200) },
      { kind: "sinter", method: "hip", temperatureC: near(1150), pressureMPa: near(10) },
      { kind: "deposit", method: "sputter", pressurePa: near(50), rateNmPerS: near(1.2), biasV: near(-100) },
    ]);
  });

  it("says how to write a text that it cannot read", () => {
    const found = (step: object): string => problemsOf([step]);
    expect(found({ kind: "heat", temperature: "1580 F" })).toContain('found "1580 F"; write "°F"');
    expect(found({ kind: "heat", temperature: 1580 })).toContain("found 1580; a number goes under temperatureC");
    expect(found({ kind: "hold", time: "1,5 h" })).toBe('step 1, time: expected a text such as "10 s", found "1,5 h"');
    expect(found({ kind: "hold", time: "12:30" })).toMatch(/found "12:30"$/);
    expect(found({ kind: "deform", method: "roll", reduction: 825 })).toContain("found 825; write a fraction");
    expect(readSchedule({ version: 1, steps: [{ kind: "deform", method: "roll", reduction: "30 %" }] }).steps).toEqual([
      { kind: "deform", method: "roll", reduction: 0.3 },
    ]);
  });

  it("has one bare name per field", () => {
    for (const fields of Object.values(STEP_FIELDS)) {
      const bare = Object.keys(fields).map(bareName);
      expect(new Set(bare).size).toBe(bare.length);
    }
    expect(["temperatureC", "rateNmPerS", "passes", "areaRatio", "severityPerIn"].map(bareName)).toEqual([
      "temperature",
      "rate",
      "passes",
      "areaRatio",
      "severity",
    ]);
  });

  it("reports every problem with its step and field", () => {
    const message = problemsOf([
      { kind: "heat", temperatureC: -300, rateKPerS: -2 },
      { kind: "hold", timeS: 0, temprature: 5 },
      { kind: "quensh", medium: "water" },
      { kind: "quench", medium: "watr" },
      { kind: "deform", reduction: 30 },
      { kind: "print", process: "lpbf", powerW: 0, speed: "7 kg", layer: 3, hatchMm: "wide" },
      { kind: "deform", method: "roll", passes: 2.5 },
      7,
    ]);
    expect(message.split("\n")).toEqual([
      "14 problems",
      "  step 1, temperatureC: expected above -273.15 and below 5726.85 degC, found -300; below absolute zero; check the value and its unit",
      "  step 1, rateKPerS: expected above 0 K/s, found -2; rates are speeds, the kind of step says the direction; write 2",
      "  step 2, timeS: expected above 0 s, found 0; leave it out, or its cell empty, if it is not known or was not done",
      '  step 2, temprature: a hold step has no such field; did you mean "temperatureC"?',
      '  step 3, kind: expected one of heat, hold, cool, quench, deform, print, deposit, sinter, mill, mix, cure, dry, found "quensh"; did you mean "quench"?',
      '  step 4, medium: expected one of water, brine, oil, polymer, salt, lead, gas, air, furnace, found "watr"',
      "  step 5, reduction: expected above 0 and below 1, found 30; a percentage? write 0.3",
      "  step 5, method: expected one of roll, forge, extrude, draw, swage, press, found none; a deform step needs it",
      "  step 6, powerW: expected above 0 W, found 0; leave it out, or its cell empty, if it is not known or was not done",
      '  step 6, speed: expected a text such as "10 mm/s", found "7 kg"; it measures something else',
      '  step 6, layer: expected a text such as "10 mm", found 3; a number goes under layerMm',
      '  step 6, hatchMm: expected a finite number in mm, found "wide"',
      "  step 7, passes: expected a whole number, found 2.5",
      "  step 8: expected an object { kind, … }, found 7",
    ]);
  });

  it("checks how steps follow each other", () => {
    const message = problemsOf(
      [
        { kind: "heat", temperatureC: 800, rateKPerS: 1, timeS: 100 },
        { kind: "hold", temperatureC: 700, timeS: 10 },
        { kind: "cool", temperatureC: 900 },
        { kind: "deform", method: "roll", temperatureC: 900, thicknessInMm: 5, thicknessOutMm: 10 },
        { kind: "deform", method: "roll", thicknessInMm: 10, thicknessOutMm: 5, reduction: 0.3 },
        { kind: "hold" },
        { kind: "quench", medium: "water", temperatureC: 950 },
        { kind: "deposit", method: "sputter", rateNmPerS: 1, timeS: 100, thicknessNm: 200 },
      ],
      20,
    );
    expect(message.split("\n").slice(1)).toEqual([
      "  step 1, timeS: expected 780 s by rateKPerS, found 100; give the time or the rate",
      '  step 2, temperatureC: expected 800, the temperature reached, found 700; put a "cool" step before it',
      '  step 3, temperatureC: expected below 700, the temperature reached, found 900; heating is a "heat" step',
      "  step 4, thicknessOutMm: expected below thicknessInMm = 5, found 10; swapped?",
      "  step 5, reduction: expected a strain of 0.8004 by thicknessOutMm, found 0.4119; give one of them",
      "  step 6, timeS: expected a time or a temperature, found neither; a hold step says at least one",
      '  step 7, temperatureC: expected below 900, the temperature reached, found 950; heating is a "heat" step',
      "  step 8, thicknessNm: expected rate × time = 100, found 200; give two of three",
    ]);
  });

  it("refuses what is no schedule, and other versions", () => {
    expect(() => readSchedule([])).toThrow(FormatError);
    expect(() => readSchedule({ version: 2, steps: [] })).toThrow(IncompatibleError);
    expect(messageOf(() => readSchedule({ version: 1, steps: [] }))).toBe(
      "steps: expected at least one step, found none",
    );
    expect(messageOf(() => readSchedule({ version: 1, step: [] }, "a.json"))).toBe(
      'a.json: 2 problems\n  step: unknown field; did you mean "steps"?\n  steps: expected a list of steps { kind, … }',
    );
  });
});

describe("thermalProfile", () => {
  it("has a point per border of steps", () => {
    const profile = thermalProfile(createSchedule(hardening, { startTemperatureC: 20 }));
    const times = [0, 8400, 3600, 40, 1800, 7200, 11600];
    const ends = times.map((_, i) => times.slice(0, i + 1).reduce((a, b) => a + b));
    expect([...profile.timeS].map((t) => Number(t.toFixed(6)))).toEqual(ends);
    const celsius = [...profile.temperatureK].map((t) => Number((t - 273.15).toFixed(6)));
    expect(celsius).toEqual([20, 860, 860, 60, 600, 600, 20]);
  });

  it("says what is missing in each step", () => {
    const schedule = createSchedule([
      { kind: "heat", temperatureC: 860, rateKPerS: 1 },
      { kind: "hold", temperatureC: 860 },
      { kind: "quench", medium: "oil" },
      { kind: "print", process: "lpbf" },
    ]);
    const message = messageOf(() => thermalProfile(schedule));
    expect(message).toContain("step 1, rateKPerS: a rate, but no temperature to start from; set startTemperatureC");
    expect(message).toContain("step 2, timeS: a hold step without a time");
    expect(message).toContain("step 3, temperatureC: a quench without a temperature at its end");
    expect(message).toContain("step 4, process: printing has no temperature history");
    expect(() => thermalProfile(schedule)).toThrow(DataError);
  });

  it("jumps where told to, deforms for strain over strain rate, sinters after its ramp", () => {
    const quenched = createSchedule([
      { kind: "hold", temperatureC: 900, timeS: 60 },
      { kind: "deform", method: "forge", strain: 0.5, strainRatePerS: 0.1 },
      { kind: "quench", medium: "water" },
    ]);
    const jump = thermalProfile(quenched, { quench: "jump", quenchToC: 20 });
    expect([...jump.timeS]).toEqual([0, 60, 65, 65]);
    const sintered = createSchedule([{ kind: "sinter", method: "sps", temperatureC: 1000, rateKPerS: 2, timeS: 300 }], {
      startTemperatureC: 20,
    });
    expect([...thermalProfile(sintered).timeS]).toEqual([0, 490, 790]);
  });
});
