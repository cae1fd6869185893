import { expect, it } from "vitest";
import { liesWithin } from "../../src/space/liesWithin.ts";
import type { SearchSpace } from "../../src/space/searchSpace.ts";
import type { Variable } from "../../src/space/variable.ts";
import { number } from "./spaces.ts";

const only = (variable: Variable): SearchSpace => ({ variables: [variable], fixed: [], sums: [] });
const at = (space: SearchSpace, ...values: number[]): boolean => liesWithin(space, Float64Array.from(values));

it("takes what misses a bound by 2 % of the range or half a step, and any number between", () => {
  const T = only(number("T", 500, 600, { step: 5 }));
  expect([497.5, 503.3, 602.5].map((value) => at(T, value))).toEqual([true, true, true]);
  expect([497.4, 602.6].map((value) => at(T, value))).toEqual([false, false]);
  const t = only(number("t", 1, 100, { scale: "log" }));
  // 100^0.02 = 1.0965
  expect([1 / 1.09, 109, 1 / 1.1, 110].map((value) => at(t, value))).toEqual([true, true, false, false]);
  const layers = only({ ...number("n", 1, 6), kind: "integer" } as never);
  expect([0.5, 6.5, 7].map((value) => at(layers, value))).toEqual([true, true, false]);
});

it("takes sums to 2 %, and keeps levels and constraints", () => {
  const mixture: SearchSpace = {
    variables: [number("A", 0, 100), number("B", 0, 100)],
    fixed: [],
    sums: [{ columns: ["A", "B"], total: 100, tolerance: 1e-4 }],
    constraints: [{ kind: "order", below: "A", above: "B" }],
  };
  expect([at(mixture, 40, 59), at(mixture, 40, 57), at(mixture, 51, 49)]).toEqual([true, false, false]);
  const medium: SearchSpace = {
    variables: [{ kind: "category", name: "m", role: "process", unit: "", columnKind: "category", levels: ["oil"] }],
    fixed: [],
    sums: [],
  };
  expect([at(medium, 0), at(medium, 1)]).toEqual([true, false]);
});
