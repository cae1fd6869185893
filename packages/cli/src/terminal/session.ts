import { availableParallelism } from "node:os";
import type { Progress } from "@materiome/core";
import { ProgressBar } from "./progressBar.ts";

/** Options that every command takes. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly seed?: number;
  readonly threads?: number;
}

export const DEFAULT_SEED = 1;

/** How a running command talks: results to stdout (one JSON document with `--json`), everything else to stderr. */
export class Session {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly seed: number;
  readonly threads: number;
  readonly signal: AbortSignal;
  readonly #bar = new ProgressBar(process.stderr);

  constructor(options: CommonOptions, signal: AbortSignal) {
    this.json = options.json ?? false;
    this.quiet = options.quiet ?? false;
    this.seed = options.seed ?? DEFAULT_SEED;
    this.threads = options.threads ?? availableParallelism();
    this.signal = signal;
  }

  readonly onProgress = (progress: Progress): void => {
    if (!this.quiet) this.#bar.update(progress);
  };

  /** What the person asked for: stdout, also with `--quiet`; with `--json` the document of `result` says it instead. */
  output(text: string): void {
    this.#bar.clear();
    if (!this.json) process.stdout.write(`${text}\n`);
  }

  /** A line beside the results: stdout, or nothing with `--json` or `--quiet`. */
  say(text = ""): void {
    this.#bar.clear();
    if (!this.json && !this.quiet) process.stdout.write(`${text}\n`);
  }

  /** What the person should know but did not ask for: stderr. */
  note(text: string): void {
    this.#bar.clear();
    if (!this.quiet) process.stderr.write(`${text}\n`);
  }

  /** A warning: stderr, also with `--quiet`. */
  warn(text: string): void {
    this.#bar.clear();
    process.stderr.write(`warning: ${text}\n`);
  }

  /** The machine-readable result of the command. */
  result(document: unknown): void {
    this.#bar.clear();
    if (this.json) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  }
}
