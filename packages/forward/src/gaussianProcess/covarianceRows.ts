import type { Matrix } from "@materiome/core";
import {
  addPairRow,
  dotRow,
  MATERN_12,
  MATERN_32,
  MATERN_52,
  RATIONAL_QUADRATIC,
  RBF,
  squaredDistanceRow,
  stationaryRow,
} from "../kernels/index.ts";
import { setTasks, taskOf } from "./coregionalTasks.ts";
import { type PairBlock, pairBlocks } from "./pairBlocks.ts";
import { countTasks, type ProgramNode } from "./program.ts";
import type { Scaling } from "./scaling.ts";

/*
 * A covariance is evaluated one row at a time: between one point and the first `count` of n rows. The same steps serve
 * training (the rows before and including a row), prediction and both gradients, and their buffers stay in the cache.
 */

/** A node of the program with the rows it is evaluated against, and room for one row of results. */
export interface RowNode {
  readonly node: ProgramNode;
  readonly terms: readonly RowNode[];
  readonly n: number;
  readonly groups: Int32Array | undefined;
  /** Standardised features of the rows, column by column; unscaled for `categorical`. */
  readonly base: Float64Array;
  /** Coordinates per point: columns, or twice as many for `periodic`. */
  readonly m: number;
  /** Coordinates divided by length-scales, [m, n]; of the point, [m]. */
  readonly z: Float64Array;
  readonly point: Float64Array;
  /** 1 / ℓ of each column. */
  readonly inverse: Float64Array;
  /** 2π / period of each column, and the phases of the rows and of the point. */
  readonly frequency: Float64Array;
  readonly phases: Float64Array;
  readonly phase: Float64Array;
  readonly values: Float64Array;
  readonly slopes: Float64Array;
  /** Weights that reach this node from the one above. */
  readonly incoming: Float64Array;
  /** Sums over rows for the gradients: by coordinate, and scratch for one row. */
  readonly sums: Float64Array;
  readonly scratch: Float64Array;
  readonly phaseSums: Float64Array;
  /** Of a coregional covariance: tasks of the rows, B with a last row for no known task, and sums of weights by pair of tasks. */
  readonly tasks: Int32Array;
  readonly between: Float64Array;
  readonly betweenSums: Float64Array;
  task: number;
  /** Of the rows among themselves, where they were asked for and pay. */
  readonly blocks: readonly PairBlock[] | undefined;
  variance: number;
  shape: number;
  varianceSum: number;
  shapeSum: number;
}

const FAMILIES: Readonly<Record<string, number>> = {
  rbf: RBF,
  categorical: RBF,
  periodic: RBF,
  matern12: MATERN_12,
  matern32: MATERN_32,
  matern52: MATERN_52,
  rationalQuadratic: RATIONAL_QUADRATIC,
};

/**
 * Prepares a program for rows of raw features; hyper-parameters are given by {@link setHyperparameters}.
 *
 * @param isAmongItself - the point is always one of the rows and evaluated against the rows before and including it
 */
export function bindRows(
  node: ProgramNode,
  x: Matrix,
  scaling: Scaling,
  groups?: Int32Array,
  isAmongItself = false,
): RowNode {
  const n = x.rows;
  const nColumns = node.columns.length;
  const isPeriodic = node.kind === "periodic";
  const isCoregional = node.kind === "coregional";
  const m = isCoregional ? 0 : isPeriodic ? 2 * nColumns : nColumns;
  const nCodes = isCoregional ? countTasks(nColumns) + 1 : 0;
  const base = new Float64Array(nColumns * n);
  for (const [c, f] of node.columns.entries()) {
    for (let i = 0; i < n; i++) base[c * n + i] = standardised(node, scaling, f, x.data[i * x.columns + f] as number); // f < columns
  }
  return {
    node,
    terms: node.terms.map((term) => bindRows(term, x, scaling, groups, isAmongItself)),
    n,
    groups,
    base,
    m,
    z: new Float64Array(m * n),
    point: new Float64Array(m),
    inverse: new Float64Array(nColumns),
    frequency: new Float64Array(nColumns),
    phases: new Float64Array(isPeriodic ? nColumns * n : 0),
    phase: new Float64Array(nColumns),
    values: new Float64Array(n),
    slopes: new Float64Array(n),
    incoming: new Float64Array(n),
    sums: new Float64Array(m),
    scratch: new Float64Array(m),
    phaseSums: new Float64Array(nColumns),
    tasks: isCoregional
      ? Int32Array.from({ length: n }, (_, i) => taskOf(node.columns, x.data, i * x.columns))
      : new Int32Array(0),
    between: new Float64Array(nCodes * nCodes),
    betweenSums: new Float64Array(nCodes * nCodes),
    task: 0,
    blocks: isAmongItself ? pairBlocks(node, n, base) : undefined,
    variance: 1,
    shape: 1,
    varianceSum: 0,
    shapeSum: 0,
  };
}

function standardised(node: ProgramNode, { mean, scale }: Scaling, f: number, value: number): number {
  return node.kind === "categorical" ? value : (value - (mean[f] as number)) / (scale[f] as number); // f is a feature
}

