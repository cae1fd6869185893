/** Keeps the division sound where all values of a token are equal. */
export const SET_VARIANCE_FLOOR = 1e-5;

/**
 * Each row less its mean, by its standard deviation.
 *
 * @param x [n, d]; `inverse` [n], what each row was multiplied by; `out` [n, d]
 */
export function normaliseRows(n: number, d: number, x: Float64Array, inverse: Float64Array, out: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const row = i * d;
    let mean = 0;
    for (let j = 0; j < d; j++) mean += x[row + j];
    mean /= d;
    let squares = 0;
    for (let j = 0; j < d; j++) squares += (x[row + j] - mean) ** 2;
    const factor = 1 / Math.sqrt(squares / d + SET_VARIANCE_FLOOR);
    inverse[i] = factor;
    for (let j = 0; j < d; j++) out[row + j] = (x[row + j] - mean) * factor;
  }
}

/**
 * Adds the gradient by the rows that {@link normaliseRows} took to `byX`.
 *
 * @param out what it gave, [n, d]; `byOut` the gradient by that; `byX` [n, d]
 */
export function normaliseRowsBack(
  n: number,
  d: number,
  out: Float64Array,
  inverse: Float64Array,
  byOut: Float64Array,
  byX: Float64Array,
): void {
  for (let i = 0; i < n; i++) {
    const row = i * d;
    let mean = 0;
    let along = 0;
    for (let j = 0; j < d; j++) {
      mean += byOut[row + j];
      along += byOut[row + j] * out[row + j];
    }
    mean /= d;
    along /= d;
    for (let j = 0; j < d; j++) byX[row + j] += inverse[i] * (byOut[row + j] - mean - out[row + j] * along);
  }
}

/**
 * Attention of the tokens of each set to each other, in `heads` parts of d / heads values: out_i = Σ_j p_ij v_j, p_i the softmax over j of
 * q_i · k_j / √(d / heads).
 *
 * @param n sets; `starts` [n + 1], where the tokens of each begin; `heads` divides d
 * @param qkv [nTokens, 3 d]: queries, keys, values
 * @param shares p, for each set and head m × m numbers, one behind the other; `out` [nTokens, d]
 * @see Vaswani et al., NIPS 30 (2017), arXiv:1706.03762
 */
export function attendSets(
  n: number,
  d: number,
  heads: number,
  starts: Int32Array,
  qkv: Float64Array,
  shares: Float64Array,
  out: Float64Array,
): void {
  const width = d / heads;
  const scale = 1 / Math.sqrt(width);
  let at = 0;
  for (let s = 0; s < n; s++) {
    const [from, to] = [starts[s], starts[s + 1]];
    const m = to - from;
    for (let h = 0; h < heads; h++) {
      const part = h * width;
      for (let i = 0; i < m; i++) {
        const q = (from + i) * 3 * d + part;
        const row = at + i * m;
        let most = Number.NEGATIVE_INFINITY;
        for (let j = 0; j < m; j++) {
          const k = (from + j) * 3 * d + d + part;
          let sum = 0;
          for (let c = 0; c < width; c++) sum += qkv[q + c] * qkv[k + c];
          sum *= scale;
          shares[row + j] = sum;
          if (sum > most) most = sum;
        }
        let total = 0;
        for (let j = 0; j < m; j++) {
          const e = Math.exp(shares[row + j] - most);
          shares[row + j] = e;
          total += e;
        }
        const o = (from + i) * d + part;
        for (let c = 0; c < width; c++) out[o + c] = 0;
        for (let j = 0; j < m; j++) {
          const p = shares[row + j] / total;
          shares[row + j] = p;
          const v = (from + j) * 3 * d + 2 * d + part;
          for (let c = 0; c < width; c++) out[o + c] += p * qkv[v + c];
        }
      }
      at += m * m;
    }
  }
}

/**
 * Gradient by queries, keys and values, from that by what {@link attendSets} gave.
 *
 * @param byOut [nTokens, d]; `slopes` at least as many numbers as the largest set has tokens; `byQkv` [nTokens, 3 d], zero before
 */
export function attendSetsBack(
  n: number,
  d: number,
  heads: number,
  starts: Int32Array,
  qkv: Float64Array,
  shares: Float64Array,
  byOut: Float64Array,
  slopes: Float64Array,
  byQkv: Float64Array,
): void {
  const width = d / heads;
  const scale = 1 / Math.sqrt(width);
  let at = 0;
  for (let s = 0; s < n; s++) {
    const [from, to] = [starts[s], starts[s + 1]];
    const m = to - from;
    for (let h = 0; h < heads; h++) {
      const part = h * width;
      for (let i = 0; i < m; i++) {
        const o = (from + i) * d + part;
        const q = (from + i) * 3 * d + part;
        const row = at + i * m;
        let mean = 0;
        for (let j = 0; j < m; j++) {
          const v = (from + j) * 3 * d + 2 * d + part;
          const p = shares[row + j];
          let slope = 0;
          for (let c = 0; c < width; c++) {
            slope += byOut[o + c] * qkv[v + c];
            byQkv[v + c] += p * byOut[o + c];
          }
          slopes[j] = slope;
          mean += p * slope;
        }
        for (let j = 0; j < m; j++) {
          const k = (from + j) * 3 * d + d + part;
          const g = shares[row + j] * (slopes[j] - mean) * scale;
          for (let c = 0; c < width; c++) {
            byQkv[q + c] += g * qkv[k + c];
            byQkv[k + c] += g * qkv[q + c];
          }
        }
      }
      at += m * m;
    }
  }
}

/** Weighted mean of the tokens of each set: `out` [n, stride], its first d values of a row. `weights` [nTokens] sum to 1 in each set. */
export function poolSets(
  n: number,
  d: number,
  stride: number,
  starts: Int32Array,
  weights: Float64Array,
  tokens: Float64Array,
  out: Float64Array,
): void {
  for (let s = 0; s < n; s++) {
    for (let j = 0; j < d; j++) out[s * stride + j] = 0;
    for (let t = starts[s]; t < starts[s + 1]; t++) {
      for (let j = 0; j < d; j++) out[s * stride + j] += weights[t] * tokens[t * d + j];
    }
  }
}

/** Gradient by the tokens, [nTokens, d], from that by what {@link poolSets} gave. */
export function poolSetsBack(
  n: number,
  d: number,
  stride: number,
  starts: Int32Array,
  weights: Float64Array,
  byOut: Float64Array,
  byTokens: Float64Array,
): void {
  for (let s = 0; s < n; s++) {
    for (let t = starts[s]; t < starts[s + 1]; t++) {
      for (let j = 0; j < d; j++) byTokens[t * d + j] = weights[t] * byOut[s * stride + j];
    }
  }
}

/** Adds `rows[i]` of `table` to row i of `out`, [n, d]. */
export function addRowsOf(n: number, d: number, table: Float64Array, rows: Int32Array, out: Float64Array): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) out[i * d + j] += table[rows[i] * d + j];
  }
}

/** Adds row i of `x`, [n, d], to `rows[i]` of `out`. */
export function scatterRows(n: number, d: number, x: Float64Array, rows: Int32Array, out: Float64Array): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) out[rows[i] * d + j] += x[i * d + j];
  }
}

/** a + b into `a`. */
export function addInto(n: number, a: Float64Array, b: Float64Array): void {
  for (let k = 0; k < n; k++) a[k] += b[k];
}
