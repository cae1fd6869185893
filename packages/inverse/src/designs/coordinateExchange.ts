import { createMatrix, isMateriomeError, type Matrix, type Random } from "@materiome/core";
import { cholesky, choleskyInverse, choleskyLogDeterminant, multiplyMatrices } from "@materiome/core/numerics";
import { informationUpdate } from "../kernels/index.ts";

/** What is to be made best, with all checks done. */
export interface ExchangeProblem {
  readonly nFactors: number;
  readonly nRuns: number;
  /** Coefficients, block effects included. */
  readonly p: number;
  readonly hard: ReadonlySet<number>;
  /** Whole plot of each run, rising. */
  readonly wholePlots: Int32Array;
  /** η; 0 where runs are independent. */
  readonly plotVariance: number;
  readonly existing: Matrix;
  /** Values that each factor may take. */
  readonly values: readonly (readonly number[])[];
  readonly isAllowed: (run: Float64Array) => boolean;
  readonly criterion: "D" | "I";
  /** [p, p] */
  readonly moments: Matrix;
  /** Model columns of run i (−1: a run made before). */
  readonly write: (run: ArrayLike<number>, i: number, out: Float64Array, at: number) => void;
}

export interface ExchangeOutcome {
  readonly runs: Matrix;
  readonly logDeterminant: number;
  readonly meanVariance: number;
}

const MOST_PASSES = 50;
const START_TRIES = 30;
const PLOT_TRIES = 40;
const RUN_TRIES = 50;

