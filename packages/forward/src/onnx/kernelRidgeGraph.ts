import type { Matrix } from "@materiome/core";
import type { Standardiser } from "../linear/standardiser.ts";
import type { CovarianceName } from "../neighbours/covariance.ts";
import { kernelWeights, readKernelRidge } from "../neighbours/kernelRidgePredictor.ts";
import { readSupportVectors } from "../neighbours/supportVectorPredictor.ts";
import { addDistances } from "./distanceGraph.ts";
import { addStandardised } from "./linearGraph.ts";
import type { OnnxGraph, OnnxMatrix } from "./onnxGraph.ts";
import { addStationary } from "./stationaryGraph.ts";
import type { Stored } from "./stored.ts";

/** Rows that a function is made of: constant + Σ weight · covariance with the row. */
interface WeightedRows {
  readonly standardiser: Standardiser;
  readonly points: Matrix;
  readonly covariance: CovarianceName;
  readonly lengthScale: number;
}

/** Mean of kernel ridge: a constant and weighted covariances with the training rows. */
export function addKernelRidge(graph: OnnxGraph, stored: Stored, x: OnnxMatrix): string {
  const fit = readKernelRidge(stored, x.columns);
  const { weights, constant } = kernelWeights(fit);
  return addCovarianceSum(graph, fit, weights, constant, x);
}

/** Mean of support vector regression: the same with the rows that carry weight, in units of the target. */
export function addSupportVectors(graph: OnnxGraph, stored: Stored, x: OnnxMatrix): string {
  const fit = readSupportVectors(stored, x.columns);
  const { mean, scale } = fit.target;
  const weights = fit.beta.map((weight) => scale * weight);
  return addCovarianceSum(graph, fit, weights, mean + scale * fit.offset, x);
}

function addCovarianceSum(
  graph: OnnxGraph,
  { standardiser, points, covariance, lengthScale }: WeightedRows,
  weights: Float64Array,
  constant: number,
  x: OnnxMatrix,
): string {
  const [n, m] = [points.rows, points.columns];
  if (m === 0) return graph.constantColumn(x, constant + weights.reduce((sum, weight) => sum + weight, 0));
  const scaled = { ...standardiser, scale: standardiser.scale.map((scale) => scale * lengthScale) };
  const columns = graph.split(addStandardised(graph, scaled, x));
  const coordinates = Float64Array.from(
    { length: m * n },
    (_, at) => (points.data[(at % n) * m + Math.floor(at / n)] as number) / lengthScale, // below n × m
  );
  const isLaplacian = covariance === "laplacian";
  const distances = addDistances(graph, columns, coordinates, n, isLaplacian ? 1 : 2);
  const values = isLaplacian
    ? graph.add("Exp", [graph.add("Neg", [distances])])
    : addStationary(graph, covariance, distances);
  const sum = graph.add("MatMul", [values, graph.numbers(weights, [n, 1])]);
  return graph.add("Add", [sum, graph.scalar(constant)]);
}
