import { describe, expect, it } from "vitest";
import { constraintTexts } from "../../src/space/constraintTexts.ts";
import { createSpace } from "../../src/space/createSpace.ts";
import { keepTogether } from "../../src/space/keepTogether.ts";
import { parseKeep } from "../../src/space/parseKeep.ts";
import { requireLimits } from "../../src/space/requireLimits.ts";
import { readSpace, writeSpace } from "../../src/space/spaceJson.ts";
import type { Variable } from "../../src/space/variable.ts";

const number = (name: string, unit: string, min: number, max: number, step?: number): Variable => ({
  kind: "continuous",
  name,
  role: "process",
  unit,
  min,
  max,
  scale: "linear",
  ...(step === undefined ? {} : { step }),
});
const space = createSpace({
  variables: [
    number("Cr", "wt%", 0, 30, 0.2),
    number("Ni", "wt%", 0, 30, 0.5),
    number("Fe", "wt%", 40, 100, 0.1),
    number("T temper", "degC", 400, 700),
    number("T", "degC", 900, 1150),
    number("t", "h", 0.1, 10),
    {
      kind: "category",
      name: "Medium",
      role: "process",
      unit: "",
      columnKind: "category",
      levels: ["oil", "water", "brine"],
    },
  ],
  fixed: [{ name: "C", role: "process", unit: "wt%", columnKind: "number", value: 0.2, why: "fixed" }],
  sums: [],
});

describe("parseKeep", () => {
  it.each([
    ["Cr + Ni + Fe + C = 100 wt%", { sum: { columns: ["Cr", "Ni", "Fe", "C"], total: 100, tolerance: 1e-4 } }],
    [
      "2.2 Cr + 14*Ni <= 250",
      {
        constraint: {
          kind: "linear",
          terms: [
            { name: "Cr", coefficient: 2.2 },
            { name: "Ni", coefficient: 14 },
          ],
          max: 250,
        },
      },
    ],
    [
      "Cr - Ni >= 2",
      {
        constraint: {
          kind: "linear",
          terms: [
            { name: "Cr", coefficient: 1 },
            { name: "Ni", coefficient: -1 },
          ],
          min: 2,
        },
      },
    ],
    [
      "1273.15 K >= T",
      { constraint: { kind: "linear", terms: [{ name: "T", coefficient: 1 }], max: 1000, unit: "degC" } },
    ],
    [
      "Cr + Ni <= 0.3",
      {
        constraint: {
          kind: "linear",
          terms: [
            { name: "Cr", coefficient: 1 },
            { name: "Ni", coefficient: 1 },
          ],
          max: 0.3,
          unit: "wt%",
        },
      },
    ],
    ["T temper + 50 K < T", { constraint: { kind: "order", below: "T temper", above: "T", gap: 50 } }],
    ["T >= T temper", { constraint: { kind: "order", below: "T temper", above: "T", orEqual: true } }],
    ["Cr / Ni >= 0.5", { constraint: { kind: "ratio", numerator: "Cr", denominator: "Ni", min: 0.5 } }],
    [
      "at most 2 of Cr, Ni, each at least 1 wt%",
      { constraint: { kind: "presence", names: ["Cr", "Ni"], max: 2, least: 1 } },
    ],
    ["exactly 1 of Cr, Ni", { constraint: { kind: "presence", names: ["Cr", "Ni"], min: 1, max: 1 } }],
    [
      "never Medium = water or brine and T >= 1373.15 K",
      {
        constraint: {
          kind: "forbidden",
          when: [
            { name: "Medium", in: ["water", "brine"] },
            { name: "T", min: 1100 },
          ],
        },
      },
    ],
    ["At most 1 of Cr, Ni", { constraint: { kind: "presence", names: ["Cr", "Ni"], max: 1 } }],
    ['Medium != "water"', { constraint: { kind: "expression", text: 'Medium != "water"' } }],
    ["Cr == Ni or T < 1000", { constraint: { kind: "expression", text: "Cr == Ni or T < 1000" } }],
    ['number(T, "K") * t <= 5000', { constraint: { kind: "expression", text: 'number(T, "K") * t <= 5000' } }],
  ])("reads %s", (text, kept) => expect(parseKeep(text, space)).toEqual(kept));

  it.each([
    ["Cr + Ni < 30", "write <="],
    ["Cr + Mo = 30", '"Mo" is neither a setting nor a number; settings are: Cr, Ni'],
    ["Cr+Ni+Fe = 100", 'leave spaces around + and - in "Cr+Ni+Fe"'],
    ["Cr + Cr + Ni = 30", '"Cr" stands there twice'],
    ["T < T", '"T" stands there twice'],
    ["never Medium != water", '"Medium != water" is no clause'],
    ["T + t <= 3", '"T" is in degC, "t" in h; write it as an expression'],
    ["Cr + Ni <= 30 degC", "cannot convert"],
    ["at most 2 of Cr, Mo", '"Mo" is no setting; there are: Cr, Ni'],
    ["never Medium", '"Medium" is no clause'],
    ["never T >= hot", '"hot" is no number'],
  ])("refuses %s", (text, says) => expect(() => parseKeep(text, space)).toThrow(says));
});

describe("keepTogether", () => {
  it("reads back what constraintTexts lists, with one step for the amounts of a sum", () => {
    const texts = [
      "Cr + Ni + Fe + C = 100 wt%",
      "2.2 Cr + 14 Ni <= 250",
      "T temper + 50 < T",
      "Cr / Ni >= 0.5",
      "Cr >= 1 wt%",
      "at most 2 of Cr, Ni, each at least 1",
      "at least 1 of Cr, Ni, Fe",
      "never Medium = water",
      "never Medium = oil or brine and T >= 1100",
      "never T >= 1000 and T <= 1020",
    ];
    const kept = keepTogether(space, texts, { keptSteps: new Set(["Fe"]) });
    expect(constraintTexts(kept)).toEqual(texts);
    expect(kept.variables.slice(0, 3).map((variable) => variable.kind === "continuous" && variable.step)).toEqual([
      0.1, 0.1, 0.1,
    ]);
    expect(constraintTexts(keepTogether(space, constraintTexts(kept)))).toEqual(texts);
  });

  it("takes a sum once that is kept already, and keeps one of another total", () => {
    const known = createSpace({ ...space, sums: [{ columns: ["Fe", "Ni", "Cr"], total: 99.9, tolerance: 0.2 }] });
    const sum = { columns: ["Cr", "Ni", "Fe"], total: 100, tolerance: 1e-4 };
    expect(keepTogether(known, ["Cr + Ni + Fe = 100 wt%", "Cr + Ni + Fe = 100"]).sums).toEqual([sum]);
    expect(keepTogether(known, ["Cr + Ni + Fe = 90"]).sums).toHaveLength(2);
  });

  it("names what is unknown in an expression", () => {
    expect(() => keepTogether(space, ["Crr * 2 <= 3"])).toThrow('no column "Crr"; did you mean "Cr"?');
    expect(() => keepTogether(space, ["T * 2"])).toThrow('"T * 2" is a number, and nothing says which are allowed');
  });

  it("reads a space with an expression that keeps nothing out, as journals of before may hold", () => {
    const idle = createSpace({ ...space, constraints: [{ kind: "expression", text: "T * 2" }] });
    expect(readSpace(JSON.parse(JSON.stringify(writeSpace(idle)))).constraints).toEqual(idle.constraints);
    expect(() => requireLimits(idle)).toThrow('"T * 2" is a number');
  });
});
