/**
 * Bins that part a histogram. Each returns the last bin of the darker class; the histogram has at least two occupied bins.
 * Bin numbers stand for grey values: every formula is invariant to shift and scale of grey, or says how it is not.
 */

/**
 * Otsu's criterion for several classes, exact: `cuts` gets the last bins of all classes but the brightest that maximise
 * Σ wₖ μₖ², found by dynamic programming over (classes × bins²). Of equal maxima the one with the lowest cuts. Returns
 * false where fewer bins are occupied than there are classes.
 */
export function multiOtsuBins(histogram: Float64Array, nClasses: number, cuts: Int32Array): boolean {
  const n = histogram.length;
  const weight = new Float64Array(n + 1);
  const moment = new Float64Array(n + 1);
  let occupied = 0;
  for (let i = 0; i < n; i++) {
    weight[i + 1] = weight[i] + histogram[i];
    moment[i + 1] = moment[i] + i * histogram[i];
    if (histogram[i] > 0) occupied++;
  }
  if (occupied < nClasses) return false;
  // best[k][j]: largest sum for bins 0 … j − 1 in k + 1 classes, none empty; from[k][j]: first bin of the last class.
  const best = new Float64Array(nClasses * (n + 1)).fill(Number.NEGATIVE_INFINITY);
  const from = new Int32Array(nClasses * (n + 1));
  for (let j = 1; j <= n; j++) if (weight[j] > 0) best[j] = (moment[j] * moment[j]) / weight[j];
  for (let k = 1; k < nClasses; k++) {
    const row = k * (n + 1);
    for (let j = k + 1; j <= n; j++) {
      let top = Number.NEGATIVE_INFINITY;
      let at = 0;
      for (let i = k; i < j; i++) {
        const w = weight[j] - weight[i];
        if (w === 0) break; // nothing but empty bins from here on
        const m = moment[j] - moment[i];
        const value = best[row - n - 1 + i] + (m * m) / w;
        if (value > top) {
          top = value;
          at = i;
        }
      }
      best[row + j] = top;
      from[row + j] = at;
    }
  }
  let j = n;
  for (let k = nClasses - 1; k > 0; k--) {
    j = from[k * (n + 1) + j];
    cuts[k - 1] = j - 1;
  }
  return true;
}

/**
 * Minimum cross entropy: the iteration t ← (μ₁ − μ₀) / (ln μ₁ − ln μ₀) from the mean, until t moves by less than
 * `tolerance` bins. The logarithm needs a zero of grey: it is the first occupied bin.
 */
export function liBin(histogram: Float64Array, tolerance: number): number {
  const n = histogram.length;
  let first = 0;
  while (histogram[first] === 0) first++;
  let total = 0;
  let moment = 0;
  for (let i = first; i < n; i++) {
    total += histogram[i];
    moment += (i - first) * histogram[i];
  }
  let t = moment / total;
  for (let step = 0; step < 10_000; step++) {
    let below = 0;
    let momentBelow = 0;
    for (let i = first; i < n && i - first <= t; i++) {
      below += histogram[i];
      momentBelow += (i - first) * histogram[i];
    }
    const dark = momentBelow / below;
    const bright = (moment - momentBelow) / (total - below);
    // A dark class that is all zero has no logarithm: its mean is the threshold's limit.
    const next = dark === 0 ? 0 : (bright - dark) / (Math.log(bright) - Math.log(dark));
    const moved = Math.abs(next - t);
    t = next;
    if (moved < tolerance) break;
  }
  return first + Math.floor(t);
}

/**
 * Triangle: the bin farthest from the straight line between the peak of the histogram and the end of its longer tail.
 * Where the tail is on the dark side the bin itself is of the darker class.
 */
export function triangleBin(histogram: Float64Array): number {
  const n = histogram.length;
  let peak = 0;
  let low = -1;
  let high = 0;
  for (let i = 0; i < n; i++) {
    if (histogram[i] === 0) continue;
    if (low < 0) low = i;
    high = i;
    if (histogram[i] > histogram[peak]) peak = i;
  }
  const isDarkTail = peak - low >= high - peak;
  const end = isDarkTail ? low : high;
  const reach = Math.abs(peak - end);
  let best = Number.NEGATIVE_INFINITY;
  let at = end;
  for (let k = 0; k < reach; k++) {
    const i = isDarkTail ? end + k : end - k;
    const value = histogram[peak] * k - reach * histogram[i]; // distance from the line, up to a factor
    if (value > best) {
      best = value;
      at = i;
    }
  }
  return at;
}

/** Yen's maximum correlation: the largest −ln(Σ₀ p² · Σ₁ p²) + 2 ln(P₀ P₁). Of equal maxima the first. */
export function yenBin(histogram: Float64Array): number {
  const n = histogram.length;
  let total = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    total += histogram[i];
    squares += histogram[i] * histogram[i];
  }
  let below = 0;
  let squaresBelow = 0;
  let best = Number.NEGATIVE_INFINITY;
  let at = 0;
  for (let i = 0; i < n - 1; i++) {
    if (histogram[i] === 0) continue; // same classes as at the bin before
    below += histogram[i];
    squaresBelow += histogram[i] * histogram[i];
    const above = total - below;
    if (above === 0) break;
    const value = 2 * Math.log(below * above) - Math.log(squaresBelow * (squares - squaresBelow));
    if (value > best) {
      best = value;
      at = i;
    }
  }
  return at;
}

/**
 * Isodata: the first bin t that lies at the mean of the two class means, t = ⌊(μ₀ + μ₁) / 2⌋; where none does, the one
 * that comes nearest.
 */
export function isodataBin(histogram: Float64Array): number {
  const n = histogram.length;
  let total = 0;
  let moment = 0;
  for (let i = 0; i < n; i++) {
    total += histogram[i];
    moment += i * histogram[i];
  }
  let below = 0;
  let momentBelow = 0;
  let nearest = Number.POSITIVE_INFINITY;
  let at = 0;
  for (let i = 0; i < n - 1; i++) {
    below += histogram[i];
    momentBelow += i * histogram[i];
    if (below === 0) continue;
    if (below === total) break;
    const middle = (momentBelow / below + (moment - momentBelow) / (total - below)) / 2;
    const distance = middle - i;
    if (distance >= 0 && distance < 1) return i;
    if (Math.abs(distance) < nearest) {
      nearest = Math.abs(distance);
      at = i;
    }
  }
  return at;
}
