import { readFileSync } from "node:fs";
import {
  closeWorkers,
  createRandom,
  supportsConditioning,
  supportsJointPosterior,
  supportsPosteriorGradient,
} from "@materiome/core";
import { type Covariance, createGaussianProcess, type GaussianProcessModel, reader } from "@materiome/forward";
import { afterAll, describe, expect, it } from "vitest";
import { runReadmeExample } from "../../../../tools/testing/runReadmeExample.ts";
import { features, rSquared, smooth, targets } from "../data.ts";

afterAll(closeWorkers);

interface Goldens {
  readonly tolerance: number;
  readonly data: Record<string, { readonly x: number[]; readonly y: number[]; readonly new: number[] }>;
  readonly cases: {
    readonly rows: string;
    readonly covariance: Covariance;
    readonly noise: number;
    readonly logLikelihood: number;
    readonly mean: number[];
    readonly std: number[];
  }[];
  readonly learned: { readonly logLikelihood: number; readonly tolerance: number };
}
const goldens = JSON.parse(
  readFileSync(new URL("../fixtures/gaussianProcess/sklearn_processes.json", import.meta.url), "utf8"),
) as Goldens;
const run = { random: createRandom(1), threads: 1 };
const reportOf = (
  model: GaussianProcessModel,
): { logMarginalLikelihood: number; noiseStd: number; starts: unknown[] } => model.report as never;

describe("the report of a process", () => {
  it("gives periods and length-scales in the unit of their feature, and says so", async () => {
    const n = 40;
    const x = {
      ...features(
        n,
        2,
        Float64Array.from({ length: 2 * n }, (_, at) => (at % 2 === 0 ? 500 + 25 * (at / 2) : ((at * 7) % 11) / 10)),
      ),
      features: [
        { name: "T", unit: "K", source: ["T"] },
        { name: "C", unit: "wt%", source: ["C"] },
      ],
    };
    const y = targets(
      Array.from({ length: n }, (_, i) => Math.sin((2 * Math.PI * x.data[2 * i]) / 250) + x.data[2 * i + 1]),
    );
    const terms: readonly Covariance[] = [
      { kind: "periodic", features: ["T"], period: 240 },
      { kind: "rbf", features: ["C"], lengthScale: 2, fixed: ["lengthScale"] },
      { kind: "matern32", metric: "isotropic" },
    ];
    const { report } = await createGaussianProcess({ covariance: { kind: "sum", terms }, starts: 1 }).fit(x, y, run);
    const { hyperparameters } = report as unknown as {
      hyperparameters: { name: string; value: number; unit: string }[];
    };
    const of = (name: string) => hyperparameters.find((one) => one.name.endsWith(name));
    expect(of("period[T]")?.unit).toBe("K");
    expect(of("period[T]")?.value).toBeCloseTo(250, 0);
    const deviation = Math.sqrt(varianceOf(Array.from({ length: n }, (_, i) => x.data[2 * i + 1])));
    expect(of("lengthScale[C]")).toMatchObject({ unit: "wt%", isFixed: true });
    expect(of("lengthScale[C]")?.value).toBeCloseTo(2 * deviation, 12);
    expect(of("periodic0.lengthScale[T]")?.unit).toBe("");
    expect(of("matern322.lengthScale")?.unit).toBe("standard deviations of the features");
    expect(of("noise")?.unit).toBe("variance of the target");
  });

  it("tells no length-scale of features that are the same in all rows, unless it was given", async () => {
    const n = 20;
    const data = Float64Array.from({ length: 4 * n }, (_, at) => [Math.floor(at / 4), 0.1, 0, 3][at % 4]);
    const x = {
      ...features(n, 4, data),
      features: ["T", "hold", "Nb", "Ti"].map((name) => ({ name, unit: "", source: [name] })),
    };
    const y = targets(Array.from({ length: n }, (_, i) => Math.sin(i / 4)));
    const terms: readonly Covariance[] = [
      { kind: "matern52" },
      { kind: "rbf", features: ["hold"], lengthScale: 2, fixed: ["lengthScale"] },
      { kind: "rbf", features: ["T", "Nb"], metric: "isotropic" },
      { kind: "rbf", features: ["Nb", "Ti"], metric: "isotropic" },
    ];
    const { report } = await createGaussianProcess({ covariance: { kind: "sum", terms }, starts: 1 }).fit(x, y, run);
    const { hyperparameters, constantFeatures } = report as unknown as {
      hyperparameters: { name: string; value: number }[];
      constantFeatures: string[];
    };
    expect(constantFeatures).toEqual(["hold", "Nb", "Ti"]);
    const lengths = hyperparameters.map(({ name }) => name).filter((name) => name.includes("lengthScale"));
    expect(lengths).toEqual(["sum.matern520.lengthScale[T]", "sum.rbf1.lengthScale[hold]", "sum.rbf2.lengthScale"]);
  });
});

