import { readFileSync } from "node:fs";
import { createMatrix, createRandom } from "@materiome/core";
import { isolationScores, leverages, localOutlierFactor } from "@materiome/forward";
import { expect, test } from "vitest";

interface Golden {
  readonly training: readonly number[];
  readonly rows: readonly number[];
  readonly leverage: readonly number[];
  readonly localOutlierFactor: readonly number[];
  readonly isolation: readonly number[];
}

const golden = JSON.parse(readFileSync(new URL("./measures.json", import.meta.url), "utf8")) as Golden;
const training = createMatrix(80, 3, Float64Array.from(golden.training));
const rows = createMatrix(24, 3, Float64Array.from(golden.rows));

test("leverage is that of NumPy, sums to the columns and one over the training rows, and has the usual limit", () => {
  const { values, limit } = leverages(training, rows);
  expect([...values]).toEqual(golden.leverage.map((h) => expect.closeTo(h, 9)));
  expect(limit).toBe((3 * 4) / 80);
  const own = leverages(training, training).values.reduce((sum, h) => sum + h, 0);
  expect(own).toBeCloseTo(4, 4);
});

test("leverage is large where the training rows do not vary, and leaves out what is constant", () => {
  const line = createMatrix(5, 3, Float64Array.of(0, 0, 7, 1, 1, 7, 2, 2, 7, 3, 3, 7, 4, 4, 7));
  const { values, limit } = leverages(line, createMatrix(2, 3, Float64Array.of(2, 2, 9, 2, 3, 7)));
  expect(values[0]).toBeCloseTo(0.2, 9);
  expect(values[1]).toBeGreaterThan(1e4);
  expect(limit).toBe(9 / 5);
});

test("the local outlier factor is scikit-learn's", () => {
  expect([...localOutlierFactor(training, rows, 10)]).toEqual(
    golden.localOutlierFactor.map((f) => expect.closeTo(f, 6)),
  );
});

test("the local outlier factor of equal rows is 1 at their place, and infinite beside it", () => {
  const equal = createMatrix(6, 1, new Float64Array(6).fill(2));
  expect([...localOutlierFactor(equal, createMatrix(2, 1, Float64Array.of(2, 3)), 3)]).toEqual([1, Infinity]);
});

test("isolation scores are those of scikit-learn within what trees scatter, and the same for one seed", () => {
  const options = { nTrees: 400, sampleSize: 64 };
  const scores = isolationScores(training, rows, { ...options, random: createRandom(3) });
  for (const [i, score] of scores.entries())
    expect(Math.abs(score - (golden.isolation[i] as number))).toBeLessThan(0.025);
  expect(isolationScores(training, rows, { ...options, random: createRandom(3) })).toEqual(scores);
});

test("refuses other columns, gaps, and too many neighbours or rows", () => {
  const other = createMatrix(1, 2);
  const gap = createMatrix(1, 3, Float64Array.of(1, Number.NaN, 2));
  expect(() => leverages(training, other)).toThrow(/3 columns, the others 2/);
  expect(() => localOutlierFactor(training, gap)).toThrow(/column 1 of row 0 is NaN; fill gaps/);
  expect(() => localOutlierFactor(training, rows, 80)).toThrow(/k must be a whole number in 1 … 79/);
  expect(() => isolationScores(training, rows, { sampleSize: 81, random: createRandom(1) })).toThrow(/in 2 … 80/);
});
