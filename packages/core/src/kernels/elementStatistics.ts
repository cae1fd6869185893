/** Places of the statistics in the scratch of {@link elementStatistics}. */
const MINIMUM = 0;
const MAXIMUM = 1;
const RANGE = 2;
const MEAN = 3;
const AVERAGE_DEVIATION = 4;
const MODE = 5;
const STANDARD_DEVIATION = 6;

/**
 * Weighted statistics of element properties over one composition.
 *
 * @param n - elements present
 * @param rows - row of `table` of each of them, shape [n]
 * @param amounts - positive amounts on any common scale, shape [n]
 * @param nProperties - columns of `table`
 * @param table - element properties, row-major [nElements, nProperties]; NaN makes all statistics of that property NaN
 * @param nStatistics - statistics to write
 * @param statistics - which, by place: minimum, maximum, range, mean, average deviation, mode, standard deviation
 * @param scratch - shape [7]
 * @param out - receives [nProperties, nStatistics] from `offset` on
 */
export function elementStatistics(
  n: number,
  rows: Int32Array,
  amounts: Float64Array,
  nProperties: number,
  table: Float64Array,
  nStatistics: number,
  statistics: Int32Array,
  scratch: Float64Array,
  out: Float64Array,
  offset: number,
): void {
  let total = 0;
  let largest = 0;
  for (let i = 0; i < n; i++) {
    total += amounts[i];
    if (amounts[i] > largest) largest = amounts[i];
  }
  const least = largest - (1e-8 + 1e-5 * largest);
  for (let p = 0; p < nProperties; p++) {
    let minimum = Number.POSITIVE_INFINITY;
    let maximum = Number.NEGATIVE_INFINITY;
    let mode = Number.POSITIVE_INFINITY;
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const value = table[rows[i] * nProperties + p];
      if (value < minimum) minimum = value;
      if (value > maximum) maximum = value;
      if (amounts[i] >= least && value < mode) mode = value;
      sum += amounts[i] * value;
    }
    const average = sum / total;
    // Elements of one value have it as their mean, not a rounding of it: deviations of 10⁻¹⁴ look like a feature that varies.
    const mean = minimum === maximum && !Number.isNaN(average) ? minimum : average;
    if (!Number.isNaN(mean)) {
      let deviation = 0;
      let squares = 0;
      for (let i = 0; i < n; i++) {
        const d = table[rows[i] * nProperties + p] - mean;
        deviation += amounts[i] * (d < 0 ? -d : d);
        squares += amounts[i] * d * d;
      }
      scratch[MINIMUM] = minimum;
      scratch[MAXIMUM] = maximum;
      scratch[RANGE] = maximum - minimum;
      scratch[MEAN] = mean;
      scratch[AVERAGE_DEVIATION] = deviation / total;
      scratch[MODE] = mode;
      scratch[STANDARD_DEVIATION] = Math.sqrt(squares / total);
    } else {
      scratch.fill(Number.NaN);
    }
    for (let s = 0; s < nStatistics; s++) out[offset++] = scratch[statistics[s]];
  }
}
