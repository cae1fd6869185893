/*
 * Limited-memory quasi-Newton matrix with bounds: Byrd, Lu, Nocedal & Zhu, SIAM J. Sci. Comput. 16, 1190 (1995),
 * doi:10.1137/0916069. B = θ I − W M Wᵀ with W = [Y, θ S] (n × 2k), M = [[−D, Lᵀ], [L, θ SᵀS]]⁻¹.
 *
 * s, y: the last k corrections as rows, oldest first, [capacity, n]. `middle`: M, row-major [2k, 2k].
 */

/** Row b of W: y_0b … y_(k−1)b, θ s_0b … */
function rowOfW(
  n: number,
  k: number,
  theta: number,
  s: Float64Array,
  y: Float64Array,
  b: number,
  out: Float64Array,
): void {
  for (let a = 0; a < k; a++) {
    out[a] = y[a * n + b];
    out[k + a] = theta * s[a * n + b];
  }
}

/** out = Wᵀ v */
function transposedTimes(
  n: number,
  k: number,
  theta: number,
  s: Float64Array,
  y: Float64Array,
  v: Float64Array,
  out: Float64Array,
): void {
  for (let a = 0; a < k; a++) {
    let sumY = 0;
    let sumS = 0;
    for (let i = 0; i < n; i++) {
      sumY += y[a * n + i] * v[i];
      sumS += s[a * n + i] * v[i];
    }
    out[a] = sumY;
    out[k + a] = theta * sumS;
  }
}

function multiply(m: number, matrix: Float64Array, v: Float64Array, out: Float64Array): void {
  for (let i = 0; i < m; i++) {
    let sum = 0;
    for (let j = 0; j < m; j++) sum += matrix[i * m + j] * v[j];
    out[i] = sum;
  }
}

function dot(n: number, a: Float64Array, aAt: number, b: Float64Array, bAt: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += a[aAt + i] * b[bAt + i];
  return sum;
}

/** Inverts an m × m matrix in place by Gauss–Jordan with row pivoting; returns 0, or 1 where it is singular. `order`: scratch of m. */
function invertSmall(m: number, a: Float64Array, order: Int32Array): number {
  for (let i = 0; i < m; i++) {
    let pivot = i;
    for (let r = i + 1; r < m; r++) if (Math.abs(a[r * m + i]) > Math.abs(a[pivot * m + i])) pivot = r;
    order[i] = pivot;
    if (!(Math.abs(a[pivot * m + i]) > 0)) return 1;
    if (pivot !== i) {
      for (let j = 0; j < m; j++) {
        const held = a[i * m + j];
        a[i * m + j] = a[pivot * m + j];
        a[pivot * m + j] = held;
      }
    }
    const inverse = 1 / a[i * m + i];
    a[i * m + i] = 1;
    for (let j = 0; j < m; j++) a[i * m + j] *= inverse;
    for (let r = 0; r < m; r++) {
      if (r === i) continue;
      const factor = a[r * m + i];
      if (factor === 0) continue;
      a[r * m + i] = 0;
      for (let j = 0; j < m; j++) a[r * m + j] -= factor * a[i * m + j];
    }
  }
  for (let i = m - 1; i >= 0; i--) {
    const pivot = order[i];
    if (pivot === i) continue;
    for (let r = 0; r < m; r++) {
      const held = a[r * m + i];
      a[r * m + i] = a[r * m + pivot];
      a[r * m + pivot] = held;
    }
  }
  return 0;
}

/** Writes M for k corrections; returns 0, or 1 where it is singular. */
export function middleMatrix(
  n: number,
  k: number,
  theta: number,
  s: Float64Array,
  y: Float64Array,
  middle: Float64Array,
  order: Int32Array,
): number {
  const m = 2 * k;
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      middle[i * m + j] = i === j ? -dot(n, s, i * n, y, i * n) : 0;
      const below = i > j ? dot(n, s, i * n, y, j * n) : 0;
      middle[(k + i) * m + j] = below;
      middle[j * m + k + i] = below;
      if (j <= i) {
        const ss = theta * dot(n, s, i * n, s, j * n);
        middle[(k + i) * m + k + j] = ss;
        middle[(k + j) * m + k + i] = ss;
      }
    }
  }
  return invertSmall(m, middle, order);
}

/**
 * Generalised Cauchy point (algorithm CP): first local minimiser of the quadratic model along the projected gradient path.
 *
 * @param breaks scratch [n]; `order` scratch [n]; `work` scratch [4 · 2k + n]
 * @param point receives x^c, [n]; `c` receives Wᵀ(x^c − x), [2k]
 */
