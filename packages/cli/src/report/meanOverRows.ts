/**
 * Mean of a curve over rows; between grid points it is taken as straight.
 *
 * @param grid - ascending
 * @param rows - values of the rows, within the grid
 */
export function meanOverRows(grid: Float64Array, curve: Float64Array, rows: ArrayLike<number>): number {
  let sum = 0;
  for (const value of Array.from(rows)) {
    const next = grid.findIndex((edge) => edge >= value);
    const k = next < 0 ? grid.length - 1 : next;
    const [high = 0, to = 0] = [grid[k], curve[k]];
    const [low = high, from = to] = [grid[k - 1], curve[k - 1]];
    sum += high > low ? from + ((to - from) * (Math.min(value, high) - low)) / (high - low) : to;
  }
  return sum / rows.length;
}
