/**
 * Adds rows `from` … of an image, `rows` many, to the sums and counts of square cells of `cell` pixels, `columns` in a row of
 * cells. A pixel of value v counts as `level` where |v − level| > limit; `levels` is empty where there are none yet.
 */
export function addToCells(
  width: number,
  rows: number,
  from: number,
  values: Float32Array,
  levels: Float32Array,
  limit: number,
  cell: number,
  columns: number,
  sums: Float64Array,
  counts: Float64Array,
): void {
  const hasLevels = levels.length > 0;
  for (let y = 0; y < rows; y++) {
    const first = Math.floor((from + y) / cell) * columns;
    for (let c = 0; c < columns; c++) {
      const end = y * width + Math.min(width, (c + 1) * cell);
      let sum = 0;
      for (let i = y * width + c * cell; i < end; i++) {
        const isOff = hasLevels && Math.abs(values[i] - levels[i]) > limit;
        sum += isOff ? levels[i] : values[i];
      }
      sums[first + c] += sum;
      counts[first + c] += end - (y * width + c * cell);
    }
  }
}

/**
 * Values of a grid of cells at the pixels of rows `from` …, `rows` many, bilinear between the middles of the cells and constant
 * outside them.
 */
export function readCells(
  width: number,
  rows: number,
  from: number,
  cell: number,
  columns: number,
  lines: number,
  grid: Float32Array,
  out: Float32Array,
): void {
  const line = new Float64Array(columns);
  const before = new Int32Array(width);
  const share = new Float64Array(width);
  for (let x = 0; x < width; x++) {
    const u = Math.min(columns - 1, Math.max(0, (x + 0.5) / cell - 0.5));
    before[x] = Math.min(Math.floor(u), Math.max(0, columns - 2));
    share[x] = u - before[x];
  }
  const step = columns > 1 ? 1 : 0;
  for (let y = 0; y < rows; y++) {
    const v = Math.min(lines - 1, Math.max(0, (from + y + 0.5) / cell - 0.5));
    const upper = Math.floor(v);
    const lower = Math.min(lines - 1, upper + 1);
    const part = v - upper;
    for (let c = 0; c < columns; c++) {
      line[c] = (1 - part) * grid[upper * columns + c] + part * grid[lower * columns + c];
    }
    for (let x = 0; x < width; x++) {
      const c = before[x];
      out[y * width + x] = (1 - share[x]) * line[c] + share[x] * line[c + step];
    }
  }
}
