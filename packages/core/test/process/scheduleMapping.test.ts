import { FormatError, IncompatibleError } from "@materiome/core";
import { readScheduleMapping, writeScheduleMapping } from "@materiome/core/process";
import { describe, expect, it } from "vitest";
import { messageOf } from "./messageOf.ts";
import { steelMapping } from "./steelSchedules.ts";

describe("readScheduleMapping", () => {
  it("reads what it writes", () => {
    const mapping = readScheduleMapping(steelMapping);
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
    expect(() => readScheduleMapping({ steps: steelMapping.steps })).toThrow(
      'version: expected 1, found undefined; write "version": 1',
    );
    expect(() => readScheduleMapping("x")).toThrow(FormatError);
  });
});
