import { createMatrix, createRandom } from "@materiome/core";
import { expect, test } from "vitest";
import { createSpace } from "../../src/space/createSpace.ts";
import type { SuggestOptions } from "../../src/suggest/options.ts";
import { startReason } from "../../src/suggest/startReason.ts";
import { exactProcess } from "../exactProcess.ts";

const space = createSpace({
  variables: [{ kind: "continuous", name: "a", role: "process", unit: "", min: 0, max: 9, scale: "linear" }],
  fixed: [],
  sums: [],
});
/** Rows of strength and cost. */
const told = (rows: readonly (readonly [number, number])[], more: Partial<SuggestOptions> = {}): SuggestOptions => ({
  space,
  observations: {
    points: rows.map((_, i) => Float64Array.of(i)),
    values: createMatrix(rows.length, 2, Float64Array.from(rows.flat())),
    outcomes: ["strength", "cost"],
    pending: [],
  },
  objectives: [{ name: "strength", unit: "MPa", direction: "maximize" }],
  nInitial: 3,
  learner: exactProcess(),
  random: createRandom(1),
  ...more,
});
const gap = Number.NaN;
const constraints = [{ target: "cost", unit: "", relation: "<=", high: 4 }] as const;
const trust = { from: 9, length: 0.8, told: 3, hasValue: false };

test("a start ends when there are enough points and something to learn from them", () => {
  const three = told([
    [1, 1],
    [2, 2],
    [3, 3],
  ]);
  expect(startReason(three, undefined)).toBeUndefined();
  expect(startReason({ ...three, nInitial: 4 }, undefined)).toMatch(/^Space-filling start: 3 of 4 points/);
  const pending = { ...three.observations, pending: [Float64Array.of(5)] };
  expect(startReason({ ...three, nInitial: 4, observations: pending }, undefined)).toBeUndefined();
});

test("equal results, unmeasured constraints and silent trust regions go on filling the space, and say so", () => {
  expect(
    startReason(
      told([
        [2, 1],
        [2, 2],
        [2, 3],
      ]),
      undefined,
    ),
  ).toMatch(/^All 3 results of "strength" are equal/);
  const costless = told(
    [
      [1, gap],
      [2, gap],
      [3, 4],
    ],
    { constraints },
  );
  expect(startReason(costless, undefined)).toMatch(/^Outcome "cost" has fewer than 2 results/);
  expect(startReason({ ...costless, nInitial: 4 }, undefined)).toMatch(/^Space-filling start/);
  const cracked = told(
    [
      [gap, gap],
      [gap, gap],
      [3, 4],
    ],
    {},
  );
  const failed = { ...cracked.observations, failed: Uint8Array.of(1, 1, 0) };
  expect(startReason({ ...cracked, observations: failed }, undefined)).toBe(
    'Outcome "strength" has fewer than 2 results (2 of 3 experiments failed): points far from the tried ones are proposed.',
  );
  const lost = told([
    [1, 1],
    [2, 2],
    [3, 3],
  ]);
  expect(startReason(lost, trust)).toMatch(/^None of the 3 points of the new trust region gave a result/);
  expect(startReason(lost, { ...trust, told: 1 })).toMatch(/start of a new trust region: 1 of 3/);
});
