import { DomainError, type Matrix, type Random, shuffle } from "@materiome/core";
import { checkRows } from "./leverages.ts";

export interface IsolationForestOptions {
  /** @defaultValue 100 */
  readonly nTrees?: number | undefined;
  /** Training rows of a tree, drawn without replacement. @defaultValue 256, or all where there are fewer */
  readonly sampleSize?: number | undefined;
  readonly random: Random;
}

interface Node {
  readonly feature: number;
  readonly threshold: number;
  readonly low: Node | undefined;
  readonly high: Node | undefined;
  /** Of leaves: depth, and what rows that were not told apart would add. */
  readonly length: number;
}

/**
 * Isolation score of rows with respect to training rows, 2^(−E[h] / c(ψ)): h is how many random splits of random columns set a row apart in a tree of
 * ψ training rows, c(ψ) what that is on average. Near 1: easily set apart; well below 0.5: in the midst. Columns need no scaling.
 *
 * @param training - [m, d], finite; @param x - [n, d], finite
 * @returns [n], in 0 … 1
 * @throws ShapeError for other columns; DataError for values that are not finite; DomainError for options
 * @see F. T. Liu, K. M. Ting, Z.-H. Zhou, ICDM 2008, doi:10.1109/ICDM.2008.17
 * @example
 * const scores = isolationScores(training, rows, { random: createRandom(1) });
 */
export function isolationScores(training: Matrix, x: Matrix, options: IsolationForestOptions): Float64Array {
  checkRows("isolationScores", training, x);
  const { nTrees = 100, random } = options;
  const { sampleSize = Math.min(256, training.rows) } = options;
  if (!(Number.isInteger(nTrees) && nTrees >= 1)) {
    throw new DomainError(`isolationScores: nTrees must be a whole number of at least 1, got ${nTrees}`);
  }
  if (!(Number.isInteger(sampleSize) && sampleSize >= 2 && sampleSize <= training.rows)) {
    throw new DomainError(
      `isolationScores: sampleSize must be a whole number in 2 … ${training.rows} (the rows there are), got ${sampleSize}`,
    );
  }
  const most = Math.ceil(Math.log2(sampleSize));
  const lengths = new Float64Array(x.rows);
  for (let t = 0; t < nTrees; t++) {
    const stream = random.fork("tree").fork(t);
    const rows = shuffle(training.rows, stream).subarray(0, sampleSize);
    const root = grow(training, rows, 0, most, stream);
    for (let i = 0; i < x.rows; i++) lengths[i] = (lengths[i] as number) + pathLength(root, x, i) / nTrees;
  }
  const usual = averageLength(sampleSize);
  return lengths.map((length) => 2 ** (-length / usual));
}

function grow(training: Matrix, rows: Int32Array, depth: number, most: number, random: Random): Node {
  const leaf = {
    feature: -1,
    threshold: 0,
    low: undefined,
    high: undefined,
    length: depth + averageLength(rows.length),
  };
  if (depth >= most || rows.length <= 1) return leaf;
  const { columns: d, data } = training;
  const at = (row: number, f: number): number => data[row * d + f] as number; // rows and columns of training
  // The first of the columns in random order in which the rows differ.
  for (const feature of shuffle(d, random)) {
    let [least, largest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const row of rows) {
      least = Math.min(least, at(row, feature));
      largest = Math.max(largest, at(row, feature));
    }
    if (!(largest > least)) continue;
    const threshold = Math.min(least + (largest - least) * random.next(), largest);
    const low = rows.filter((row) => at(row, feature) <= threshold);
    const high = rows.filter((row) => at(row, feature) > threshold);
    if (high.length === 0) return leaf; // numbers next to each other
    return {
      ...leaf,
      ...{ feature, threshold, low: grow(training, low, depth + 1, most, random) },
      high: grow(training, high, depth + 1, most, random),
    };
  }
  return leaf;
}

function pathLength(root: Node, x: Matrix, row: number): number {
  let node = root;
  for (;;) {
    const next = (x.data[row * x.columns + node.feature] as number) <= node.threshold ? node.low : node.high;
    if (node.feature < 0 || next === undefined) return node.length;
    node = next;
  }
}

const EULER = 0.5772156649015329;

/** Mean path of an unsuccessful search in a binary tree of n: 2 H(n − 1) − 2 (n − 1) / n. */
function averageLength(n: number): number {
  if (n <= 1) return 0;
  return n === 2 ? 1 : 2 * (Math.log(n - 1) + EULER) - (2 * (n - 1)) / n;
}
