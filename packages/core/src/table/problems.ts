import { type DataLocation, FormatError } from "../errors/errors.ts";

const MOST_SHOWN = 20;

/** Collects what is wrong with a file, so that one run reports it all. */
export class ProblemList {
  readonly #file: string | undefined;
  readonly #shown: {
    readonly message: string;
    readonly row?: number | undefined;
    readonly column?: string | undefined;
  }[] = [];
  #count = 0;

  constructor(file: string | undefined) {
    this.#file = file;
  }

  add(message: string, at: Omit<DataLocation, "file"> = {}): void {
    this.#count++;
    if (this.#shown.length < MOST_SHOWN) this.#shown.push({ message, ...at });
  }

  /** @throws FormatError that lists the first twenty problems and says how many there are */
  throwIfAny(): void {
    const first = this.#shown[0];
    if (first === undefined) return;
    const location: DataLocation = { file: this.#file, row: first.row, column: first.column };
    if (this.#count === 1) throw new FormatError(first.message, { location });
    const lines = this.#shown.map(({ message, row, column }) => {
      const place = [row === undefined ? "" : `row ${row}`, column === undefined ? "" : `column "${column}"`];
      const where = place.filter((part) => part !== "").join(", ");
      return `  ${where === "" ? "" : `${where}: `}${message}`;
    });
    if (this.#count > lines.length) lines.push(`  … and ${this.#count - lines.length} more`);
    throw new FormatError(`${this.#count} problems\n${lines.join("\n")}`, { location: { file: this.#file } });
  }
}
