import {
  shapeSlope,
  weightedDifferences,
  weightedPairRow,
  weightedPhases,
  weightedSquares,
  weightedSums,
} from "../kernels/index.ts";
import { addTaskGradient } from "./coregionalTasks.ts";
import type { RowNode } from "./covarianceRows.ts";
import type { PairBlock } from "./pairBlocks.ts";
import type { Scaling } from "./scaling.ts";

/*
 * Gradients of a covariance row that `evaluateRow` has evaluated: by the hyper-parameters, summed over rows, and by the point.
 */

/** The sums of {@link addRowGradient} by block, each in the place of its first column. */
function addBlockSums(row: RowNode, blocks: readonly PairBlock[], count: number, weights: Float64Array): void {
  const { sums, inverse } = row;
  for (const { column, pairs } of blocks) {
    const part = (inverse[column] as number) ** 2 * weightedPairRow(count, pairs, weights); // a column of the node
    sums[column] = (sums[column] as number) + part;
  }
}

/** Passes weights of the covariances in `values` down the tree, as the rules for sums and products say. */
function passDown(row: RowNode, count: number, weights: Float64Array): void {
  const { node, terms, variance } = row;
  for (const term of terms) {
    const { incoming } = term;
    for (let j = 0; j < count; j++) incoming[j] = variance * (weights[j] as number);
    if (node.kind === "sum") continue;
    for (const other of terms) {
      if (other === term) continue;
      for (let j = 0; j < count; j++) incoming[j] = (incoming[j] as number) * (other.values[j] as number);
    }
  }
}

/** Adds the part of one evaluated row to the sums from which {@link takeGradient} makes ∂ Σ w k / ∂ log hyper-parameter. */
export function addRowGradient(row: RowNode, count: number, weights: Float64Array): void {
  const { node, terms, n, m, z, point, values, slopes, sums, scratch } = row;
  if (node.variance >= 0) {
    let sum = 0;
    for (let j = 0; j < count; j++) sum += (weights[j] as number) * (values[j] as number);
    row.varianceSum += sum;
  }
  if (terms.length > 0) {
    passDown(row, count, weights);
    for (const term of terms) addRowGradient(term, count, term.incoming);
    return;
  }
  if (node.kind === "linear") {
    if (node.lengths.every((index) => index < 0)) return;
    if (row.blocks !== undefined) {
      for (let j = 0; j < count; j++) slopes[j] = row.variance * (weights[j] as number);
      addBlockSums(row, row.blocks, count, slopes);
      return;
    }
    scratch.fill(0);
    weightedSums(count, n, m, z, weights, scratch);
    for (let c = 0; c < m; c++) {
      sums[c] = (sums[c] as number) + row.variance * (point[c] as number) * (scratch[c] as number);
    }
    return;
  }
  if (node.kind === "coregional") {
    const { tasks, betweenSums } = row;
    const at = row.task * Math.sqrt(betweenSums.length);
    for (let j = 0; j < count; j++) {
      const cell = at + (tasks[j] as number); // j < n
      betweenSums[cell] = (betweenSums[cell] as number) + row.variance * (weights[j] as number);
    }
    return;
  }
  if (m === 0) return;
  if (node.shape >= 0) row.shapeSum += shapeSlope(row.shape, row.variance, count, values, weights);
  for (let j = 0; j < count; j++) slopes[j] = (slopes[j] as number) * (weights[j] as number);
  if (row.blocks !== undefined) addBlockSums(row, row.blocks, count, slopes);
  else weightedSquares(count, n, m, z, point, slopes, sums);
  if (node.kind === "periodic") {
    weightedPhases(count, n, node.columns.length, row.phases, row.phase, slopes, row.phaseSums);
  }
}

/** Adds the gradient by the logarithms of the hyper-parameters `theta` to `gradient` and starts the sums again. */
export function takeGradient(row: RowNode, theta: Float64Array, gradient: Float64Array): void {
  const { node, sums, phaseSums, inverse } = row;
  const add = (index: number, value: number): void => {
    if (index >= 0) gradient[index] = (gradient[index] as number) + value; // the program numbered them
  };
  add(node.variance, row.varianceSum);
  add(node.shape, row.shapeSum);
  if (node.kind === "coregional") addTaskGradient(node, row.betweenSums, theta, add);
  for (let c = 0; c < node.lengths.length; c++) {
    const square =
      node.kind === "periodic" ? (sums[2 * c] as number) + (sums[2 * c + 1] as number) : (sums[c] as number);
    add(node.lengths[c] as number, -2 * square);
    if (node.kind === "periodic") {
      add(node.periods[c] as number, -2 * (inverse[c] as number) ** 2 * (phaseSums[c] as number));
    }
  }
  row.varianceSum = 0;
  row.shapeSum = 0;
  sums.fill(0);
  phaseSums.fill(0);
  row.betweenSums.fill(0);
  for (const term of row.terms) takeGradient(term, theta, gradient);
}

/** Adds factor · ∂ Σ_j w_j k(point, row j) / ∂ raw features of the point to `out`, which starts at `at`. */
export function addInputGradient(
  row: RowNode,
  count: number,
  weights: Float64Array,
  factor: number,
  scaling: Scaling,
  out: Float64Array,
  at: number,
): void {
  const { node, terms, n, m, z, point, slopes, scratch, inverse, frequency } = row;
  if (terms.length > 0) {
    passDown(row, count, weights);
    for (const term of terms) addInputGradient(term, count, term.incoming, factor, scaling, out, at);
    return;
  }
  if (m === 0) return;
  scratch.fill(0);
  if (node.kind === "linear") {
    weightedSums(count, n, m, z, weights, scratch);
    for (let c = 0; c < m; c++) scratch[c] = (scratch[c] as number) * row.variance;
  } else {
    const products = row.incoming;
    for (let j = 0; j < count; j++) products[j] = 2 * (weights[j] as number) * (slopes[j] as number);
    weightedDifferences(count, n, m, z, point, products, scratch);
  }
  for (const [c, f] of node.columns.entries()) {
    const perUnit = node.kind === "categorical" ? 1 : 1 / (scaling.scale[f] as number); // f is a feature
    const slope =
      node.kind === "periodic"
        ? (frequency[c] as number) *
          ((scratch[2 * c + 1] as number) * (point[2 * c] as number) -
            (scratch[2 * c] as number) * (point[2 * c + 1] as number))
        : (scratch[c] as number) * (inverse[c] as number);
    out[at + f] = (out[at + f] as number) + factor * slope * perUnit;
  }
}
