/**
 * Magnifies a periodic or bounded label map by `factor`: every fine pixel takes the label with the largest sum of
 * Gaussian weights (standard deviation `sigma` coarse pixels, window 5 × 5) over the coarse pixels around it. The
 * boundary of two regions becomes the half-level line of a smoothed indicator, so staircases turn into curves.
 * `wrap` joins opposite borders. The fine map is round(width · factor) × round(height · factor).
 */
export function magnifyByVote(
  width: number,
  height: number,
  labels: Uint32Array,
  factor: number,
  sigma: number,
  wrap: boolean,
  fineWidth: number,
  fineHeight: number,
  out: Uint32Array,
): void {
  const columns = tabulate(width, fineWidth, factor, sigma, wrap);
  const rows = tabulate(height, fineHeight, factor, sigma, wrap);
  const seen = new Uint32Array(25);
  const votes = new Float64Array(25);
  for (let y = 0; y < fineHeight; y++) {
    for (let x = 0; x < fineWidth; x++) {
      let nSeen = 0;
      const first = labels[rows.index[5 * y] * width + columns.index[5 * x]];
      let mixed = false;
      for (let j = 0; j < 5 && !mixed; j++) {
        const row = rows.index[5 * y + j] * width;
        for (let i = 0; i < 5; i++) {
          if (labels[row + columns.index[5 * x + i]] !== first) {
            mixed = true;
            break;
          }
        }
      }
      if (!mixed) {
        out[y * fineWidth + x] = first;
        continue;
      }
      for (let j = 0; j < 5; j++) {
        const row = rows.index[5 * y + j] * width;
        const weight = rows.weight[5 * y + j];
        for (let i = 0; i < 5; i++) {
          const label = labels[row + columns.index[5 * x + i]];
          let k = 0;
          while (k < nSeen && seen[k] !== label) k++;
          if (k === nSeen) {
            seen[k] = label;
            votes[k] = 0;
            nSeen++;
          }
          votes[k] += weight * columns.weight[5 * x + i];
        }
      }
      let best = 0;
      for (let k = 1; k < nSeen; k++) if (votes[k] > votes[best]) best = k;
      out[y * fineWidth + x] = seen[best];
    }
  }
}

/** The five coarse positions around every fine pixel of one axis, and their weights (0 outside a bounded map). */
function tabulate(
  n: number,
  nFine: number,
  factor: number,
  sigma: number,
  wrap: boolean,
): { readonly index: Int32Array; readonly weight: Float64Array } {
  const index = new Int32Array(5 * nFine);
  const weight = new Float64Array(5 * nFine);
  for (let f = 0; f < nFine; f++) {
    const centre = (f + 0.5) / factor - 0.5;
    const nearest = Math.round(centre);
    for (let k = 0; k < 5; k++) {
      const position = nearest + k - 2;
      const d = position - centre;
      const inside = position >= 0 && position < n;
      weight[5 * f + k] = inside || wrap ? Math.exp((-d * d) / (2 * sigma * sigma)) : 0;
      index[5 * f + k] = wrap ? ((position % n) + n) % n : Math.min(n - 1, Math.max(0, position));
    }
  }
  return { index, weight };
}
