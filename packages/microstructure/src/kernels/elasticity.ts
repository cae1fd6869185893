/**
 * Plane strain on a periodic grid of pixels whose corners carry the displacements, u of all nodes, then v: node (x, y) is the upper left corner
 * of pixel (x, y). Derivatives in a pixel, at its centre, are the mean of the two differences along each axis (rotated scheme).
 */

/** sym ∇u of the pixel with these corners, written from `at` on: xx, yy, xy. */
function strainOf(
  u: Float64Array,
  size: number,
  upperLeft: number,
  upperRight: number,
  lowerLeft: number,
  lowerRight: number,
  strain: Float64Array,
  at: number,
): void {
  const uFalling = u[lowerRight] - u[upperLeft];
  const uRising = u[upperRight] - u[lowerLeft];
  const vFalling = u[size + lowerRight] - u[size + upperLeft];
  const vRising = u[size + upperRight] - u[size + lowerLeft];
  strain[at] = 0.5 * (uFalling + uRising);
  strain[at + 1] = 0.5 * (vFalling - vRising);
  strain[at + 2] = 0.25 * (uFalling - uRising + vFalling + vRising);
}

/**
 * out = −∇·σ at the nodes, σ = λ tr(ε) + 2 μ ε, ε = sym ∇u + e.
 *
 * @param lambda - λ of each pixel @param mu - μ of each pixel
 * @param out - forces along x of all nodes, then along y; each sums to 0
 */
export function elasticOperator(
  width: number,
  height: number,
  lambda: Float64Array,
  mu: Float64Array,
  exx: number,
  eyy: number,
  exy: number,
  u: Float64Array,
  out: Float64Array,
): void {
  const size = width * height;
  const own = new Float64Array(3);
  out.fill(0);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const below = y + 1 < height ? row + width : 0;
    for (let x = 0; x < width; x++) {
      const next = x + 1 < width ? x + 1 : 0;
      strainOf(u, size, row + x, row + next, below + x, below + next, own, 0);
      const xx = own[0] + exx;
      const yy = own[1] + eyy;
      const xy = own[2] + exy;
      const pressure = lambda[row + x] * (xx + yy);
      const twice = 2 * mu[row + x];
      const sxx = 0.5 * (pressure + twice * xx);
      const syy = 0.5 * (pressure + twice * yy);
      const sxy = 0.5 * twice * xy;
      out[row + x] -= sxx + sxy;
      out[below + next] += sxx + sxy;
      out[row + next] += sxx - sxy;
      out[below + x] -= sxx - sxy;
      out[size + row + x] -= sxy + syy;
      out[size + below + next] += sxy + syy;
      out[size + row + next] += sxy - syy;
      out[size + below + x] -= sxy - syy;
    }
  }
}

/** sym ∇u + e of each pixel. @param strain - [height, width, 3]: xx, yy, xy (half the angle) */
export function elasticStrain(
  width: number,
  height: number,
  exx: number,
  eyy: number,
  exy: number,
  u: Float64Array,
  strain: Float64Array,
): void {
  const size = width * height;
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const below = y + 1 < height ? row + width : 0;
    for (let x = 0; x < width; x++) {
      const next = x + 1 < width ? x + 1 : 0;
      const at = 3 * (row + x);
      strainOf(u, size, row + x, row + next, below + x, below + next, strain, at);
      strain[at] += exx;
      strain[at + 1] += eyy;
      strain[at + 2] += exy;
    }
  }
}

/**
 * Solves −∇·σ = f for a uniform medium λ, μ in Fourier space. With k of the scheme, the matrix is μ |k|² δ_ij + (λ + μ) Re(k_i k̄_j);
 * its determinant μ (λ + 2μ) |k|⁴. The mean and, where both sizes are even, the chequered mode, which have no strain, become 0.
 *
 * @param cosX - cos q₁ and sin q₁ of columns 0 … ⌊width / 2⌋ @param cosY - of all rows
 * @param fx - [height, ⌊width / 2⌋ + 1] complex, forces along x, replaced by displacements @param fy - along y
 */
export function elasticGreen(
  width: number,
  height: number,
  lambda: number,
  mu: number,
  cosX: Float64Array,
  sinX: Float64Array,
  cosY: Float64Array,
  sinY: Float64Array,
  fx: Float64Array,
  fy: Float64Array,
): void {
  const half = (width >> 1) + 1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < half; x++) {
      const at = 2 * (y * half + x);
      const isEmpty = (x === 0 && y === 0) || (2 * x === width && 2 * y === height);
      const xx = (1 - cosX[x]) * (1 + cosY[y]);
      const yy = (1 - cosY[y]) * (1 + cosX[x]);
      const xy = sinX[x] * sinY[y];
      const square = xx + yy;
      const inverse = isEmpty ? 0 : 1 / (mu * (lambda + 2 * mu) * square * square);
      const a = (mu * square + (lambda + mu) * yy) * inverse;
      const b = -(lambda + mu) * xy * inverse;
      const d = (mu * square + (lambda + mu) * xx) * inverse;
      for (let part = at; part < at + 2; part++) {
        const p = fx[part];
        const q = fy[part];
        fx[part] = a * p + b * q;
        fy[part] = b * p + d * q;
      }
    }
  }
}
