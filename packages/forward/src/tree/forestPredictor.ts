import { createMatrix, FormatError, type Json, type Matrix } from "@materiome/core";
import { predictTrees } from "../kernels/index.ts";
import type { Estimates, ProcessPredictor } from "../learner/predictor.ts";
import { decodeGiven, encodeGiven, type GivenRows, joinGiven, updateMembers } from "./ensembleUpdate.ts";
import { decodeTrees, encodeTrees, type Trees } from "./trees.ts";

/**
 * Mean and variance over the trees; leaves hold targets minus `offset`. Each tree is taken as a draw of the function: means, covariances and
 * draws at several points are those of the trees. Predictions are flat between thresholds, so that their gradients are 0.
 *
 * @param given - rows that were learned of after the trees had grown: see {@link updateMembers}
 */
export function forestPredictor(trees: Trees, offset: number, given?: GivenRows): ProcessPredictor {
  const nTrees = trees.treeStart.length - 1;
  const members = (x: Matrix): Matrix =>
    given === undefined
      ? treeValues(trees, offset, x)
      : updateMembers(treeValues(trees, offset, x), treeValues(trees, offset, given.x), given.y);
  const estimate = (x: Matrix): Estimates =>
    given === undefined ? sumTrees(trees, offset, x) : momentsOf(members(x), x.rows);
  return {
    kind: "forest",
    allowsMissing: true,
    estimate,
    meanParts: () =>
      given === undefined ? { offset, parts: [{ kind: "trees", trees, scale: 1 / nTrees }] } : undefined,
    posterior(x) {
      const values = members(x);
      return { mean: momentsOf(values, x.rows).mean, covariance: covarianceOf(values, x.rows) };
    },
    samplePosterior(x, nSamples, random) {
      const values = members(x);
      const drawn = createMatrix(nSamples, x.rows);
      for (let s = 0; s < nSamples; s++) {
        const t = random.int(nTrees);
        drawn.data.set(values.data.subarray(t * x.rows, (t + 1) * x.rows), s * x.rows);
      }
      return drawn;
    },
    meanVarianceGradient: (x) => ({
      ...estimate(x),
      dMean: createMatrix(x.rows, x.columns),
      dVariance: createMatrix(x.rows, x.columns),
    }),
    condition: (x, y) => forestPredictor(trees, offset, joinGiven(given, x, y)),
    encode(): { [key: string]: Json } {
      const stored = { kind: "forest", offset, trees: encodeTrees(trees) };
      return given === undefined ? stored : { ...stored, given: encodeGiven(given) };
    },
  };
}

function sumTrees(trees: Trees, offset: number, { rows: n, columns: d, data }: Matrix): Estimates {
  const { treeStart, feature, threshold, left, missingLeft } = trees;
  const nTrees = treeStart.length - 1;
  const mean = new Float64Array(n);
  const variance = new Float64Array(n);
  const skip = new Uint8Array(n);
  predictTrees(n, d, data, 0, nTrees, treeStart, feature, threshold, left, missingLeft, skip, mean, variance);
  for (let i = 0; i < n; i++) {
    const centred = (mean[i] as number) / nTrees; // i < n
    variance[i] = Math.max(0, (variance[i] as number) / nTrees - centred * centred);
    mean[i] = centred + offset;
  }
  return { mean, variance };
}

/** [nTrees, rows] */
function treeValues(trees: Trees, offset: number, { rows: n, columns: d, data }: Matrix): Matrix {
  const { treeStart, feature, threshold, left, missingLeft } = trees;
  const nTrees = treeStart.length - 1;
  const values = new Float64Array(nTrees * n).fill(offset);
  const skip = new Uint8Array(n);
  const squares = new Float64Array(n);
  for (let t = 0; t < nTrees; t++) {
    const own = values.subarray(t * n, (t + 1) * n);
    predictTrees(n, d, data, t, t + 1, treeStart, feature, threshold, left, missingLeft, skip, own, squares);
  }
  return createMatrix(nTrees, n, values);
}

function momentsOf({ rows: nTrees, data }: Matrix, n: number): Estimates {
  const mean = new Float64Array(n);
  const variance = new Float64Array(n);
  for (let c = 0; c < nTrees * n; c++) mean[c % n] = (mean[c % n] as number) + (data[c] as number) / nTrees; // [nTrees, n]
  for (let c = 0; c < nTrees * n; c++) {
    const gap = (data[c] as number) - (mean[c % n] as number); // likewise
    variance[c % n] = (variance[c % n] as number) + (gap * gap) / nTrees;
  }
  return { mean, variance };
}

function covarianceOf(values: Matrix, n: number): Matrix {
  const { rows: nTrees, data } = values;
  const { mean } = momentsOf(values, n);
  const covariance = createMatrix(n, n);
  const gaps = new Float64Array(n);
  for (let t = 0; t < nTrees; t++) {
    for (let i = 0; i < n; i++) gaps[i] = (data[t * n + i] as number) - (mean[i] as number); // i < n, here and below
    for (let i = 0; i < n; i++) {
      const gap = gaps[i] as number;
      if (gap === 0) continue;
      for (let j = 0; j < n; j++) {
        covariance.data[i * n + j] = (covariance.data[i * n + j] as number) + gap * (gaps[j] as number);
      }
    }
  }
  for (let c = 0; c < n * n; c++) covariance.data[c] = (covariance.data[c] as number) / nTrees;
  return covariance;
}

export function decodeForest(data: { readonly [key: string]: unknown }, nFeatures: number): ProcessPredictor {
  const { offset, trees, given } = data;
  if (typeof offset !== "number" || typeof trees !== "object" || trees === null) {
    throw new FormatError("forest: the stored model lacks its offset or trees; the file is damaged, train again");
  }
  return forestPredictor(
    decodeTrees(trees as { [key: string]: unknown }, nFeatures),
    offset,
    given === undefined ? undefined : decodeGiven(given, nFeatures),
  );
}
