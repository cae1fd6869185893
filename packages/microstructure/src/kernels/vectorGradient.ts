/**
 * Gradient of an image of several channels (one after the other): the square root of the larger eigenvalue of the tensor
 * Σ_c ∇I_c ∇I_cᵀ, the steepest change of colour per pixel (S. Di Zenzo, Comput. Vis. Graph. Image Process. 33, 116 (1986),
 * doi:10.1016/0734-189X(86)90223-9). Derivatives are central differences, one-sided at the border.
 *
 * @param direction - of the steepest change, radians from +x towards −y (counter-clockwise on the screen), −π/2 … π/2; 0 where
 * nothing changes; not computed if its length is 0
 */
export function vectorGradient(
  width: number,
  height: number,
  nChannels: number,
  values: Float32Array,
  out: Float32Array,
  direction: Float32Array = NONE,
): void {
  const size = width * height;
  const isDirected = direction.length > 0;
  for (let y = 0; y < height; y++) {
    const up = y > 0 ? -width : 0;
    const down = y + 1 < height ? width : 0;
    const perY = down - up === 0 ? 0 : width / (down - up);
    for (let x = 0; x < width; x++) {
      const left = x > 0 ? -1 : 0;
      const right = x + 1 < width ? 1 : 0;
      const perX = right - left === 0 ? 0 : 1 / (right - left);
      const i = y * width + x;
      let xx = 0;
      let yy = 0;
      let xy = 0;
      for (let c = 0, k = i; c < nChannels; c++, k += size) {
        const gx = (values[k + right] - values[k + left]) * perX;
        const gy = (values[k + down] - values[k + up]) * perY;
        xx += gx * gx;
        yy += gy * gy;
        xy += gx * gy;
      }
      const half = (xx - yy) / 2;
      out[i] = Math.sqrt((xx + yy) / 2 + Math.sqrt(half * half + xy * xy));
      if (isDirected) direction[i] = 0.5 * Math.atan2(0 - 2 * xy, xx - yy);
    }
  }
}

const NONE = new Float32Array(0);
