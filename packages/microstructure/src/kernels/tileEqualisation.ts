/** Histogram of each tile of a grid, tile (tx, ty) reaching from ⌊tx · width / nx⌋ to ⌊(tx + 1) · width / nx⌋. */
export function tileHistograms(
  width: number,
  height: number,
  nx: number,
  ny: number,
  position: Float32Array,
  nBins: number,
  counts: Float64Array,
): void {
  for (let y = 0; y < height; y++) {
    const ty = Math.min(ny - 1, Math.floor(((y + 1) * ny - 1) / height));
    for (let x = 0; x < width; x++) {
      const tx = Math.min(nx - 1, Math.floor(((x + 1) * nx - 1) / width));
      const bin = Math.min(nBins - 1, Math.floor(position[y * width + x] * nBins));
      counts[(ty * nx + tx) * nBins + bin]++;
    }
  }
}

/** Cuts bins off at `limit` and shares what was cut out among those below it, until none is above; the sum is kept. */
export function clipHistogram(nBins: number, at: number, limit: number, counts: Float64Array): void {
  let excess = 0;
  for (let b = at; b < at + nBins; b++) {
    if (counts[b] > limit) {
      excess += counts[b] - limit;
      counts[b] = limit;
    }
  }
  // Each round fills up one bin at least or spends all.
  for (let round = 0; round < nBins && excess > 0; round++) {
    let open = 0;
    for (let b = at; b < at + nBins; b++) if (counts[b] < limit) open++;
    if (open === 0) break;
    const share = excess / open;
    excess = 0;
    for (let b = at; b < at + nBins; b++) {
      if (counts[b] >= limit) continue;
      counts[b] += share;
      if (counts[b] > limit) {
        excess += counts[b] - limit;
        counts[b] = limit;
      }
    }
  }
}

/**
 * Grey by the cumulative histograms (nBins + 1 numbers each, 0 … 1, linear between) of the four nearest tiles, bilinear
 * between their centres.
 */
export function interpolateTileMaps(
  width: number,
  height: number,
  nx: number,
  ny: number,
  position: Float32Array,
  nBins: number,
  cumulative: Float64Array,
  out: Float32Array,
): void {
  for (let y = 0; y < height; y++) {
    const v = Math.min(ny - 1, Math.max(0, ((y + 0.5) * ny) / height - 0.5));
    const top = Math.min(Math.floor(v), Math.max(0, ny - 2));
    const fy = v - top;
    const below = ny > 1 ? nx * (nBins + 1) : 0;
    for (let x = 0; x < width; x++) {
      const u = Math.min(nx - 1, Math.max(0, ((x + 0.5) * nx) / width - 0.5));
      const left = Math.min(Math.floor(u), Math.max(0, nx - 2));
      const fx = u - left;
      const right = nx > 1 ? nBins + 1 : 0;
      const t = position[y * width + x] * nBins;
      const bin = Math.min(nBins - 1, Math.floor(t));
      const f = t - bin;
      const k = (top * nx + left) * (nBins + 1) + bin;
      const a = cumulative[k] + f * (cumulative[k + 1] - cumulative[k]);
      const b = cumulative[k + right] + f * (cumulative[k + right + 1] - cumulative[k + right]);
      const c = cumulative[k + below] + f * (cumulative[k + below + 1] - cumulative[k + below]);
      const e = k + below + right;
      const d = cumulative[e] + f * (cumulative[e + 1] - cumulative[e]);
      out[y * width + x] = (1 - fy) * ((1 - fx) * a + fx * b) + fy * ((1 - fx) * c + fx * d);
    }
  }
}
