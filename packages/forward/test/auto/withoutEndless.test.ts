import { expect, it } from "vitest";
import type { LeftOut } from "../../src/auto/planTrials.ts";
import { withoutEndless } from "../../src/auto/withoutEndless.ts";

it("leaves out trials that predict nothing finite for a row, and names them", () => {
  const trial = (label: string, mean: readonly number[]) => ({
    label,
    estimates: { mean: Float64Array.from(mean), variance: new Float64Array(mean.length) },
  });
  const left: LeftOut[] = [];
  const trials = [trial("a", [1, 2]), trial("b", [1, Number.POSITIVE_INFINITY]), trial("c", [Number.NaN, 2])];
  expect(withoutEndless(trials, left).map(({ label }) => label)).toEqual(["a"]);
  expect(left.map(({ name, reason }) => [name, reason])).toEqual([
    ["b", "predicts no finite value for a row of the inner folds"],
    ["c", "predicts no finite value for a row of the inner folds"],
  ]);
});
