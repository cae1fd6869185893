import { bindRows, type RowNode, setHyperparameters } from "../gaussianProcess/covarianceRows.ts";
import { readProcess } from "../gaussianProcess/processPredictor.ts";
import type { Scaling } from "../gaussianProcess/scaling.ts";
import { addDistances } from "./distanceGraph.ts";
import { addScaled } from "./linearGraph.ts";
import type { OnnxGraph, OnnxMatrix } from "./onnxGraph.ts";
import { addStationary, type Stationary } from "./stationaryGraph.ts";
import type { Stored } from "./stored.ts";

/** Posterior mean of a Gaussian process: weighted covariances with the training rows. */
export function addProcess(graph: OnnxGraph, stored: Stored, x: OnnxMatrix): string {
  const { root, theta, scaling, targetMean, targetScale, x: training, alpha } = readProcess(stored, x.columns);
  const rows = bindRows(root, training, scaling);
  setHyperparameters(rows, theta);
  const weights = alpha.map((value) => targetScale * value);
  const values = addCovariance(graph, rows, graph.inDouble(x), scaling);
  if (typeof values === "number") {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return graph.constantColumn(x, targetMean + values * total);
  }
  const sum = graph.add("MatMul", [values, graph.numbers(weights, [training.rows, 1])]);
  return graph.add("Add", [sum, graph.scalar(targetMean)]);
}

/** Covariances of the samples with the training rows, [nSamples, nRows], or a number that all of them are. */
function addCovariance(graph: OnnxGraph, row: RowNode, x: OnnxMatrix, scaling: Scaling): string | number {
  const { node, terms, variance } = row;
  switch (node.kind) {
    case "constant":
      return variance;
    case "white":
    case "group":
      return 0; // of new rows and new groups
    case "sum":
    case "product": {
      const combine = node.kind === "sum" ? addSum : addProduct;
      const inner = terms.map((term) => addCovariance(graph, term, x, scaling));
      const start = node.kind === "sum" ? 0 : 1;
      const combined = inner.reduce((a, b) => combine(graph, a, b), start);
      return addProduct(graph, combined, variance);
    }
    case "coregional":
      return addTasks(graph, row, x);
    case "linear": {
      if (row.m === 0) return 0;
      const z = addCoordinates(graph, row, x, scaling);
      const coordinates = graph.numbers(
        row.z.map((value) => variance * value),
        [row.m, row.n],
      );
      return graph.add("MatMul", [z.name, coordinates]);
    }
    default: {
      if (row.m === 0) return variance;
      const z = addCoordinates(graph, row, x, scaling);
      const distances = addDistances(graph, graph.split(z), row.z, row.n, 2);
      const kind: Stationary = node.kind === "categorical" || node.kind === "periodic" ? "rbf" : node.kind;
      return addStationary(graph, kind, distances, variance, row.shape);
    }
  }
}

/** Coordinates of the samples as `bindRows` has those of the training rows, in the order of `row.z`. */
function addCoordinates(graph: OnnxGraph, row: RowNode, x: OnnxMatrix, { mean, scale }: Scaling): OnnxMatrix {
  const { node, inverse, frequency } = row;
  const { columns, kind } = node;
  const own = graph.pick(x, columns);
  const of = (values: Float64Array): Float64Array => Float64Array.from(columns, (f) => values[f] as number); // features
  const standardised = kind === "categorical" ? own : addScaled(graph, own, of(mean), of(scale));
  const times = (name: string, factors: Float64Array): string =>
    graph.add("Mul", [name, graph.numbers(factors, [1, columns.length])]);
  if (kind !== "periodic") return { ...own, name: times(standardised.name, inverse) };
  const phase = times(standardised.name, frequency);
  // onnxruntime has no cosine in double precision.
  const ahead = graph.add("Add", [phase, graph.scalar(Math.PI / 2)]);
  const both = graph.join([ahead, phase].map((angle) => times(graph.add("Sin", [angle]), inverse)));
  const pairs = Array.from({ length: row.m }, (_, at) => (at >> 1) + (at & 1) * columns.length);
  return graph.pick({ ...own, name: both, columns: row.m }, pairs);
}

/** B of the task of the sample and those of the rows, from the 0/1 features that tell it. */
function addTasks(graph: OnnxGraph, row: RowNode, x: OnnxMatrix): string {
  const { node, n, tasks, between, variance } = row;
  const nCodes = Math.sqrt(between.length);
  const ofTask = (t: number): Float64Array =>
    Float64Array.from(tasks, (task) => variance * (between[t * nCodes + task] as number)); // both are codes
  const own = graph.pick(x, node.columns);
  if (node.columns.length > 1) {
    const table = node.columns.flatMap((_, t) => Array.from(ofTask(t)));
    return graph.add("MatMul", [own.name, graph.numbers(table, [node.columns.length, n])]);
  }
  const [zero, one] = [ofTask(0), ofTask(1)];
  const step = one.map((value, j) => value - (zero[j] as number)); // as many
  return graph.add("Add", [graph.add("MatMul", [own.name, graph.numbers(step, [1, n])]), graph.numbers(zero, [1, n])]);
}

function addSum(graph: OnnxGraph, a: string | number, b: string | number): string | number {
  if (typeof a === "number" && typeof b === "number") return a + b;
  if (a === 0) return b;
  if (b === 0) return a;
  return graph.add("Add", [inGraph(graph, a), inGraph(graph, b)]);
}

function addProduct(graph: OnnxGraph, a: string | number, b: string | number): string | number {
  if (typeof a === "number" && typeof b === "number") return a * b;
  if (a === 0 || b === 0) return 0;
  if (a === 1) return b;
  if (b === 1) return a;
  return graph.add("Mul", [inGraph(graph, a), inGraph(graph, b)]);
}

function inGraph(graph: OnnxGraph, value: string | number): string {
  return typeof value === "number" ? graph.scalar(value) : value;
}
