import { readFileSync } from "node:fs";
import { createRandom, DataError, DomainError, IncompatibleError } from "@materiome/core";
import {
  dropConstant,
  dropCorrelated,
  type FeatureStep,
  featureSteps,
  imputeFeatures,
  markMissing,
  polynomialFeatures,
  principalComponents,
  scaleFeatures,
  transformFeatures,
} from "@materiome/core/features";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readFeatureStep } from "../../../src/features/steps/readFeatureStep.ts";
import { bits, largestDifference, matrixOf } from "./features.ts";

const run = { random: createRandom(1) };
const reference = JSON.parse(readFileSync(new URL("../../fixtures/feature-steps.json", import.meta.url), "utf8"));
const x = matrixOf(reference.x);
const gaps = matrixOf(reference.gaps);
const flat = (rows: number[][]): number[] => rows.flat();

describe("steps against scikit-learn", () => {
  it.each([
    ["standard", scaleFeatures(), x, "standard"],
    ["robust", scaleFeatures({ method: "robust" }), x, "robust"],
    ["min-max", scaleFeatures({ method: "min-max" }), x, "minMax"],
    ["polynomials of degree 3", polynomialFeatures({ degree: 3 }), x, "polynomial"],
    ["interactions of degree 3", polynomialFeatures({ degree: 3, interactionsOnly: true }), x, "interactions"],
  ])("%s", async (_, step, input, key) => {
    const fitted = await (step as FeatureStep).fit(input, run);
    const { expected, tolerance } = reference[key];
    const out = fitted.transform(input).data;
    const scale = Math.max(1, ...out.map(Math.abs));
    expect(largestDifference(out, flat(expected)) / scale).toBeLessThan(tolerance);
  });

  it.each(["mean", "median", "nearest"] as const)("gaps filled by %s, with masks", async (method) => {
    const fitted = await imputeFeatures({ method, nNeighbours: 4 }).fit(gaps, run);
    const out = fitted.transform(gaps);
    expect(out.columns).toBe(4 + 4 + 1);
    const { expected, tolerance } = reference[method];
    for (let i = 0; i < out.rows; i++) {
      const row = out.data.subarray(i * 9, (i + 1) * 9);
      expect(largestDifference(row.subarray(0, 4), expected[i])).toBeLessThan(tolerance);
      expect([...row.subarray(4, 8)]).toEqual(
        reference.gaps[i].map((value: number | null) => (value === null ? 1 : 0)),
      );
      expect(row[8]).toBe(0);
    }
  });

  it("Yeo–Johnson", async () => {
    const skewed = matrixOf(reference.skewed.map((value: number) => [value]));
    const fitted = await transformFeatures({ transform: "yeo-johnson" }).fit(skewed, run);
    expect(fitted.report[0]).toContain(`λ = ${reference.lambda.expected.toFixed(4)}`);
    const { expected, tolerance } = reference.yeoJohnson;
    expect(largestDifference(fitted.transform(skewed).data, expected)).toBeLessThan(tolerance);
  });

  it("principal components, up to the sign that is fixed here", async () => {
    const fitted = await principalComponents({ nComponents: 4 }).fit(x, run);
    const { pcaRatio, pcaComponents } = reference;
    expect(largestDifference(fitted.explainedVarianceRatio, pcaRatio.expected)).toBeLessThan(pcaRatio.tolerance);
    const scaled = (await scaleFeatures().fit(x, run)).transform(x);
    const out = fitted.transform(x);
    for (const [c, loadings] of pcaComponents.expected.entries()) {
      const largest = loadings.reduce((a: number, b: number) => (Math.abs(b) > Math.abs(a) ? b : a));
      const expected = Array.from({ length: x.rows }, (_, i) =>
        loadings.reduce(
          (sum: number, v: number, k: number) => sum + Math.sign(largest) * v * scaled.data[i * 4 + k],
          0,
        ),
      );
      const own = Array.from({ length: x.rows }, (_, i) => out.data[i * 4 + c]);
      expect(largestDifference(own, expected)).toBeLessThan(pcaComponents.tolerance);
    }
    expect(out.features[0]).toEqual({ name: "PC1", unit: "", source: ["x0", "x1", "x2", "x3"] });
  });
});

