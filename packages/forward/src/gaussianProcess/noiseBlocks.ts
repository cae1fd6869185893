import { createMatrix, DataError, takeRows } from "@materiome/core";
import { cholesky } from "@materiome/core/numerics";
import { solvePackedLower, solvePackedUpper } from "../kernels/index.ts";
import { addRowGradient, takeGradient } from "./covarianceGradients.ts";
import {
  bindRows,
  evaluateRow,
  type RowNode,
  setHyperparameters,
  setOnlyRowToPoint,
  setPoint,
  setPointToRow,
} from "./covarianceRows.ts";
import type { LikelihoodData } from "./likelihood.ts";
import type { ProgramNode } from "./program.ts";

/**
 * What the measurements of a sparse process have beside the function: D, the noise of each row with the white parts of the
 * covariance, and, where the covariance has effects of groups, blocks of the rows of a group. D = L Lᵀ.
 */
export interface NoiseBlocks {
  /** @throws DataError if D is not positive definite */
  set(theta: Float64Array): void;
  /** ln |D| and tr(D⁻¹ K_f), K_f the covariance of the function. */
  logDeterminant(): number;
  traceRatio(): number;
  /** L⁻¹ b for each row b of `b`, [m, n], in place. */
  solveLower(m: number, b: Float64Array): void;
  /** L⁻ᵀ b for each row. */
  solveUpper(m: number, b: Float64Array): void;
  /** D⁻¹ of some rows, [m, m]: of one row, or of all rows of a group. */
  precision(rows: readonly number[]): Float64Array;
  /** Adds the gradient by D and K_f; `inner(i, j)` is (L⁻¹ K_fu H K_uf L⁻ᵀ)_ij of rows of one block. */
  addGradient(
    theta: Float64Array,
    alpha: Float64Array,
    inner: (i: number, j: number) => number,
    gradient: Float64Array,
  ): void;
}

interface Block {
  readonly rows: Int32Array;
  readonly bound: RowNode;
  /** L⁻¹ K_f L⁻ᵀ, [s, s]. */
  readonly whitened: Float64Array;
  /** L, packed. */
  lower: Float64Array;
}

/** Variances of the function at the training rows, before any measurement. */
export function priorVariances({ root, x, scaling }: LikelihoodData, theta: Float64Array): Float64Array {
  const own = bindRows(root, createMatrix(1, x.columns), scaling);
  setHyperparameters(own, theta);
  return Float64Array.from({ length: x.rows }, (_, i) => {
    setPoint(own, x.data, i * x.columns, scaling);
    setOnlyRowToPoint(own);
    evaluateRow(own, 1, -1);
    return own.values[0] as number; // one row
  });
}

