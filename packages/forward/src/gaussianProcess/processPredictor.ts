import {
  createMatrix,
  decodeArray,
  encodeArray,
  FormatError,
  type Json,
  type Matrix,
  type Random,
} from "@materiome/core";
import { cholesky, sampleMultivariateNormal } from "@materiome/core/numerics";
import type { Predictor, ProcessPredictor } from "../learner/predictor.ts";
import { appendRows } from "./appendRows.ts";
import { informRows } from "./informRows.ts";
import { createPosterior, type ProcessState } from "./posterior.ts";
import { countTasks, LOADING_ZERO, type ProgramNode } from "./program.ts";

/** Largest relative jitter that samples at points close to each other may need. */
const SAMPLE_JITTER = 1e-6;

export function processPredictor(state: ProcessState): ProcessPredictor {
  const posterior = createPosterior(state);
  const { root, theta, scaling, targetMean, targetScale, x: training, lower, alpha, whitened, information } = state;
  return {
    kind: "gaussianProcess",
    allowsMissing: false,
    estimate: (x) => posterior.meanVariance(x, true),
    posterior: posterior.joint,
    meanVarianceGradient: posterior.gradient,
    samplePosterior(x: Matrix, nSamples: number, random: Random): Matrix {
      const { mean, covariance } = posterior.joint(x);
      // A point that the training rows determine has no variance left, and neither jitter nor factor.
      if (covariance.data.every((value) => value === 0)) {
        return createMatrix(
          nSamples,
          mean.length,
          Float64Array.from({ length: nSamples * mean.length }, (_, k) => mean[k % mean.length] as number),
        ); // k % length
      }
      const factor = cholesky(covariance, { maxRelativeJitter: SAMPLE_JITTER });
      return sampleMultivariateNormal(mean, factor.lower, nSamples, random);
    },
    condition: (x, y) =>
      processPredictor(information === undefined ? appendRows(state, x, y) : informRows(state, x, y)),
    encode(): { [key: string]: Json } {
      return {
        kind: "gaussianProcess",
        covariance: root as unknown as Json,
        targetMean,
        targetScale,
        hyperparameters: encodeArray(theta),
        mean: encodeArray(scaling.mean),
        scale: encodeArray(scaling.scale),
        rows: encodeArray(training.data),
        factor: encodeArray(lower),
        alpha: encodeArray(alpha),
        whitened: encodeArray(whitened),
        information: information === undefined ? null : encodeArray(information),
      };
    },
  };
}

/** @throws FormatError if the stored process is damaged */
export function decodeProcess(data: { readonly [key: string]: unknown }, nFeatures: number): Predictor {
  return processPredictor(readProcess(data, nFeatures));
}

/** @throws FormatError if the stored process is damaged */
export function readProcess(data: { readonly [key: string]: unknown }, nFeatures: number): ProcessState {
  const { targetMean, targetScale } = data;
  const array = (name: string): Float64Array => decodeArray(data[name], "f64");
  const theta = array("hyperparameters");
  const [mean, scale, rows, alpha] = [array("mean"), array("scale"), array("rows"), array("alpha")];
  const [lower, whitened] = [array("factor"), array("whitened")];
  const n = alpha.length;
  const information = (data["information"] ?? null) === null ? undefined : array("information");
  if (
    typeof targetMean !== "number" ||
    typeof targetScale !== "number" ||
    mean.length !== nFeatures ||
    scale.length !== nFeatures ||
    rows.length !== n * nFeatures ||
    whitened.length !== n ||
    lower.length !== (n * (n + 1)) / 2 ||
    (information !== undefined && information.length !== lower.length) ||
    !isNode(data["covariance"], nFeatures, theta.length)
  ) {
    throw new FormatError("gaussianProcess: the stored arrays differ in size; the file is damaged, train again");
  }
  return {
    root: data["covariance"],
    theta,
    scaling: { mean, scale },
    targetMean,
    targetScale,
    x: createMatrix(n, nFeatures, rows),
    lower,
    alpha,
    whitened,
    information,
  };
}

const KINDS: readonly unknown[] = [
  ...["rbf", "matern12", "matern32", "matern52", "rationalQuadratic", "periodic"],
  ...["linear", "categorical", "coregional", "constant", "white", "group", "sum", "product"],
];

function isNode(value: unknown, nFeatures: number, nParameters: number): value is ProgramNode {
  const { kind, terms, variance, shape, columns, lengths, periods } = (value ?? {}) as Record<string, unknown>;
  const { loadings = [], diagonal = [] } = (value ?? {}) as Record<string, unknown>;
  const isIndex = (index: unknown): boolean =>
    Number.isInteger(index) && (index as number) >= -1 && (index as number) < nParameters;
  const areIndices = (list: unknown, n: number): boolean =>
    Array.isArray(list) && list.length === n && list.every(isIndex);
  return (
    KINDS.includes(kind) &&
    isIndex(variance) &&
    isIndex(shape) &&
    Array.isArray(columns) &&
    columns.every((f) => Number.isInteger(f) && f >= 0 && f < nFeatures) &&
    (kind === "coregional"
      ? areTasks(loadings, diagonal, columns.length, isIndex)
      : areIndices(lengths, columns.length)) &&
    areIndices(periods, kind === "periodic" ? columns.length : 0) &&
    Array.isArray(terms) &&
    terms.every((term) => isNode(term, nFeatures, nParameters))
  );
}

function areTasks(
  loadings: unknown,
  diagonal: unknown,
  nColumns: number,
  isIndex: (index: unknown) => boolean,
): boolean {
  const nTasks = countTasks(nColumns);
  return (
    Array.isArray(loadings) &&
    loadings.length % nTasks === 0 &&
    loadings.every((index) => index === LOADING_ZERO || isIndex(index)) &&
    Array.isArray(diagonal) &&
    (diagonal.length === 0 || diagonal.length === nTasks) &&
    diagonal.every((index) => isIndex(index) && index >= 0)
  );
}
