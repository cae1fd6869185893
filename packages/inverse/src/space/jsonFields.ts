import { FormatError, nearestNames } from "@materiome/core";

/** One object of a stored space: reads its fields by name and says which of them is wrong. */
export class JsonFields {
  readonly #data: Readonly<Record<string, unknown>>;
  /** Where the object stands, such as `variables[2]`. */
  readonly at: string;

  /** @throws FormatError unless `data` is an object */
  constructor(data: unknown, at: string) {
    if (data === null || typeof data !== "object" || Array.isArray(data)) {
      throw new FormatError(`${at}: expected an object`);
    }
    this.#data = data as Readonly<Record<string, unknown>>;
    this.at = at;
  }

  has(key: string): boolean {
    return this.#data[key] !== undefined;
  }

  value(key: string): unknown {
    return this.#data[key];
  }

  /** @throws FormatError for a field that is none of these, a slip as a rule */
  only(known: readonly string[]): void {
    const odd = Object.keys(this.#data).find((key) => !known.includes(key));
    if (odd === undefined) return;
    const [near] = nearestNames(odd, known, 1);
    const hint = near === undefined ? `fields are ${known.join(", ")}` : `did you mean "${near}"?`;
    throw new FormatError(`${this.at}: there is no field "${odd}"; ${hint}`);
  }

  list(key: string, byDefault?: readonly unknown[]): readonly unknown[] {
    const value = this.#data[key] ?? byDefault;
    if (!Array.isArray(value)) throw new FormatError(`${this.at}.${key}: expected a list`);
    return value;
  }

  /** Objects of a list, each at its place. */
  objects(key: string, byDefault?: readonly unknown[]): readonly JsonFields[] {
    const prefix = this.at === "search space" ? key : `${this.at}.${key}`;
    return this.list(key, byDefault).map((item, i) => new JsonFields(item, `${prefix}[${i}]`));
  }

  texts(key: string): readonly string[] {
    const values = this.list(key);
    if (!values.every((value): value is string => typeof value === "string")) {
      throw new FormatError(`${this.at}.${key}: expected texts`);
    }
    return values;
  }

  numbers(key: string): readonly number[] {
    const values = this.list(key);
    if (!values.every((value): value is number => typeof value === "number" && Number.isFinite(value))) {
      throw new FormatError(`${this.at}.${key}: expected finite numbers`);
    }
    return values;
  }

  textsOrNumbers(key: string): readonly (string | number)[] {
    const values = this.list(key);
    if (!values.every((value) => typeof value === "string" || (typeof value === "number" && Number.isFinite(value)))) {
      throw new FormatError(`${this.at}.${key}: expected texts or finite numbers`);
    }
    return values as readonly (string | number)[];
  }

  text(key: string, byDefault?: string): string {
    const value = this.#data[key] ?? byDefault;
    if (typeof value === "string") return value;
    throw new FormatError(`${this.at}.${key}: expected text, got ${JSON.stringify(value)}`);
  }

  number(key: string, byDefault?: number): number {
    const value = this.#data[key] ?? byDefault;
    if (typeof value === "number" && Number.isFinite(value)) return value;
    throw new FormatError(`${this.at}.${key}: expected a finite number, got ${JSON.stringify(value)}`);
  }

  boolean(key: string): boolean {
    const value = this.#data[key];
    if (typeof value === "boolean") return value;
    throw new FormatError(`${this.at}.${key}: expected true or false, got ${JSON.stringify(value)}`);
  }

  textOrNumber(key: string): string | number {
    return typeof this.#data[key] === "number" ? this.number(key) : this.text(key);
  }

  oneOf<T extends string>(key: string, allowed: readonly T[], byDefault?: T): T {
    const given = this.#data[key] ?? byDefault;
    const value = allowed.find((option) => option === given);
    if (value !== undefined) return value;
    throw new FormatError(`${this.at}.${key}: expected one of ${allowed.join(", ")}, got ${JSON.stringify(given)}`);
  }

  /** `{ [key]: read() }` where the field is there, `{}` where not. */
  optional<K extends string, T>(key: K, read: (key: K) => T): { readonly [P in K]?: T } {
    return this.has(key) ? ({ [key]: read(key) } as { readonly [P in K]?: T }) : {};
  }
}
