import { DataError, ShapeError } from "../errors/errors.ts";
import { nearestNames } from "../text/nearestNames.ts";
import { type Column, type ColumnRole, columnLength, type NumberColumn } from "./column.ts";

/**
 * Samples in rows, measured quantities in columns with a role and a unit. Immutable: verbs (`selectColumns`, `takeTableRows`,
 * `deriveColumn`, …) return new tables that share columns.
 *
 * @example
 * const table = readTable(csvText, { file: "steels.csv" });
 * table.number("yield strength").values;
 */
export class Table {
  readonly columns: readonly Column[];
  readonly nRows: number;
  /** File or other origin, for messages. */
  readonly source: string | undefined;
  /** Row of the source file that each row came from (the header is row 1), where it is known. */
  readonly rowNumbers: Int32Array | undefined;
  readonly #byName: ReadonlyMap<string, Column>;

  /**
   * @param columns - all of one length, of different names
   * @param rowNumbers - file row of each row, for messages
   * @throws ShapeError if columns differ in length
   * @throws DataError if two columns share a name
   */
  constructor(columns: readonly Column[], source?: string | undefined, rowNumbers?: Int32Array | undefined) {
    const byName = new Map<string, Column>();
    const nRows = columns[0] === undefined ? 0 : columnLength(columns[0]);
    for (const column of columns) {
      if (columnLength(column) !== nRows) {
        throw new ShapeError(
          `Table: column "${column.name}" has ${columnLength(column)} rows, the first column has ${nRows}`,
        );
      }
      if (byName.has(column.name)) {
        throw new DataError(`Table: two columns are named "${column.name}"; rename one`, {
          location: { file: source, column: column.name },
        });
      }
      byName.set(column.name, column);
    }
    if (rowNumbers !== undefined && rowNumbers.length !== nRows) {
      throw new ShapeError(`Table: ${rowNumbers.length} row numbers for ${nRows} rows`);
    }
    this.columns = columns;
    this.rowNumbers = rowNumbers;
    this.nRows = nRows;
    this.source = source;
    this.#byName = byName;
  }

  get names(): readonly string[] {
    return this.columns.map((column) => column.name);
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  /** @throws DataError naming the nearest columns if there is none of that name */
  column(name: string): Column {
    const column = this.#byName.get(name);
    if (column !== undefined) return column;
    const near = nearestNames(name, this.names);
    const hint =
      near.length > 0
        ? `did you mean ${near.map((n) => `"${n}"`).join(" or ")}?`
        : `columns are: ${this.names.join(", ")}`;
    throw new DataError(`no column "${name}"; ${hint}`, { location: { file: this.source } });
  }

  /** @throws DataError if the column is missing or not numeric */
  number(name: string): NumberColumn {
    const column = this.column(name);
    if (column.kind !== "number") {
      throw new DataError(`column is ${column.kind}, expected numbers`, {
        location: { file: this.source, column: name },
      });
    }
    return column;
  }

  /** Number to show for row `i` (0-based): its row in the source file, or `i + 2` where rows follow a header. */
  rowNumber(i: number): number {
    return this.rowNumbers?.[i] ?? i + 2;
  }

  withRole(...roles: readonly ColumnRole[]): readonly Column[] {
    return this.columns.filter((column) => roles.includes(column.role));
  }
}