function varianceOf(values: readonly number[]): number {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
}

describe("createGaussianProcess against scikit-learn", () => {
  it.each(goldens.cases.map((c) => [JSON.stringify(c.covariance.kind), c] as const))("%s", async (_, golden) => {
    const { x, y, new: fresh } = goldens.data[golden.rows]!;
    const d = x.length / y.length;
    const learner = createGaussianProcess({ covariance: golden.covariance, noise: golden.noise });
    const model = await learner.fit(features(y.length, d, x), targets(y), run);
    const { mean, variance } = model.predictor.estimate(features(fresh.length / d, d, fresh));
    expect(Math.abs(reportOf(model).logMarginalLikelihood - golden.logLikelihood)).toBeLessThan(goldens.tolerance);
    for (const [i, value] of golden.mean.entries()) expect(Math.abs(mean[i] - value)).toBeLessThan(goldens.tolerance);
    for (const [i, value] of golden.std.entries()) {
      expect(Math.abs(Math.sqrt(variance[i]) - value)).toBeLessThan(goldens.tolerance);
    }
  });

  it("reaches the marginal likelihood that nine of its searches reach", async () => {
    const { x, y } = goldens.data["three"]!;
    const learner = createGaussianProcess({ covariance: { kind: "matern52" }, estimate: "likelihood", starts: 4 });
    const model = await learner.fit(features(y.length, 3, x), targets(y), run);
    const { logLikelihood, tolerance } = goldens.learned;
    expect(reportOf(model).logMarginalLikelihood).toBeGreaterThan(logLikelihood - tolerance);
  });
});

