/**
 * Number of independent residuals that those of n rows in groups are worth, n / (1 + (Σ n_g² / n − 1) ρ) (Kish's design effect). ρ is the
 * share of their variance that lies between groups, from a one-way analysis of variance and kept in 0 … 1: with 0 every row counts, with 1
 * each group as one, large ones for more of the rows.
 *
 * @param residuals - shape [nSamples]
 * @param groups - of each row
 * @returns at least 1
 * @see Kish, Survey Sampling (1965), section 8.2; Donner, Int. Stat. Rev. 54, 67 (1986), doi:10.2307/1403259
 */
export function effectiveUnits(residuals: Float64Array, groups: Int32Array): number {
  const n = residuals.length;
  const sums = new Map<number, { count: number; sum: number }>();
  let total = 0;
  for (const [i, residual] of residuals.entries()) {
    const group = groups[i] as number; // one per row, here and below
    const before = sums.get(group);
    sums.set(group, { count: (before?.count ?? 0) + 1, sum: (before?.sum ?? 0) + residual });
    total += residual;
  }
  const nGroups = sums.size;
  if (nGroups === n) return n;
  const sizes = [...sums.values()].reduce((all, { count }) => all + count * count, 0) / n;
  if (nGroups < 2) return 1;
  const mean = total / n;
  const between =
    [...sums.values()].reduce((all, { count, sum }) => all + count * (sum / count - mean) ** 2, 0) / (nGroups - 1);
  let within = 0;
  for (const [i, residual] of residuals.entries()) {
    const { count, sum } = sums.get(groups[i] as number) as { count: number; sum: number };
    within += (residual - sum / count) ** 2;
  }
  within /= n - nGroups;
  const typical = (n - sizes) / (nGroups - 1);
  const rho = (between - within) / (between + (typical - 1) * within);
  return n / (1 + (sizes - 1) * (rho > 0 ? Math.min(1, rho) : 0)); // NaN where all residuals are equal: nothing lies between groups
}
