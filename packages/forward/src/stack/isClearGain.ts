/** Rows of which something gains, and their groups. */
export interface GainingRows {
  /** Undefined: each row counts once. */
  readonly weights: Float64Array | undefined;
  /** At least 0. */
  readonly groups: Int32Array;
}

/**
 * Whether the weighted mean of the gains of rows is more than its standard error, where rows of a group go together: Σ_g G_g >
 * √(Σ_g (G_g − W_g ḡ)²), with the sums of weighted gains G_g and of weights W_g of a group, and the mean ḡ = Σ G_g / Σ W_g. False where
 * fewer than two groups weigh anything.
 *
 * @param gains - one per row
 * @param rows - which count. Default: all
 * @see Cochran, Sampling Techniques, 3rd ed., section 6.3 (1977): the ratio of two sums over clusters
 */
export function isClearGain(
  gains: Float64Array,
  { weights, groups }: GainingRows,
  rows: Iterable<number> = gains.keys(),
): boolean {
  const byGroup = new Map<number, { gain: number; weight: number }>();
  let [sum, total] = [0, 0];
  for (const i of rows) {
    const weight = weights?.[i] ?? 1;
    if (weight === 0) continue;
    const gain = weight * (gains[i] as number); // one per row, here and below
    const group = groups[i] as number;
    const before = byGroup.get(group);
    byGroup.set(group, { gain: (before?.gain ?? 0) + gain, weight: (before?.weight ?? 0) + weight });
    sum += gain;
    total += weight;
  }
  const squares = [...byGroup.values()].reduce(
    (all, { gain, weight }) => all + (gain - (weight * sum) / total) ** 2,
    0,
  );
  return byGroup.size > 1 && sum > Math.sqrt(squares);
}
