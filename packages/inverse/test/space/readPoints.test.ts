import { createCategoryColumn, createNumberColumn, Table } from "@materiome/core";
import { pointFromSettings, readPoints, settingsOf } from "@materiome/inverse";
import { describe, expect, it } from "vitest";
import { choice, number, space } from "./spaces.ts";

const heat = space([
  number("T", 500, 900, { unit: "degC" }),
  choice("route", ["cast", "quenched"]),
  choice("medium", ["oil", "water"], { when: { name: "route", in: ["quenched"] } }),
  {
    kind: "ordinal",
    name: "rate",
    role: "process",
    unit: "",
    values: [1, 10, 100],
    labels: ["slow", "medium", "fast"],
  },
]);

describe("pointFromSettings", () => {
  it("is the inverse of settingsOf", () => {
    for (const point of [Float64Array.of(650, 1, 0, 10), Float64Array.of(1200, 0, Number.NaN, 100)]) {
      expect(pointFromSettings(heat, settingsOf(heat, point))).toEqual(point);
    }
  });

  it("converts units and says what it cannot read", () => {
    const settings = { T: "923.15 K", route: "quenched", medium: "water", rate: "slow" };
    expect([...pointFromSettings(heat, settings)]).toEqual([expect.closeTo(650, 9), 1, 1, 1]);
    expect(() => pointFromSettings(heat, { ...settings, T: "3 MPa" })).toThrow('cannot convert "MPa" to "degC"');
    expect(() => pointFromSettings(heat, { ...settings, rout: "cast" })).toThrow(
      'the space has no "rout"; did you mean "route"?',
    );
    expect(() => pointFromSettings(heat, { ...settings, medium: "watr" })).toThrow(
      '"medium" has no level "watr"; did you mean "water"?',
    );
    expect(() => pointFromSettings(heat, { ...settings, route: "cast" })).toThrow(
      '"medium" is set, but it exists only where route is quenched',
    );
    expect(() => pointFromSettings(heat, { T: 700, route: "quenched", rate: "fast" })).toThrow('"medium" has no value');
    expect(() =>
      pointFromSettings(heat, [
        { name: "T", value: 1 },
        { name: "T", value: 2 },
      ]),
    ).toThrow('"T" is given twice');
  });
});

describe("readPoints", () => {
  const table = (
    T: number[],
    route: (string | undefined)[],
    medium: (string | undefined)[],
    rate: (string | undefined)[],
  ): Table =>
    new Table(
      [
        createNumberColumn("T", Float64Array.from(T), { role: "process", unit: "K" }),
        createCategoryColumn("route", route, { role: "process" }),
        createCategoryColumn("medium", medium, { role: "process" }),
        createCategoryColumn("rate", rate, { role: "process" }),
      ],
      "trials.csv",
    );

  it("converts columns and finds levels", () => {
    const read = readPoints(
      heat,
      table([923.15, 1073.15], ["quenched", "cast"], ["water", undefined], ["slow", "fast"]),
    );
    expect(read).toEqual([Float64Array.of(650, 1, 1, 1), Float64Array.of(800, 0, Number.NaN, 100)]);
  });

  it("lists every row that it cannot read, as the file counts it", () => {
    const odd = table(
      [923.15, Number.NaN, 900, 900],
      ["quench", "cast", "quenched", "cast"],
      ["oil", "oil", undefined, undefined],
      ["slow", "slow", "slow", "turbo"],
    );
    expect(() => readPoints(heat, odd)).toThrow(
      /^trials.csv: readPoints: row 2: "route" has no level "quench"; did you mean "quenched"\?; row 2: .*; row 3: "T" has no value; row 3: "medium" is set, but it exists only where route is quenched; row 4: "medium" has no value; row 5: "rate" has no level "turbo"; levels are slow, medium, fast$/,
    );
    expect(() => readPoints(heat, new Table(odd.columns.slice(1)))).toThrow('no column "T"');
  });
});
