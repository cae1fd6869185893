import {
  createMatrix,
  DataError,
  DomainError,
  type FeatureMatrix,
  IncompatibleError,
  type Json,
  type Learner,
  type LearnerCapability,
  type Matrix,
  type RunContext,
  type Serialized,
  ShapeError,
  type Targets,
} from "@materiome/core";
import { checkCovariance } from "../gaussianProcess/checkCovariance.ts";
import type { Covariance } from "../gaussianProcess/covariance.ts";
import { bindRows, evaluateRow, setHyperparameters, setPointToRow } from "../gaussianProcess/covarianceRows.ts";
import { createGaussianProcess, type GaussianProcessModel } from "../gaussianProcess/createGaussianProcess.ts";
import { readProcess } from "../gaussianProcess/processPredictor.ts";
import { checkRows } from "../learner/checkTraining.ts";
import { optionCheck } from "../learner/classifier.ts";
import type { ProcessPredictor } from "../learner/predictor.ts";
import { createForwardModel } from "../learner/regressionModel.ts";
import { calibrate } from "../uncertainty/calibration.ts";
import { createMultiTaskModel, type MultiTaskModel } from "./multiTaskModel.ts";
import { onFeatures } from "./onFeatures.ts";
import { standardiseTask } from "./standardiseTask.ts";
import { taskPredictor } from "./taskPredictor.ts";

export interface MultiTaskOptions {
  /** Covariance of the features, shared by all targets. @defaultValue that of `createGaussianProcess` */
  readonly covariance?: Covariance | undefined;
  /** Columns of W: how many shapes the targets have in common. @defaultValue 1 */
  readonly rank?: number | undefined;
  /** As of `createGaussianProcess`; rows count once for each target measured. @defaultValue "auto" */
  readonly inducing?: number | "auto" | undefined;
  /** @defaultValue 3 */
  readonly starts?: number | undefined;
  /** @defaultValue 200 */
  readonly maxIterations?: number | undefined;
  /** Probability of the intervals. @defaultValue 0.9 */
  readonly level?: number | undefined;
}

export type MultiTask = Learner<FeatureMatrix, Targets, MultiTaskModel>;

const WHO = "multi-task";
/** Features that say which target a row of the process is about; no column of a table has such a name. */
const TASK = "\u0000task";
/** The noise of each target is a part of the covariance; this is what the factor of K needs, of standardised targets. */
export const LEAST_NOISE = 1e-6;
const FEATURES: Covariance = {
  kind: "sum",
  terms: [{ kind: "matern12" }, { kind: "matern52" }, { kind: "constant" }],
};

/**
 * Gaussian process of several targets with gaps: a row may lack some of them (NaN), and what is measured of one target tells
 * about the others. The covariance of target s at x and target t at x′ is (W Wᵀ)_st k(x, x′) + δ_st κ_t k_t(x, x′):
 * intrinsic coregionalisation (B = W Wᵀ + diag κ) where all k_t are k; they are learned apart, so that targets that have nothing in
 * common need not share length-scales. Each target is standardised and has noise of its own.
 *
 * Held-out predictions leave out a row (its group) with all its targets. `correlation` is of the targets' functions at one place,
 * the mean of the features.
 *
 * @throws DomainError for options outside their range
 * @see Bonilla, Chai & Williams, NIPS 20 (2007); Álvarez, Rosasco & Lawrence, Found. Trends Mach. Learn. 4, 195 (2012),
 * doi:10.1561/2200000036
 * @example
 * const model = await createMultiTask().fit(x, y, { random: createRandom(1) }); // y.values has a column for each target
 * model.targets[1].predictSync(x); // like a model of one target
 */
