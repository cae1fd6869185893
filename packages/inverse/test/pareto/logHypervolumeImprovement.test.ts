import { createMatrix, createRandom, type FeatureMatrix } from "@materiome/core";
import { checkGradient, cholesky } from "@materiome/core/numerics";
import { decomposeNonDominated, hypervolume, logExpectedHypervolumeImprovement } from "@materiome/inverse";
import { expect, test } from "vitest";
import { logHypervolumeImprovement } from "../../src/pareto/logHypervolumeImprovement.ts";
import { moments } from "../../src/surrogate/moments.ts";
import { exactProcess } from "../exactProcess.ts";

const features = ["a", "b"].map((name) => ({ name, unit: "", source: [name] }));
const rows = (...points: (readonly [number, number])[]): FeatureMatrix => ({
  ...createMatrix(points.length, 2, Float64Array.from(points.flat())),
  features,
});
const tried = rows([0.1, 0.2], [0.8, 0.3], [0.5, 0.9], [0.3, 0.6]);

async function models() {
  const outcomes = [
    [1, 3, 2.5, 0.2],
    [2, 0.4, 1, 2.2],
    [1.5, 1, 0.3, 0.8],
  ];
  return Promise.all(
    outcomes.map((y) =>
      exactProcess({ noise: 0.05 }).fit(
        tried,
        { kind: "regression", values: createMatrix(4, 1, Float64Array.from(y)), units: [""] },
        { random: createRandom(1) },
      ),
    ),
  );
}
const front = createMatrix(3, 3, Float64Array.of(1, 2, 1.5, 3, 0.4, 1, 2.5, 1, 0.3));
const reference = [0, 0, 0];

test("without pending points is the exact logarithm of the expected improvement", async () => {
  const fitted = await models();
  const acquisition = logHypervolumeImprovement(fitted, { random: createRandom(2), front, reference });
  const x = rows([0.6, 0.5]);
  const at = fitted.map((model) => moments(model, x));
  const boxes = decomposeNonDominated({ ...front, data: front.data.map((v) => -v) }, [0, 0, 0]);
  const exact = logExpectedHypervolumeImprovement(
    boxes,
    Float64Array.from(at, ({ mean }) => -(mean[0] as number)),
    Float64Array.from(at, ({ variance }) => variance[0] as number),
  );
  expect(acquisition.value(x)[0]).toBeCloseTo(exact.value, 10);
  expect(acquisition.gradient(x).value[0]).toBeCloseTo(exact.value, 6);
});

test("with pending points is the mean gain over joint draws of all outcomes", async () => {
  const fitted = await models();
  const pending = rows([0.65, 0.45], [0.9, 0.8]);
  const acquisition = logHypervolumeImprovement(fitted, {
    random: createRandom(3),
    front,
    reference,
    pending,
    draws: 256,
  });
  const x = rows([0.6, 0.5]);
  const joint = fitted.map((model) => model.posterior(rows([0.65, 0.45], [0.9, 0.8], [0.6, 0.5])));
  const factors = joint.map(({ covariance }) => cholesky(covariance, { maxRelativeJitter: 1e-6 }).lower);
  const random = createRandom(4);
  const n = 4000;
  let [sum, squares] = [0, 0];
  for (let s = 0; s < n; s++) {
    const draws = joint.map(({ mean }, j) => {
      const z = [random.normal(), random.normal(), random.normal()];
      return Array.from(mean, (mu, a) => z.reduce((v, zb, b) => v + (factors[j]?.data[3 * a + b] as number) * zb, mu));
    });
    const outcome = (a: number): number[] => draws.map((values) => -(values[a] as number));
    const known = [...front.data.map((v) => -v), ...outcome(0), ...outcome(1)];
    const before = hypervolume(createMatrix(5, 3, Float64Array.from(known)), reference);
    const gain = hypervolume(createMatrix(6, 3, Float64Array.from([...known, ...outcome(2)])), reference) - before;
    sum += gain;
    squares += gain * gain;
  }
  const error = Math.sqrt((squares / n - (sum / n) ** 2) / n);
  expect(Math.abs(Math.exp(acquisition.value(x)[0] as number) - sum / n)).toBeLessThan(4 * error + 0.02 * (sum / n));
});

test("has the gradient of its differences, with pending points and incumbents", async () => {
  const fitted = await models();
  for (const more of [
    {},
    { pending: rows([0.65, 0.45]) },
    { pending: rows([0.65, 0.45]), incumbents: rows([0.8, 0.3], [0.5, 0.9]) },
  ]) {
    const acquisition = logHypervolumeImprovement(fitted, {
      random: createRandom(5),
      front,
      reference,
      draws: 16,
      ...more,
    });
    for (const start of [
      [0.6, 0.5],
      [0.15, 0.95],
    ]) {
      const check = checkGradient((at, gradient) => {
        const { value, gradient: g } = acquisition.gradient(rows([at[0] as number, at[1] as number]));
        gradient.set(g.data);
        return value[0] as number;
      }, start);
      expect(check.largestError).toBeLessThan(1e-5);
      const x = rows(start as [number, number]);
      expect(acquisition.value(x)[0]).toBeCloseTo(acquisition.gradient(x).value[0] as number, 6);
    }
  }
});

test("gains little where a pending point is already", async () => {
  const fitted = await models();
  const at = rows([0.6, 0.5]);
  const alone = logHypervolumeImprovement(fitted, { random: createRandom(6), front, reference }).value(at)[0] as number;
  const beside = logHypervolumeImprovement(fitted, { random: createRandom(6), front, reference, pending: at });
  expect(beside.name).toMatch(/of the batch/);
  expect(beside.value(at)[0]).toBeLessThan(alone - 5);
});

test("refuses one objective and five", async () => {
  const [model] = await models();
  if (model === undefined) throw new Error("no model");
  const options = { random: createRandom(1), front, reference };
  expect(() => logHypervolumeImprovement([model], options)).toThrow(/two to four/);
  expect(() => logHypervolumeImprovement([model, model], options)).toThrow(/3 columns/);
});
