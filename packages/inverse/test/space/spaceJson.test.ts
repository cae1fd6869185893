import { describe, expect, it } from "vitest";
import { readSpace, spaceFromTable, writeSpace } from "../../src/index.ts";
import { GIVEN, steelModel } from "../steels.ts";

const model = steelModel();
const space = spaceFromTable(model.training, { inputs: model.inputs, fix: GIVEN });
const json = (): Record<string, unknown> => JSON.parse(JSON.stringify(writeSpace(space)));

describe("a space as JSON", () => {
  it("survives writing and reading", () => {
    expect(readSpace(json())).toEqual(space);
  });

  it("may be written by hand, with whole numbers", () => {
    const variable = { kind: "integer", name: "passes", role: "process", unit: "", min: 1, max: 8 };
    const byHand = { format: "materiome-search-space", version: 1, variables: [variable], fixed: [], sums: [] };
    expect(readSpace(byHand).variables).toEqual([variable]);
  });

  it("says which field is wrong", () => {
    const broken = (change: (space: ReturnType<typeof json>) => void): unknown => {
      const copy = json();
      change(copy);
      return copy;
    };
    const first = (copy: ReturnType<typeof json>): Record<string, unknown> =>
      (copy["variables"] as Record<string, unknown>[])[0];
    expect(() => readSpace([])).toThrow("search space: expected an object");
    expect(() => readSpace({})).toThrow('format is not "materiome-search-space"');
    expect(() => readSpace(broken((c) => Object.assign(c, { version: 2 })))).toThrow(/version 2; .* reads version 1/);
    expect(() => readSpace(broken((c) => Object.assign(first(c), { min: "500" })))).toThrow(
      'variables[0].min: expected a finite number, got "500"',
    );
    expect(() => readSpace(broken((c) => Object.assign(first(c), { min: 900 })))).toThrow("bounds are reversed");
    expect(() => readSpace(broken((c) => Object.assign(first(c), { name: "C" })))).toThrow('"C" is listed twice');
    expect(() => readSpace(broken((c) => Object.assign(first(c), { scale: "log", min: 0 })))).toThrow(
      "log scale needs a lower bound above 0",
    );
    expect(() => readSpace(broken((c) => Object.assign(first(c), { step: 0 })))).toThrow("step must be positive");
    expect(() => readSpace(broken((c) => Object.assign(c, { fixed: {} })))).toThrow("fixed: expected a list");
    expect(() =>
      readSpace(broken((c) => Object.assign(c, { sums: [{ columns: ["x"], total: 1, tolerance: 0 }] }))),
    ).toThrow('a sum names "x"');
  });
});
