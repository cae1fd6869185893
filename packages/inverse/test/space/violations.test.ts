import { expect, it } from "vitest";
import { isAllowedPoint, violationsOf } from "../../src/index.ts";
import { choice, number, numbers, space, sumOf } from "./spaces.ts";

const furnace = space(
  [
    number("T", 800, 900, { unit: "degC", step: 5 }),
    number("T temper", 773, 1273, { unit: "K" }),
    choice("route", ["air", "quench"]),
    choice("medium", ["oil", "water"], { when: { name: "route", in: ["quench"] } }),
    number("Cr", 0, 20, { unit: "wt%" }),
    number("Ni", 0, 20, { unit: "wt%" }),
    { kind: "ordinal", name: "grit", role: "process", unit: "", values: [80, 120, 240] },
  ],
  {
    fixed: [{ name: "Mo", role: "composition", unit: "wt%", columnKind: "number", value: 2, why: "fixed" }],
    sums: [{ columns: ["Cr", "Ni", "Mo"], total: 20, tolerance: 0.01 }],
    constraints: [
      { kind: "order", below: "T temper", above: "T", gap: 20 },
      {
        kind: "linear",
        label: "price",
        terms: [
          { name: "Cr", coefficient: 1 },
          { name: "Ni", coefficient: 3 },
        ],
        max: 40,
      },
      { kind: "ratio", numerator: "Cr", denominator: "Ni", min: 1 },
      { kind: "presence", names: ["Cr", "Ni"], min: 2, least: 1 },
      {
        kind: "forbidden",
        when: [
          { name: "medium", in: ["water"] },
          { name: "T", min: 880 },
        ],
      },
      { kind: "expression", text: "(T - `T temper`) / T", max: 0.2 },
    ],
  },
);

it("says with numbers and units what a point breaks", () => {
  expect(violationsOf(furnace, Float64Array.of(850, 1023.15, 0, Number.NaN, 11, 7, 120))).toEqual([]);
  expect(violationsOf(furnace, Float64Array.of(912, 1173.15, 1, 1, 2, 18, 100))).toEqual([
    "T = 912 degC lies outside 800 … 900 degC",
    "grit = 100 is none of its values 80, 120, 240",
    "Cr + Ni + Mo = 20 wt% does not hold: Cr + Ni + Mo is 22 wt%",
    "T temper + 20 < T does not hold: T - T temper is 12 degC",
    "price (Cr + 3 Ni <= 40) does not hold: Cr + 3 Ni is 56",
    "Cr / Ni >= 1 does not hold: Cr - Ni is -16 wt%",
    "medium = water and T >= 880 is forbidden",
  ]);
  expect(violationsOf(furnace, Float64Array.of(852, 800, 0, 0, 18, 0, 80))).toEqual([
    "T = 852 degC is not on its grid, 800 + k · 5 degC",
    "medium = oil is set, but it exists only where route is quench",
    "1 of Cr, Ni are not zero, exactly 2 may be",
    "(T - `T temper`) / T is 0.288984, at most 0.2 is allowed",
  ]);
  expect(violationsOf(furnace, Float64Array.of(850, 1023.15, 1, Number.NaN, 17.5, 0.5, 80))).toEqual([
    "medium has no value",
    "Ni = 0.5 wt% is neither 0 nor at least 1 wt%",
  ]);
  expect(isAllowedPoint(furnace, Float64Array.of(850, 1023.15, 0, Number.NaN, 11, 7, 120))).toBe(true);
  expect(isAllowedPoint(furnace, Float64Array.of(850, 1023.15, 0, Number.NaN, 11, 7.1, 120))).toBe(false);
  expect(() => violationsOf(furnace, Float64Array.of(1))).toThrow("the space has 7 variables, the point 1");
});

it("refuses numbers of constraints that are none, which no point would break", () => {
  const coefficient = Number.NaN;
  const linear = { kind: "linear", terms: [{ name: "a", coefficient }], max: 1 } as const;
  expect(() => space([number("a", 0, 2)], { constraints: [linear] })).toThrow(
    'constraints[0]: the coefficient of "a" is NaN; expected a finite number',
  );
  const order = { kind: "order", below: "a", above: "b", gap: Number.NaN } as const;
  expect(() => space([number("a", 0, 2), number("b", 0, 2)], { constraints: [order] })).toThrow("gap is NaN");
  const terms = [{ name: "a", coefficient: 1 }];
  const limit = { kind: "linear", terms, max: Number.NaN } as const;
  expect(() => space([number("a", 0, 2)], { constraints: [limit] })).toThrow("max is NaN");
});

it("a sum without a number to add up to is refused, where it would leave no point", () => {
  const amounts = numbers(2, 0, 1);
  const sum = sumOf(2, 1);
  expect(() => space(amounts, { sums: [{ ...sum, columns: [] }] })).toThrow("a sum names no columns");
  for (const wrong of [
    { ...sum, total: Number.NaN },
    { ...sum, tolerance: -1 },
    { columns: sum.columns, total: 1 },
  ]) {
    expect(() => space(amounts, { sums: [wrong as typeof sum] })).toThrow("the sum of x0, x1 needs a finite total");
  }
});
