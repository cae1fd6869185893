import {
  type Classes,
  type ClassPrediction,
  createMatrix,
  type FeatureMatrix,
  type Matrix,
  type Model,
  type ModelReader,
  type PixelLearner,
  type SyncPredict,
} from "@materiome/core";

/** Class means and common variances of the features: a small learner that is real, fast and needs no other package. */
export function centroidLearner(): PixelLearner {
  return {
    supports: new Set(),
    module: import.meta.url,
    toJSON: () => ({ type: "test/centroid-learner", version: 1, params: null, state: null }),
    async fit(x: FeatureMatrix, y: Classes) {
      const d = x.columns;
      const k = y.labels.length;
      const means = new Array<number>(k * d).fill(0);
      const counts = new Array<number>(k).fill(0);
      for (const [i, code] of y.codes.entries()) {
        counts[code]!++;
        for (let f = 0; f < d; f++) means[code * d + f]! += x.data[i * d + f]!;
      }
      for (let j = 0; j < k * d; j++) means[j]! /= Math.max(1, counts[Math.floor(j / d)]!);
      const variances = new Array<number>(d).fill(1e-6);
      for (const [i, code] of y.codes.entries()) {
        for (let f = 0; f < d; f++) variances[f]! += (x.data[i * d + f]! - means[code * d + f]!) ** 2 / x.rows;
      }
      return centroidModel({ labels: y.labels, names: x.features.map(({ name }) => name), means, variances });
    },
  };
}

interface Centroids {
  readonly labels: readonly string[];
  readonly names: readonly string[];
  readonly means: readonly number[];
  readonly variances: readonly number[];
}

type CentroidModel = Model<FeatureMatrix, ClassPrediction> & SyncPredict<ClassPrediction>;

function centroidModel(state: Centroids): CentroidModel {
  const { labels, names, means, variances } = state;
  const d = names.length;
  const predictSync = (x: Matrix): ClassPrediction => {
    const probabilities = createMatrix(x.rows, labels.length);
    for (let i = 0; i < x.rows; i++) {
      const scores = labels.map((_, c) => {
        let sum = 0;
        for (let f = 0; f < d; f++) sum += (x.data[i * d + f]! - means[c * d + f]!) ** 2 / variances[f]!;
        return -sum / d;
      });
      const top = Math.max(...scores);
      const total = scores.reduce((sum, s) => sum + Math.exp(s - top), 0);
      for (const [c, s] of scores.entries()) probabilities.data[i * labels.length + c] = Math.exp(s - top) / total;
    }
    return { kind: "classification", probabilities, labels };
  };
  return {
    module: import.meta.url,
    predictSync,
    predict: async (x) => predictSync(x),
    toJSON: () => ({ type: "test/centroids", version: 1, params: null, state: JSON.parse(JSON.stringify(state)) }),
    ...{ features: names.map((name) => ({ name, unit: "", source: [] })) },
  };
}

export const reader: ModelReader = {
  types: ["test/centroids"],
  read: async (data) => centroidModel((data as { state: Centroids }).state) as never,
};
export const centroidReader = reader;
