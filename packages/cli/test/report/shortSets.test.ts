import { expect, it } from "vitest";
import { shortSets } from "../../src/report/shortSets.ts";

const sets = (coverage: number, coverageCi: readonly [number, number]) => ({
  level: 0.9,
  coverage,
  coverageCi,
  meanSize: 1.5,
  shareOfOne: 0.5,
  shareOfNone: 0,
});

it("says where sets hold less than asked for, beyond what chance does to so many rows", () => {
  expect(shortSets({ n: 160, sets: sets(0.7625, [0.7, 0.83]) })).toEqual([
    "- sets at 90 % hold the measured class in only 76.3 % of 160 held-out rows (95 % interval of that 69.1 % … 83.0 %)",
  ]);
  expect(shortSets({ n: 160, sets: sets(0.875, [0.82, 0.92]) })).toEqual([]);
  expect(shortSets({ n: 10, sets: sets(0.8, [0.8, 0.8]) })).toEqual([]); // Wilson's reaches 94 %
  expect(shortSets({ n: 160, sets: sets(0.99, [0.97, 1]) })).toEqual([]);
});
