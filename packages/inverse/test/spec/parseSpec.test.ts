import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeSpec, parseSpec } from "../../src/index.ts";

const FATIGUE = "Fatigue Strength (10E7 Cycles)";
const targets = [
  { name: FATIGUE, unit: "MPa" },
  { name: "Hardness", unit: "HV" },
  { name: "Hardness 2", unit: "HV" },
  { name: "T1", unit: "degC" },
  { name: "a<=b ratio", unit: "" },
];
const fatigue = { target: FATIGUE, unit: "MPa" };

describe("parseSpec", () => {
  it.each([
    [`${FATIGUE}>=600 MPa`, { ...fatigue, relation: ">=", low: 600 }],
    [`${FATIGUE} ≥ 600`, { ...fatigue, relation: ">=", low: 600 }],
    [`${FATIGUE}>=0.6 GPa`, { ...fatigue, relation: ">=", low: 600 }],
    [`fatigue strength (10e7 cycles) < 5.5e2 MPa`, { ...fatigue, relation: "<=", high: 550 }],
    [`${FATIGUE}=500..600 MPa`, { ...fatigue, relation: "between", low: 500, high: 600 }],
    [`${FATIGUE} 500 MPa..0.6 GPa`, { ...fatigue, relation: "between", low: 500, high: 600 }],
    [`${FATIGUE}=600±10 MPa`, { ...fatigue, relation: "between", low: 590, high: 610 }],
    [`${FATIGUE} = 600 +- 10`, { ...fatigue, relation: "between", low: 590, high: 610 }],
    ["Hardness (HV)>=200", { target: "Hardness", unit: "HV", relation: ">=", low: 200 }],
    ["Hardness 2>=200", { target: "Hardness 2", unit: "HV", relation: ">=", low: 200 }],
    ["Hardness 200..300", { target: "Hardness", unit: "HV", relation: "between", low: 200, high: 300 }],
    ["T1<=300 K", { target: "T1", unit: "degC", relation: "<=", high: expect.closeTo(26.85, 9) }],
    [
      "T1=300±5 K",
      {
        target: "T1",
        unit: "degC",
        relation: "between",
        low: expect.closeTo(21.85, 9),
        high: expect.closeTo(31.85, 9),
      },
    ],
    ["T1>=-20", { target: "T1", unit: "degC", relation: ">=", low: -20 }],
    ["a<=b ratio<=0.5", { target: "a<=b ratio", unit: "", relation: "<=", high: 0.5 }],
  ])("reads %s", (text, expected) => {
    expect(parseSpec(text, targets)).toEqual(expected);
  });

  it("gives a first limit without a unit the unit of the second", () => {
    expect(parseSpec(`${FATIGUE} 0.5..0.6 GPa`, targets)).toMatchObject({ low: 500, high: 600 });
    expect(() => parseSpec(`${FATIGUE} 500..0.6 GPa`, targets)).toThrow(
      "lower limit 500000 is not below the upper 600",
    );
  });

  it.each([
    ["Fatigue Strength (10E7 Cycle)>=600", `did you mean "${FATIGUE}"`],
    ["Ductility>=3", 'the model does not predict "Ductility"; targets are: Fatigue'],
    [
      `${FATIGUE}>=600 K`,
      `spec "${FATIGUE}>=600 K": cannot convert "K" to "MPa"; they measure different quantities; write it in MPa`,
    ],
    [`${FATIGUE}>=high`, "is no spec; write NAME>=VALUE UNIT"],
    [FATIGUE, "is no spec"],
    [`${FATIGUE}=600`, "give a tolerance"],
    [`${FATIGUE}=600±0`, "tolerance must be above 0"],
    [`${FATIGUE}=600..500`, "lower limit 600 is not below the upper 500"],
    ["", "is no spec"],
  ])("refuses %s", (text, message) => {
    expect(() => parseSpec(text, targets)).toThrow(message);
  });

  it("prefers the exact spelling where names differ in case only", () => {
    const twins = [
      { name: "ys", unit: "" },
      { name: "YS", unit: "" },
    ];
    expect(parseSpec("YS>=1", twins).target).toBe("YS");
    expect(() => parseSpec("Ys>=1", twins)).toThrow('does not predict "Ys"');
  });

  it("takes numbers as the table's own where the target carries no unit, and keeps the unit written", () => {
    const bare = [{ name: "Fatigue Strength (10E7 Cycles)", unit: "" }];
    expect(parseSpec("Fatigue Strength (10E7 Cycles)>=600 MPa", bare)).toEqual({
      target: "Fatigue Strength (10E7 Cycles)",
      unit: "",
      assumedUnit: "MPa",
      relation: ">=",
      low: 600,
    });
    expect(parseSpec("Fatigue Strength (10E7 Cycles)>=600", bare)).not.toHaveProperty("assumedUnit");
    expect(() => parseSpec("Fatigue Strength (10E7 Cycles)=0.5 GPa..600 MPa", bare)).toThrow(
      'spec "Fatigue Strength (10E7 Cycles)=0.5 GPa..600 MPa": the limits are in GPa and MPa',
    );
  });

  it("reads back what describeSpec writes", () => {
    const value = fc.integer({ min: -99999, max: 99999 }).map((v) => v / 10);
    fc.assert(
      fc.property(
        value,
        fc.integer({ min: 1, max: 1000 }),
        fc.constantFrom(">=", "<=", "between"),
        (low, gap, relation) => {
          const spec = {
            ...fatigue,
            relation,
            ...(relation !== "<=" && { low }),
            ...(relation !== ">=" && { high: low + gap }),
          } as const;
          expect(parseSpec(describeSpec(spec), targets)).toMatchObject({ target: FATIGUE, relation });
          const again = parseSpec(describeSpec(spec), targets);
          if (spec.low !== undefined) expect(again.low).toBeCloseTo(spec.low, 9);
          if (spec.high !== undefined) expect(again.high).toBeCloseTo(spec.high, 1);
        },
      ),
      { seed: 3 },
    );
  });
});
