import { readFileSync } from "node:fs";
import { createRandom, type FeatureMatrix } from "@materiome/core";
import { type Covariance, createGaussianProcess } from "@materiome/forward";
import { describe, expect, it } from "vitest";
import { features, targets } from "../data.ts";
import { covarianceTable } from "./covarianceTable.ts";

interface Goldens {
  readonly tolerance: number;
  readonly noise: number;
  readonly x: number[];
  readonly y: number[];
  readonly new: number[];
  readonly cases: {
    readonly name: string;
    readonly covariance: Covariance;
    readonly logLikelihood: number;
    readonly mean: number[];
    readonly variance: number[];
  }[];
}
const goldens = JSON.parse(
  readFileSync(new URL("../fixtures/tasks/numpy_tasks.json", import.meta.url), "utf8"),
) as Goldens;
const run = { random: createRandom(1), threads: 1 };

/** x0, x1 and three 0/1 features of a column "task". */
function table(data: number[]): FeatureMatrix {
  const x = features(data.length / 5, 5, data);
  return { ...x, features: x.features.map((f, k) => (k < 2 ? f : { ...f, name: `task=${k - 2}`, source: ["task"] })) };
}

describe("coregional covariance", () => {
  it("of two tasks is W Wᵀ + diag κ", () => {
    const tasks: Covariance = { kind: "coregional", features: ["x0", "x1"], loadings: [0.6, -0.4] };
    const b = covarianceTable(tasks, features(3, 2, [1, 0, 0, 1, 0, 0]));
    // κ starts at a half; the third row is of no known task.
    const expected = [0.36 + 0.5, -0.24, 0, -0.24, 0.16 + 0.5, 0, 0, 0, 0.86];
    for (const [at, value] of expected.entries()) expect(b[at]).toBeCloseTo(value, 14);
  });

  it("from a task on is nothing before it, and of one feature has two tasks", () => {
    const first: Covariance = { kind: "coregional", features: ["x0"], from: 0, loadings: [9, 0.7] };
    const second: Covariance = { kind: "coregional", features: ["x0"], from: 1 };
    const x = features(2, 1, [0, 1]);
    for (const [at, value] of [1, 0.7, 0.7, 0.49].entries())
      expect(covarianceTable(first, x)[at]).toBeCloseTo(value, 14);
    expect(covarianceTable(second, x)).toEqual([0, 0, 0, 1]);
  });

  it.each(goldens.cases.map((golden) => [golden.name, golden] as const))("%s, as in numpy", async (_, golden) => {
    const { noise, tolerance, y } = goldens;
    const learner = createGaussianProcess({ covariance: golden.covariance, noise, starts: 1, maxIterations: 0 });
    const model = await learner.fit(table(goldens.x), targets(y), run);
    const { mean, variance } = model.predictor.estimate(table(goldens.new));
    const { logMarginalLikelihood } = model.report as { logMarginalLikelihood: number };
    expect(Math.abs(logMarginalLikelihood - golden.logLikelihood)).toBeLessThan(tolerance);
    for (const [i, value] of golden.mean.entries()) expect(Math.abs(mean[i] - value)).toBeLessThan(tolerance);
    for (const [i, value] of golden.variance.entries()) expect(Math.abs(variance[i] - value)).toBeLessThan(tolerance);
  });

  it("refuses what it cannot do", async () => {
    const refuse = (given: object, message: RegExp): void =>
      expect(() => createGaussianProcess({ covariance: { kind: "coregional", ...given } as never })).toThrow(message);
    refuse({}, /\(coregional\) needs features/);
    refuse({ features: ["task"], rank: 1.5 }, /needs a whole number of at least 0 as rank/);
    refuse({ features: ["task"], rank: 1, from: 0 }, /has a rank or goes from a task, not both/);
    refuse({ features: ["task"], loadings: ["a"] }, /needs numbers as loadings/);
    const fit = (given: object): Promise<unknown> =>
      createGaussianProcess({ covariance: { kind: "coregional", ...given } as never }).fit(
        table(goldens.x),
        targets(goldens.y),
        run,
      );
    await expect(fit({ features: ["task"], from: 3 })).rejects.toThrow(/goes from task 3 of 3/);
    await expect(fit({ features: ["task"], loadings: [1] })).rejects.toThrow(/loadings expected 3, got 1/);
    await expect(fit({ features: ["x0"] })).rejects.toThrow(/expected 0 or 1/);
  });
});
