/**
 * Factor of L Lᵀ + x xᵀ in place, by Givens rotations row by row. Work: `c`, `s` of length n; `x` is not kept.
 *
 * Gill, Golub, Murray and Saunders, doi:10.1090/S0025-5718-1974-0343558-6.
 */
export function choleskyRankOneUpdate(
  n: number,
  l: Float64Array,
  x: Float64Array,
  c: Float64Array,
  s: Float64Array,
): void {
  for (let i = 0; i < n; i++) {
    const row = i * n;
    let rest = x[i];
    for (let k = 0; k < i; k++) {
      const value = l[row + k];
      l[row + k] = c[k] * value + s[k] * rest;
      rest = c[k] * rest - s[k] * value;
    }
    const pivot = l[row + i];
    const radius = Math.hypot(pivot, rest);
    c[i] = pivot / radius;
    s[i] = rest / radius;
    l[row + i] = radius;
  }
}

/**
 * Factor of L Lᵀ − x xᵀ in place, given p = L⁻¹ x, by rotations that take (p, √(1 − pᵀp)) to (0, 1). Work: `c`, `s` of
 * length n.
 *
 * Same source as {@link choleskyRankOneUpdate}, method C3.
 *
 * @returns 0, or 1 if L Lᵀ − x xᵀ is not positive definite, and L is as it was
 */
export function choleskyRankOneDowndate(
  n: number,
  l: Float64Array,
  p: Float64Array,
  c: Float64Array,
  s: Float64Array,
): number {
  let left = 1;
  for (let i = 0; i < n; i++) left -= p[i] * p[i];
  if (!(left > 0)) return 1;
  let length = Math.sqrt(left);
  for (let i = n - 1; i >= 0; i--) {
    const radius = Math.hypot(length, p[i]);
    c[i] = length / radius;
    s[i] = p[i] / radius;
    length = radius;
  }
  for (let j = 0; j < n; j++) {
    const row = j * n;
    let rest = 0;
    for (let i = j; i >= 0; i--) {
      const value = l[row + i];
      const turned = c[i] * rest + s[i] * value;
      l[row + i] = c[i] * value - s[i] * rest;
      rest = turned;
    }
  }
  return 0;
}
