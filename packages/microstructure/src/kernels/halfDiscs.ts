/**
 * How much the values in a square of half-width `reach` round every pixel lie in bin `bin` of width `step`: a value between the middles of two
 * bins counts for both, nearer more, together 256. Values beyond ± `most` lie where that limit lies. Squares that pass the border hold what lies inside.
 *
 * @param above - scratch, (width + 1) (height + 1)
 * @returns whether the bin holds anything
 */
export function binSquares(
  width: number,
  height: number,
  values: Float32Array,
  step: number,
  bin: number,
  most: number,
  reach: number,
  above: Int32Array,
  squares: Int32Array,
): boolean {
  let any = 0;
  const stride = width + 1;
  above.fill(0, 0, stride);
  for (let y = 0; y < height; y++) {
    let sum = 0;
    const to = (y + 1) * stride;
    const from = y * width;
    for (let x = 0; x < width; x++) {
      above[to + x] = above[to - stride + x] + sum;
      const place = Math.max(-most, Math.min(most, values[from + x])) / step;
      const low = Math.floor(place);
      if (low === bin || low + 1 === bin) {
        const share = Math.round((place - low) * 256);
        sum += low === bin ? 256 - share : share;
      }
    }
    above[to + width] = above[to - stride + width] + sum;
    any |= sum;
  }
  if (any === 0) return false;
  for (let y = 0; y < height; y++) {
    const top = Math.max(0, y - reach) * stride;
    const bottom = Math.min(height, y + reach + 1) * stride;
    for (let x = 0; x < width; x++) {
      const left = Math.max(0, x - reach);
      const right = Math.min(width, x + reach + 1);
      // Sums may wrap round 2³²; their difference does not.
      squares[y * width + x] =
        (above[bottom + right] - above[bottom + left] - above[top + right] + above[top + left]) | 0;
    }
  }
  return true;
}

/**
 * Adds (A − B)² / (A + B) to the response of each direction of a line through every pixel, with A and B the sums of one bin over the
 * sectors on both sides of the line, without those that touch it. Pixels within `margin` flat places of the ends are left as they are.
 *
 * @param inner - flat offset of the nearer square of each of 2 · directions sectors
 * @param outer - of the farther one
 * @param sums - one place per sector
 */
export function addSideDifferences(
  size: number,
  margin: number,
  squares: Int32Array,
  inner: Int32Array,
  outer: Int32Array,
  sums: Int32Array,
  responses: readonly Float32Array[],
): void {
  const n = responses.length;
  for (let i = margin; i < size - margin; i++) {
    let all = 0;
    for (let s = 0; s < 2 * n; s++) {
      const sum = squares[i + inner[s]] + squares[i + outer[s]];
      sums[s] = sum;
      all += sum;
    }
    if (all === 0) continue;
    let a = 0;
    for (let s = 1; s < n - 1; s++) a += sums[s];
    let b = 0;
    for (let s = n + 1; s < 2 * n - 1; s++) b += sums[s];
    for (let t = 0; t < n; t++) {
      if (a + b > 0) responses[t][i] += ((a - b) * (a - b)) / (a + b);
      a += sums[t + n - 1] - sums[t + 1];
      b += sums[(t + 2 * n - 1) % (2 * n)] - sums[t + n + 1 < 2 * n ? t + n + 1 : t + 1 - n];
    }
  }
}
