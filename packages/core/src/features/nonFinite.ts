import { DataError } from "../errors/errors.ts";
import type { FeatureMatrix } from "../matrix/matrix.ts";
import { rangesText } from "../text/rangesText.ts";

/** Where the rows of a matrix came from, for messages: a `Table` is one. */
export interface RowNames {
  readonly source: string | undefined;
  rowNumber(i: number): number;
}

export interface RefuseNonFiniteOptions {
  /** Lets NaN (missing) pass and refuses infinite values only. @defaultValue false */
  readonly allowMissing?: boolean | undefined;
  /** Who refuses, for the message. @defaultValue none */
  readonly who?: string | undefined;
  /** What can be done, for the end of the message. @defaultValue none */
  readonly remedy?: string | undefined;
}

/**
 * Refuses features that are missing (NaN) or infinite, naming all of them by column and row. Features made of the
 * same columns count as one value: a missing label is one, however many 0/1 features it has.
 *
 * @param rows - the table that the rows belong to; without it rows count from 1
 * @throws DataError listing every column with its rows
 * @example
 * refuseNonFinite(encoder.encode(table), table);
 * // DataError: steel.csv: 3 values are no finite numbers: "T" is missing in rows 3, 5–6
 */
export function refuseNonFinite(x: FeatureMatrix, rows?: RowNames, options: RefuseNonFiniteOptions = {}): void {
  const { allowMissing = false, who } = options;
  const missing = new Map<number, number[]>();
  const infinite = new Map<number, number[]>();
  const cells = new Set<string>(); // one for all features of a column: a label, a formula
  for (const [at, value] of x.data.entries()) {
    if (Number.isFinite(value) || (allowMissing && Number.isNaN(value))) continue;
    const found = Number.isNaN(value) ? missing : infinite;
    const column = at % x.columns;
    const list = found.get(column) ?? [];
    list.push(rowLabel(rows, Math.floor(at / x.columns)));
    found.set(column, list);
    const { name = column, source = [] } = x.features[column] ?? {};
    cells.add(JSON.stringify([found === missing, source.length === 0 ? name : source, Math.floor(at / x.columns)]));
  }
  const count = cells.size;
  if (count === 0) return;
  const parts = [...gather(x, missing, "missing"), ...gather(x, infinite, "infinite")];
  const what = count === 1 ? "1 value is no finite number" : `${count} values are no finite numbers`;
  const remedy = options.remedy === undefined ? "" : `; ${options.remedy}`;
  throw new DataError(`${who === undefined ? "" : `${who}: `}${what}: ${parts.join("; ")}${remedy}`, {
    location: { file: rows?.source },
  });
}

/** One text per set of rows; features of one origin that are wrong in the same rows are said together. */
function gather(x: FeatureMatrix, found: ReadonlyMap<number, readonly number[]>, what: string): string[] {
  const together = new Map<
    string,
    { readonly first: string; count: number; readonly origin: string; readonly where: string }
  >();
  for (const [k, { name, source }] of x.features.entries()) {
    const list = found.get(k);
    if (list === undefined) continue;
    const where = rangesText(list);
    const key = JSON.stringify([source, where]);
    const same = together.get(key);
    if (same === undefined) together.set(key, { first: name, count: 1, origin: from(name, source), where });
    else same.count++;
  }
  return [...together.values()].map(({ first, count, origin, where }) =>
    count === 1
      ? `"${first}"${origin} is ${what} in ${where}`
      : `"${first}" and ${count - 1} more${origin} are ${what} in ${where}`,
  );
}

/** Number to show for row `i` of a matrix. */
export function rowLabel(rows: RowNames | undefined, i: number): number {
  return rows === undefined ? i + 1 : rows.rowNumber(i);
}

function from(name: string, source: readonly string[]): string {
  if (source.length === 0 || (source.length === 1 && source[0] === name)) return "";
  return source.length > 4 ? ` (from ${source.length} columns)` : ` (from ${source.join(", ")})`;
}
