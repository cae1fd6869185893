/**
 * Cheapest way of an interface across an image: one row per column, its change from column to column at most `maxStep`, at
 * `penalty` times its square. Pixels before the interface cost their squared distance to grey `above`, those behind it to
 * `below`, each clipped at `clip`, over `clip`. Dynamic programming over `nColumns` columns, stored one after the other
 * (`height` values each), the first of them column `first` of the image; `least` and `most` bound the row in each column of
 * the image (1 ≤ least ≤ most < height).
 *
 * `total` holds the cost of the cheapest way to each row of the column before, Infinity outside its bounds and on `maxStep`
 * places before and behind the column, and on return that of the last column. `next` is scratch of `height` values. `steps`
 * gets the step to each row within bounds, plus `maxStep`.
 */
export function extendLayerPath(
  height: number,
  first: number,
  nColumns: number,
  values: Float32Array,
  least: Int32Array,
  most: Int32Array,
  above: number,
  below: number,
  clip: number,
  maxStep: number,
  penalty: number,
  total: Float64Array,
  next: Float64Array,
  steps: Uint8Array,
): void {
  for (let column = 0; column < nColumns; column++) {
    const x = first + column;
    const low = least[x];
    const high = most[x];
    const start = column * height;
    let sum = 0;
    let cost = 0;
    for (let y = low - 1; y <= high; y++) {
      if (y >= low) {
        let best = x === 0 ? 0 : Infinity;
        let at = 0;
        for (let d = -maxStep; x > 0 && d <= maxStep; d++) {
          const t = total[y + d + maxStep] + penalty * d * d;
          if (t < best) {
            best = t;
            at = d;
          }
        }
        next[y] = best + cost;
        steps[start + y] = at + maxStep;
      }
      const toAbove = values[start + y] - above;
      const toBelow = values[start + y] - below;
      sum += Math.min(clip, toAbove * toAbove) - Math.min(clip, toBelow * toBelow);
      cost = Math.fround(sum / clip);
    }
    if (x > 0) total.fill(Infinity, least[x - 1] + maxStep, most[x - 1] + maxStep + 1);
    for (let y = low; y <= high; y++) total[y + maxStep] = next[y];
  }
}

/**
 * The way itself, from the last of `nColumns` columns to the first: `rows` gets the row in each column of the image, the one in
 * column `first` + `nColumns` − 1 being `end`. Returns the row in the column before the first.
 */
export function traceLayerPath(
  height: number,
  first: number,
  nColumns: number,
  steps: Uint8Array,
  maxStep: number,
  end: number,
  rows: Int32Array,
): number {
  let y = end;
  for (let column = nColumns - 1; column >= 0; column--) {
    rows[first + column] = y;
    y += steps[column * height + y] - maxStep;
  }
  return y;
}
