/**
 * One step of the local k-means of SLIC on rows `top` … `bottom` − 1: each pixel goes to the centre of least
 * |Δfeature|² + weight · |Δposition|² among those whose window of ± `reach` px holds it, of equal distances to the first in `order`;
 * one that no window holds keeps its label.
 *
 * @param channels - 1 or 3
 * @param features - of the rows, channels interleaved
 * @param order - indices of the centres whose windows may meet the rows, between `begin` and `end`
 * @param centres - rows of 2 + channels values: x, y, features
 * @param least - scratch, a value a pixel of the rows
 * @param labels - of the rows, 1 … n
 */
export function assignToCentres(
  width: number,
  top: number,
  bottom: number,
  channels: number,
  features: Float32Array,
  reach: number,
  weight: number,
  order: Uint32Array,
  begin: number,
  end: number,
  centres: Float64Array,
  least: Float32Array,
  labels: Uint32Array,
): void {
  const row = channels + 2;
  least.fill(Number.POSITIVE_INFINITY);
  for (let k = begin; k < end; k++) {
    const c = order[k] * row;
    const cx = centres[c];
    const cy = centres[c + 1];
    const x0 = Math.max(0, Math.ceil(cx - reach));
    const x1 = Math.min(width - 1, Math.floor(cx + reach));
    const y1 = Math.min(bottom - 1, Math.floor(cy + reach));
    const label = order[k] + 1;
    const c0 = centres[c + 2];
    const c1 = channels === 3 ? centres[c + 3] : 0;
    const c2 = channels === 3 ? centres[c + 4] : 0;
    for (let y = Math.max(top, Math.ceil(cy - reach)); y <= y1; y++) {
      const dy = weight * (y - cy) * (y - cy);
      const first = (y - top) * width;
      for (let x = x0; x <= x1; x++) {
        const i = first + x;
        const f = i * channels;
        const d0 = features[f] - c0;
        let d = dy + weight * (x - cx) * (x - cx) + d0 * d0;
        if (channels === 3) {
          const d1 = features[f + 1] - c1;
          const d2 = features[f + 2] - c2;
          d = d + d1 * d1 + d2 * d2;
        }
        if (d < least[i]) {
          least[i] = d;
          labels[i] = label;
        }
      }
    }
  }
}

/** Adds the pixels of rows from `top` on to `sums`, rows of 3 + channels values a label: count, x, y, features. */
export function addToClusters(
  width: number,
  top: number,
  channels: number,
  features: Float32Array,
  labels: Uint32Array,
  sums: Float64Array,
): void {
  const row = channels + 3;
  for (let first = 0, y = top; first < labels.length; first += width, y++) {
    for (let x = 0; x < width; x++) {
      const i = first + x;
      const s = (labels[i] - 1) * row;
      sums[s]++;
      sums[s + 1] += x;
      sums[s + 2] += y;
      for (let ch = 0; ch < channels; ch++) sums[s + 3 + ch] += features[i * channels + ch];
    }
  }
}

/** Moves the centres of `assignToCentres` to the means of the `sums` of `addToClusters`; one without pixels stays. */
export function moveCentres(channels: number, sums: Float64Array, centres: Float64Array): void {
  const row = channels + 2;
  for (let c = 0, s = 0; c < centres.length; c += row, s += row + 1) {
    const count = sums[s];
    if (count === 0) continue;
    for (let j = 0; j < row; j++) centres[c + j] = sums[s + 1 + j] / count;
  }
}

/**
 * Lists the centres whose windows of ± `reach` px meet each band of `bandRows` rows, by rising index: those of band b stand in
 * `order` from `start[b]` to `start[b + 1]`. `start` holds two values more than there are bands, `order` for every centre one
 * more than 2 · `reach` / `bandRows`, rounded up.
 */
export function centresByBand(
  height: number,
  bandRows: number,
  row: number,
  reach: number,
  centres: Float64Array,
  start: Uint32Array,
  order: Uint32Array,
): void {
  start.fill(0);
  for (let c = 1; c < centres.length; c += row) {
    const last = bandOfRow(Math.min(height - 1, Math.floor(centres[c] + reach)), bandRows);
    for (let b = bandOfRow(Math.max(0, Math.ceil(centres[c] - reach)), bandRows); b <= last; b++) start[b + 2]++;
  }
  for (let b = 2; b < start.length; b++) start[b] += start[b - 1];
  for (let k = 0, c = 1; c < centres.length; k++, c += row) {
    const last = bandOfRow(Math.min(height - 1, Math.floor(centres[c] + reach)), bandRows);
    for (let b = bandOfRow(Math.max(0, Math.ceil(centres[c] - reach)), bandRows); b <= last; b++) {
      order[start[b + 1]++] = k;
    }
  }
}

function bandOfRow(y: number, bandRows: number): number {
  return Math.floor(y / bandRows);
}
