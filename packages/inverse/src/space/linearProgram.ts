import { ShapeError } from "@materiome/core";

/** min cᵀx with A x ≤ b, E x = e, lower ≤ x ≤ upper. Rows are dense, of the length of `lower`. */
export interface LinearProgram {
  readonly cost: Float64Array;
  readonly atMost: readonly Float64Array[];
  readonly limits: readonly number[];
  readonly equal: readonly Float64Array[];
  readonly totals: readonly number[];
  /** Finite. */
  readonly lower: Float64Array;
  /** May be infinite. */
  readonly upper: Float64Array;
}

export type LinearSolution =
  | { readonly status: "optimal"; readonly x: Float64Array; readonly value: number }
  | { readonly status: "infeasible" | "unbounded" };

/** What counts as zero in a tableau whose rows were scaled to a largest coefficient of 1. */
const ZERO = 1e-10;
/** What is left of the artificial variables in a feasible program, as a share of the size of its right-hand sides. */
const FEASIBLE = 1e-9;

/**
 * Small dense linear programs by the two-phase simplex method on a tableau; the pivot column of the most negative reduced cost, and
 * after a stall Bland's smallest index, which cannot cycle (R. G. Bland, Math. Oper. Res. 2, 103 (1977),
 * doi:10.1287/moor.2.2.103). For tens of variables and a few hundred rows: every step costs rows × columns.
 *
 * @param options.patience - pivots without progress before Bland's rule; 0 is Bland's rule alone, which is slow. @defaultValue twice the rows
 * @throws ShapeError if sizes do not fit
 * @example
 * solveLinearProgram({ cost: Float64Array.of(-1, -1), atMost: [Float64Array.of(1, 2)], limits: [4], equal: [], totals: [],
 *   lower: Float64Array.of(0, 0), upper: Float64Array.of(3, 3) }); // x = [3, 0.5]
 */
export function solveLinearProgram(
  program: LinearProgram,
  options: { readonly patience?: number | undefined } = {},
): LinearSolution {
  const { cost, atMost, limits, equal, totals, lower, upper } = program;
  const n = lower.length;
  const rows = [...atMost, ...equal];
  if (cost.length !== n || upper.length !== n || rows.some((row) => row.length !== n)) {
    throw new ShapeError(`solveLinearProgram: ${n} lower bounds, but a cost, upper bound or row of another length`);
  }
  if (limits.length !== atMost.length || totals.length !== equal.length) {
    throw new ShapeError("solveLinearProgram: needs one right-hand side for each row");
  }
  if (lower.some((low, j) => low > (upper[j] ?? low))) return { status: "infeasible" };
  // y = x − lower ≥ 0; finite upper bounds become rows.
  const bounded = Array.from(upper.keys()).filter((j) => upper[j] !== Number.POSITIVE_INFINITY);
  const nSlack = atMost.length + bounded.length;
  const nRows = nSlack + equal.length;
  const { patience = 2 * nRows } = options;
  const nColumns = n + nSlack + nRows; // variables, slacks, artificials
  const width = nColumns + 1;
  const t = new Float64Array((nRows + 1) * width);
  const basis = new Int32Array(nRows);
  for (let i = 0; i < nRows; i++) {
    const isBound = i >= atMost.length && i < nSlack;
    const row = isBound ? undefined : rows[i < atMost.length ? i : i - bounded.length];
    let right = isBound ? 0 : ((i < atMost.length ? limits[i] : totals[i - nSlack]) as number);
    const at = i * width;
    if (row === undefined) {
      const j = bounded[i - atMost.length] as number;
      t[at + j] = 1;
      right = (upper[j] as number) - (lower[j] as number);
    } else {
      for (let j = 0; j < n; j++) {
        t[at + j] = row[j] as number;
        right -= (row[j] as number) * (lower[j] as number);
      }
    }
    let size = 0;
    for (let j = 0; j < n; j++) size = Math.max(size, Math.abs(t[at + j] as number));
    const scale = (right < 0 ? -1 : 1) / (size > 0 ? size : 1);
    for (let j = 0; j < n; j++) t[at + j] = (t[at + j] as number) * scale;
    t[at + nColumns] = right * scale;
    if (i < nSlack) t[at + n + i] = scale < 0 ? -1 : 1;
    // A slack that starts feasible is its own start basis.
    const start = i < nSlack && scale > 0 ? n + i : n + nSlack + i;
    t[at + start] = 1;
    basis[i] = start;
  }
  const firstArtificial = n + nSlack;
  const objective = nRows * width;
  let size = 1;
  for (let i = 0; i < nRows; i++) {
    size = Math.max(size, Math.abs(t[i * width + nColumns] as number));
    if ((basis[i] as number) < firstArtificial) continue;
    for (let j = 0; j < width; j++) {
      if (j < firstArtificial || j === nColumns)
        t[objective + j] = (t[objective + j] as number) - (t[i * width + j] as number);
    }
  }
  pivotAll(t, basis, { nRows, width, nAllowed: firstArtificial, patience });
  if (-(t[objective + nColumns] as number) > FEASIBLE * size) return { status: "infeasible" };
  driveOut(t, basis, nRows, width, firstArtificial);

  t.fill(0, objective, objective + width);
  for (let j = 0; j < n; j++) t[objective + j] = cost[j] as number;
  for (let i = 0; i < nRows; i++) {
    const c = cost[basis[i] as number] ?? 0;
    if (c === 0) continue;
    for (let j = 0; j < width; j++) t[objective + j] = (t[objective + j] as number) - c * (t[i * width + j] as number);
  }
  if (!pivotAll(t, basis, { nRows, width, nAllowed: firstArtificial, patience })) return { status: "unbounded" };
  const x = lower.slice();
  for (let i = 0; i < nRows; i++) {
    const j = basis[i] as number;
    if (j < n) x[j] = (lower[j] as number) + Math.max(0, t[i * width + nColumns] as number);
  }
  for (let j = 0; j < n; j++) x[j] = Math.min(x[j] as number, upper[j] as number);
  return { status: "optimal", x, value: x.reduce((sum, value, j) => sum + value * (cost[j] as number), 0) };
}

