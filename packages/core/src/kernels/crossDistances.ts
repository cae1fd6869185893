/** Rows of b that stay in the nearest cache while all rows of a pass by. */
const TILE = 128;

/**
 * Euclidean distances of nA × nB rows of d numbers, or their squares, four rows of b at a time within tiles of b; each sum
 * runs over the columns in order.
 *
 * @param out row-major [nA, nB]
 */
export function crossEuclidean(
  nA: number,
  nB: number,
  d: number,
  a: Float64Array,
  b: Float64Array,
  isSquared: boolean,
  out: Float64Array,
): void {
  const whole = nB - (nB % 4);
  for (let tile = 0; tile < whole; tile += TILE) {
    const end = Math.min(whole, tile + TILE);
    for (let i = 0; i < nA; i++) {
      squaredRow(tile, end, d, a, i * d, b, out, i * nB);
      if (isSquared) continue;
      for (let at = i * nB + tile; at < i * nB + end; at++) out[at] = Math.sqrt(out[at]);
    }
  }
  for (let i = 0; i < nA; i++) {
    for (let j = whole; j < nB; j++) {
      const square = squaredDistance(d, a, i * d, b, j * d);
      out[i * nB + j] = isSquared ? square : Math.sqrt(square);
    }
  }
}

/** Distances of one row of a to the rows from … to − 1 of b, a multiple of four of them. */
function squaredRow(
  from: number,
  to: number,
  d: number,
  a: Float64Array,
  aAt: number,
  b: Float64Array,
  out: Float64Array,
  outAt: number,
): void {
  for (let j = from; j < to; j += 4) {
    const b0 = j * d;
    const b1 = b0 + d;
    const b2 = b1 + d;
    const b3 = b2 + d;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let f = 0; f < d; f++) {
      const x = a[aAt + f];
      const d0 = x - b[b0 + f];
      const d1 = x - b[b1 + f];
      const d2 = x - b[b2 + f];
      const d3 = x - b[b3 + f];
      s0 += d0 * d0;
      s1 += d1 * d1;
      s2 += d2 * d2;
      s3 += d3 * d3;
    }
    const at = outAt + j;
    out[at] = s0;
    out[at + 1] = s1;
    out[at + 2] = s2;
    out[at + 3] = s3;
  }
}

/** Squared Euclidean distance of two rows that start at `aAt` and `bAt`. */
export function squaredDistance(d: number, a: Float64Array, aAt: number, b: Float64Array, bAt: number): number {
  let sum = 0;
  for (let f = 0; f < d; f++) {
    const difference = a[aAt + f] - b[bAt + f];
    sum += difference * difference;
  }
  return sum;
}

/** Sums of absolute differences, [nA, nB]. */
export function crossManhattan(
  nA: number,
  nB: number,
  d: number,
  a: Float64Array,
  b: Float64Array,
  out: Float64Array,
): void {
  for (let i = 0; i < nA; i++) {
    for (let j = 0; j < nB; j++) {
      let sum = 0;
      for (let f = 0; f < d; f++) sum += Math.abs(a[i * d + f] - b[j * d + f]);
      out[i * nB + j] = sum;
    }
  }
}

/**
 * Gower's distances, [nA, nB]: mean over the columns present in both rows of |x − y| / range, or of x ≠ y in columns with
 * `isCategory` 1; a range of 0 counts equal values as 0 and others as 1. NaN where no column is present in both.
 */
export function crossGower(
  nA: number,
  nB: number,
  d: number,
  a: Float64Array,
  b: Float64Array,
  ranges: Float64Array,
  isCategory: Uint8Array,
  out: Float64Array,
): void {
  for (let i = 0; i < nA; i++) {
    for (let j = 0; j < nB; j++) {
      let sum = 0;
      let present = 0;
      for (let f = 0; f < d; f++) {
        const difference = Math.abs(a[i * d + f] - b[j * d + f]);
        if (Number.isNaN(difference)) continue;
        present++;
        if (isCategory[f] === 1 || ranges[f] === 0) sum += difference === 0 ? 0 : 1;
        else sum += difference / ranges[f];
      }
      out[i * nB + j] = sum / present;
    }
  }
}

/** Forward substitution L z = x for each of n rows, written to `out`: rows whose Euclidean distances are Mahalanobis ones. */
export function whitenRows(n: number, d: number, lower: Float64Array, x: Float64Array, out: Float64Array): void {
  for (let r = 0; r < n; r++) {
    const at = r * d;
    for (let i = 0; i < d; i++) {
      let sum = x[at + i];
      for (let k = 0; k < i; k++) sum -= lower[i * d + k] * out[at + k];
      out[at + i] = sum / lower[i * d + i];
    }
  }
}