const positive = matrixOf(
  Array.from({ length: 12 }, (_, i) => [1 + i, 20 + ((7 * i) % 12), 3 + Math.sin(i)]),
  ["t", "T", "d"],
  ["h", "degC", "um"],
);
const everyStep: [string, FeatureStep, typeof x][] = [
  ["standard", scaleFeatures(), x],
  ["robust", scaleFeatures({ method: "robust" }), x],
  ["min-max", scaleFeatures({ method: "min-max" }), x],
  ["polynomial", polynomialFeatures({ degree: 3 }), positive],
  ["interactions", polynomialFeatures({ interactionsOnly: true }), positive],
  ["log10", transformFeatures({ transform: "log10", features: ["T"], keep: true }), positive],
  ["ln", transformFeatures({ transform: "ln" }), positive],
  ["sqrt", transformFeatures({ transform: "sqrt" }), positive],
  ["reciprocal", transformFeatures({ transform: "reciprocal" }), positive],
  ["yeo-johnson", transformFeatures({ transform: "yeo-johnson" }), x],
  ["pca", principalComponents({ variance: 0.9 }), x],
  ["impute", imputeFeatures({ method: "median" }), gaps],
  ["constant", imputeFeatures({ method: "constant", value: -1 }), gaps],
  ["nearest", imputeFeatures({ method: "nearest" }), gaps],
  ["mark", markMissing(), gaps],
  ["drop constant", dropConstant(), positive],
  ["drop correlated", dropCorrelated({ threshold: 0.5 }), x],
];

describe("every step", () => {
  it("is in this list, but for the one that needs a target and has a test of its own", () => {
    const names = new Set([...everyStep.map(([, step]) => step.name), "select-relevant"]);
    expect([...names].sort()).toEqual(
      featureSteps()
        .map(({ name }) => name)
        .sort(),
    );
  });

  it.each(everyStep)("%s survives storage bit for bit", async (_, step, input) => {
    const fitted = await step.fit(input, run);
    const again = readFeatureStep(JSON.parse(JSON.stringify(fitted)));
    expect(again.outputs).toEqual(fitted.outputs);
    expect(again.report).toEqual(fitted.report);
    expect(bits(again.transform(input).data)).toEqual(bits(fitted.transform(input).data));
    expect(JSON.stringify(again)).toBe(JSON.stringify(fitted));
  });

  it.each(everyStep)("%s has the Jacobian of finite differences", async (_, step, input) => {
    const fitted = await step.fit(input, run);
    const at = input.data.slice(2 * input.columns, 3 * input.columns).map((v) => (Number.isNaN(v) ? 1 : v));
    const value = (row: Float64Array) => fitted.transform({ ...input, rows: 1, data: row }).data;
    const { data, rows, columns } = fitted.jacobian(at);
    expect([rows, columns]).toEqual([fitted.outputs.length, input.columns]);
    for (let k = 0; k < columns; k++) {
      const h = 1e-5 * Math.max(1, Math.abs(at[k]));
      const up = value(at.map((v, j) => (j === k ? v + h : v)));
      const down = value(at.map((v, j) => (j === k ? v - h : v)));
      for (let j = 0; j < rows; j++) {
        const expected = (up[j] - down[j]) / (2 * h);
        expect(Math.abs(data[j * columns + k] - expected)).toBeLessThan(1e-6 * Math.max(1, Math.abs(expected)));
      }
    }
  });

  it.each(everyStep)("%s learns nothing from rows it transforms, and changes no input", async (_, step, input) => {
    const fitted = await step.fit(input, run);
    const before = JSON.stringify(fitted);
    const copy = input.data.slice();
    const [all, one] = [fitted.transform(input).data, input.data.slice(0, input.columns)];
    expect(bits(fitted.transform({ ...input, rows: 1, data: one }).data)).toEqual(
      bits(all.slice(0, fitted.outputs.length)),
    );
    expect(bits(input.data)).toEqual(bits(copy));
    expect(JSON.stringify(fitted)).toBe(before);
    expect(() => fitted.transform(matrixOf([[1]], ["other"]))).toThrow(IncompatibleError);
  });

  it.each(everyStep.filter(([name]) => !["mark", "drop constant"].includes(name)))(
    "%s refuses an infinite value, naming it",
    async (_, step, input) => {
      const data = input.data.slice();
      data[input.columns + 1] = Number.POSITIVE_INFINITY;
      const broken = step.fit({ ...input, data }, run).then((fitted) => fitted.transform({ ...input, data }));
      await expect(broken).rejects.toThrow(/"(x1|T)" is infinite in row 2/);
    },
  );
});

describe("scaleFeatures", () => {
  it("reports constants and shifts them only", async () => {
    const input = matrixOf(
      [
        [0.1, 1],
        [0.1, 2],
        [0.1, null],
      ],
      ["a", "b"],
      ["K", "MPa"],
    );
    const fitted = await scaleFeatures().fit(input, run);
    expect(fitted.report).toEqual(['"a" has standard spread 0 in the training rows; shifted only']);
    expect(fitted.outputs).toEqual([
      { name: "a", unit: "", source: ["a"] },
      { name: "b", unit: "", source: ["b"] },
    ]);
    const out = fitted.transform(input).data;
    expect(Math.abs(out[0])).toBeLessThan(1e-15);
    expect([out[1], out[3], out[5]]).toEqual([-1, 1, Number.NaN]);
    expect(() => scaleFeatures({ method: "quantile" as "robust" })).toThrow(DomainError);
  });
});

