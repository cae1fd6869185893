import { type DataLocation, FormatError } from "./errors.ts";

const MOST_SHOWN = 20;
const MOST_KEPT = 100_000;

/** One thing that is wrong with a table, and where. */
export interface TableProblem {
  readonly message: string;
  readonly row?: number | undefined;
  readonly column?: string | undefined;
}

/** Everything that is wrong with a table: the message shows the first twenty problems, `problems` holds them as data. */
export class TableFormatError extends FormatError {
  /** In the order of columns, then rows; at most 100 000. */
  readonly problems: readonly TableProblem[];
  readonly nProblems: number;

  constructor(message: string, location: DataLocation, problems: readonly TableProblem[], nProblems: number) {
    super(message, { location });
    this.name = "FormatError"; // a kind of it, also across threads
    this.problems = problems;
    this.nProblems = nProblems;
  }
}

/** Collects what is wrong with a file, so that one run reports it all. */
export class ProblemList {
  readonly #file: string | undefined;
  readonly #problems: TableProblem[] = [];
  #count = 0;

  constructor(file: string | undefined) {
    this.#file = file;
  }

  add(message: string, at: Omit<DataLocation, "file"> = {}): void {
    this.#count++;
    if (this.#problems.length < MOST_KEPT) this.#problems.push({ message, ...at });
  }

  get problems(): readonly TableProblem[] {
    return this.#problems;
  }

  /** @throws TableFormatError that lists the first twenty problems and says how many there are */
  throwIfAny(): void {
    const first = this.#problems[0];
    if (first === undefined) return;
    const location: DataLocation = { file: this.#file, row: first.row, column: first.column };
    if (this.#count === 1) throw new TableFormatError(first.message, location, this.#problems, 1);
    const lines = this.#problems.slice(0, MOST_SHOWN).map(({ message, row, column }) => {
      const place = [row === undefined ? "" : `row ${row}`, column === undefined ? "" : `column "${column}"`];
      const where = place.filter((part) => part !== "").join(", ");
      return `  ${where === "" ? "" : `${where}: `}${message}`;
    });
    if (this.#count > lines.length) lines.push(`  … and ${this.#count - lines.length} more`);
    const message = `${this.#count} problems\n${lines.join("\n")}`;
    throw new TableFormatError(message, { file: this.#file }, this.#problems, this.#count);
  }
}
