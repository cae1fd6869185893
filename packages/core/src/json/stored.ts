import { FormatError, IncompatibleError } from "../errors/errors.ts";

/** Checks parts of stored JSON; `who` is the reader, for messages. */
export class StoredReader {
  readonly who: string;

  constructor(who: string) {
    this.who = who;
  }

  record(data: unknown, what: string): Readonly<Record<string, unknown>> {
    if (typeof data === "object" && data !== null && !Array.isArray(data)) return data as Record<string, unknown>;
    throw new FormatError(`${this.who}: ${what} is missing or damaged`);
  }

  list(data: unknown, what: string): readonly unknown[] {
    if (Array.isArray(data)) return data;
    throw new FormatError(`${this.who}: ${what} is missing or no list`);
  }

  texts(data: unknown, what: string): string[] {
    if (Array.isArray(data) && data.every((text): text is string => typeof text === "string")) return data;
    throw new FormatError(`${this.who}: ${what} must be a list of texts`);
  }

  text(data: unknown, what: string): string {
    if (typeof data === "string") return data;
    throw new FormatError(`${this.who}: ${what} must be a text`);
  }

  optionalText(data: unknown, what: string): string | undefined {
    return data === null || data === undefined ? undefined : this.text(data, what);
  }

  number(data: unknown, what: string): number {
    if (typeof data === "number" && Number.isFinite(data)) return data;
    throw new FormatError(`${this.who}: ${what} must be a number`);
  }

  oneOf<T>(value: unknown, allowed: readonly T[], what: string): T {
    if (allowed.includes(value as T)) return value as T;
    throw new FormatError(
      `${this.who}: ${what} is ${JSON.stringify(value) ?? "missing"}, expected ${allowed.join(" or ")}`,
    );
  }

  /** Type and version of a stored part, and its `params` and `state`. */
  header(
    data: unknown,
    type: string,
    versions: readonly number[],
  ): {
    readonly version: number;
    readonly params: Readonly<Record<string, unknown>>;
    readonly state: Readonly<Record<string, unknown>>;
  } {
    const stored = this.record(data, `"${type}"`);
    if (stored["type"] !== type) {
      throw new FormatError(`${this.who}: expected "${type}", got ${JSON.stringify(stored["type"])}`);
    }
    const version = stored["version"];
    if (typeof version !== "number" || !versions.includes(version)) {
      throw new IncompatibleError(
        `${this.who}: version ${JSON.stringify(version)} of "${type}" cannot be read, this release knows ${versions.join(" and ")}; train again or use the release that wrote it`,
      );
    }
    return {
      version,
      params: this.record(stored["params"], "params"),
      state: this.record(stored["state"], "state"),
    };
  }
}
