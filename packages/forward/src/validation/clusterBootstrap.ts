import type { Random } from "@materiome/core";

export interface ClusterBootstrapOptions {
  /** Rows of one group are drawn together; each row its own group without. */
  readonly groups?: Int32Array | undefined;
  readonly random: Random;
  /** @defaultValue 1000 */
  readonly nBootstrap?: number | undefined;
}

/**
 * 95 % percentile interval of a statistic of column sums: as many groups as there are, drawn with replacement.
 *
 * @param columns - values to be summed, each [nRows]
 * @param statistic - of the sums of the columns and the number of rows drawn
 */
export function clusterBootstrap(
  columns: readonly Float64Array[],
  statistic: (sums: Float64Array, count: number) => number,
  options: ClusterBootstrapOptions,
): readonly [number, number] {
  const { groups, random, nBootstrap = 1000 } = options;
  const nRows = columns[0]?.length ?? 0;
  const clusters = new Map<number, { readonly sums: Float64Array; count: number }>();
  for (let i = 0; i < nRows; i++) {
    const key = groups?.[i] ?? i;
    const entry = clusters.get(key) ?? { sums: new Float64Array(columns.length), count: 0 };
    for (const [c, column] of columns.entries()) entry.sums[c] = (entry.sums[c] as number) + (column[i] as number); // c, i in range
    entry.count++;
    clusters.set(key, entry);
  }
  const all = [...clusters.values()];
  const values = new Float64Array(nBootstrap);
  const sums = new Float64Array(columns.length);
  for (let b = 0; b < nBootstrap; b++) {
    sums.fill(0);
    let count = 0;
    for (let k = 0; k < all.length; k++) {
      const cluster = all[random.int(all.length)] as (typeof all)[number]; // index < length
      for (let c = 0; c < sums.length; c++) sums[c] = (sums[c] as number) + (cluster.sums[c] as number);
      count += cluster.count;
    }
    values[b] = statistic(sums, count);
  }
  values.sort();
  const at = (p: number): number => values[Math.min(nBootstrap - 1, Math.floor(p * nBootstrap))] as number;
  return [at(0.025), at(0.975)];
}
