import { closeWorkers } from "@materiome/core";
import { type Covariance, createGaussianProcess, exportOnnx } from "@materiome/forward";
import { afterAll, describe, expect, it } from "vitest";
import { features, smooth, targets } from "../data.ts";
import { differences, fit, TOLERANCE } from "./differences.ts";
import { relativeDifference, runOnnx } from "./runOnnx.ts";

afterAll(closeWorkers);

describe("exportOnnx: covariances of Gaussian processes", () => {
  const COVARIANCES: Readonly<Record<string, Covariance>> = {
    "isotropic rbf and linear": {
      kind: "sum",
      terms: [{ kind: "rbf", metric: "isotropic" }, { kind: "linear", metric: "ard" }, { kind: "white" }],
    },
    "rational quadratic times Matérn 3/2 of one feature": {
      kind: "product",
      terms: [{ kind: "rationalQuadratic" }, { kind: "matern32", features: ["x1"] }],
    },
    "periodic of two features, constant": {
      kind: "sum",
      variance: 0.7,
      terms: [{ kind: "periodic", features: ["x2", "x0"], period: [0.8, 1.3] }, { kind: "constant" }],
    },
    "categorical times Matérn 1/2, group": {
      kind: "sum",
      terms: [
        { kind: "product", terms: [{ kind: "categorical", features: ["x3"] }, { kind: "matern12" }] },
        { kind: "group" },
      ],
    },
    "a constant alone": { kind: "sum", terms: [{ kind: "constant" }, { kind: "white" }] },
    "a product with noise, which new rows do not share": {
      kind: "sum",
      terms: [{ kind: "linear" }, { kind: "product", terms: [{ kind: "white" }, { kind: "rbf" }] }],
    },
  };
  const { x, y } = smooth(30, 4, 5);
  const labelled = { ...x, data: x.data.map((value, at) => (at % 4 === 3 ? Math.round(value) : value)) };
  const { x: fresh } = smooth(20, 4, 6);
  const rows = { ...fresh, data: fresh.data.map((value, at) => (at % 4 === 3 ? Math.round(value) : value)) };
  it.each(Object.keys(COVARIANCES))("%s", async (name) => {
    const learner = createGaussianProcess({ covariance: COVARIANCES[name], starts: 1 });
    const above = { ...y, values: { ...y.values, data: y.values.data.map((value) => value + 20) } };
    const [double, single] = await differences(await fit(learner, labelled, above), rows);
    expect(double).toBeLessThan(1e-10);
    expect(single).toBeLessThan(TOLERANCE);
  });

  it("holds where large weights cancel: hardly any noise, rows close together, a small target on a large offset", async () => {
    const n = 40;
    const line = features(
      n,
      1,
      Float64Array.from({ length: n }, (_, i) => 1e4 + i / n),
    );
    const values = Float64Array.from({ length: n }, (_, i) => 500 + Math.sin((7 * i) / n));
    const learner = createGaussianProcess({ covariance: { kind: "rbf", lengthScale: 1, fixed: ["lengthScale"] } });
    const model = await fit(learner, line, targets(values));
    const between = features(
      n,
      1,
      Float64Array.from({ length: n }, (_, i) => 1e4 + (i + 0.5) / n),
    );
    const { prediction } = await runOnnx(exportOnnx(model), between);
    expect(relativeDifference(prediction.data, model.predictSync(between).mean.data)).toBeLessThan(1e-9);
  });
});
