import { createMatrix, createRandom } from "@materiome/core";
import { expect, test } from "vitest";
import { createSpace } from "../../src/space/createSpace.ts";
import { encodePoints } from "../../src/space/encodePoints.ts";
import type { Variable } from "../../src/space/variable.ts";
import { drawPoints, isInRegion } from "../../src/suggest/region.ts";
import { trustRegionBox, trustRegionState } from "../../src/suggest/trustRegion.ts";
import { exactProcess } from "../exactProcess.ts";

test("doubles after three successes, halves after as many failures as variables, begins anew when too small", () => {
  const start = [0, 0, 0];
  expect(trustRegionState(Float64Array.of(...start), 5, 3)).toEqual({ from: 0, length: 0.8, told: 3, hasValue: true });
  expect(trustRegionState(Float64Array.of(...start, 1, 2, 3), 5, 3).length).toBe(1.6);
  expect(trustRegionState(Float64Array.of(...start, 1, 2, 3, 4, 5, 6), 5, 3).length).toBe(1.6);
  expect(trustRegionState(Float64Array.of(...start, 0, 0, 0, 0, 0), 5, 3).length).toBe(0.4);
  expect(trustRegionState(Float64Array.of(...start, 0, 0, Number.NaN, 0, 0), 5, 3).length).toBe(0.4);
  const many = trustRegionState(new Float64Array(3 + 35), 5, 3);
  expect(many).toEqual({ from: 38, length: 0.8, told: 0, hasValue: false });
});

test("a region whose start gave nothing goes on with it, and does not count that as failures", () => {
  const nothing = new Array(20).fill(Number.NaN);
  expect(trustRegionState(Float64Array.from(nothing), 5, 3)).toEqual({
    from: 0,
    length: 0.8,
    told: 20,
    hasValue: false,
  });
  const after = trustRegionState(Float64Array.of(...nothing, 1, 0, 0, 0, 0), 5, 3);
  expect(after).toEqual({ from: 0, length: 0.8, told: 25, hasValue: true });
});

test("is longer where the surrogate hardly changes, and stays inside the bounds", async () => {
  const variables = ["a", "b"].map(
    (name): Variable => ({ kind: "continuous", name, role: "process", unit: "", min: 0, max: 1, scale: "linear" }),
  );
  const space = createSpace({ variables, fixed: [], sums: [] });
  const told = Array.from({ length: 25 }, (_, i) => Float64Array.of((i % 5) / 4, Math.floor(i / 5) / 4));
  const values = Float64Array.from(told, ([a, b]) => Math.sin(6 * a) + 0.05 * b);
  const model = await exactProcess({ lengthScale: 0.4 }).fit(
    encodePoints(space, told),
    { kind: "regression", values: createMatrix(25, 1, values), units: [""] },
    { random: createRandom(1) },
  );
  const { low, high } = trustRegionBox(space, model, told, Float64Array.of(0.5, 0.9), 0.2);
  expect(high[0] - low[0]).toBeLessThan(0.11);
  expect(high[1]).toBe(1);
  expect(low[1]).toBeLessThan(0.65);
});

test("points of a small box are found where sums and orders tie 25 variables", () => {
  const shares = Array.from({ length: 25 }, (_, i) => `x${i}`);
  const variables = shares.map(
    (name): Variable => ({ kind: "continuous", name, role: "composition", unit: "", min: 0, max: 1, scale: "linear" }),
  );
  const space = createSpace({
    variables,
    fixed: [],
    sums: [{ columns: shares, total: 1, tolerance: 1e-9 }],
    constraints: [{ kind: "order", below: "x0", above: "x1", orEqual: true }],
  });
  const centre = new Float64Array(25).fill(1 / 25);
  const box = { low: centre.map((v) => v - 0.02), high: centre.map((v) => v + 0.02), centre };
  const region = { space, held: new Map<number, number>(), box };
  const points = drawPoints(region, 64, createRandom(3));
  expect(points).toHaveLength(64);
  expect(points.every((point) => isInRegion(region, point))).toBe(true);
  expect(new Set(points.map(([x]) => x)).size).toBe(64);
});
