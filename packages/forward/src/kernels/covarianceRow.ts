/*
 * Covariances of one point with the first `count` of n others. Coordinates of the others are column by column:
 * z[c * n + j] is coordinate c of point j, divided by its length-scale, m columns; `p` holds those of the one point.
 */

/** Squared distances to the first `count` points. */
export function squaredDistanceRow(
  count: number,
  n: number,
  m: number,
  z: Float64Array,
  p: Float64Array,
  out: Float64Array,
): void {
  for (let j = 0; j < count; j++) out[j] = 0;
  let c = 0;
  for (; c + 4 <= m; c += 4) {
    const a0 = c * n;
    const a1 = a0 + n;
    const a2 = a1 + n;
    const a3 = a2 + n;
    const p0 = p[c];
    const p1 = p[c + 1];
    const p2 = p[c + 2];
    const p3 = p[c + 3];
    for (let j = 0; j < count; j++) {
      const d0 = p0 - z[a0 + j];
      const d1 = p1 - z[a1 + j];
      const d2 = p2 - z[a2 + j];
      const d3 = p3 - z[a3 + j];
      out[j] += d0 * d0 + d1 * d1 + (d2 * d2 + d3 * d3);
    }
  }
  for (; c < m; c++) {
    const at = c * n;
    const pc = p[c];
    for (let j = 0; j < count; j++) {
      const d = pc - z[at + j];
      out[j] += d * d;
    }
  }
}

/** factor · Σ p_c z_jc */
export function dotRow(
  count: number,
  n: number,
  m: number,
  factor: number,
  z: Float64Array,
  p: Float64Array,
  out: Float64Array,
): void {
  for (let j = 0; j < count; j++) out[j] = 0;
  for (let c = 0; c < m; c++) {
    const at = c * n;
    const pc = factor * p[c];
    for (let j = 0; j < count; j++) out[j] += pc * z[at + j];
  }
}

/** Codes of the stationary families, as `stationaryRow` takes them. */
export const RBF = 0;
export const MATERN_12 = 1;
export const MATERN_32 = 2;
export const MATERN_52 = 3;
export const RATIONAL_QUADRATIC = 4;

/**
 * Covariances of a stationary family from squared scaled distances s, in place, and their slopes dk/ds; the slope of
 * Matérn 1/2 at s = 0, where it has none, is given as 0. Rasmussen & Williams, Gaussian Processes for Machine Learning
 * (2006), ch. 4, eq. 4.9, 4.17, 4.19; `shape` is the α of the rational quadratic.
 */
export function stationaryRow(
  family: number,
  shape: number,
  variance: number,
  count: number,
  values: Float64Array,
  slopes: Float64Array,
): void {
  if (family === RBF) {
    for (let j = 0; j < count; j++) {
      const k = variance * Math.exp(-0.5 * values[j]);
      values[j] = k;
      slopes[j] = -0.5 * k;
    }
  } else if (family === MATERN_12) {
    for (let j = 0; j < count; j++) {
      const r = Math.sqrt(values[j]);
      const k = variance * Math.exp(-r);
      values[j] = k;
      slopes[j] = r > 0 ? (-0.5 * k) / r : 0;
    }
  } else if (family === MATERN_32) {
    for (let j = 0; j < count; j++) {
      const r = Math.sqrt(3 * values[j]);
      const e = variance * Math.exp(-r);
      values[j] = (1 + r) * e;
      slopes[j] = -1.5 * e;
    }
  } else if (family === MATERN_52) {
    for (let j = 0; j < count; j++) {
      const s = 5 * values[j];
      const r = Math.sqrt(s);
      const e = variance * Math.exp(-r);
      values[j] = (1 + r + s / 3) * e;
      slopes[j] = (-5 / 6) * (1 + r) * e;
    }
  } else {
    for (let j = 0; j < count; j++) {
      const base = 1 + values[j] / (2 * shape);
      const k = variance * Math.exp(-shape * Math.log(base));
      values[j] = k;
      slopes[j] = (-0.5 * k) / base;
    }
  }
}

