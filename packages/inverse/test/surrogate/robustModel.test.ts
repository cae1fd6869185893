import { createMatrix, createRandom } from "@materiome/core";
import { expect, test } from "vitest";
import { logWorstCaseImprovement } from "../../src/acquisition/worstCaseImprovement.ts";
import { shiftedBy } from "../../src/surrogate/disturber.ts";
import { moments } from "../../src/surrogate/moments.ts";
import { averagedModel } from "../../src/surrogate/robustModel.ts";
import { exactProcess } from "../exactProcess.ts";

const features = [{ name: "a", unit: "", source: ["a"] }];
const tried = { ...createMatrix(5, 1, Float64Array.of(0, 0.2, 0.5, 0.7, 1)), features };
const offsets = createMatrix(4, 1, Float64Array.of(-0.1, -0.03, 0.03, 0.1));

async function fitted() {
  const values = createMatrix(5, 1, Float64Array.of(0, 1, 2, 5, 0.5));
  return exactProcess({ lengthScale: 0.15 }).fit(
    tried,
    { kind: "regression", values, units: [""] },
    { random: createRandom(1) },
  );
}

test("moments under disturbance ask for no covariances of one point's settings with another's", async () => {
  const model = await fitted();
  const asked: number[] = [];
  const posterior: typeof model.posterior = (rows) => {
    asked.push(rows.rows);
    return model.posterior(rows);
  };
  const counting = { ...model, posterior };
  const x = createMatrix(
    60,
    1,
    Float64Array.from({ length: 60 }, (_, i) => i / 60),
  );
  moments(averagedModel(counting, shiftedBy(offsets)), x);
  // Four settings a point: six points, 24 rows, at once.
  expect([asked.length, ...new Set(asked)]).toEqual([10, 24]);
});

test("the mean under disturbance has mean and variance of drawn functions, and their gradients", async () => {
  const model = await fitted();
  const robust = averagedModel(model, shiftedBy(offsets));
  const x = createMatrix(2, 1, Float64Array.of(0.35, 0.62));
  const { mean, covariance } = robust.posterior(x);
  const copies = createMatrix(
    8,
    1,
    Float64Array.from({ length: 8 }, (_, i) => x.data[Math.floor(i / 4)] + offsets.data[i % 4]),
  );
  const draws = model.samplePosterior(copies, 40_000, createRandom(2)).data;
  const averages = [0, 1].map((p) =>
    Float64Array.from({ length: 40_000 }, (_, s) =>
      [0, 1, 2, 3].reduce((sum, c) => sum + draws[8 * s + 4 * p + c] / 4, 0),
    ),
  );
  for (const p of [0, 1]) {
    const m = averages[p].reduce((a, b) => a + b, 0) / 40_000;
    const v = averages[p].reduce((s, a) => s + (a - m) ** 2, 0) / 40_000;
    expect(Math.abs(mean[p] - m)).toBeLessThan(0.02);
    expect(Math.abs(covariance.data[3 * p] / v - 1)).toBeLessThan(0.04);
  }
  const whole = robust.meanVarianceGradient(x);
  const h = 1e-4;
  const moved = (d: number) => robust.posterior(createMatrix(1, 1, Float64Array.of(0.35 + d)));
  expect(whole.mean[0]).toBeCloseTo(mean[0], 10);
  expect(whole.dMean.data[0]).toBeCloseTo((moved(h).mean[0] - moved(-h).mean[0]) / (2 * h), 4);
  expect(whole.dVariance.data[0]).toBeCloseTo(
    (moved(h).covariance.data[0] - moved(-h).covariance.data[0]) / (2 * h),
    4,
  );
});

test("the worst case prefers a plateau to a sharp peak", async () => {
  // f: a sharp peak at 0.7 (length-scale 0.15 around the value 5) and the rest low; with a wide disturbance the peak is worth less.
  const model = await fitted();
  const acquisition = logWorstCaseImprovement(model, {
    disturber: shiftedBy(offsets),
    tried,
    random: createRandom(3),
    draws: 256,
  });
  const x = createMatrix(2, 1, Float64Array.of(0.66, 0.35));
  const { mean, covariance } = model.posterior(
    createMatrix(
      4,
      1,
      Float64Array.from(offsets.data, (o) => 0.66 + o),
    ),
  );
  expect(covariance.rows).toBe(4);
  const [value] = acquisition.value(x);
  // It cannot exceed the improvement of the mean at the weakest disturbed copy by more than its scatter.
  expect(Math.exp(value)).toBeLessThan(Math.max(...mean));
  expect(Number.isFinite(value)).toBe(true);
});