export function createNoiseBlocks(data: LikelihoodData): NoiseBlocks {
  const { root, x, scaling, noiseVariance } = data;
  const n = x.rows;
  const isWhite = hasKind(root, ["white", "group"]);
  const own = bindRows(root, createMatrix(1, x.columns), scaling);
  const blocks = groupBlocks(data);
  const blockOf = new Map<number, Block>(blocks.map((block) => [block.rows[0] as number, block])); // none is empty
  const isSingle = new Uint8Array(n).fill(1);
  for (const { rows } of blocks) for (const i of rows) isSingle[i] = 0;
  const prior = new Float64Array(n);
  const noise = new Float64Array(n);
  /** 1 / √D of single rows, 1 for others. */
  const inverseRoot = new Float64Array(n);
  const one = new Float64Array(1);
  let level = 0;

  const setOwn = (i: number): void => {
    setPoint(own, x.data, i * x.columns, scaling);
    setOnlyRowToPoint(own);
  };
  const known = (i: number): number => level + (noiseVariance?.[i] ?? 0);

  const setBlock = (block: Block, theta: Float64Array): void => {
    const { rows, bound, whitened } = block;
    const s = rows.length;
    setHyperparameters(bound, theta);
    const d = createMatrix(s, s);
    for (const [r, i] of rows.entries()) {
      setPointToRow(bound, r);
      evaluateRow(bound, r + 1, r);
      d.data.set(bound.values.subarray(0, r + 1), r * s);
      evaluateRow(bound, r + 1, -1);
      for (let c = 0; c <= r; c++) {
        const value = bound.values[c] as number; // c ≤ r < s
        whitened[r * s + c] = value;
        whitened[c * s + r] = value;
        d.data[r * s + c] = (d.data[r * s + c] as number) - value + (c === r ? known(i) : 0);
      }
    }
    const factor = cholesky(d).lower.data;
    const lower = new Float64Array((s * (s + 1)) / 2);
    for (let r = 0; r < s; r++) lower.set(factor.subarray(r * s, r * s + r + 1), (r * (r + 1)) / 2);
    block.lower = lower;
    solvePackedLower(s, s, lower, whitened); // K_f L⁻ᵀ
    transpose(s, whitened);
    solvePackedLower(s, s, lower, whitened);
  };

  const eachBlock = (m: number, b: Float64Array, solve: typeof solvePackedLower): void => {
    for (const { rows, lower } of blocks) {
      const s = rows.length;
      const part = new Float64Array(m * s);
      for (let r = 0; r < m; r++)
        for (let c = 0; c < s; c++) part[r * s + c] = b[r * n + (rows[c] as number)] as number; // rows < n
      solve(s, m, lower, part);
      for (let r = 0; r < m; r++)
        for (let c = 0; c < s; c++) b[r * n + (rows[c] as number)] = part[r * s + c] as number;
    }
  };
  const scale = (m: number, b: Float64Array): void => {
    for (let r = 0; r < m; r++) {
      for (let i = 0; i < n; i++) b[r * n + i] = (b[r * n + i] as number) * (inverseRoot[i] as number); // i < n
    }
  };

  return {
    set(theta) {
      level = Math.exp(theta.at(-1) as number); // the noise is always there
      setHyperparameters(own, theta);
      for (let i = 0; i < n; i++) {
        inverseRoot[i] = 1;
        if (isSingle[i] === 0) continue;
        setOwn(i);
        evaluateRow(own, 1, -1);
        const value = own.values[0] as number; // one row
        prior[i] = value;
        noise[i] = known(i);
        if (isWhite) {
          evaluateRow(own, 1, 0);
          noise[i] = (noise[i] as number) + (own.values[0] as number) - value;
        }
        if (!((noise[i] as number) > 0)) throw new DataError(`gaussianProcess: row ${i} has no noise`);
        inverseRoot[i] = 1 / Math.sqrt(noise[i] as number);
      }
      for (const block of blocks) setBlock(block, theta);
    },
    logDeterminant() {
      let sum = 0;
      for (let i = 0; i < n; i++) sum -= 2 * Math.log(inverseRoot[i] as number); // i < n
      for (const { rows, lower } of blocks) {
        for (let r = 0; r < rows.length; r++) sum += 2 * Math.log(lower[(r * (r + 3)) / 2] as number); // the diagonal
      }
      return sum;
    },
    traceRatio() {
      let sum = 0;
      for (let i = 0; i < n; i++) if (isSingle[i] === 1) sum += (prior[i] as number) * (inverseRoot[i] as number) ** 2;
      for (const { rows, whitened } of blocks) {
        for (let r = 0; r < rows.length; r++) sum += whitened[r * rows.length + r] as number; // r < s
      }
      return sum;
    },
    solveLower(m, b) {
      scale(m, b);
      eachBlock(m, b, solvePackedLower);
    },
    solveUpper(m, b) {
      scale(m, b);
      eachBlock(m, b, solvePackedUpper);
    },
    precision(rows) {
      const m = rows.length;
      const out = new Float64Array(m * m);
      const block = blockOf.get(rows[0] as number); // none is empty
      for (let r = 0; r < m; r++) {
        out[r * m + r] = block === undefined ? (inverseRoot[rows[r] as number] as number) ** 2 : 1;
      }
      if (block !== undefined) conjugate(m, block.lower, out);
      return out;
    },
    addGradient(theta, alpha, inner, gradient) {
      let trace = 0;
      const weigh = (row: RowNode, self: number, weight: number): void => {
        evaluateRow(row, 1, self);
        one[0] = weight;
        addRowGradient(row, 1, one);
      };
      for (let i = 0; i < n; i++) {
        if (isSingle[i] === 0) continue;
        const p = (inverseRoot[i] as number) ** 2; // i < n
        const slope = 0.5 * ((alpha[i] as number) ** 2 + p * (p * (prior[i] as number) - 1 - inner(i, i)));
        trace += slope;
        setOwn(i);
        weigh(own, -1, -0.5 * p - (isWhite ? slope : 0));
        if (isWhite) weigh(own, 0, slope);
      }
      takeGradient(own, theta, gradient);
      for (const { rows, bound, whitened, lower } of blocks) {
        const s = rows.length;
        const slopes = new Float64Array(s * s);
        const inverse = new Float64Array(s * s);
        for (const [r, i] of rows.entries()) {
          inverse[r * s + r] = 1;
          for (const [c, j] of rows.entries()) {
            slopes[r * s + c] = (whitened[r * s + c] as number) - (r === c ? 1 : 0) - inner(i, j);
          }
        }
        conjugate(s, lower, slopes);
        conjugate(s, lower, inverse);
        const weights = new Float64Array(s);
        const rest = new Float64Array(s);
        for (const [r, i] of rows.entries()) {
          for (let c = 0; c <= r; c++) {
            const j = rows[c] as number; // c < s
            const slope = 0.5 * ((alpha[i] as number) * (alpha[j] as number) + (slopes[r * s + c] as number));
            if (r === c) trace += slope;
            const times = r === c ? 1 : 2;
            weights[c] = times * slope;
            rest[c] = times * (-0.5 * (inverse[r * s + c] as number) - slope);
          }
          setPointToRow(bound, r);
          evaluateRow(bound, r + 1, r);
          addRowGradient(bound, r + 1, weights);
          evaluateRow(bound, r + 1, -1);
          addRowGradient(bound, r + 1, rest);
        }
        takeGradient(bound, theta, gradient);
      }
      gradient[gradient.length - 1] = (gradient.at(-1) as number) + trace * level;
    },
  };
}