/** Coordinate exchange for one problem; `improve` goes from one random start to its local optimum. */
export function createExchange(problem: ExchangeProblem): {
  improve(random: Random): ExchangeOutcome | undefined;
} {
  const { nFactors: k, nRuns, p, hard, wholePlots, plotVariance, existing, values, isAllowed, criterion } = problem;
  const members = membersOf(wholePlots);
  const largest = Math.max(...members.map((rows) => rows.length));
  const rMost = 2 * largest + 2;
  const work = new Float64Array(2 * rMost * p + 3 * rMost * rMost);
  const f = new Float64Array(rMost * p);
  const c = new Float64Array(rMost);
  const out = new Float64Array(2);
  const shrink = (size: number): number => plotVariance / (1 + plotVariance * size);

  return {
    improve(random) {
      const runs = start(random);
      if (runs === undefined) return undefined;
      const x = createMatrix(nRuns, p);
      for (let i = 0; i < nRuns; i++) problem.write(rowOf(runs, i), i, x.data, i * p);
      let state = stateOf(x);
      if (state === undefined) return undefined;
      for (let pass = 0; pass < MOST_PASSES; pass++) {
        let isBetter = false;
        for (let i = 0; i < nRuns; i++) {
          for (let j = 0; j < k; j++) {
            const plot = members[wholePlots[i] as number] as readonly number[]; // a plot for each run
            if (hard.has(j) && plot[0] !== i) continue;
            const moved = bestValue(runs, x, state, hard.has(j) ? plot : [i], plot, j);
            if (moved === undefined) continue;
            const rows = hard.has(j) ? plot : [i];
            for (const row of rows) {
              runs.data[row * k + j] = moved;
              problem.write(rowOf(runs, row), row, x.data, row * p);
            }
            const next = stateOf(x);
            if (next === undefined) return undefined;
            state = next;
            isBetter = true;
          }
        }
        if (!isBetter) break;
      }
      return { runs, logDeterminant: state.logDeterminant, meanVariance: state.meanVariance };
    },
  };

  /** The value of coordinate j of these rows that betters the criterion most; undefined where none does. */
  function bestValue(
    runs: Matrix,
    x: Matrix,
    state: State,
    rows: readonly number[],
    plot: readonly number[],
    j: number,
  ): number | undefined {
    const before = runs.data[(rows[0] as number) * k + j] as number; // at least one row
    let best: number | undefined;
    let most = criterion === "D" ? 1 + 1e-8 : -1e-9 * state.meanVariance;
    const correlated = plotVariance > 0;
    for (const value of values[j] as readonly number[]) {
      if (value === before) continue;
      // F: new and old rows, then the plot's sums, which correlation takes off.
      const width = 2 * rows.length + (correlated ? 2 : 0);
      let isPossible = true;
      if (correlated) {
        const [to, from] = [2 * rows.length * p, (2 * rows.length + 1) * p];
        f.fill(0, to, from + p);
        for (const row of plot) {
          for (let q = 0; q < p; q++) f[from + q] = (f[from + q] as number) + (x.data[row * p + q] as number);
        }
        f.copyWithin(to, from, from + p);
      }
      rows.forEach((row, r) => {
        const changed = Float64Array.from(rowOf(runs, row));
        changed[j] = value;
        if (!isAllowed(changed)) isPossible = false;
        problem.write(changed, row, f, 2 * r * p);
        f.set(x.data.subarray(row * p, (row + 1) * p), (2 * r + 1) * p);
        c[2 * r] = 1;
        c[2 * r + 1] = -1;
        if (!correlated) return;
        const to = 2 * rows.length * p;
        for (let q = 0; q < p; q++) {
          f[to + q] = (f[to + q] as number) + (f[2 * r * p + q] as number) - (f[(2 * r + 1) * p + q] as number);
        }
      });
      if (!isPossible) continue;
      if (correlated) {
        c[2 * rows.length] = -shrink(plot.length);
        c[2 * rows.length + 1] = shrink(plot.length);
      }
      informationUpdate(width, p, f, c, state.inverse.data, state.weighted.data, work, out);
      const gain = criterion === "D" ? (out[0] as number) : -(out[1] as number);
      if (gain > most && (out[0] as number) > 1e-9) [most, best] = [gain, value];
    }
    return best;
  }

  function stateOf(x: Matrix): State | undefined {
    const information = createMatrix(p, p);
    const add = (row: Float64Array, weight: number): void => {
      for (let a = 0; a < p; a++) {
        const scaled = weight * (row[a] as number);
        if (scaled === 0) continue;
        for (let b = 0; b < p; b++) {
          information.data[a * p + b] = (information.data[a * p + b] as number) + scaled * (row[b] as number);
        }
      }
    };
    const made = new Float64Array(p);
    for (let i = 0; i < existing.rows; i++) {
      problem.write(rowOf(existing, i), -1, made, 0);
      add(made, 1);
    }
    for (const plot of members) {
      const sum = new Float64Array(p);
      for (const row of plot) {
        const columns = rowOf(x, row);
        add(columns, 1);
        for (let q = 0; q < p; q++) sum[q] = (sum[q] as number) + (columns[q] as number);
      }
      if (plotVariance > 0) add(sum, -shrink(plot.length));
    }
    try {
      const factor = cholesky(information);
      const inverse = choleskyInverse(factor);
      const half = multiplyMatrices(inverse, problem.moments);
      let meanVariance = 0;
      for (let a = 0; a < p; a++) meanVariance += half.data[a * p + a] as number;
      if (!(meanVariance < 1e10)) return undefined;
      return {
        inverse,
        weighted: multiplyMatrices(half, inverse),
        logDeterminant: choleskyLogDeterminant(factor),
        meanVariance,
      };
    } catch (error) {
      if (isMateriomeError(error) && error.code === "DATA") return undefined; // singular: another start
      throw error;
    }
  }

  /** Random allowed runs of full rank. */
  function start(random: Random): Matrix | undefined {
    for (let attempt = 0; attempt < START_TRIES; attempt++) {
      const stream = random.fork(attempt);
      const runs = createMatrix(nRuns, k);
      const isDrawn = members.every((plot) => drawPlot(runs, plot, stream));
      if (!isDrawn) return undefined;
      const x = createMatrix(nRuns, p);
      for (let i = 0; i < nRuns; i++) problem.write(rowOf(runs, i), i, x.data, i * p);
      if (stateOf(x) !== undefined) return runs;
    }
    return undefined;
  }

  function drawPlot(runs: Matrix, plot: readonly number[], random: Random): boolean {
    const draw = (j: number): number => {
      const list = values[j] as readonly number[];
      return list[random.int(list.length)] as number; // below length
    };
    for (let attempt = 0; attempt < PLOT_TRIES; attempt++) {
      const shared = Array.from({ length: k }, (_, j) => (hard.has(j) ? draw(j) : 0));
      const isDone = plot.every((row) => {
        for (let tries = 0; tries < RUN_TRIES; tries++) {
          const run = Float64Array.from(shared, (value, j) => (hard.has(j) ? value : draw(j)));
          if (!isAllowed(run)) continue;
          runs.data.set(run, row * k);
          return true;
        }
        return false;
      });
      if (isDone) return true;
    }
    return false;
  }
}

interface State {
  readonly inverse: Matrix;
  /** M⁻¹ W M⁻¹ */
  readonly weighted: Matrix;
  readonly logDeterminant: number;
  readonly meanVariance: number;
}

function membersOf(plots: Int32Array): readonly (readonly number[])[] {
  const members: number[][] = [];
  plots.forEach((plot, row) => {
    members[plot] ??= [];
    members[plot].push(row);
  });
  return members;
}

function rowOf(matrix: Matrix, i: number): Float64Array {
  return matrix.data.subarray(i * matrix.columns, (i + 1) * matrix.columns);
}