export function createMultiTask(options: MultiTaskOptions = {}): MultiTask {
  const { covariance, rank = 1, inducing = "auto", starts = 3, maxIterations = 200, level = 0.9 } = options;
  const check = optionCheck("createMultiTask");
  check("rank", rank, Number.isInteger(rank) && rank >= 0, "a whole number of at least 0");
  if (covariance !== undefined) checkCovariance(covariance, "covariance", true);
  const settings = { inducing, starts, maxIterations, level };
  createGaussianProcess(settings); // refuses what it does not take
  const supports: ReadonlySet<LearnerCapability> = new Set<LearnerCapability>(["multiTarget"]);
  return {
    supports,
    module: import.meta.url,
    async fit(x: FeatureMatrix, y: Targets, run: RunContext): Promise<MultiTaskModel> {
      run.signal?.throwIfAborted();
      if (y.weights !== undefined)
        throw new IncompatibleError(`${WHO}: weights are not used by this learner; leave them out`);
      return fitTasks(x, y, { covariance: covariance ?? FEATURES, rank, ...settings }, run);
    },
    toJSON(): Serialized {
      const given = covariance === undefined ? null : (JSON.parse(JSON.stringify(covariance)) as Json);
      return {
        type: "materiome/multi-task-learner",
        version: 1,
        params: { covariance: given, rank, ...settings },
        state: null,
      };
    },
  };
}

interface Settings {
  readonly covariance: Covariance;
  readonly rank: number;
  readonly inducing: number | "auto";
  readonly starts: number;
  readonly maxIterations: number;
  readonly level: number;
}

/** Measured values of one target. */
interface Task {
  readonly rows: Int32Array;
  readonly mean: number;
  readonly scale: number;
}

async function fitTasks(x: FeatureMatrix, y: Targets, settings: Settings, run: RunContext): Promise<MultiTaskModel> {
  const { values, units } = y;
  const rows = checkRows(WHO, x, y, values.rows, false);
  const nTasks = values.columns;
  if (nTasks < 2) {
    throw new ShapeError(`${WHO}: expected at least 2 targets, got ${nTasks}; use createGaussianProcess for one`);
  }
  const tasks = Array.from({ length: nTasks }, (_, t) => standardise(values, t));
  const stacked = stack(x, values, tasks);
  const names = Array.from({ length: nTasks }, (_, t) => `${TASK}${t}`);
  const own = { kind: "coregional", features: names, rank: 0 } as const;
  const joint: Covariance = {
    kind: "coregional",
    features: names,
    rank: settings.rank,
    hasDiagonal: false,
    loadings: settings.rank === 1 ? likeness(values, tasks) : undefined,
  };
  const base = onFeatures(settings.covariance, x.features);
  const covariance: Covariance = {
    kind: "sum",
    terms: [
      { kind: "product", variance: 0.7, terms: [joint, base] },
      ...names.map((_, t): Covariance => {
        const loadings = names.map((_name, s) => (s === t ? 1 : 0));
        const one = { kind: "coregional", features: names, hasDiagonal: false, loadings, fixed: ["loadings"] } as const;
        return { kind: "product", variance: 0.3, terms: [one, base] };
      }),
      { kind: "product", variance: 0.02, fixed: ["variance"], terms: [{ kind: "white" }, own] },
      ...(rows.isGrouped
        ? [{ kind: "product", variance: 0.02, fixed: ["variance"], terms: [{ kind: "group" }, own] } as const]
        : []),
    ],
  };
  const { inducing, starts, maxIterations, level } = settings;
  const learner = createGaussianProcess({ covariance, noise: LEAST_NOISE, inducing, starts, maxIterations, level });
  const process = await learner.fit(
    stacked.x,
    {
      kind: "regression",
      values: createMatrix(stacked.y.length, 1, stacked.y),
      units: [""],
      groups: stacked.from.map((i) => rows.groups[i] as number), // rows of x
    },
    run,
  );
  const correlation = correlationOf(process, stacked.x, nTasks);
  let at = 0;
  const targets = tasks.map(({ rows: measured, mean, scale }, task) => {
    const heldOut = {
      mean: new Float64Array(x.rows).fill(Number.NaN),
      variance: new Float64Array(x.rows).fill(Number.NaN),
    };
    for (const i of measured) {
      heldOut.mean[i] = mean + scale * (process.heldOut?.mean[at] as number); // one for each measured value
      heldOut.variance[i] = scale ** 2 * (process.heldOut?.variance[at] as number);
      at++;
    }
    return createForwardModel({
      predictor: taskPredictor({
        process: process.predictor as ProcessPredictor,
        told: { task, nTasks },
        mean: tasks.map((one) => one.mean),
        scale: tasks.map((one) => one.scale),
      }),
      features: x.features,
      unit: units[task] ?? "",
      level,
      calibration: calibrate(column(values, task), heldOut.mean, heldOut.variance),
      heldOut,
      report: { measured: measured.length },
    });
  });
  return createMultiTaskModel({ targets, correlation, report: process.report });
}

