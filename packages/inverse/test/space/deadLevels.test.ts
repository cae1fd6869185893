import { expect, it } from "vitest";
import { createSpace } from "../../src/space/createSpace.ts";
import { deadLevels } from "../../src/space/deadLevels.ts";
import type { SearchSpace } from "../../src/space/searchSpace.ts";

function space(gap: number, more: Partial<SearchSpace> = {}): SearchSpace {
  const number = { kind: "continuous", role: "process", unit: "degC", scale: "linear" } as const;
  const choice = { kind: "category", role: "process", unit: "", columnKind: "category" } as const;
  const when = { name: "cooling", in: ["quench"] };
  return createSpace({
    variables: [
      { ...number, name: "T solution", min: 950, max: 1150 },
      { ...choice, name: "cooling", levels: ["air", "quench"] },
      { ...choice, name: "medium", levels: ["oil", "water"], when },
      { ...number, name: "T temper", min: 400, max: 1000, when },
      { kind: "ordinal", name: "grit", role: "process", unit: "", values: [80, 120, 240] },
    ],
    fixed: [],
    sums: [],
    constraints: [{ kind: "order", below: "T temper", above: "T solution", gap }],
    ...more,
  });
}

it("names the level of a choice that constraints leave no place for, and not what hangs on it", () => {
  expect(deadLevels(space(50))).toEqual([]);
  expect(deadLevels(space(800))).toEqual([
    {
      name: "cooling",
      value: "quench",
      conflict: ["T solution <= 1150 degC", "T temper >= 400 degC", "T temper + 800 < T solution"],
    },
  ]);
});

it("looks at what hangs on another where that is chosen, and at numbers in order", () => {
  const never = { kind: "forbidden", when: [{ name: "medium", in: ["water"] }] } as const;
  const coarse = { kind: "linear", terms: [{ name: "grit", coefficient: 1 }], max: 200 } as const;
  expect(deadLevels(space(50, { constraints: [never, coarse] }))).toEqual([
    { name: "medium", value: "water", conflict: ["never medium = water"] },
    { name: "grit", value: 240, conflict: ["grit <= 200"] },
  ]);
  expect(deadLevels(space(50, { constraints: [] }))).toEqual([]);
  const hot = {
    kind: "forbidden",
    when: [
      { name: "medium", in: ["water"] },
      { name: "T solution", min: 900 },
    ],
  } as const;
  expect(deadLevels(space(50, { constraints: [hot] }))).toEqual([
    {
      name: "medium",
      value: "water",
      conflict: ["T solution >= 950 degC", "never medium = water and T solution >= 900"],
    },
  ]);
});
