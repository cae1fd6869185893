import { readFileSync } from "node:fs";
import { createRandom, type FeatureMatrix, type RunContext, type Targets } from "@materiome/core";
import { expect } from "vitest";
import { features, targets } from "../data.ts";

interface Goldens {
  readonly columns: number;
  readonly x: number[];
  readonly y: number[];
  readonly outlying: number[];
  readonly groups: number[];
  readonly new: number[];
  readonly elasticNet: {
    readonly fixed: { lambda: number; l1Ratio: number; predicted: number[]; effects: number[] }[];
    readonly lambdas: number[];
    readonly chosen: number;
    readonly rmse: number;
    readonly chosenOneStandardError: number;
    readonly heldOut: number[];
  };
  readonly pls: { readonly predicted: number[][]; readonly chosen: number; readonly heldOut: number[] };
  readonly bayesianRidge: { predicted: number[]; variance: number[]; noise: number; heldOut: number[] };
  readonly huber: { alphas: number[]; predicted: number[][]; scales: number[]; heldOut: number[] };
  readonly logistic: { codes: number[]; c: number; classWeights: "balanced" | null; probabilities: number[] }[];
}

/** Data and scikit-learn's answers. */
export const goldens = JSON.parse(
  readFileSync(new URL("../fixtures/linear/sklearn_linear.json", import.meta.url), "utf8"),
) as Goldens;

export const inputs = (data: number[]): FeatureMatrix => features(data.length / goldens.columns, goldens.columns, data);
export const x: FeatureMatrix = inputs(goldens.x);
export const fresh: FeatureMatrix = inputs(goldens.new);
/** Targets in five groups, each a fold of its own. */
export const grouped = (values: number[]): Targets => targets(values, { groups: Int32Array.from(goldens.groups) });
export const run: RunContext = { random: createRandom(1) };

export function expectClose(got: ArrayLike<number> | undefined, expected: readonly number[], tolerance: number): void {
  expect(got?.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) expect(Math.abs(got![i] - value)).toBeLessThan(tolerance);
}