/** Pivots until no reduced cost of the first `nAllowed` columns is negative; false if the program is unbounded. */
function pivotAll(
  t: Float64Array,
  basis: Int32Array,
  { nRows, width, nAllowed, patience }: Readonly<Record<"nRows" | "width" | "nAllowed" | "patience", number>>,
): boolean {
  const objective = nRows * width;
  let stalled = 0;
  for (;;) {
    const useFirst = stalled >= patience;
    let column = -1;
    let least = -ZERO;
    for (let j = 0; j < nAllowed; j++) {
      const reduced = t[objective + j] as number;
      if (reduced < least) {
        column = j;
        if (useFirst) break;
        least = reduced;
      }
    }
    if (column < 0) return true;
    let pivot = -1;
    let ratio = Number.POSITIVE_INFINITY;
    for (let i = 0; i < nRows; i++) {
      const entry = t[i * width + column] as number;
      if (entry <= ZERO) continue;
      const step = (t[i * width + width - 1] as number) / entry;
      const isTie = pivot >= 0 && Math.abs(step - ratio) <= ZERO * Math.max(1, Math.abs(ratio));
      if (isTie ? (basis[i] as number) < (basis[pivot] as number) : step < ratio) [pivot, ratio] = [i, step];
    }
    if (pivot < 0) return false;
    stalled = ratio > ZERO ? 0 : stalled + 1;
    pivotAt(t, basis, nRows, width, pivot, column);
  }
}

function pivotAt(t: Float64Array, basis: Int32Array, nRows: number, width: number, row: number, column: number): void {
  const at = row * width;
  const inverse = 1 / (t[at + column] as number);
  for (let j = 0; j < width; j++) t[at + j] = (t[at + j] as number) * inverse;
  t[at + column] = 1;
  for (let i = 0; i <= nRows; i++) {
    const factor = t[i * width + column] as number;
    if (i === row || factor === 0) continue;
    for (let j = 0; j < width; j++) t[i * width + j] = (t[i * width + j] as number) - factor * (t[at + j] as number);
    t[i * width + column] = 0;
  }
  basis[row] = column;
}

/** Exchanges artificial variables that stayed in the basis at zero; a row where none can take their place says nothing and is cleared. */
function driveOut(t: Float64Array, basis: Int32Array, nRows: number, width: number, firstArtificial: number): void {
  for (let i = 0; i < nRows; i++) {
    if ((basis[i] as number) < firstArtificial) continue;
    let best = -1;
    for (let j = 0; j < firstArtificial; j++) {
      const size = Math.abs(t[i * width + j] as number);
      if (size > 1e-9 && (best < 0 || size > Math.abs(t[i * width + best] as number))) best = j;
    }
    if (best >= 0) pivotAt(t, basis, nRows, width, i, best);
    else t.fill(0, i * width, (i + 1) * width);
  }
}
