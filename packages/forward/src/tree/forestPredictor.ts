import { createMatrix, FormatError, type Json, type Matrix } from "@materiome/core";
import { jackknifeVariance, predictTrees } from "../kernels/index.ts";
import type { Estimates, ProcessPredictor } from "../learner/predictor.ts";
import { type BagCounts, decodeBags, encodeBags } from "./bagCounts.ts";
import { decodeGiven, encodeGiven, type GivenRows, joinGiven, updateMembers } from "./ensembleUpdate.ts";
import { decodeTrees, encodeTrees, type Trees } from "./trees.ts";

/** What a forest knows beside its trees. */
export interface ForestMemory {
  /** Rows that were learned of after the trees had grown: see {@link updateMembers}. */
  readonly given?: GivenRows | undefined;
  /** What each tree was made from: the variance is then that of the infinitesimal jackknife, not that among the trees. */
  readonly bags?: BagCounts | undefined;
}

/**
 * Mean and variance over the trees; leaves hold targets minus `offset`. Each tree is taken as a draw of the function: means, covariances and
 * draws at several points are those of the trees. Predictions are flat between thresholds, so that their gradients are 0.
 */
export function forestPredictor(trees: Trees, offset: number, memory: ForestMemory = {}): ProcessPredictor {
  const { given, bags } = memory;
  const nTrees = trees.treeStart.length - 1;
  const members = (x: Matrix): Matrix =>
    given === undefined
      ? treeValues(trees, offset, x)
      : updateMembers(treeValues(trees, offset, x), treeValues(trees, offset, given.x), given.y);
  const estimate = (x: Matrix): Estimates => {
    if (given === undefined && bags === undefined) return sumTrees(trees, offset, x);
    const values = members(x);
    const { mean, variance } = momentsOf(values, x.rows);
    if (bags !== undefined && given === undefined) {
      return { mean, variance: jackknifeOf(values, bags, new Int32Array(x.rows).fill(-1)) };
    }
    return { mean, variance };
  };
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
      ...momentsOf(members(x), x.rows),
      dMean: createMatrix(x.rows, x.columns),
      dVariance: createMatrix(x.rows, x.columns),
    }),
    condition: (x, y) => forestPredictor(trees, offset, { bags, given: joinGiven(given, x, y) }),
    encode(): { [key: string]: Json } {
      return {
        ...{ kind: "forest", offset, trees: encodeTrees(trees) },
        ...(given === undefined ? {} : { given: encodeGiven(given) }),
        ...(bags === undefined ? {} : { bags: encodeBags(bags) }),
      };
    },
  };
}

/**
 * Variance of the mean at each training row over the trees that did not see its group: what it would be of a row like it.
 *
 * @param groups - of the rows
 */
export function outOfBagJackknife(trees: Trees, x: Matrix, bags: BagCounts, groups: Int32Array): Float64Array {
  return jackknifeOf(treeValues(trees, 0, x), bags, groups);
}

function jackknifeOf({ rows: nTrees, columns: n, data }: Matrix, bags: BagCounts, without: Int32Array): Float64Array {
  const variance = new Float64Array(n);
  jackknifeVariance(nTrees, n, bags.nGroups, data, bags.counts, without, variance);
  return variance;
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
  const { offset, given, bags } = data;
  if (typeof offset !== "number" || typeof data["trees"] !== "object" || data["trees"] === null) {
    throw new FormatError("forest: the stored model lacks its offset or trees; the file is damaged, train again");
  }
  const trees = decodeTrees(data["trees"] as { [key: string]: unknown }, nFeatures);
  return forestPredictor(trees, offset, {
    given: given === undefined ? undefined : decodeGiven(given, nFeatures),
    bags: bags === undefined ? undefined : decodeBags(bags, trees.treeStart.length - 1),
  });
}
