import { createRandom, FormatError, IncompatibleError, readTable } from "@materiome/core";

import {
  concatFeaturizers,
  featurePipeline,
  imputeFeatures,
  readTableEncoder,
  scaleFeatures,
  tableFeaturizer,
} from "@materiome/core/features";
import { readScheduleEncoder, readScheduleMapping, scheduleFeaturizer } from "@materiome/core/process";

import { describe, expect, it } from "vitest";
import { sound, steelFeatures, steelMapping } from "./steelSchedules.ts";

const run = { random: createRandom(1) };

describe("schedule encoder", () => {
  it("is NaN with a reason where a row lacks something", async () => {
    const encoder = await scheduleFeaturizer(readScheduleMapping(steelMapping), steelFeatures).fit(sound(), run);
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
    const encoder = await scheduleFeaturizer(readScheduleMapping(steelMapping), steelFeatures).fit(sound(), run);
    const again = readScheduleEncoder(JSON.parse(JSON.stringify(encoder)));
    expect(again.encode(sound())).toEqual(encoder.encode(sound()));
    const { reader } = await import(encoder.module);
    expect((await reader.read(JSON.parse(JSON.stringify(encoder)))).outputs).toEqual(encoder.outputs);
    expect(() => readScheduleEncoder({ ...encoder.toJSON(), version: 9 })).toThrow(IncompatibleError);
    expect(() => readScheduleEncoder({ type: "x" })).toThrow(FormatError);
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
});
