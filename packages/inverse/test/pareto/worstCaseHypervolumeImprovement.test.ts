import { createMatrix, createRandom, type Matrix } from "@materiome/core";
import { expect, it } from "vitest";
import { hypervolume } from "../../src/pareto/hypervolume.ts";
import { logWorstCaseHypervolumeImprovement } from "../../src/pareto/worstCaseHypervolumeImprovement.ts";
import { shiftedBy } from "../../src/surrogate/disturber.ts";
import type { SurrogateModel } from "../../src/surrogate/surrogate.ts";
import { exactProcess } from "../exactProcess.ts";

const disturber = shiftedBy(createMatrix(3, 1, Float64Array.of(-0.1, 0, 0.1)));
const front = createMatrix(1, 2, Float64Array.of(0, 0));
const reference = [-1, -1];

it("is the hypervolume of the worst cases where the functions are known", () => {
  const known = (slope: number) =>
    ({
      posterior: (x: Matrix) => ({ mean: x.data.map((v) => slope * v), covariance: createMatrix(x.rows, x.rows) }),
    }) as unknown as SurrogateModel;
  const models = [known(1), known(-1)];
  const { value, isLog } = logWorstCaseHypervolumeImprovement(models, {
    disturber,
    front,
    reference,
    random: createRandom(1),
  });
  expect(isLog).toBe(true);
  // At 0.5 x − 0.1 = 0.4 and −x − 0.1 = −0.6 are the worst: 1.4 · 0.4, of which 1 · 0.4 is there already.
  const [gain, none] = value(createMatrix(2, 1, Float64Array.of(0.5, 0))).map(Math.exp);
  expect(gain).toBeCloseTo(0.16, 9);
  expect(none).toBeLessThan(1e-9);
});

it("is the mean over draws of both functions where they are not", async () => {
  const features = [{ name: "x", unit: "", source: ["x"] }];
  const x = { ...createMatrix(4, 1, Float64Array.of(0, 0.3, 0.6, 1)), features };
  const fit = (values: readonly number[]) =>
    exactProcess().fit(
      x,
      { kind: "regression", values: createMatrix(4, 1, Float64Array.from(values)), units: [""] },
      { random: createRandom(2) },
    );
  const models = await Promise.all([fit([-0.5, 0.1, 0.4, -0.2]), fit([0.2, 0, -0.3, -0.6])]);
  const at = createMatrix(1, 1, Float64Array.of(0.45));
  const options = { disturber, front, reference, random: createRandom(3), draws: 1024 };
  const [log = Number.NaN] = logWorstCaseHypervolumeImprovement(models, options).value(at);
  const copies = { ...disturber.at(at), features };
  const n = 4000;
  const drawn = models.map((model, j) => model.samplePosterior(copies, n, createRandom(10 + j)).data);
  let sum = 0;
  for (let s = 0; s < n; s++) {
    const losses = drawn.map((data) => -Math.min(...data.subarray(3 * s, 3 * s + 3)));
    sum += hypervolume(createMatrix(2, 2, Float64Array.of(0, 0, ...losses)), [1, 1]) - 1;
  }
  expect(Math.exp(log) / (sum / n)).toBeGreaterThan(0.93);
  expect(Math.exp(log) / (sum / n)).toBeLessThan(1.07);
});

it("takes two to four objectives", () => {
  const options = { disturber, front, reference, random: createRandom(1) };
  expect(() => logWorstCaseHypervolumeImprovement([], options)).toThrow("two to four objectives, got 0");
});
