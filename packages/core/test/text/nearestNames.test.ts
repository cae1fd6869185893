import { nearestNames } from "@materiome/core";
import { describe, expect, it } from "vitest";

const NIMS = ["C", "S", "Si", "NT", "THT", "Tensile Strength", "Fatigue Strength (10E7 Cycles)", "Reduction Ratio"];

describe("nearestNames", () => {
  it.each([
    ["Fatigue Strenght", ["Fatigue Strength (10E7 Cycles)"]],
    ["fatigue", ["Fatigue Strength (10E7 Cycles)"]],
    ["Tensile Strenght", ["Tensile Strength"]],
    ["Reduktion ratio", ["Reduction Ratio"]],
    ["Strength", ["Tensile Strength", "Fatigue Strength (10E7 Cycles)"]],
    ["xyz", []],
    ["Carbon equivalent", []],
  ])("finds for %s: %j", (name, expected) => {
    expect(nearestNames(name, NIMS)).toEqual(expected);
  });

  it("still corrects short names by a letter of three, and prefers the whole to a part", () => {
    expect(nearestNames("THQ", NIMS)).toEqual(["THT"]);
    expect(nearestNames("Hardnes", ["Hardness (core)", "Hardness"])).toEqual(["Hardness", "Hardness (core)"]);
  });
});