describe("createGaussianProcess", () => {
  it("with folds, holds out rows whose hyper-parameters were searched without them: intervals hold with few rows", async () => {
    const covered = { closed: 0, folds: 0 };
    for (let seed = 1; seed <= 6; seed++) {
      const { x, y } = smooth(20, 3, seed, 1);
      const fresh = smooth(200, 3, 100 + seed, 1);
      for (const [name, folds] of [
        ["closed", undefined],
        ["folds", 5],
      ] as const) {
        const learner = createGaussianProcess({ covariance: { kind: "matern52" }, starts: 1, folds });
        const model = await learner.fit(x, y, run);
        const { lower, upper } = model.predictSync(fresh.x);
        const inside = fresh.y.values.data.filter((v, i) => v >= lower!.data[i] && v <= upper!.data[i]); // one per row
        covered[name] += inside.length / 1200;
        expect(supportsJointPosterior(model)).toBe(true);
      }
    }
    expect(covered.folds).toBeGreaterThan(covered.closed + 0.02);
    expect(covered.folds).toBeGreaterThan(0.86);
    expect(() => createGaussianProcess({ folds: 1 })).toThrow(/folds/);
  });

  it("learns hyper-parameters from whole groups that it draws, and conditions on all rows", async () => {
    const { x, y } = smooth(120, 3, 6, 0.1);
    const groups = Int32Array.from({ length: 120 }, (_, i) => i >> 2);
    const grouped = { ...y, groups };
    const fit = (searchRows?: number): Promise<GaussianProcessModel> =>
      createGaussianProcess({ covariance: { kind: "matern52" }, starts: 1, searchRows }).fit(x, grouped, run);
    const [all, same, some] = [await fit(), await fit(120), await fit(40)];
    expect(same.predictSync(x).mean.data).toEqual(all.predictSync(x).mean.data);
    expect(JSON.stringify(some.report)).not.toBe(JSON.stringify(all.report));
    expect(rSquared(y.values.data, some.predictSync(x).mean.data)).toBeGreaterThan(0.97);
    expect(rSquared(y.values.data, some.heldOut?.mean ?? [])).toBeGreaterThan(0.9);
    expect(() => createGaussianProcess({ searchRows: 1 })).toThrow(/searchRows/);
  });

  it("recovers noise and a smooth function of a few features", async () => {
    const { x, y } = smooth(150, 5, 1, 0.3);
    const test = smooth(200, 5, 2, 0);
    const model = await createGaussianProcess({ covariance: { kind: "matern52" }, starts: 1 }).fit(x, y, run);
    expect(reportOf(model).noiseStd).toBeGreaterThan(0.22);
    expect(reportOf(model).noiseStd).toBeLessThan(0.38);
    expect(rSquared(test.y.values.data, model.predictSync(test.x).mean.data)).toBeGreaterThan(0.97);
    const rough = await createGaussianProcess({ starts: 1 }).fit(x, y, run);
    expect(rSquared(test.y.values.data, rough.predictSync(test.x).mean.data)).toBeGreaterThan(0.96);
  });

  it("is the same from threads", async () => {
    const { x, y } = smooth(200, 3, 1);
    const learner = createGaussianProcess({ covariance: { kind: "matern52" }, starts: 3, maxIterations: 2 });
    const [one, two] = [await learner.fit(x, y, run), await learner.fit(x, y, { ...run, threads: 2 })];
    expect(JSON.stringify(two)).toBe(JSON.stringify(one));
  });

  it("trusts rows by their own variances", async () => {
    const x = features(8, 1, [0, 0, 0, 0, 1, 1, 1, 1]);
    const y = targets([0, 0, 0, 8, 5, 5, 5, 5], {
      noiseVariance: Float64Array.of(0.01, 0.01, 0.01, 1e4, 0.01, 0.01, 0.01, 0.01),
    });
    const held: Covariance = { kind: "rbf", variance: 2, lengthScale: 1, fixed: ["variance", "lengthScale"] };
    const model = await createGaussianProcess({ covariance: held, noise: 1e-3 }).fit(x, y, run);
    expect(model.predictSync(features(1, 1, [0])).mean.data[0]).toBeCloseTo(0, 1);
    const plain = await createGaussianProcess({ covariance: held, noise: 1e-3 }).fit(x, targets(y.values.data), run);
    expect(plain.predictSync(features(1, 1, [0])).mean.data[0]).toBeCloseTo(2, 1);
  });

  it("offers joint posterior, gradients and conditioning, after loading too", async () => {
    const { x, y } = smooth(30, 3, 1);
    const model = await createGaussianProcess({ starts: 1 }).fit(x, y, run);
    const again = (await reader.read(JSON.parse(JSON.stringify(model)), reader)) as unknown as GaussianProcessModel;
    const fresh = smooth(4, 3, 9).x;
    for (const one of [model, again]) {
      expect(supportsJointPosterior(one) && supportsPosteriorGradient(one) && supportsConditioning(one)).toBe(true);
    }
    expect(again.posterior(fresh)).toEqual(model.posterior(fresh));
    expect(again.meanVarianceGradient(fresh)).toEqual(model.meanVarianceGradient(fresh));
    const taught = again.condition(fresh, Float64Array.of(9, 9, 9, 9));
    expect(taught.posterior(fresh).mean[0]).toBeGreaterThan(model.posterior(fresh).mean[0]);
    expect(taught.posterior(fresh).covariance.data[0]).toBeLessThan(model.posterior(fresh).covariance.data[0]);
    const stored = (await reader.read(JSON.parse(JSON.stringify(taught)), reader)) as unknown as GaussianProcessModel;
    expect(stored.predictSync(fresh).upper).toEqual(taught.predictSync(fresh).upper);
    expect(() => model.posterior(features(1, 2, [0, 0]))).toThrow(/takes 3 features, got 2/);
    expect(() => model.condition(fresh, Float64Array.of(1))).toThrow(/4 rows of inputs but 1 targets/);
    expect(() => model.condition(fresh, Float64Array.of(1, 2, 3, Number.NaN))).toThrow(/target of row 3 is NaN/);
  });

  it("takes more features than rows, constant and repeated ones, repeated rows, an outlier and three rows", async () => {
    const { x: wide, y } = smooth(20, 30, 2);
    const data = wide.data.slice();
    for (let i = 0; i < 20; i++) {
      data[i * 30 + 10] = 7;
      data[i * 30 + 11] = data[i * 30];
    }
    data.copyWithin(30, 0, 30);
    const values = y.values.data.slice();
    values[19] = 1e6;
    const model = await createGaussianProcess({ starts: 1 }).fit({ ...wide, data }, targets(values), run);
    expect(model.predictSync({ ...wide, data }).upper!.data.every(Number.isFinite)).toBe(true);
    const small = await createGaussianProcess().fit(features(3, 1, [0, 1, 2]), targets([1, 2, 3]), run);
    expect(small.predictSync(features(1, 1, [1.5])).mean.data[0]).toBeCloseTo(2.5, 0);
    const flat = await createGaussianProcess().fit(features(4, 1, [0, 1, 2, 3]), targets([5, 5, 5, 5]), run);
    expect(flat.predictSync(features(1, 1, [1.5])).mean.data[0]).toBeCloseTo(5, 6);
    const same = await createGaussianProcess().fit(features(4, 1, [2, 2, 2, 2]), targets([1, 2, 3, 4]), run);
    expect(same.predictSync(features(1, 1, [2])).mean.data[0]).toBeCloseTo(2.5, 1);
  });

  it("the example of the README runs as it stands", () => {
    const [readme, folder] = [new URL("../../README.md", import.meta.url), new URL(".", import.meta.url)];
    const { stdout, stderr } = runReadmeExample(readme, folder, "createGaussianProcess({ covariance");
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^[45]\d\d MPa, covariance with the other \d+\.\d MPa²\n-[01]\.\d\d MPa per degree\n/);
  });

  it("shares an effect among the rows of a group", async () => {
    // Covariance of two rows of one group: [[v + s, v], [v, v + s]]; rows of different groups are independent.
    const [v, s] = [0.75, 0.25];
    const learner = createGaussianProcess({
      covariance: { kind: "group", variance: v, fixed: ["variance"] },
      noise: s,
      maxIterations: 0,
    });
    const x = features(4, 1, [0, 1, 2, 3]);
    const y = [1, 1, -1, -1]; // mean 0, variance 1
    const logOf = (first: number, second: number, shared: number): number => {
      const determinant = (v + s) ** 2 - shared ** 2;
      const square = ((v + s) * (first ** 2 + second ** 2) - 2 * shared * first * second) / determinant;
      return -0.5 * (square + Math.log(determinant)) - Math.log(2 * Math.PI);
    };
    const grouped = await learner.fit(x, { ...targets(y), groups: Int32Array.of(7, 7, 3, 3) }, run);
    expect(reportOf(grouped).logMarginalLikelihood).toBeCloseTo(2 * logOf(1, 1, v), 12);
    const apart = await learner.fit(x, targets(y), run);
    expect(reportOf(apart).logMarginalLikelihood).toBeCloseTo(2 * logOf(1, 1, 0), 12);
  });

  it("leaves out whole groups", async () => {
    // Five rows at each of eight places: their group mates tell each row's own value, others do not.
    const places = Array.from({ length: 40 }, (_, i) => Math.floor(i / 5));
    const x = features(40, 1, places);
    const y = targets(places.map((p) => (p % 2 === 0 ? 10 : -10)));
    const held: Covariance = { kind: "rbf", lengthScale: 0.01, variance: 1, fixed: ["variance", "lengthScale"] };
    const learner = createGaussianProcess({ covariance: held, noise: 1 });
    const rows = await learner.fit(x, y, run);
    expect(rows.heldOut!.mean[0]).toBeGreaterThan(8);
    const groups = await learner.fit(x, { ...y, groups: Int32Array.from(places) }, run);
    expect(Math.abs(groups.heldOut!.mean[0])).toBeLessThan(0.01);
  });

  it("tells what a group adds to all its rows from the scatter of rows", async () => {
    const random = createRandom(4);
    const groups = Int32Array.from({ length: 120 }, (_, i) => Math.floor(i / 4));
    const effects = Float64Array.from({ length: 30 }, () => 3 * random.normal());
    const x = features(
      120,
      1,
      Array.from({ length: 120 }, () => random.next()),
    );
    const values = Array.from(groups, (g, i) => 5 * x.data[i] + effects[g] + 0.4 * random.normal());
    const covariance: Covariance = { kind: "sum", terms: [{ kind: "rbf" }, { kind: "group" }] };
    const learner = createGaussianProcess({ covariance, starts: 1 });
    const { noiseStd, logMarginalLikelihood } = reportOf(await learner.fit(x, targets(values, { groups }), run));
    expect(Math.abs(noiseStd - 0.4)).toBeLessThan(0.1);
    const apart = reportOf(await learner.fit(x, targets(values), run));
    expect(logMarginalLikelihood).toBeGreaterThan(apart.logMarginalLikelihood + 50);
  });

  it("refuses what it cannot do", async () => {
    const { x, y } = smooth(20, 3, 1);
    const refuse = (options: object, message: RegExp): void =>
      expect(() => createGaussianProcess(options)).toThrow(message);
    refuse({ covariance: { kind: "rbff" } }, /covariance has kind "rbff"; known: rbf/);
    refuse({ covariance: { kind: "rbf", period: 2 } }, /\(rbf\) has no "period"; it takes/);
    refuse({ covariance: { kind: "sum", terms: [] } }, /needs terms/);
    refuse(
      { covariance: { kind: "product", terms: [{ kind: "rbf", variance: 2 }] } },
      /terms\[0\] is a factor of a product/,
    );
    refuse({ covariance: { kind: "rbf", lengthScale: [1, -1] } }, /needs a lengthScale above 0/);
    refuse({ covariance: { kind: "linear", lengthScale: 1 } }, /has no lengthScale beside its variance/);
    refuse({ covariance: { kind: "categorical" } }, /needs features/);
    refuse({ noise: -1 }, /noise must be/);
    refuse({ starts: 0 }, /starts must be/);
    refuse({ maxIterations: 0.5 }, /maxIterations must be/);
    refuse({ estimate: "best" }, /estimate must be/);
    refuse({ level: 1 }, /level must be/);
    const fit = (options: object, more: object = {}): Promise<unknown> =>
      createGaussianProcess(options).fit(x, { ...y, ...more }, run);
    await expect(fit({}, { weights: new Float64Array(20).fill(1) })).rejects.toThrow(/weights are not used/);
    await expect(fit({ covariance: { kind: "rbf", features: ["Cr"] } })).rejects.toThrow(
      /asks for feature "Cr".*features are x0, x1, x2/,
    );
    await expect(fit({ covariance: { kind: "rbf", lengthScale: [1, 2] } })).rejects.toThrow(/length-scales expected 3/);
    await expect(fit({ covariance: { kind: "categorical", features: ["x0"] } })).rejects.toThrow(/expected 0 or 1/);
    const constant: Covariance = { kind: "periodic", features: ["x0"] };
    const flat = { ...x, data: x.data.map((v, at) => (at % 3 === 0 ? 4 : v)) };
    await expect(createGaussianProcess({ covariance: constant }).fit(flat, y, run)).rejects.toThrow(
      /needs a period for "x0"/,
    );
    // Twenty noise-free points of a smooth function: no start has a covariance that double precision can factor.
    const line = features(
      20,
      1,
      Array.from({ length: 20 }, (_, i) => i / 19),
    );
    const sine = targets(Array.from({ length: 20 }, (_, i) => Math.sin(i / 3)));
    const exact = createGaussianProcess({ noise: 0, covariance: { kind: "rbf" } });
    await expect(exact.fit(line, sine, run)).rejects.toThrow(
      /too little noise; let it be learned \(noise: "learned"\), or give a variance of at least a millionth of the target's/,
    );
    const near = createGaussianProcess({ noise: 5e-7, covariance: { kind: "rbf" }, starts: 1 }); // its variance is 0.5
    expect((await near.fit(line, sine, run)).predictSync(line).mean.data[7]).toBeCloseTo(Math.sin(7 / 3), 3);
    const twice = { ...x, data: x.data.slice() };
    twice.data.copyWithin(3, 0, 3);
    const held: Covariance = { kind: "rbf", fixed: ["variance", "lengthScale"] };
    await expect(createGaussianProcess({ covariance: held, noise: 0 }).fit(twice, y, run)).rejects.toThrow(/singular/);
  });
});
