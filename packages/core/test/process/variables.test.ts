import { DataError, DomainError, FormatError } from "@materiome/core";
import {
  boundsOfSchedules,
  createSchedule,
  type Schedule,
  scheduleTable,
  scheduleVariables,
  withVariables,
} from "@materiome/core/process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

function treatment(austeniteC: number, temperC: number, timeS: number, medium: "oil" | "water" = "oil"): Schedule {
  return createSchedule(
    [
      { kind: "heat", temperatureC: austeniteC, rateKPerS: 0.1 },
      { kind: "hold", temperatureC: austeniteC, timeS: 1800 },
      { kind: "quench", medium, temperatureC: 60 },
      { kind: "heat", temperatureC: temperC, timeS: 1800 },
      { kind: "hold", temperatureC: temperC, timeS },
    ],
    { startTemperatureC: 20 },
  );
}
const schedule = treatment(860, 600, 7200);

describe("scheduleVariables", () => {
  it("are variables of a search space, by path and in the unit of the field", () => {
    const { variables, orders } = scheduleVariables(schedule, {
      "steps[0].temperatureC": { min: 820, max: 900, step: 5 },
      "steps[4].timeS": { min: 600, max: 36000, scale: "log" },
      "steps[2].medium": { levels: ["oil", "water"] },
    });
    expect(variables).toEqual([
      {
        kind: "continuous",
        name: "steps[0].temperatureC",
        role: "process",
        unit: "degC",
        min: 820,
        max: 900,
        step: 5,
        scale: "linear",
      },
      { kind: "continuous", name: "steps[4].timeS", role: "process", unit: "s", min: 600, max: 36000, scale: "log" },
      {
        kind: "category",
        columnKind: "category",
        name: "steps[2].medium",
        role: "process",
        unit: "",
        levels: ["oil", "water"],
      },
    ]);
    expect(orders).toEqual([]); // 820 is above both 20 and 60
  });

  it("come with the orders that bounds alone do not ensure", () => {
    const { orders } = scheduleVariables(schedule, {
      "steps[0].temperatureC": { min: 100, max: 900 },
      "steps[2].temperatureC": { min: 20, max: 200 },
      "steps[3].temperatureC": { min: 150, max: 700 },
    });
    expect(orders).toEqual([
      { below: "steps[2].temperatureC", above: "steps[0].temperatureC" },
      { below: "steps[2].temperatureC", above: "steps[3].temperatureC" },
    ]);
  });

  it("refuse bounds that make no sense", () => {
    const vary = (path: string, bounds: object) => () => scheduleVariables(schedule, { [path]: bounds as never });
    expect(vary("steps[0].temperature", { min: 1, max: 2 })).toThrow(
      'a heat step has no temperature; did you mean "temperatureC"?',
    );
    expect(vary("steps[9].timeS", { min: 1, max: 2 })).toThrow("with k from 0 to 4");
    expect(vary("steps[9].timeS", { min: 1, max: 2 })).toThrow(DataError);
    expect(vary("steps[0].temperatureC", { min: 900, max: 800 })).toThrow("min must be below max, got 900 and 800");
    expect(vary("steps[0].temperatureC", { min: -400, max: 800 })).toThrow("expected above -273.15");
    expect(vary("steps[0].temperatureC", { min: 5, max: 15 })).toThrow(
      "20 must be below steps[0].temperatureC, but the bounds leave no such values",
    );
    expect(vary("steps[2].medium", { levels: ["watr"] })).toThrow("expected one of water");
    expect(vary("steps[2].medium", { min: 1, max: 2 })).toThrow("a choice takes levels");
    expect(vary("steps[4].timeS", { levels: ["x"] })).toThrow(DomainError);
  });
});

describe("withVariables", () => {
  it("sets fields, lets repeated temperatures follow, and leaves the schedule as it was", () => {
    const before = JSON.stringify(schedule);
    const next = withVariables(schedule, {
      "steps[0].temperatureC": 875,
      "steps[4].timeS": 600,
      "steps[2].medium": "water",
    });
    expect(next).toEqual({ ...treatment(875, 600, 600, "water") });
    expect(JSON.stringify(schedule)).toBe(before);
    expect(withVariables(schedule, {})).toEqual(schedule);
  });

  it("checks the result", () => {
    expect(() => withVariables(schedule, { "steps[3].temperatureC": 40 })).toThrow(
      "step 4, temperatureC: expected above 60, the temperature reached, found 40",
    );
    expect(() => withVariables(schedule, { "steps[3].timeS": -5 })).toThrow(FormatError);
    expect(() => withVariables(schedule, { "steps[1].rate": 5 })).toThrow(DataError);
  });

  it("gives a sound schedule for all values within bounds and orders", () => {
    const { variables, orders } = scheduleVariables(schedule, {
      "steps[0].temperatureC": { min: 100, max: 900 },
      "steps[2].temperatureC": { min: 20, max: 300 },
      "steps[3].temperatureC": { min: 100, max: 700 },
    });
    const values = fc.record(
      Object.fromEntries(
        variables.map((v) => [
          v.name,
          v.kind === "category" ? fc.constant("") : fc.double({ min: v.min, max: v.max, noNaN: true }),
        ]),
      ),
    );
    fc.assert(
      fc.property(values, (set) => {
        const value = (side: string | number): number => (typeof side === "number" ? side : Number(set[side]));
        const isOrdered = orders.every(({ below, above }) => value(below) < value(above));
        if (isOrdered)
          expect(withVariables(schedule, set).steps[1]).toMatchObject({ temperatureC: set["steps[0].temperatureC"] });
        else expect(() => withVariables(schedule, set)).toThrow(FormatError);
      }),
      { seed: 6 },
    );
  });
});

describe("schedules as a table", () => {
  const schedules = [treatment(850, 550, 3600), treatment(870, 600, 3600, "water"), treatment(860, 650, 7200)];

  it("has a column per field, named as the variables are", () => {
    const table = scheduleTable(schedules);
    const column = table.number("steps[3].temperatureC");
    expect([...column.values]).toEqual([550, 600, 650]);
    expect([column.unit, column.role]).toEqual(["degC", "process"]);
    expect(table.column("steps[2].medium").kind).toBe("category");
    const { variables } = scheduleVariables(schedules[0], boundsOfSchedules(schedules));
    expect(variables.map(({ name }) => name)).toEqual([
      "steps[0].temperatureC",
      "steps[2].medium",
      "steps[3].temperatureC",
      "steps[4].timeS",
    ]);
    for (const { name } of variables) expect(table.has(name)).toBe(true);
    expect(variables[0]).toMatchObject({ min: 850, max: 870 });
  });

  it("takes schedules of one form only", () => {
    const other = createSchedule([{ kind: "hold", timeS: 5 }]);
    expect(() => scheduleTable([schedules[0], other])).toThrow(
      "schedule 2 is hold, schedule 1 is heat → hold → quench",
    );
    expect(() => boundsOfSchedules([schedules[0], other])).toThrow("schedule 2 has other steps or fields");
    expect(() => boundsOfSchedules([])).toThrow("got none");
  });
});
