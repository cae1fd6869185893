import type { Random } from "../random/random.ts";

/** The part of `AbortSignal` that long work needs; structural, so that no platform type is required. */
export interface AbortLike {
  readonly aborted: boolean;
  readonly reason?: unknown;
  throwIfAborted(): void;
}

/** One step of long work: `done` of `total` items of `stage`. */
export interface Progress {
  readonly stage: string;
  readonly done: number;
  readonly total: number;
}

/** How long work is run: where its randomness comes from, how many threads, how it is stopped and watched. */
export interface RunContext {
  readonly random: Random;
  /** Number of worker threads; the result never depends on it. */
  readonly threads?: number | undefined;
  readonly signal?: AbortLike | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}
