import { DomainError } from "../errors/errors.ts";
import type { Delimiter } from "../reading/detectDelimiter.ts";
import type { DecimalSign } from "./numberText.ts";

/** How a file of a table is written, where that is stated: in a schema, or by options, which come before a schema. */
export interface TableNotation {
  /** @defaultValue detected among tab, semicolon, bar and comma */
  readonly delimiter?: Delimiter | undefined;
  /** @defaultValue detected; a comma is never guessed where it also delimits fields */
  readonly decimal?: DecimalSign | undefined;
  /**
   * False for a file without a header row: its columns are then those of the schema in order, or `column 1`, `column 2`, …
   * @defaultValue true
   */
  readonly header?: boolean | undefined;
  /**
   * Row of a text file or sheet that the table begins in, from 1: a title or comments above are left out.
   * @defaultValue the first row with a value
   */
  readonly headerRow?: number | undefined;
  /** Texts that mean "no value", in place of the usual ones; a blank cell always does. @defaultValue see `readTable` */
  readonly missing?: readonly string[] | undefined;
  /** Whether cells such as `<0.005`, `0.2–0.3`, `12±1` and `45 HRC` are read as numbers. @defaultValue true */
  readonly certificates?: boolean | undefined;
  /** What `±` states, in standard uncertainties: 2 where it is an expanded uncertainty with k = 2. @defaultValue 1 */
  readonly coverageFactor?: number | undefined;
}

export interface ResolvedNotation extends TableNotation {
  readonly header: boolean;
  readonly headerRow: number;
  readonly certificates: boolean;
  readonly coverageFactor: number;
}

/**
 * What the options state, else the schema, else the default.
 *
 * @throws DomainError if `headerRow` is no row number
 */
export function resolveNotation(
  options: TableNotation & { readonly schema?: TableNotation | undefined },
): ResolvedNotation {
  const { schema = {} } = options;
  const headerRow = options.headerRow ?? schema.headerRow ?? 1;
  if (!(Number.isInteger(headerRow) && headerRow >= 1)) {
    throw new DomainError(`headerRow must be a row number from 1, got ${headerRow}`);
  }
  return {
    delimiter: options.delimiter ?? schema.delimiter,
    decimal: options.decimal ?? schema.decimal,
    header: options.header ?? schema.header ?? true,
    headerRow,
    missing: options.missing ?? schema.missing,
    certificates: options.certificates ?? schema.certificates ?? true,
    coverageFactor: options.coverageFactor ?? schema.coverageFactor ?? 1,
  };
}