function column({ rows, columns, data }: Matrix, t: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) => data[i * columns + t] as number); // t < columns
}

function standardise(values: Matrix, t: number): Task {
  const data = column(values, t);
  const bad = data.findIndex((value) => !Number.isFinite(value) && !Number.isNaN(value));
  if (bad >= 0)
    throw new DomainError(`${WHO}: target ${t} of row ${bad} is ${data[bad]}; expected a number, or NaN for none`);
  const rows = Int32Array.from(data.keys()).filter((i) => !Number.isNaN(data[i]));
  if (rows.length < 2) {
    throw new DataError(
      `${WHO}: target ${t} is measured in ${rows.length} rows; give at least 2, or leave the target out`,
    );
  }
  const measured = Float64Array.from(rows, (i) => data[i] as number); // of these rows
  return { rows, ...standardiseTask(measured) };
}

/** Rows of the process: the measured values of the first target, of the second, … */
function stack(
  x: FeatureMatrix,
  values: Matrix,
  tasks: readonly Task[],
): { readonly x: FeatureMatrix; readonly y: Float64Array; readonly from: Int32Array } {
  const d = x.columns;
  const nTasks = tasks.length;
  const from = Int32Array.from(tasks.flatMap(({ rows }) => Array.from(rows)));
  const all = createMatrix(from.length, d + nTasks);
  const y = new Float64Array(from.length);
  let at = 0;
  for (const [t, { rows, mean, scale }] of tasks.entries()) {
    for (const i of rows) {
      all.data.set(x.data.subarray(i * d, (i + 1) * d), at * (d + nTasks));
      all.data[at * (d + nTasks) + d + t] = 1;
      y[at++] = ((values.data[i * nTasks + t] as number) - mean) / scale; // t < nTasks
    }
  }
  const names = tasks.map((_, t) => ({ name: `${TASK}${t}`, unit: "", source: [TASK] }));
  return { x: { ...all, features: [...x.features, ...names] }, y, from };
}

/** Correlation of each target with the first where rows have both, a half where none has: the search starts there. */
function likeness(values: Matrix, tasks: readonly Task[]): number[] {
  const nTasks = tasks.length;
  return tasks.map((task, t) => {
    const first = (i: number): number => values.data[i * nTasks] as number; // at least one target
    const both = task.rows.filter((i) => !Number.isNaN(first(i)));
    const [a, b] = [
      Float64Array.from(both, first),
      Float64Array.from(both, (i) => values.data[i * nTasks + t] as number),
    ];
    if (both.length < 2) return 0.5;
    const [own, other] = [standardiseTask(a), standardiseTask(b)];
    const products = a.map(
      (value, k) => ((value - own.mean) / own.scale) * (((b[k] as number) - other.mean) / other.scale),
    );
    return products.reduce((sum, value) => sum + value, 0) / both.length;
  });
}

/** Correlations of the functions, before any measurement, at the mean of the features. */
function correlationOf({ predictor }: GaussianProcessModel, x: FeatureMatrix, nTasks: number): Matrix {
  const { root, theta, scaling } = readProcess(predictor.encode(), x.columns);
  const places = createMatrix(nTasks, x.columns);
  for (let t = 0; t < nTasks; t++) {
    places.data.set(scaling.mean, t * x.columns);
    for (let s = 0; s < nTasks; s++) places.data[(t + 1) * x.columns - nTasks + s] = s === t ? 1 : 0;
  }
  const rows = bindRows(root, places, scaling);
  setHyperparameters(rows, theta);
  const out = createMatrix(nTasks, nTasks);
  for (let t = 0; t < nTasks; t++) {
    setPointToRow(rows, t);
    evaluateRow(rows, nTasks, -1);
    out.data.set(rows.values, t * nTasks);
  }
  const deviations = Array.from({ length: nTasks }, (_, t) => Math.sqrt(out.data[t * (nTasks + 1)] as number));
  const data = out.data.map((value, at) => {
    const [s, t] = [Math.floor(at / nTasks), at % nTasks];
    return s === t ? 1 : value / ((deviations[s] as number) * (deviations[t] as number)); // s, t < nTasks
  });
  return { ...out, data };
}
