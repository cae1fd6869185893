import { createMatrix, createRandom, type Matrix, type Random } from "@materiome/core";

/** Textbook product, summed in order. */
export function referenceProduct(a: Matrix, b: Matrix): Matrix {
  const out = createMatrix(a.rows, b.columns);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < b.columns; j++) {
      let sum = 0;
      for (let k = 0; k < a.columns; k++) sum += a.data[i * a.columns + k] * b.data[k * b.columns + j];
      out.data[i * b.columns + j] = sum;
    }
  }
  return out;
}

/** Textbook Cholesky factor, row by row. */
export function referenceCholesky(a: Matrix): Matrix {
  const n = a.rows;
  const l = createMatrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a.data[i * n + j];
      for (let k = 0; k < j; k++) sum -= l.data[i * n + k] * l.data[j * n + k];
      l.data[i * n + j] = i === j ? Math.sqrt(sum) : sum / l.data[j * n + j];
    }
  }
  return l;
}

export function transposed(a: Matrix): Matrix {
  const out = createMatrix(a.columns, a.rows);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < a.columns; j++) out.data[j * a.rows + i] = a.data[i * a.columns + j];
  }
  return out;
}

export function randomMatrix(rows: number, columns: number, random: Random = createRandom(1)): Matrix {
  const out = createMatrix(rows, columns);
  for (let i = 0; i < out.data.length; i++) out.data[i] = random.normal();
  return out;
}

/** G Gᵀ + n/10 · I for a square normal G: symmetric positive definite, condition of the order of 50. */
export function randomPositive(n: number, random: Random = createRandom(1)): Matrix {
  const g = randomMatrix(n, n, random);
  const a = referenceProduct(g, transposed(g));
  for (let i = 0; i < n; i++) a.data[i * n + i] += n / 10;
  return a;
}

/** Lower (or upper) triangle of normal numbers with a diagonal away from zero. */
export function randomTriangle(n: number, isUpper: boolean, random: Random = createRandom(1)): Matrix {
  const t = createMatrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (i === j) t.data[i * n + j] = 2 + random.next();
      else if (isUpper === j > i) t.data[i * n + j] = random.normal() / Math.sqrt(n);
    }
  }
  return t;
}

/** Largest |a − b| over the largest |b|. */
export function relativeDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.NaN;
  let difference = 0;
  let size = Number.MIN_VALUE;
  for (let i = 0; i < b.length; i++) {
    const d = Math.abs(a[i] - b[i]);
    if (!(d <= difference)) difference = d;
    size = Math.max(size, Math.abs(b[i]));
  }
  return difference / size;
}
