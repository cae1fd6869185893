import { displayUnit } from "@materiome/core";
import { expect, it } from "vitest";

it.each([
  ["degC", "°C"],
  ["um/degC", "µm/°C"],
  ["ohm m", "Ω m"],
  ["summ", "summ"],
  ["", ""],
])("displayUnit(%j) is %j", (unit, expected) => {
  expect(displayUnit(unit)).toBe(expected);
});
