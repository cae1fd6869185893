/**
 * Follows rays to where their own region ends, through rows `first` … `first` + `nRows` − 1 of an image of regions (`height` rows in
 * all). Ray k starts at (x, y) and runs along (dx, dy), a unit vector; what is 1 in its region and 0 elsewhere is interpolated
 * bilinearly between pixel centres, and `lengths` gets the distance to where that falls below one half. It stays as it is for rays
 * that start outside, leave the image first, or are longer than `reach`.
 *
 * A ray that needs other rows waits: `steps` holds how far it has come, −1 at its end, and `before` the value a step before. They
 * start as 0 and 1, so that rays can be followed through one part of the image after the other, in any order.
 */
export function followRays(
  width: number,
  height: number,
  first: number,
  nRows: number,
  regions: Uint32Array,
  x: Float64Array,
  y: Float64Array,
  dx: Float64Array,
  dy: Float64Array,
  reach: Float64Array,
  region: Uint32Array,
  steps: Int32Array,
  before: Float64Array,
  lengths: Float64Array,
): void {
  const step = 0.25;
  const last = first + nRows - 1;
  for (let r = 0; r < steps.length; r++) {
    const own = region[r];
    let k = steps[r];
    while (k >= 0) {
      const px = x[r] + dx[r] * k * step;
      const py = y[r] + dy[r] * k * step;
      if (k * step > reach[r] || px < 0 || py < 0 || px > width - 1 || py > height - 1) {
        k = -1;
        break;
      }
      const ix = Math.min(width - 2, Math.floor(px));
      const iy = Math.min(height - 2, Math.floor(py));
      if (Math.max(0, iy) < first || iy + 1 > last) break;
      const fx = px - ix;
      const fy = py - iy;
      const i = (iy - first) * width + ix;
      const top = (regions[i] === own ? 1 - fx : 0) + (regions[i + 1] === own ? fx : 0);
      const bottom = (regions[i + width] === own ? 1 - fx : 0) + (regions[i + width + 1] === own ? fx : 0);
      const value = top * (1 - fy) + bottom * fy;
      if (value < 0.5) {
        if (k > 0) lengths[r] = (k - (0.5 - value) / (before[r] - value)) * step;
        k = -1;
        break;
      }
      before[r] = value;
      k++;
    }
    steps[r] = k;
  }
}
