/**
 * Conduction on a periodic grid of pixels whose corners carry the potential u: node (x, y) is the upper left corner of pixel (x, y).
 * The gradient of a pixel, at its centre, is the mean of the two differences along each axis (rotated scheme).
 */

/** out = −∇·(k (∇u + e)), at the nodes; the sum over all nodes is 0. @param u - a node each @param k - a pixel each */
export function conductionOperator(
  width: number,
  height: number,
  k: Float64Array,
  ex: number,
  ey: number,
  u: Float64Array,
  out: Float64Array,
): void {
  out.fill(0);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const below = y + 1 < height ? row + width : 0;
    for (let x = 0; x < width; x++) {
      const next = x + 1 < width ? x + 1 : 0;
      const falling = u[below + next] - u[row + x];
      const rising = u[row + next] - u[below + x];
      // Halves of q = k (∇u + e) along the diagonals.
      const qx = 0.5 * k[row + x] * (0.5 * (falling + rising) + ex);
      const qy = 0.5 * k[row + x] * (0.5 * (falling - rising) + ey);
      out[row + x] -= qx + qy;
      out[below + next] += qx + qy;
      out[row + next] += qx - qy;
      out[below + x] -= qx - qy;
    }
  }
}

/** ∇u + e of each pixel. @param gradient - [height, width, 2] */
export function conductionGradient(
  width: number,
  height: number,
  ex: number,
  ey: number,
  u: Float64Array,
  gradient: Float64Array,
): void {
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const below = y + 1 < height ? row + width : 0;
    for (let x = 0; x < width; x++) {
      const next = x + 1 < width ? x + 1 : 0;
      const falling = u[below + next] - u[row + x];
      const rising = u[row + next] - u[below + x];
      gradient[2 * (row + x)] = 0.5 * (falling + rising) + ex;
      gradient[2 * (row + x) + 1] = 0.5 * (falling - rising) + ey;
    }
  }
}

/**
 * Solves −∇·∇u = f for conductivity 1 in Fourier space: divides by |k|² = 2 (1 − cos q₁ cos q₂), where k_1 = (exp(iq₁) − 1)(1 + exp(iq₂)) / 2.
 * The mean and, where both sizes are even, the chequered mode, which have no gradient, become 0.
 *
 * @param cosX - cos q₁ of columns 0 … ⌊width / 2⌋ @param cosY - cos q₂ of all rows
 * @param spectrum - [height, ⌊width / 2⌋ + 1] complex, replaced
 */
export function conductionGreen(
  width: number,
  height: number,
  cosX: Float64Array,
  cosY: Float64Array,
  spectrum: Float64Array,
): void {
  const half = (width >> 1) + 1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < half; x++) {
      const at = 2 * (y * half + x);
      const isEmpty = (x === 0 && y === 0) || (2 * x === width && 2 * y === height);
      const factor = isEmpty ? 0 : 1 / (2 * (1 - cosX[x] * cosY[y]));
      spectrum[at] *= factor;
      spectrum[at + 1] *= factor;
    }
  }
}