/** L⁻ᵀ A L⁻¹ of a symmetric A, in place. */
function conjugate(s: number, lower: Float64Array, a: Float64Array): void {
  solvePackedUpper(s, s, lower, a);
  transpose(s, a);
  solvePackedUpper(s, s, lower, a);
}

function transpose(s: number, a: Float64Array): void {
  for (let r = 0; r < s; r++) {
    for (let c = 0; c < r; c++) {
      const value = a[r * s + c] as number; // r, c < s
      a[r * s + c] = a[c * s + r] as number;
      a[c * s + r] = value;
    }
  }
}

export function hasKind(node: ProgramNode, kinds: readonly string[]): boolean {
  return kinds.includes(node.kind) || node.terms.some((term) => hasKind(term, kinds));
}

/** Groups of two rows or more, where the covariance has effects of groups. */
function groupBlocks({ root, x, scaling, groups }: LikelihoodData): Block[] {
  if (groups === undefined || !hasKind(root, ["group"])) return [];
  const members = new Map<number, number[]>();
  for (const [i, g] of groups.entries()) {
    const known = members.get(g);
    if (known === undefined) members.set(g, [i]);
    else known.push(i);
  }
  return [...members.values()].flatMap((list) => {
    const s = list.length;
    if (s < 2) return [];
    const rows = Int32Array.from(list);
    return {
      rows,
      bound: bindRows(root, takeRows(x, rows), scaling, new Int32Array(s)),
      whitened: new Float64Array(s * s),
      lower: new Float64Array((s * (s + 1)) / 2),
    };
  });
}
