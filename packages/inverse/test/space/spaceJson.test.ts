import { readFileSync } from "node:fs";
import { createRandom } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { readSpace, sampleSpace, spaceFromTable, violationsOf, writeSpace } from "../../src/index.ts";
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

  it("is documented with an example that works and comes back as it was", () => {
    const docs = readFileSync(new URL("../../../../docs/search-space.md", import.meta.url), "utf8");
    const example = readSpace(JSON.parse(/```json\n([\s\S]*?)```/.exec(docs)?.[1] ?? ""));
    expect(readSpace(writeSpace(example))).toEqual(example);
    const points = sampleSpace(example, 50, createRandom(1));
    for (const point of points) expect(violationsOf(example, point)).toEqual([]);
    expect(new Set(points.map((point) => point[6])).size).toBe(3);
  });

  it("says which field of a constraint, condition or level is wrong", () => {
    const variables = [
      { kind: "continuous", name: "a", min: 0, max: 1 },
      { kind: "category", name: "c", levels: ["x", "y"] },
      { kind: "ordinal", name: "o", values: [1, 2], when: { name: "c", in: ["x"] } },
    ];
    const read = (constraint: object, change: object = {}): unknown =>
      readSpace({ format: "materiome-search-space", version: 2, variables, constraints: [constraint], ...change });
    const first = (change: object): object => ({ variables: [{ ...variables[0], ...change }, ...variables.slice(1)] });
    const order = { kind: "order", below: 0.5, above: "a" };
    expect(() => read(order)).not.toThrow();
    for (const [constraint, message] of [
      [{ kind: "orders" }, "constraints[0].kind: expected one of linear, order"],
      [{ ...order, bellow: 1 }, 'constraints[0]: there is no field "bellow"; did you mean "below"?'],
      [{ ...order, above: "b" }, '0.5 < b names "b", which is no input'],
      [{ ...order, above: "c" }, '"c" is a choice of texts'],
      [{ ...order, orEqual: 1 }, "constraints[0].orEqual: expected true or false, got 1"],
      [{ ...order, below: 2 }, "cannot hold together: a <= 1; 2 < a"],
      [
        { kind: "linear", terms: [{ name: "a", coefficient: "2" }], max: 1 },
        "constraints[0].terms[0].coefficient: expected a finite",
      ],
      [{ kind: "linear", terms: [{ name: "a" }] }, "constraints[0]: needs a min, a max or both"],
      [{ kind: "linear", terms: [{ name: "a" }], min: 2, max: 1 }, "limits are reversed, 2 is above 1; swap them"],
      [{ kind: "expression", text: "a +" }, 'expression "a +"'],
      [{ kind: "expression", text: 'a < quantity(1, "mm")' }, "cannot compare"],
      [{ kind: "presence", names: ["a"], min: 2, max: 1 }, "0 <= min <= max, got 2 and 1"],
      [{ kind: "forbidden", when: [{ name: "c", in: ["z"] }] }, '"c" has no value "z"; it has x, y'],
    ] as [object, string][]) {
      expect(() => read(constraint)).toThrow(message);
    }
    expect(() => read(order, first({ when: { name: "o", in: [1] } }))).not.toThrow();
    expect(() => read(order, first({ when: { name: "a", in: [1] } }))).toThrow('hangs on "a", which is continuous');
    expect(() => read(order, first({ when: { name: "c", in: ["z"] } }))).toThrow('"c" has no value "z"');
    const circle = [variables[0], { ...variables[1], when: { name: "o", in: [1] } }, variables[2]];
    expect(() => read(order, { variables: circle })).toThrow("conditions go in a circle, c → o → c");
    expect(() => read(order, { variables: [variables[0], variables[1], { ...variables[2], values: [2, 1] }] })).toThrow(
      "values must ascend, 2 is followed by 1",
    );
    const alike = { ...variables[1], descriptors: { size: [1, 1] } };
    expect(() => read(order, { variables: [variables[0], alike, variables[2]] })).toThrow("the same for every level");
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
    expect(() => readSpace(broken((c) => Object.assign(c, { version: 3 })))).toThrow(
      /version 3; .* reads versions 1 and 2/,
    );
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
