import { createMatrix, decodeArray, encodeArray, FormatError, type Json, type Matrix } from "@materiome/core";
import { cholesky, choleskySolve } from "@materiome/core/numerics";

/** Rows that were learned of after a forest had grown, targets in their units. */
export interface GivenRows {
  readonly x: Matrix;
  readonly y: Float64Array;
}

/** Share of the mean variance of the members at the given rows that their measurement is taken to have: keeps the system solvable. */
const TRACE_OF_NOISE = 1e-6;

/**
 * Members of an ensemble given measurements of the function that each of them draws: the update of the ensemble Kalman filter,
 * f_t(x) + C_xa (C_aa + ε I)⁻¹ (y − f_t(a)), with covariances C over the members. What all members agree on at the given rows stays.
 *
 * @param values - of each member at the points, [members, n]; @param known - and at the given rows, [members, k]
 * @returns [members, n]
 * @see G. Evensen, J. Geophys. Res. 99, 10143 (1994), doi:10.1029/94JC00572
 */
export function updateMembers(values: Matrix, known: Matrix, y: Float64Array): Matrix {
  const { rows: nMembers, columns: n } = values;
  const k = y.length;
  const a = centred(known);
  const x = centred(values);
  const covariance = createMatrix(k, k);
  const cross = new Float64Array(n * k);
  for (let t = 0; t < nMembers; t++) {
    for (let p = 0; p < k; p++) {
      const share = (a[t * k + p] as number) / nMembers; // [members, k], here and below
      if (share === 0) continue;
      for (let q = 0; q < k; q++)
        covariance.data[p * k + q] = (covariance.data[p * k + q] as number) + share * (a[t * k + q] as number);
      for (let i = 0; i < n; i++) cross[i * k + p] = (cross[i * k + p] as number) + share * (x[t * n + i] as number);
    }
  }
  let trace = 0;
  for (let p = 0; p < k; p++) trace += covariance.data[p * k + p] as number;
  if (!(trace > 0)) return values;
  for (let p = 0; p < k; p++) {
    covariance.data[p * k + p] = (covariance.data[p * k + p] as number) + (TRACE_OF_NOISE * trace) / k;
  }
  const factor = cholesky(covariance);
  const out = createMatrix(nMembers, n, values.data.slice());
  for (let t = 0; t < nMembers; t++) {
    const pull = choleskySolve(
      factor,
      Float64Array.from(y, (target, p) => target - (known.data[t * k + p] as number)),
    );
    for (let i = 0; i < n; i++) {
      let move = 0;
      for (let p = 0; p < k; p++) move += (cross[i * k + p] as number) * (pull[p] as number);
      out.data[t * n + i] = (out.data[t * n + i] as number) + move;
    }
  }
  return out;
}

/** Each column less its mean over the members. */
function centred({ rows, columns, data }: Matrix): Float64Array {
  const mean = new Float64Array(columns);
  for (let c = 0; c < data.length; c++) mean[c % columns] = (mean[c % columns] as number) + (data[c] as number) / rows;
  return data.map((value, c) => value - (mean[c % columns] as number));
}

export function joinGiven(before: GivenRows | undefined, x: Matrix, y: Float64Array): GivenRows {
  if (before === undefined) return { x: createMatrix(x.rows, x.columns, x.data.slice()), y: y.slice() };
  const data = Float64Array.from([...before.x.data, ...x.data]);
  return { x: createMatrix(before.x.rows + x.rows, x.columns, data), y: Float64Array.from([...before.y, ...y]) };
}

export function encodeGiven({ x, y }: GivenRows): { [key: string]: Json } {
  return { x: encodeArray(x.data), y: encodeArray(y) };
}

/** @throws FormatError for numbers that do not fit */
export function decodeGiven(data: unknown, nFeatures: number): GivenRows {
  const { x, y } = (data ?? {}) as { readonly x?: unknown; readonly y?: unknown };
  const [inputs, targets] = [decodeArray(x, "f64"), decodeArray(y, "f64")];
  if (inputs.length !== targets.length * nFeatures || targets.length === 0) {
    throw new FormatError("forest: the rows given to the stored model are damaged; train again");
  }
  return { x: createMatrix(targets.length, nFeatures, inputs), y: targets };
}
