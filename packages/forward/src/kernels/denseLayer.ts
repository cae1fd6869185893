/** Activations of hidden layers: z σ(z), and max(z, 0). */
export const SILU = 0;
export const RELU = 1;

/**
 * z + bias through the activation, in place, and the slopes there. The last bit of what is returned is 0 where every z is finite.
 *
 * @param z [n, m]; `bias` m numbers from `biasAt`; `slopes` [n, m]
 */
export function activateRows(
  n: number,
  m: number,
  activation: number,
  bias: Float64Array,
  biasAt: number,
  z: Float64Array,
  slopes: Float64Array,
): number {
  let broken = 0;
  for (let i = 0; i < n; i++) {
    const row = i * m;
    for (let j = 0; j < m; j++) {
      const value = z[row + j] + bias[biasAt + j];
      if (value - value !== 0) broken = 1;
      if (activation === RELU) {
        z[row + j] = Math.max(value, 0);
        slopes[row + j] = value > 0 ? 1 : 0;
      } else {
        const share = 1 / (1 + Math.exp(-value));
        z[row + j] = value * share;
        slopes[row + j] = share * (1 + value * (1 - share));
      }
    }
  }
  return broken;
}

/** z + bias in place, [n, m]; 1 where a number is not finite, else 0. */
export function addBias(n: number, m: number, bias: Float64Array, biasAt: number, z: Float64Array): number {
  let broken = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      const value = z[i * m + j] + bias[biasAt + j];
      if (value - value !== 0) broken = 1;
      z[i * m + j] = value;
    }
  }
  return broken;
}

/** Each row times its factor: `out` = diag(`factors`) W, [n, m]; `factors` n numbers, W from `at`. */
export function scaleRows(
  n: number,
  m: number,
  factors: Float64Array,
  weights: Float64Array,
  at: number,
  out: Float64Array,
): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) out[i * m + j] = factors[i] * weights[at + i * m + j];
  }
}

/**
 * From the gradient by the product diag(s) W, [n, m]: the one by s, its first n numbers, and the one by W, from `at`. The parameters
 * lie in the same places.
 */
export function splitScaledGradient(
  n: number,
  m: number,
  byProduct: Float64Array,
  parameters: Float64Array,
  at: number,
  gradient: Float64Array,
): void {
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < m; j++) {
      const g = byProduct[i * m + j];
      sum += g * parameters[at + i * m + j];
      gradient[at + i * m + j] = g * parameters[i];
    }
    gradient[i] = sum;
  }
}

/** Rows of a matrix side by side: `out[i]` = row `rows[from + i]` of `x`, [n, m]. */
export function gatherRows(
  n: number,
  m: number,
  x: Float64Array,
  rows: Int32Array,
  from: number,
  out: Float64Array,
): void {
  for (let i = 0; i < n; i++) {
    const row = rows[from + i] * m;
    for (let j = 0; j < m; j++) out[i * m + j] = x[row + j];
  }
}

/** Product number by number into `a`. */
export function multiplyInto(n: number, a: Float64Array, b: Float64Array): void {
  for (let k = 0; k < n; k++) a[k] *= b[k];
}

/** Sums of the columns of a [n, m], to `out` from `at`. */
export function columnSums(n: number, m: number, a: Float64Array, out: Float64Array, at: number): void {
  for (let j = 0; j < m; j++) out[at + j] = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) out[at + j] += a[i * m + j];
  }
}

/**
 * Standardised features drawn together where they are far out: t / √(1 + (t / limit)²), t = (x − centre) / scale, within ± limit.
 *
 * @param x [n, d]; `used` the m columns taken; `out` [n, m]
 */
export function squashColumns(
  n: number,
  d: number,
  m: number,
  x: Float64Array,
  used: Int32Array,
  centre: Float64Array,
  scale: Float64Array,
  limit: number,
  out: Float64Array,
): void {
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < m; k++) {
      const t = (x[i * d + used[k]] - centre[k]) / scale[k];
      const share = t / limit;
      // Of a large t the square would be infinite.
      out[i * m + k] = Math.abs(share) > 1e8 ? Math.sign(t) * limit : t / Math.sqrt(1 + share * share);
    }
  }
}
