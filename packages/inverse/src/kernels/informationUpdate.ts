/**
 * What adding Σ_k c_k f_k f_kᵀ to an information matrix M does, from D = M⁻¹ and A = D W D: the ratio det M′ / det M, and the change
 * of tr(M′⁻¹ W), by the matrix determinant lemma and Woodbury's identity, O(r p²).
 *
 * @param f [r, p] @param c [r], none 0
 * @param work at least 2 r p + 3 r²
 * @param out [2]: ratio, change of the trace; the change is NaN where the ratio is not positive
 */
export function informationUpdate(
  r: number,
  p: number,
  f: Float64Array,
  c: Float64Array,
  inverse: Float64Array,
  weighted: Float64Array,
  work: Float64Array,
  out: Float64Array,
): void {
  const df = 0;
  const af = r * p;
  const g = 2 * r * p; // C⁻¹ + FᵀDF, factored in place
  const h = g + r * r; // FᵀAF
  const inner = h + r * r; // FᵀDF
  for (let k = 0; k < r; k++) {
    for (let i = 0; i < p; i++) {
      let [d, a] = [0, 0];
      for (let j = 0; j < p; j++) {
        d += inverse[i * p + j] * f[k * p + j];
        a += weighted[i * p + j] * f[k * p + j];
      }
      work[df + k * p + i] = d;
      work[af + k * p + i] = a;
    }
  }
  for (let k = 0; k < r; k++) {
    for (let l = 0; l < r; l++) {
      let [d, a] = [0, 0];
      for (let j = 0; j < p; j++) {
        d += f[k * p + j] * work[df + l * p + j];
        a += f[k * p + j] * work[af + l * p + j];
      }
      work[inner + k * r + l] = d;
      work[g + k * r + l] = d + (k === l ? 1 / c[k] : 0);
      work[h + k * r + l] = a;
    }
  }
  // Gauss with row exchange on [G | H]: det(C) det(G) is the ratio, tr(G⁻¹ H) the loss of the trace.
  let ratio = 1;
  for (let k = 0; k < r; k++) ratio *= c[k];
  for (let k = 0; k < r; k++) {
    let pivot = k;
    for (let i = k + 1; i < r; i++) {
      if (Math.abs(work[g + i * r + k]) > Math.abs(work[g + pivot * r + k])) pivot = i;
    }
    if (pivot !== k) {
      ratio = -ratio;
      for (let j = 0; j < r; j++) {
        swap(work, g + k * r + j, g + pivot * r + j);
        swap(work, h + k * r + j, h + pivot * r + j);
      }
    }
    const top = work[g + k * r + k];
    ratio *= top;
    if (top === 0) break;
    for (let i = k + 1; i < r; i++) {
      const factor = work[g + i * r + k] / top;
      for (let j = k; j < r; j++) work[g + i * r + j] -= factor * work[g + k * r + j];
      for (let j = 0; j < r; j++) work[h + i * r + j] -= factor * work[h + k * r + j];
    }
  }
  out[0] = ratio;
  out[1] = Number.NaN;
  if (!(ratio > 0)) return;
  let trace = 0;
  for (let k = r - 1; k >= 0; k--) {
    for (let j = 0; j < r; j++) {
      let value = work[h + k * r + j];
      for (let i = k + 1; i < r; i++) value -= work[g + k * r + i] * work[h + i * r + j];
      work[h + k * r + j] = value / work[g + k * r + k];
    }
    trace += work[h + k * r + k];
  }
  out[1] = -trace;
}

function swap(values: Float64Array, a: number, b: number): void {
  const held = values[a];
  values[a] = values[b];
  values[b] = held;
}