/** Σ_j w_j ∂k_j/∂ ln α of the rational quadratic, from its values; k^(−1/α) is 1 + s / 2α. */
export function shapeSlope(
  shape: number,
  variance: number,
  count: number,
  values: Float64Array,
  weights: Float64Array,
): number {
  let sum = 0;
  for (let j = 0; j < count; j++) {
    if (!(values[j] > 0)) continue;
    const logBase = -Math.log(values[j] / variance) / shape;
    sum += weights[j] * values[j] * shape * (1 - Math.exp(-logBase) - logBase);
  }
  return sum;
}

/** Adds Σ_j w_j (p_c − z_jc)² to `out[c]` for each coordinate c. */
export function weightedSquares(
  count: number,
  n: number,
  m: number,
  z: Float64Array,
  p: Float64Array,
  weights: Float64Array,
  out: Float64Array,
): void {
  let c = 0;
  for (; c + 4 <= m; c += 4) {
    const a0 = c * n;
    const a1 = a0 + n;
    const a2 = a1 + n;
    const a3 = a2 + n;
    const p0 = p[c];
    const p1 = p[c + 1];
    const p2 = p[c + 2];
    const p3 = p[c + 3];
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let j = 0; j < count; j++) {
      const w = weights[j];
      const d0 = p0 - z[a0 + j];
      const d1 = p1 - z[a1 + j];
      const d2 = p2 - z[a2 + j];
      const d3 = p3 - z[a3 + j];
      s0 += w * (d0 * d0);
      s1 += w * (d1 * d1);
      s2 += w * (d2 * d2);
      s3 += w * (d3 * d3);
    }
    out[c] += s0;
    out[c + 1] += s1;
    out[c + 2] += s2;
    out[c + 3] += s3;
  }
  for (; c < m; c++) {
    const at = c * n;
    const pc = p[c];
    let sum = 0;
    for (let j = 0; j < count; j++) {
      const d = pc - z[at + j];
      sum += weights[j] * (d * d);
    }
    out[c] += sum;
  }
}

/** Adds Σ_j w_j (p_c − z_jc) to `out[c]`. */
export function weightedDifferences(
  count: number,
  n: number,
  m: number,
  z: Float64Array,
  p: Float64Array,
  weights: Float64Array,
  out: Float64Array,
): void {
  for (let c = 0; c < m; c++) {
    const at = c * n;
    const pc = p[c];
    let sum = 0;
    for (let j = 0; j < count; j++) sum += weights[j] * (pc - z[at + j]);
    out[c] += sum;
  }
}

/** Adds Σ_j w_j z_jc to `out[c]`. */
export function weightedSums(
  count: number,
  n: number,
  m: number,
  z: Float64Array,
  weights: Float64Array,
  out: Float64Array,
): void {
  for (let c = 0; c < m; c++) {
    const at = c * n;
    let sum = 0;
    for (let j = 0; j < count; j++) sum += weights[j] * z[at + j];
    out[c] += sum;
  }
}

/**
 * Adds Σ_j w_j · phase difference · sin(phase difference) of each pair of coordinates (cos, sin)/ℓ of a periodic
 * covariance to `out`, one value a pair. `phases` and `phase`: 2π x / period of the others, column by column, and of the one.
 */
export function weightedPhases(
  count: number,
  n: number,
  nPairs: number,
  phases: Float64Array,
  phase: Float64Array,
  weights: Float64Array,
  out: Float64Array,
): void {
  for (let c = 0; c < nPairs; c++) {
    const at = c * n;
    let sum = 0;
    for (let j = 0; j < count; j++) {
      const d = phase[c] - phases[at + j];
      sum += weights[j] * d * Math.sin(d);
    }
    out[c] += sum;
  }
}
