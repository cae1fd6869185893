/**
 * A smooth field over an image: sum of products of Legendre polynomials P_a(u) P_b(v), 1 ≤ a + b ≤ degree, u and v from −1 to 1
 * over the image, scaled so that its largest magnitude is 1. `coefficients`: one per term, by a + b, then by b.
 */
export function polynomialField(
  width: number,
  height: number,
  degree: number,
  coefficients: Float64Array,
  out: Float32Array,
): void {
  const along = legendre(width, degree);
  const down = legendre(height, degree);
  out.fill(0);
  let term = 0;
  for (let order = 1; order <= degree; order++) {
    for (let b = 0; b <= order; b++, term++) {
      const c = coefficients[term];
      const a = order - b;
      for (let y = 0, i = 0; y < height; y++) {
        const factor = c * down[b * height + y];
        for (let x = 0; x < width; x++, i++) out[i] += factor * along[a * width + x];
      }
    }
  }
  let most = 0;
  for (let i = 0; i < out.length; i++) if (Math.abs(out[i]) > most) most = Math.abs(out[i]);
  if (most > 0) for (let i = 0; i < out.length; i++) out[i] /= most;
}

/** P_0 … P_degree at n places from −1 to 1, one after the other. */
function legendre(n: number, degree: number): Float64Array {
  const values = new Float64Array((degree + 1) * n);
  for (let i = 0; i < n; i++) {
    const u = n > 1 ? (2 * i) / (n - 1) - 1 : 0;
    values[i] = 1;
    if (degree > 0) values[n + i] = u;
    for (let k = 2; k <= degree; k++) {
      values[k * n + i] = ((2 * k - 1) * u * values[(k - 1) * n + i] - (k - 1) * values[(k - 2) * n + i]) / k;
    }
  }
  return values;
}
