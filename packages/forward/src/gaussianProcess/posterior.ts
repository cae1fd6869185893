import { createMatrix, type Matrix } from "@materiome/core";
import { solvePackedLower, solvePackedUpper } from "../kernels/index.ts";
import { addInputGradient } from "./covarianceGradients.ts";
import {
  bindRows,
  evaluateRow,
  setHyperparameters,
  setOnlyRowToPoint,
  setPoint,
  setPointToRow,
} from "./covarianceRows.ts";
import type { ProgramNode } from "./program.ts";
import type { Scaling } from "./scaling.ts";

/** A process conditioned on its training rows; what is stored of it. Target standardised by `targetMean` and `targetScale`. */
export interface ProcessState {
  readonly root: ProgramNode;
  /** Logarithms of the hyper-parameters, the noise last. */
  readonly theta: Float64Array;
  readonly scaling: Scaling;
  readonly targetMean: number;
  readonly targetScale: number;
  /** Training rows as given, [n, d]; of a sparse process the inducing ones. */
  readonly x: Matrix;
  /** Factor L of K with noise (sparse: of K_uu), packed by rows. */
  readonly lower: Float64Array;
  /** Weights of the covariances with the rows in the mean: K⁻¹ y, or L⁻ᵀ S⁻¹ of `whitened`. */
  readonly alpha: Float64Array;
  /** L⁻¹ y, or A D^−½ y with A = L⁻¹ K_uf D^−½: from here conditioning on more rows goes on. */
  readonly whitened: Float64Array;
  /** Of a sparse process: the factor of S = I + A Aᵀ, packed. */
  readonly information: Float64Array | undefined;
}

/** Rows predicted at a time: bounds the memory that the covariances with the training rows take. */
const BLOCK = 256;

export interface MeanVariance {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/** Evaluates a process; all results in units of the target. */
export interface ProcessPosterior {
  /** `withWhite`: adds the variance of white parts of the covariance. */
  meanVariance(x: Matrix, withWhite: boolean): MeanVariance;
  joint(x: Matrix): { readonly mean: Float64Array; readonly covariance: Matrix };
  gradient(x: Matrix): MeanVariance & { readonly dMean: Matrix; readonly dVariance: Matrix };
}

export function createPosterior(state: ProcessState): ProcessPosterior {
  const { root, theta, scaling, targetMean, targetScale, x: training, lower, alpha, information } = state;
  const n = training.rows;
  const rows = bindRows(root, training, scaling);
  setHyperparameters(rows, theta);
  const own = bindRows(root, createMatrix(1, training.columns), scaling);
  setHyperparameters(own, theta);
  const squaredScale = targetScale * targetScale;

  /** Mean of one row; its covariances with the training rows go to `out`. */
  const cross = (x: Matrix, i: number, out: Float64Array): number => {
    setPoint(rows, x.data, i * x.columns, scaling);
    evaluateRow(rows, n, -1);
    out.set(rows.values);
    let sum = 0;
    for (let j = 0; j < n; j++) sum += (out[j] as number) * (alpha[j] as number); // j < n
    return targetMean + targetScale * sum;
  };
  /** Prior variance of one row, which becomes the point and the only row of `own`. */
  const prior = (x: Matrix, i: number, self: number): number => {
    setPoint(own, x.data, i * x.columns, scaling);
    setOnlyRowToPoint(own);
    evaluateRow(own, 1, self);
    return own.values[0] as number; // one row
  };

  return {
    meanVariance(x, withWhite) {
      const mean = new Float64Array(x.rows);
      const variance = new Float64Array(x.rows);
      for (let from = 0; from < x.rows; from += BLOCK) {
        const count = Math.min(BLOCK, x.rows - from);
        const block = new Float64Array(count * n);
        for (let r = 0; r < count; r++) mean[from + r] = cross(x, from + r, block.subarray(r * n, (r + 1) * n));
        solvePackedLower(n, count, lower, block);
        const explained = Float64Array.from({ length: count }, (_, r) => squares(n, block, r));
        if (information !== undefined) {
          solvePackedLower(n, count, information, block);
          for (let r = 0; r < count; r++) explained[r] = (explained[r] as number) - squares(n, block, r);
        }
        for (let r = 0; r < count; r++) {
          const left = prior(x, from + r, withWhite ? 0 : -1) - (explained[r] as number); // r < count
          variance[from + r] = squaredScale * Math.max(0, left); // rounding may leave it below zero
        }
      }
      return { mean, variance };
    },
    joint(x) {
      const m = x.rows;
      const mean = new Float64Array(m);
      const block = new Float64Array(m * n);
      for (let r = 0; r < m; r++) mean[r] = cross(x, r, block.subarray(r * n, (r + 1) * n));
      solvePackedLower(n, m, lower, block);
      const unknown = information === undefined ? undefined : block.slice();
      if (unknown !== undefined && information !== undefined) solvePackedLower(n, m, information, unknown);
      const covariance = createMatrix(m, m);
      const among = bindRows(root, x, scaling);
      setHyperparameters(among, theta);
      for (let r = 0; r < m; r++) {
        setPointToRow(among, r);
        evaluateRow(among, r + 1, -1);
        for (let s = 0; s <= r; s++) {
          let left = among.values[s] as number; // s ≤ r < m
          left -= products(n, block, r, s);
          if (unknown !== undefined) left += products(n, unknown, r, s);
          if (s === r) left = Math.max(0, left);
          covariance.data[r * m + s] = squaredScale * left;
          covariance.data[s * m + r] = squaredScale * left;
        }
      }
      return { mean, covariance };
    },
    gradient(x) {
      const d = x.columns;
      const mean = new Float64Array(x.rows);
      const variance = new Float64Array(x.rows);
      const dMean = createMatrix(x.rows, d);
      const dVariance = createMatrix(x.rows, d);
      const solved = new Float64Array(n);
      const one = Float64Array.of(1);
      for (let i = 0; i < x.rows; i++) {
        mean[i] = cross(x, i, solved);
        addInputGradient(rows, n, alpha, targetScale, scaling, dMean.data, i * d);
        solvePackedLower(n, 1, lower, solved);
        let explained = squares(n, solved, 0);
        if (information !== undefined) {
          const unknown = solved.slice();
          solvePackedLower(n, 1, information, unknown);
          explained -= squares(n, unknown, 0);
          solvePackedUpper(n, 1, information, unknown);
          for (let j = 0; j < n; j++) solved[j] = (solved[j] as number) - (unknown[j] as number); // j < n
        }
        variance[i] = squaredScale * Math.max(0, prior(x, i, -1) - explained);
        solvePackedUpper(n, 1, lower, solved);
        addInputGradient(rows, n, solved, -2 * squaredScale, scaling, dVariance.data, i * d);
        // k(x, x) depends on x through both arguments.
        addInputGradient(own, 1, one, 2 * squaredScale, scaling, dVariance.data, i * d);
      }
      return { mean, variance, dMean, dVariance };
    },
  };
}

const squares = (n: number, rows: Float64Array, r: number): number => products(n, rows, r, r);

function products(n: number, rows: Float64Array, r: number, s: number): number {
  let sum = 0;
  for (let j = 0; j < n; j++) sum += (rows[r * n + j] as number) * (rows[s * n + j] as number); // j < n
  return sum;
}
