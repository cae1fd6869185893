import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readTable } from "@materiome/core";
import { readScheduleMapping, schedulesFromTable } from "@materiome/core/process";
import { describe, expect, it } from "vitest";
import { messageOf } from "./messageOf.ts";
import { sound, steel, steelMapping } from "./steelSchedules.ts";

const folder = process.env["MATERIOME_DATA"] ?? "";
const dataset = (name: string, file: string): string => join(folder, name, file);

describe("schedulesFromTable", () => {
  it("makes a schedule per row, units converted, absent steps left out", () => {
    const { schedules, mappedSteps } = schedulesFromTable(sound(), readScheduleMapping(steelMapping));
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
    const { problems, schedules } = schedulesFromTable(steel, readScheduleMapping(steelMapping), { onError: "record" });
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
    expect(messageOf(() => schedulesFromTable(steel, readScheduleMapping(steelMapping)))).toBe(
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