/** Sets the hyper-parameters from their logarithms. */
export function setHyperparameters(row: RowNode, theta: Float64Array): void {
  const { node, n, base, z, phases, inverse, frequency } = row;
  const hyperparameter = (index: number): number => (index < 0 ? 1 : Math.exp(theta[index] as number)); // the program numbered them
  row.variance = hyperparameter(node.variance);
  row.shape = hyperparameter(node.shape);
  if (node.kind === "coregional") {
    setTasks(node, theta, row.between);
    return;
  }
  for (let c = 0; c < node.columns.length; c++) {
    inverse[c] = 1 / hyperparameter(node.lengths[c] as number); // as many as columns
    const scale = inverse[c] as number;
    if (node.kind !== "periodic") {
      for (let at = c * n; at < (c + 1) * n; at++) z[at] = (base[at] as number) * scale;
      continue;
    }
    frequency[c] = (2 * Math.PI) / hyperparameter(node.periods[c] as number);
    for (let i = 0; i < n; i++) {
      const phase = (base[c * n + i] as number) * (frequency[c] as number);
      phases[c * n + i] = phase;
      z[2 * c * n + i] = Math.cos(phase) * scale;
      z[(2 * c + 1) * n + i] = Math.sin(phase) * scale;
    }
  }
  for (const term of row.terms) setHyperparameters(term, theta);
}

/** Makes row i the point. */
export function setPointToRow(row: RowNode, i: number): void {
  const { n, m, z, point, phases, phase } = row;
  for (let c = 0; c < m; c++) point[c] = z[c * n + i] as number; // c < m
  if (row.node.kind === "coregional") row.task = row.tasks[i] as number; // i < n
  if (row.node.kind === "periodic") for (let c = 0; c < phase.length; c++) phase[c] = phases[c * n + i] as number;
  for (const term of row.terms) setPointToRow(term, i);
}

/** Makes a row of raw features, which start at `at`, the point. */
export function setPoint(row: RowNode, x: Float64Array, at: number, scaling: Scaling): void {
  const { node, point, inverse, frequency, phase } = row;
  if (node.kind === "coregional") {
    row.task = taskOf(node.columns, x, at);
    return;
  }
  for (const [c, f] of node.columns.entries()) {
    const value = standardised(node, scaling, f, x[at + f] as number); // f < columns
    const scale = inverse[c] as number;
    if (node.kind !== "periodic") {
      point[c] = value * scale;
      continue;
    }
    phase[c] = value * (frequency[c] as number);
    point[2 * c] = Math.cos(phase[c] as number) * scale;
    point[2 * c + 1] = Math.sin(phase[c] as number) * scale;
  }
  for (const term of row.terms) setPoint(term, x, at, scaling);
}

/** Where there is one row: makes it the point. */
export function setOnlyRowToPoint(row: RowNode): void {
  row.z.set(row.point);
  row.tasks.fill(row.task);
  if (row.node.kind === "periodic") row.phases.set(row.phase);
  for (const term of row.terms) setOnlyRowToPoint(term);
}

/** Fills `values` of every node with the covariances of the point and the first `count` rows; `self` is the point's own row, or −1. */
export function evaluateRow(row: RowNode, count: number, self: number): void {
  const { node, terms, n, m, z, point, values, slopes, variance } = row;
  for (const term of terms) evaluateRow(term, count, self);
  switch (node.kind) {
    case "constant":
      values.fill(variance, 0, count);
      return;
    case "white":
      values.fill(0, 0, count);
      if (self >= 0) values[self] = variance;
      return;
    case "group":
      values.fill(0, 0, count);
      for (let j = 0; j < count && self >= 0; j++) {
        if (j === self || (row.groups !== undefined && row.groups[j] === row.groups[self])) values[j] = variance;
      }
      return;
    case "coregional": {
      const { tasks, between, task } = row;
      const at = task * Math.sqrt(between.length);
      for (let j = 0; j < count; j++) values[j] = variance * (between[at + (tasks[j] as number)] as number); // j < n
      return;
    }
    case "linear":
      if (row.blocks === undefined) dotRow(count, n, m, variance, z, point, values);
      else sumBlocks(row, row.blocks, count, variance);
      return;
    case "sum":
    case "product":
      values.fill(node.kind === "sum" ? 0 : variance, 0, count);
      for (const { values: inner } of terms) {
        if (node.kind === "sum")
          for (let j = 0; j < count; j++) values[j] = (values[j] as number) + (inner[j] as number);
        else for (let j = 0; j < count; j++) values[j] = (values[j] as number) * (inner[j] as number);
      }
      if (node.kind === "sum" && variance !== 1) {
        for (let j = 0; j < count; j++) values[j] = (values[j] as number) * variance;
      }
      return;
    default:
      if (row.blocks === undefined) squaredDistanceRow(count, n, m, z, point, values);
      else sumBlocks(row, row.blocks, count, 1);
      stationaryRow(FAMILIES[node.kind] as number, row.shape, variance, count, values, slopes); // every other kind has one
  }
}

/** Fills `values` with factor · Σ of the blocks' pairs of row `count − 1`, divided by the squared length-scales. */
function sumBlocks(row: RowNode, blocks: readonly PairBlock[], count: number, factor: number): void {
  row.values.fill(0, 0, count);
  for (const { column, pairs } of blocks) {
    addPairRow(count, factor * (row.inverse[column] as number) ** 2, pairs, row.values); // a column of the node
  }
}
