/**
 * Cheapest way from the left to the right side of a cost image: one row per column, its change from column to column at most
 * `maxStep`, at `penalty` times its square. `least` and `most` bound the row in each column (least ≤ most). Dynamic
 * programming; `total` and `from` are scratch as large as the image; `rows` gets the result. Returns the cost.
 */
export function layerPath(
  width: number,
  height: number,
  cost: Float32Array,
  least: Int32Array,
  most: Int32Array,
  maxStep: number,
  penalty: number,
  total: Float64Array,
  from: Int32Array,
  rows: Int32Array,
): number {
  total.fill(Infinity);
  for (let y = least[0]; y <= most[0]; y++) total[y * width] = cost[y * width];
  for (let x = 1; x < width; x++) {
    for (let y = least[x]; y <= most[x]; y++) {
      let best = Infinity;
      let at = y;
      for (let d = -maxStep; d <= maxStep; d++) {
        const yy = y + d;
        if (yy < 0 || yy >= height) continue;
        const t = total[yy * width + x - 1] + penalty * d * d;
        if (t < best) {
          best = t;
          at = yy;
        }
      }
      const i = y * width + x;
      total[i] = best + cost[i];
      from[i] = at;
    }
  }
  let end = least[width - 1];
  for (let y = end; y <= most[width - 1]; y++) {
    if (total[y * width + width - 1] < total[end * width + width - 1]) end = y;
  }
  const cheapest = total[end * width + width - 1];
  for (let x = width - 1; x >= 0; x--) {
    rows[x] = end;
    end = from[end * width + x];
  }
  return cheapest;
}
