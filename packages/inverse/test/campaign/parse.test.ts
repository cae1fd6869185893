import { describe, expect, it } from "vitest";
import { parseConstraint, parseFixed, parseObjective, parseVariable } from "../../src/index.ts";

describe("parseObjective", () => {
  it.each([
    ["maximize Hardness (HV)", { name: "Hardness", unit: "HV", direction: "maximize" }],
    ["minimise  Grain size (µm)", { name: "Grain size", unit: "um", direction: "minimize" }],
    ["max: HV", { name: "HV", unit: "", direction: "maximize" }],
  ])("reads %s", (text, objective) => expect(parseObjective(text)).toEqual(objective));

  it.each(["HV", "", "maximize", "maximum load"])('refuses "%s": the direction is missing', (text) => {
    expect(() => parseObjective(text)).toThrow("say in which direction");
  });
});

describe("parseVariable", () => {
  it.each([
    [
      "T (°C)=500..700 step 5",
      { kind: "continuous", name: "T", unit: "degC", min: 500, max: 700, step: 5, scale: "linear" },
    ],
    [
      "t (min) = 10..240 log",
      { kind: "continuous", unit: "min", min: 10, max: 240, step: 0.2, origin: 0, scale: "log" },
    ],
    ["x=0..1", { kind: "continuous", min: 0, max: 1, step: 0.001, origin: 0, scale: "linear" }],
    ["Layers=1..8 integer", { kind: "integer", min: 1, max: 8 }],
    ["Grit=80|120|320 ordinal", { kind: "ordinal", values: [80, 120, 320] }],
    ["Medium=oil|water | air", { kind: "category", levels: ["oil", "water", "air"] }],
  ])("reads %s", (text, variable) => expect(parseVariable(text)).toMatchObject(variable));

  it.each([
    ["T=700..500", "swap them"],
    ["T=500..500", "both bounds are 500, so that nothing is turned; name it as given"],
    ["T=500..700 step 300", "a step of 300 from 500 on meets no other value up to 700"],
    ["T=500", "LOW..HIGH"],
    ["T", "LOW..HIGH"],
    ["T=a..b", "LOW..HIGH"],
    ["M=oil|oil", "LOW..HIGH"],
    ["n=1..8 integer log", "integer goes with neither"],
  ])("refuses %s", (text, says) => expect(() => parseVariable(text)).toThrow(says));
});

it("parseFixed tells numbers with units from names", () => {
  expect(parseFixed("C (wt%)=0.4")).toMatchObject({ name: "C", unit: "wt%", columnKind: "number", value: 0.4 });
  expect(parseFixed("Power=300 W")).toMatchObject({ unit: "W", value: 300 });
  expect(parseFixed("Furnace=3b")).toMatchObject({ columnKind: "category", value: "3b", unit: "" });
  expect(() => parseFixed("T (degC)=300 K")).toThrow("two units");
});

it("parseConstraint takes known outcomes in their unit and makes new ones", () => {
  const known = [{ name: "Strength", unit: "MPa" }];
  expect(parseConstraint("Strength>=1.2 GPa", known)).toMatchObject({ target: "Strength", unit: "MPa", low: 1200 });
  expect(parseConstraint("Elongation>=12 %", known)).toMatchObject({ target: "Elongation", unit: "%", low: 12 });
  expect(parseConstraint("Grain size (µm)=5..20", known)).toMatchObject({
    target: "Grain size",
    unit: "um",
    low: 5,
    high: 20,
  });
  expect(() => parseConstraint("Elongation", known)).toThrow("write NAME>=VALUE");
});