export function cauchyPoint(
  n: number,
  k: number,
  theta: number,
  s: Float64Array,
  y: Float64Array,
  middle: Float64Array,
  x: Float64Array,
  g: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
  breaks: Float64Array,
  order: Int32Array,
  work: Float64Array,
  point: Float64Array,
  c: Float64Array,
): void {
  const m = 2 * k;
  const d = work.subarray(0, n);
  const p = work.subarray(n, n + m);
  const w = work.subarray(n + m, n + 2 * m);
  const mw = work.subarray(n + 2 * m, n + 3 * m);
  c.fill(0);
  let nBreaks = 0;
  let slope = 0;
  for (let i = 0; i < n; i++) {
    const bound = g[i] < 0 ? upper[i] : lower[i];
    breaks[i] = g[i] === 0 ? Number.POSITIVE_INFINITY : (x[i] - bound) / g[i];
    d[i] = breaks[i] > 0 ? -g[i] : 0;
    point[i] = x[i];
    slope -= d[i] * d[i];
    if (breaks[i] > 0 && breaks[i] < Number.POSITIVE_INFINITY) order[nBreaks++] = i;
  }
  if (slope === 0) return;
  order.subarray(0, nBreaks).sort((a, b) => breaks[a] - breaks[b] || a - b);
  transposedTimes(n, k, theta, s, y, d, p);
  multiply(m, middle, p, mw);
  let curvature = -theta * slope - dot(m, p, 0, mw, 0);
  const least = 2.220446049250313e-16 * -theta * slope;
  let t = 0;
  let step = -slope / curvature;
  let at = 0;
  for (; at < nBreaks; at++) {
    const b = order[at];
    const dt = breaks[b] - t;
    if (step < dt) break;
    const bound = d[b] > 0 ? upper[b] : lower[b];
    point[b] = bound;
    const z = bound - x[b];
    for (let a = 0; a < m; a++) c[a] += dt * p[a];
    rowOfW(n, k, theta, s, y, b, w);
    multiply(m, middle, w, mw);
    const gb = g[b];
    slope += dt * curvature + gb * gb + theta * gb * z - gb * dot(m, mw, 0, c, 0);
    curvature -= theta * gb * gb + 2 * gb * dot(m, mw, 0, p, 0) + gb * gb * dot(m, mw, 0, w, 0);
    if (curvature < least) curvature = least;
    for (let a = 0; a < m; a++) p[a] += gb * w[a];
    d[b] = 0;
    t = breaks[b];
    step = -slope / curvature;
  }
  if (!(step > 0)) step = 0;
  t += step;
  for (let i = 0; i < n; i++) if (d[i] !== 0) point[i] = x[i] + t * d[i];
  for (let a = 0; a < m; a++) c[a] += step * p[a];
}

/**
 * Minimises the model over the variables that are free at the Cauchy point (direct primal method), the others held at their
 * bounds; the result is projected onto the box, or cut at it where the projection is no descent direction
 * (Morales & Nocedal, ACM Trans. Math. Softw. 38, 7 (2011), doi:10.1145/2049662.2049669).
 *
 * @param n2, gram scratch [2k · 2k]; `order` scratch [2k]; `work` scratch [2n + 4 · 2k]
 * @param out receives the point aimed at, [n]
 * @returns 0, or 1 where the reduced matrix is singular
 */
export function subspaceMinimum(
  n: number,
  k: number,
  theta: number,
  s: Float64Array,
  y: Float64Array,
  middle: Float64Array,
  x: Float64Array,
  g: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
  point: Float64Array,
  c: Float64Array,
  n2: Float64Array,
  gram: Float64Array,
  order: Int32Array,
  work: Float64Array,
  out: Float64Array,
): number {
  const m = 2 * k;
  const r = work.subarray(0, n);
  const du = work.subarray(n, 2 * n);
  const v = work.subarray(2 * n, 2 * n + m);
  const mv = work.subarray(2 * n + m, 2 * n + 2 * m);
  const w = work.subarray(2 * n + 2 * m, 2 * n + 3 * m);
  const mw = work.subarray(2 * n + 3 * m, 2 * n + 4 * m);
  multiply(m, middle, c, mv);
  let free = 0;
  for (let i = 0; i < n; i++) {
    out[i] = point[i];
    r[i] = 0;
    if (!(point[i] > lower[i] && point[i] < upper[i])) continue;
    free++;
    rowOfW(n, k, theta, s, y, i, w);
    r[i] = g[i] + theta * (point[i] - x[i]) - dot(m, w, 0, mv, 0);
  }
  if (free === 0) return 0;
  if (m > 0) {
    // N = I − M (WᵀZZᵀW) / θ, v = N⁻¹ M WᵀZ r.
    gram.fill(0);
    for (let i = 0; i < n; i++) {
      if (!(point[i] > lower[i] && point[i] < upper[i])) continue;
      rowOfW(n, k, theta, s, y, i, w);
      for (let a = 0; a < m; a++) {
        const factor = w[a];
        for (let b = 0; b <= a; b++) gram[a * m + b] += factor * w[b];
      }
    }
    for (let a = 0; a < m; a++) for (let b = 0; b < a; b++) gram[b * m + a] = gram[a * m + b];
    n2.fill(0);
    for (let a = 0; a < m; a++) {
      n2[a * m + a] = 1;
      for (let e = 0; e < m; e++) {
        const factor = middle[a * m + e] / theta;
        for (let b = 0; b < m; b++) n2[a * m + b] -= factor * gram[e * m + b];
      }
    }
    if (invertSmall(m, n2.subarray(0, m * m), order) !== 0) return 1;
    transposedTimes(n, k, theta, s, y, r, w);
    multiply(m, middle, w, mw);
    multiply(m, n2, mw, v);
  }
  let alpha = 1;
  let descent = 0;
  for (let i = 0; i < n; i++) {
    du[i] = 0;
    if (point[i] > lower[i] && point[i] < upper[i]) {
      rowOfW(n, k, theta, s, y, i, w);
      du[i] = -r[i] / theta - dot(m, w, 0, v, 0) / (theta * theta);
      const target = point[i] + du[i];
      out[i] = Math.min(upper[i], Math.max(lower[i], target));
      if (target > upper[i]) alpha = Math.min(alpha, (upper[i] - point[i]) / du[i]);
      else if (target < lower[i]) alpha = Math.min(alpha, (lower[i] - point[i]) / du[i]);
    }
    descent += (out[i] - x[i]) * g[i];
  }
  if (descent > 0) {
    for (let i = 0; i < n; i++) out[i] = Math.min(upper[i], Math.max(lower[i], point[i] + alpha * du[i]));
  }
  return 0;
}
