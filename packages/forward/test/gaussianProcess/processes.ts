import { createMatrix, createRandom, type FeatureMatrix } from "@materiome/core";
import { checkCovariance } from "../../src/gaussianProcess/checkCovariance.ts";
import { conditionProcess } from "../../src/gaussianProcess/conditionProcess.ts";
import type { Covariance } from "../../src/gaussianProcess/covariance.ts";
import type { LikelihoodData } from "../../src/gaussianProcess/likelihood.ts";
import type { ProcessState } from "../../src/gaussianProcess/posterior.ts";
import { compileCovariance, type Program } from "../../src/gaussianProcess/program.ts";
import { fitScaling, type Scaling } from "../../src/gaussianProcess/scaling.ts";
import { features } from "../data.ts";

/** Every kind of covariance, alone and composed, on the features of {@link table}. */
export const COVARIANCES: Readonly<Record<string, Covariance>> = {
  rbf: { kind: "rbf" },
  "rbf, one length-scale": { kind: "rbf", metric: "isotropic" },
  "rbf of sources": { kind: "rbf", metric: "source" },
  matern12: { kind: "matern12" },
  matern32: { kind: "matern32" },
  matern52: { kind: "matern52" },
  "rational quadratic": { kind: "rationalQuadratic" },
  periodic: { kind: "periodic", features: ["x0", "x1"] },
  linear: { kind: "linear" },
  "linear, a length-scale each": { kind: "linear", metric: "ard" },
  constant: { kind: "constant" },
  categorical: { kind: "categorical", features: ["family"] },
  "tasks of two ranks": {
    kind: "product",
    terms: [
      { kind: "coregional", features: ["family"], rank: 2 },
      { kind: "rbf", features: ["x0", "x1"] },
    ],
  },
  autoregression: {
    kind: "sum",
    terms: [
      {
        kind: "product",
        terms: [
          { kind: "coregional", features: ["family"], from: 0 },
          { kind: "matern32", features: ["x0", "x1", "x2"] },
        ],
      },
      {
        kind: "product",
        terms: [
          { kind: "coregional", features: ["family"], from: 1 },
          { kind: "rbf", features: ["x0", "x1"] },
        ],
      },
      { kind: "coregional", features: ["family"], rank: 1, hasDiagonal: false },
      { kind: "coregional", features: ["family"], rank: 0 },
    ],
  },
  sum: {
    kind: "sum",
    terms: [{ kind: "matern52" }, { kind: "linear", features: ["x1"] }, { kind: "constant" }, { kind: "white" }],
  },
  "groups' own effects": {
    kind: "sum",
    terms: [
      { kind: "matern52" },
      { kind: "product", terms: [{ kind: "group" }, { kind: "rbf", features: ["x0"] }] },
      { kind: "group" },
    ],
  },
  product: {
    kind: "product",
    terms: [
      { kind: "rbf", features: ["x0", "x1"] },
      { kind: "categorical", features: ["family"] },
    ],
  },
  "noise that grows": {
    kind: "sum",
    variance: 0.8,
    terms: [
      { kind: "rbf" },
      {
        kind: "product",
        terms: [{ kind: "white" }, { kind: "sum", terms: [{ kind: "linear" }, { kind: "constant" }] }],
      },
    ],
  },
  "product of sums": {
    kind: "product",
    terms: [
      { kind: "sum", terms: [{ kind: "rationalQuadratic", features: ["x1"] }, { kind: "constant" }] },
      {
        kind: "sum",
        terms: [
          { kind: "matern32", features: ["x0"] },
          { kind: "periodic", features: ["x1"] },
        ],
      },
      { kind: "matern12", features: ["x2"] },
    ],
  },
};

/** Three continuous features and a label of three as 0/1 features, the last two rows alike but for their label. */
export function table(n: number, seed = 5): { readonly x: FeatureMatrix; readonly y: Float64Array } {
  const random = createRandom(seed);
  const rows = Array.from({ length: n }, (_, i) => {
    const label = i % 3;
    return [random.next(), 10 + 4 * random.next(), 100 * random.next(), ...[0, 1, 2].map((k) => (k === label ? 1 : 0))];
  });
  const y = Float64Array.from(rows, ([a, b, c, l]) => 3 * a! + Math.sin(b!) + 0.01 * c! + l! + 0.1 * random.normal());
  const x = features(n, 6, rows.flat());
  const named = x.features.map((f, k) =>
    k < 3 ? f : { name: `family=${"abc"[k - 3]}`, unit: "", source: ["family"] },
  );
  return { x: { ...x, features: named }, y };
}

/** Those of the test of leaving out: rows 0; 1, 4, 7; 2, 3, 5, 6, 8 and all after it. */
export function groupsOf(n: number): Int32Array {
  return Int32Array.from({ length: n }, (_, i) => (i === 0 ? 0 : [1, 4, 7].includes(i) ? 1 : 2));
}

export interface Process {
  readonly program: Program;
  readonly data: LikelihoodData;
  /** Starts with a little shift, so that no hyper-parameter is a round number; then the noise. */
  readonly theta: Float64Array;
}

export function processOf(covariance: Covariance, x: FeatureMatrix, y: Float64Array, noise = 0.05): Process {
  checkCovariance(covariance);
  const scaling = fitScaling(x);
  const program = compileCovariance(covariance, x, scaling);
  const theta = Float64Array.from([
    ...program.parameters.map(({ start }, k) => start + 0.1 * ((k % 3) - 1)),
    Math.log(noise),
  ]);
  return {
    program,
    theta,
    data: { root: program.root, x, scaling, y, noiseVariance: undefined, groups: groupsOf(x.rows) },
  };
}

export function stateOf({ data, theta }: Process): ProcessState {
  return conditionProcess(data, theta, { mean: 0, scale: 1 }).state;
}

/** The same process given some of its rows, with its scaling and hyper-parameters. */
export function given(process: Process, rows: readonly number[]): Process {
  const { x, y, noiseVariance, groups, inducing } = process.data;
  const taken = createMatrix(rows.length, x.columns);
  for (const [r, i] of rows.entries())
    taken.data.set(x.data.subarray(i * x.columns, (i + 1) * x.columns), r * x.columns);
  const pick = (of: Float64Array): Float64Array => Float64Array.from(rows, (i) => of[i]!);
  return {
    ...process,
    data: {
      ...process.data,
      groups: groups === undefined ? undefined : Int32Array.from(rows, (i) => groups[i]!),
      x: taken,
      y: pick(y),
      inducing: inducing?.map((i) => rows.indexOf(i)),
      noiseVariance: noiseVariance === undefined ? undefined : pick(noiseVariance),
    },
  };
}

export const UNSCALED = (d: number): Scaling => ({ mean: new Float64Array(d), scale: new Float64Array(d).fill(1) });
