/** Steps of the table of exp(−t), t = 0 … 16, between which it is linear: error below 2·10⁻⁶. */
const STEPS = 4096;
const REACH = 16;

/**
 * Weighted mean over shifts: weight of a shift t at x is spatial(t) · exp(−max(0, scale · D − offset)), D being the sum over
 * channels and the (2·patch + 1)² window about x of (I(x) − I(x + t))². With a window it is the non-local mean, with a
 * single pixel the bilateral filter. D comes from running sums: cost does not depend on the window. A shift and its
 * opposite share their weights.
 *
 * @param padded - channels one after the other, each padded by search + patch on all sides
 * @param spatial - (search + 1)² weights by |dy|, |dx|; shifts of weight 0 are left out
 * @param out - channels one after the other, width × height each
 */
export function nonLocalMeans(
  width: number,
  height: number,
  nChannels: number,
  padded: Float32Array,
  search: number,
  patch: number,
  spatial: Float64Array,
  scale: number,
  offset: number,
  out: Float32Array,
): void {
  const margin = search + patch;
  const stride = width + 2 * margin;
  const plane = stride * (height + 2 * margin);
  const size = width * height;
  const table = new Float64Array(STEPS + 2);
  for (let k = 0; k <= STEPS; k++) table[k] = Math.exp((-k * REACH) / STEPS);
  const weights = new Float64Array(size).fill(spatial[0]);
  const sums = new Float64Array(nChannels * size);
  for (let c = 0; c < nChannels; c++) {
    for (let y = 0; y < height; y++) {
      const from = c * plane + (y + margin) * stride + margin;
      for (let x = 0; x < width; x++) sums[c * size + y * width + x] = spatial[0] * padded[from + x];
    }
  }
  const columns = new Float64Array(stride);
  const row = new Float64Array(stride);
  for (let ty = 0; ty <= search; ty++) {
    for (let tx = ty === 0 ? 1 : 0 - search; tx <= search; tx++) {
      const near = spatial[ty * (search + 1) + Math.abs(tx)];
      if (near === 0) continue;
      const shift = ty * stride + tx;
      // 0 − t, as −0 would turn indices into floating-point numbers.
      const x0 = tx > 0 ? margin - tx : margin;
      const x1 = tx < 0 ? width - tx + margin : width + margin;
      const first = 0 - ty;
      columns.fill(0);
      for (let y = first - patch; y < height + patch; y++) {
        // Row y enters the window of rows; the window is full, and centred on y − patch, from 2 patch rows on.
        for (let c = 0; c < nChannels; c++) {
          addSquares(x0 - patch, x1 + patch, padded, c * plane + (y + margin) * stride, shift, 1, columns);
        }
        const centre = y - patch;
        if (centre < first) continue;
        for (let c = 0; c < nChannels && centre > first; c++) {
          addSquares(x0 - patch, x1 + patch, padded, c * plane + (y + search - patch - 1) * stride, shift, -1, columns);
        }
        weighRow(x0, x1, patch, columns, scale, offset, near, table, row);
        const here = (centre + margin) * stride;
        for (let c = 0; c < nChannels; c++) {
          const at = c * plane + here;
          if (centre >= 0)
            addWeighted(width, row, margin, padded, at + margin + shift, sums, c * size + centre * width);
          if (centre + ty >= height) continue;
          const far = c * size + (centre + ty) * width;
          addWeighted(width, row, margin - tx, padded, at + margin - tx, sums, far);
        }
        if (centre >= 0) addWeights(width, row, margin, weights, centre * width);
        if (centre + ty < height) addWeights(width, row, margin - tx, weights, (centre + ty) * width);
      }
    }
  }
  for (let c = 0; c < nChannels; c++) {
    for (let i = 0; i < size; i++) out[c * size + i] = sums[c * size + i] / weights[i];
  }
}

/** Adds sign · (I(x) − I(x + shift))² of one row to sums of columns. */
function addSquares(
  from: number,
  to: number,
  padded: Float32Array,
  row: number,
  shift: number,
  sign: number,
  columns: Float64Array,
): void {
  for (let x = from; x < to; x++) {
    const d = padded[row + x] - padded[row + x + shift];
    columns[x] += sign * d * d;
  }
}

/** Weights of one row from the sums of columns. */
function weighRow(
  from: number,
  to: number,
  patch: number,
  columns: Float64Array,
  scale: number,
  offset: number,
  near: number,
  table: Float64Array,
  row: Float64Array,
): void {
  const perUnit = STEPS / REACH;
  let distance = 0;
  for (let x = from - patch; x < from + patch; x++) distance += columns[x];
  for (let x = from; x < to; x++) {
    distance += columns[x + patch];
    const at = (scale * distance - offset) * perUnit;
    distance -= columns[x - patch];
    if (at >= STEPS) row[x] = 0;
    else if (at <= 0) row[x] = near;
    else {
      const k = at | 0;
      row[x] = near * (table[k] + (at - k) * (table[k + 1] - table[k]));
    }
  }
}

function addWeighted(
  n: number,
  row: Float64Array,
  fromRow: number,
  padded: Float32Array,
  source: number,
  sums: Float64Array,
  target: number,
): void {
  for (let x = 0; x < n; x++) sums[target + x] += row[fromRow + x] * padded[source + x];
}

function addWeights(n: number, row: Float64Array, from: number, weights: Float64Array, target: number): void {
  for (let x = 0; x < n; x++) weights[target + x] += row[from + x];
}
