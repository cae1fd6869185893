import { expect, test } from "vitest";
import { constraintTexts } from "../../src/space/constraintTexts.ts";
import { createSpace } from "../../src/space/createSpace.ts";

test("says every sum and constraint in a line", () => {
  const number = (name: string, unit: string, max: number) =>
    ({ kind: "continuous", name, role: "process", unit, min: 0, max, scale: "linear" }) as const;
  const space = createSpace({
    variables: [number("A", "%", 80), number("B", "%", 60), number("T", "degC", 700), number("Ta", "degC", 900)],
    fixed: [],
    sums: [{ columns: ["A", "B"], total: 100, tolerance: 1e-3 }],
    constraints: [
      { kind: "order", below: "T", above: "Ta", gap: 50 },
      { kind: "presence", names: ["A", "B"], max: 1, least: 5 },
      { kind: "expression", text: "Ta - T", label: "soak", max: 300 },
      {
        kind: "forbidden",
        when: [
          { name: "T", min: 600 },
          { name: "A", min: 70 },
        ],
      },
    ],
  });
  expect(constraintTexts(space)).toEqual([
    "A + B = 100 %",
    "T + 50 < Ta",
    "at most 1 of A, B, each at least 5",
    expect.stringMatching(/^soak: Ta - T <= 300/),
    "never T >= 600 and A >= 70",
  ]);
});