describe("imputeFeatures", () => {
  const input = matrixOf(
    [
      [1, 5],
      [1, null],
      [3, null],
      [null, 7],
    ],
    ["a", "b"],
  );

  it("takes the smallest most frequent value, or a constant, and says so", async () => {
    const frequent = await imputeFeatures({ method: "most-frequent" }).fit(input, run);
    expect([...frequent.transform(input).data]).toEqual([
      ...[1, 5, 0, 0, 0],
      ...[1, 5, 0, 1, 0],
      ...[3, 5, 0, 1, 0],
      ...[1, 7, 1, 0, 0],
    ]);
    expect(frequent.report).toEqual([
      '"a" is missing in 1 of 4 training rows; filled by 1 (most-frequent)',
      '"b" is missing in 2 of 4 training rows; filled by 5 (most-frequent)',
    ]);
    expect(frequent.outputs.map(({ name, source }) => [name, source])).toEqual([
      ["a", ["a"]],
      ["b", ["b"]],
      ["a is missing", ["a"]],
      ["b is missing", ["b"]],
      ["features missing beyond training", []],
    ]);
    const constant = await imputeFeatures({ method: "constant", value: -1 }).fit(input, run);
    expect(constant.transform(input).data[15]).toBe(-1);
  });

  it("counts gaps where training had none", async () => {
    const whole = matrixOf(
      [
        [1, 5],
        [3, 6],
      ],
      ["a", "b"],
    );
    const fitted = await imputeFeatures({ method: "mean" }).fit(whole, run);
    expect([...fitted.transform(whole).data]).toEqual([1, 5, 0, 3, 6, 0]);
    expect([
      ...fitted.transform(
        matrixOf(
          [
            [null, null],
            [null, 6],
          ],
          ["a", "b"],
        ),
      ).data,
    ]).toEqual([2, 5.5, 2, 2, 6, 1]);
  });

  it("refuses what cannot be filled", async () => {
    const empty = matrixOf(
      [
        [1, null],
        [2, null],
      ],
      ["a", "b"],
    );
    await expect(imputeFeatures({ method: "mean" }).fit(empty, run)).rejects.toThrow(
      /no training row has "b"; drop it/,
    );
    expect(() => imputeFeatures({ method: "constant" })).toThrow(/needs a finite value/);
    expect(() => imputeFeatures({ method: "mean", value: 3 })).toThrow(/value is given, but the method is "mean"/);
  });
});

describe("polynomialFeatures and transformFeatures", () => {
  it("name terms readably and multiply units, in kelvin where the zero is arbitrary", async () => {
    const fitted = await polynomialFeatures({ features: ["T", "t"] }).fit(positive, run);
    expect(fitted.outputs.slice(3)).toEqual([
      { name: "T²", unit: "K2", source: ["T"] },
      { name: "T × t", unit: "K*h", source: ["T", "t"] },
      { name: "t²", unit: "h2", source: ["t"] },
    ]);
    const out = fitted.transform(positive).data;
    expect([...out.slice(0, 3)]).toEqual([...positive.data.slice(0, 3)]);
    expect(out[4]).toBeCloseTo(293.15, 12);
    const cubes = await polynomialFeatures({ degree: 3, features: ["d"] }).fit(positive, run);
    expect(cubes.outputs.at(-1)).toEqual({ name: "d³", unit: "um3", source: ["d"] });
  });

  it("merges units of one quantity", async () => {
    const input = matrixOf([[2, 3]], ["h", "w"], ["mm", "um"]);
    const { outputs, ...fitted } = await polynomialFeatures({ interactionsOnly: true }).fit(input, run);
    expect(outputs[2]).toEqual({ name: "h × w", unit: "mm2", source: ["h", "w"] });
    expect(fitted.transform(input).data[2]).toBeCloseTo(0.006, 15);
  });

  it.each([
    ["log10", { name: "log10(T / K)", unit: "" }, Math.log10(293.15)],
    ["ln", { name: "ln(T / K)", unit: "" }, Math.log(293.15)],
    ["sqrt", { name: "sqrt(T)", unit: "K^0.5" }, Math.sqrt(293.15)],
    ["reciprocal", { name: "1 / T", unit: "1/K" }, 1 / 293.15],
  ] as const)("%s", async (transform, output, expected) => {
    const fitted = await transformFeatures({ transform, features: ["T"] }).fit(positive, run);
    expect(fitted.outputs[1]).toEqual({ ...output, source: ["T"] });
    expect(fitted.transform(positive).data[1]).toBeCloseTo(expected, 12);
  });

  it("names rows outside the domain, or makes them missing where told to", async () => {
    const input = matrixOf([[1], [0], [-2], [null]], ["t"], ["h"]);
    const strict = await transformFeatures({ transform: "log10" }).fit(input, run);
    const table = { source: "runs.csv", rowNumber: (i: number) => i + 2 };
    expect(() => strict.transform(input, table)).toThrow(
      'runs.csv, column "t": transformFeatures: log10 does not exist for 0 h in rows 3, 4; values must be above 0, or say outside: "missing"',
    );
    const lenient = await transformFeatures({ transform: "log10", outside: "missing" }).fit(input, run);
    expect([...lenient.transform(input).data]).toEqual([0, Number.NaN, Number.NaN, Number.NaN]);
    await expect(transformFeatures({ transform: "ln", features: ["time", "T"] }).fit(positive, run)).rejects.toThrow(
      /there is no feature "time"/,
    );
  });

  it("refuses a number of terms that nobody wants", async () => {
    const wide = matrixOf([Array.from({ length: 132 }, (_, k) => k)]);
    await expect(polynomialFeatures({ degree: 3 }).fit(wide, run)).rejects.toThrow(
      /give 400\d{3} terms, more than 20000/,
    );
  });
});

