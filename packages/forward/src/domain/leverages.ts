import { createMatrix, DataError, type Matrix, ShapeError } from "@materiome/core";
import { cholesky, choleskySolve, gramMatrix } from "@materiome/core/numerics";

/** Share of a standardised column's variance that is added to it: keeps columns that depend on each other solvable. */
const RIDGE = 1e-6;

export interface Leverages {
  /** [n], at least 1 / training rows. */
  readonly values: Float64Array;
  /** 3 (d + 1) / training rows: what is above it counts as far out in a Williams plot. */
  readonly limit: number;
}

/**
 * Leverage of each row with respect to training rows, h = 1/m + zᵀ (ZᵀZ + λ I)⁻¹ z, with columns standardised by the training rows and λ = 10⁻⁶ m: how far
 * a linear model with intercept would reach out. A direction in which the training rows do not vary makes it large. Columns that are constant in
 * training are left out.
 *
 * @param training - [m, d], finite; @param x - [n, d], finite
 * @throws ShapeError for other columns; DataError for fewer than two training rows or values that are not finite
 * @see D. C. Hoaglin, R. E. Welsch, Am. Stat. 32, 17 (1978), doi:10.1080/00031305.1978.10479237; P. Gramatica, QSAR Comb. Sci. 26, 694 (2007),
 * doi:10.1002/qsar.200610151 (the limit)
 * @example
 * const { values, limit } = leverages(training, rows);
 * const isFarOut = Array.from(values, (h) => h > limit);
 */
export function leverages(training: Matrix, x: Matrix): Leverages {
  checkRows("leverages", training, x);
  const { rows: m, columns: d } = training;
  const centre = new Float64Array(d);
  const scale = new Float64Array(d);
  for (let c = 0; c < m * d; c++) centre[c % d] = (centre[c % d] as number) + (training.data[c] as number) / m; // [m, d]
  for (let c = 0; c < m * d; c++) {
    scale[c % d] = (scale[c % d] as number) + ((training.data[c] as number) - (centre[c % d] as number)) ** 2 / m;
  }
  const used = [...scale.keys()].filter((f) => (scale[f] as number) > (1e-12 * (centre[f] as number)) ** 2);
  const z = (from: Matrix): Matrix =>
    createMatrix(
      from.rows,
      used.length,
      Float64Array.from({ length: from.rows * used.length }, (_, at) => {
        const f = used[at % used.length] as number; // one of the columns used
        const value = from.data[Math.floor(at / used.length) * d + f] as number;
        return (value - (centre[f] as number)) / Math.sqrt(scale[f] as number);
      }),
    );
  const k = used.length;
  const limit = (3 * (k + 1)) / m;
  const values = new Float64Array(x.rows).fill(1 / m);
  if (k === 0) return { values, limit };
  const gram = gramMatrix(z(training));
  for (let a = 0; a < k; a++) gram.data[a * k + a] = (gram.data[a * k + a] as number) + RIDGE * m;
  const factor = cholesky(gram);
  const asked = z(x).data;
  for (let i = 0; i < x.rows; i++) {
    const row = asked.slice(i * k, (i + 1) * k);
    const solved = choleskySolve(factor, row);
    for (let a = 0; a < k; a++) values[i] = (values[i] as number) + (row[a] as number) * (solved[a] as number);
  }
  return { values, limit };
}

/** @throws ShapeError for other columns; DataError for fewer than two training rows or values that are not finite */
export function checkRows(who: string, training: Matrix, x: Matrix): void {
  if (training.columns !== x.columns) {
    throw new ShapeError(`${who}: training rows have ${training.columns} columns, the others ${x.columns}`);
  }
  if (training.rows < 2) throw new DataError(`${who}: expected at least 2 training rows, got ${training.rows}`);
  for (const [name, { data, columns }] of Object.entries({ "training row": training, row: x })) {
    const at = data.findIndex((value) => !Number.isFinite(value));
    if (at < 0) continue;
    throw new DataError(
      `${who}: column ${at % columns} of ${name} ${Math.floor(at / columns)} is ${data[at]}; fill gaps or leave the row out`,
    );
  }
}
