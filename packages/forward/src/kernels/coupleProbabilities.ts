/**
 * Probabilities of k classes from those of all pairs: p of the least Σ_a Σ_{b ≠ a} (r_ba p_a − r_ab p_b)² with Σ p = 1, from its linear
 * equations Σ_b Q_ab p_b = λ with Q_aa = Σ_{b ≠ a} r_ba² and Q_ab = −r_ba r_ab, by elimination with pivoting.
 *
 * @param r probability of a among the rows of a and b, [k, k], above 0 and below 1; r_ba = 1 − r_ab
 * @param system scratch, (k + 1) × (k + 2)
 * @param p [k], from `at` on
 */
export function coupleProbabilities(
  k: number,
  r: Float64Array,
  system: Float64Array,
  at: number,
  p: Float64Array | Float32Array,
): void {
  const size = k + 1;
  const stride = size + 1;
  for (let a = 0; a < k; a++) {
    let sum = 0;
    for (let b = 0; b < k; b++) {
      const away = r[b * k + a];
      if (b === a) continue;
      sum += away * away;
      system[a * stride + b] = -away * r[a * k + b];
    }
    system[a * stride + a] = sum;
    system[a * stride + k] = 1;
    system[k * stride + a] = 1;
    system[a * stride + size] = 0;
  }
  system[k * stride + k] = 0;
  system[k * stride + size] = 1;
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++) {
      if (Math.abs(system[row * stride + column]) > Math.abs(system[pivot * stride + column])) pivot = row;
    }
    if (pivot !== column) {
      for (let c = column; c < stride; c++) {
        const value = system[column * stride + c];
        system[column * stride + c] = system[pivot * stride + c];
        system[pivot * stride + c] = value;
      }
    }
    const own = system[column * stride + column];
    for (let row = column + 1; row < size; row++) {
      const factor = system[row * stride + column] / own;
      if (factor === 0) continue;
      for (let c = column; c < stride; c++) system[row * stride + c] -= factor * system[column * stride + c];
    }
  }
  for (let row = size - 1; row >= 0; row--) {
    let value = system[row * stride + size];
    for (let c = row + 1; c < size; c++) value -= system[row * stride + c] * system[c * stride + size];
    system[row * stride + size] = value / system[row * stride + row];
  }
  // The solution is above 0; what rounding leaves below it is none.
  let total = 0;
  for (let a = 0; a < k; a++) total += Math.max(0, system[a * stride + size]);
  for (let a = 0; a < k; a++) p[at + a] = Math.max(0, system[a * stride + size]) / total;
}