describe("dropping", () => {
  it("constant and nearly constant features, with the reason", async () => {
    const rows = Array.from({ length: 20 }, (_, i) => [7, i, i === 0 ? 1 : 0, 1 + 1e-9 * i, null]);
    const input = matrixOf(rows, ["same", "varies", "rare", "almost", "empty"]);
    const exact = await dropConstant().fit(input, run);
    expect(exact.outputs.map(({ name }) => name)).toEqual(["varies", "rare", "almost"]);
    const strict = await dropConstant({ tolerance: 1e-6, dominance: 0.95 }).fit(input, run);
    expect(strict.outputs.map(({ name }) => name)).toEqual(["varies"]);
    expect(strict.report).toEqual([
      'dropped "same": constant (7) in the training rows',
      'dropped "rare": 0 in 19 of 20 training rows (dominance 0.95)',
      expect.stringMatching(/^dropped "almost": nearly constant/),
      'dropped "empty": no values in the training rows',
    ]);
    await expect(dropConstant().fit(matrixOf([[1], [1]]), run)).rejects.toThrow(/no feature would be left of 1/);
  });

  it("correlated features, keeping the earlier", async () => {
    const rows = Array.from({ length: 30 }, (_, i) => [i, -2 * i + 3, Math.sin(i), i < 2 ? null : i]);
    const fitted = await dropCorrelated().fit(matrixOf(rows, ["a", "b", "c", "d"]), run);
    expect(fitted.outputs.map(({ name }) => name)).toEqual(["a", "c"]);
    expect(fitted.report).toEqual([
      'dropped "b": r = -1.0000 with "a", which is kept',
      'dropped "d": r = 1.0000 with "a", which is kept',
    ]);
  });

  it("leaves no pair above the threshold (any data)", async () => {
    const arbitrary = fc.array(fc.tuple(fc.integer(), fc.integer(), fc.integer()), { minLength: 3, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(arbitrary, fc.double({ min: 0.1, max: 0.99, noNaN: true }), async (rows, threshold) => {
        const input = matrixOf(rows);
        const once = await dropCorrelated({ threshold }).fit(input, run);
        const twice = await dropCorrelated({ threshold }).fit(once.transform(input), run);
        expect(twice.outputs).toEqual(once.outputs);
      }),
      { seed: 5, numRuns: 50 },
    );
  });
});

describe("principalComponents", () => {
  it("refuses what has no components", async () => {
    await expect(principalComponents().fit(gaps, run)).rejects.toThrow(/"x0" is missing in rows? .*; "x1" is missing/);
    await expect(principalComponents().fit(matrixOf([[1, 2]]), run)).rejects.toThrow(DataError);
    await expect(
      principalComponents().fit(
        matrixOf([
          [1, 2],
          [1, 2],
        ]),
        run,
      ),
    ).rejects.toThrow(/every feature is constant/);
    await expect(
      principalComponents({ nComponents: 3 }).fit(
        matrixOf([
          [1, 2],
          [1, 3],
        ]),
        run,
      ),
    ).rejects.toThrow(/at most 1/);
    expect(() => principalComponents({ nComponents: 2, variance: 0.9 })).toThrow(/give one/);
  });
});
