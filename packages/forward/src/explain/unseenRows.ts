import type { PooledTable } from "./pooledTable.ts";

const FEWEST = 10;

export interface UnseenRows {
  /** Measured rows that are none of the training rows. */
  readonly rows: Int32Array;
  /** Why permutation importance cannot be measured on them; undefined where it can. */
  readonly why: string | undefined;
}

/**
 * Rows of a table that a model can be tested on.
 *
 * @param measured - target of each row of the table as text, undefined where there is none
 * @param trained - that of the training rows
 * @param none - said where no row has a target
 */
export function unseenRows(
  pooled: Pick<PooledTable, "inputs" | "rows" | "training">,
  measured: readonly (string | undefined)[],
  trained: readonly (string | undefined)[],
  none: string,
): UnseenRows {
  const known = new Set(rowTexts(pooled, pooled.training, trained));
  const texts = rowTexts(pooled, pooled.rows, measured);
  const withValue = pooled.rows.filter((i) => measured[i] !== undefined);
  const rows = withValue.filter((i) => !known.has(texts[i] as string)); // one text per row
  if (rows.length >= FEWEST) return { rows, why: undefined };
  const seen = withValue.length - rows.length;
  const why =
    withValue.length === 0
      ? none
      : seen === 0
        ? `the table has ${withValue.length} measured rows`
        : `of ${withValue.length} measured rows ${seen} are rows the model was trained on, and on these errors are too small`;
  return {
    rows,
    why: `${why}; permutation importance takes at least ${FEWEST} measured rows that are new to the model (train reports that of its own held-out rows)`,
  };
}

/** Inputs and target of rows as text, equal for equal rows. */
function rowTexts(
  { inputs }: Pick<PooledTable, "inputs">,
  rows: Int32Array,
  targets: readonly (string | undefined)[],
): string[] {
  const texts = inputs.map(({ values, texts: own }) => own ?? Array.from(values ?? [], String));
  return Array.from(rows, (i, k) => JSON.stringify([...texts.map((column) => column[i] ?? null), targets[k] ?? null]));
}
