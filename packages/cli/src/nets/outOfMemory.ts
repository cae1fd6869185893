import { DataError, isMateriomeError } from "@materiome/core";
import { unetTrainingBytes } from "@materiome/forward/nets";

/** What JavaScript, WebAssembly and its backend say where memory cannot grow. */
export function isOutOfMemory(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // Of our errors that of a thread that ended for it.
  if (isMateriomeError(error)) return /ended its thread: .*memory/i.test(error.message);
  return /out of memory|\(OOM\)|allocation failed|could not allocate|enlarge memory|array length/i.test(error.message);
}

interface UNetSize {
  readonly filters: readonly number[];
  readonly patch: number;
  readonly channels: number;
}

/**
 * Says what would fit: each thread holds two pieces and all that lies between input and output, whatever the batch.
 *
 * @param free - bytes that were free before training
 */
export function outOfMemory(
  cause: Error,
  { filters, patch, channels }: UNetSize,
  threads: number,
  free: number,
): DataError {
  const needs = (edge: number): number => unetTrainingBytes({ heightPx: edge, widthPx: edge, channels, filters });
  const coarsest = 2 ** (filters.length - 1);
  const share = free / threads;
  const edge = coarsest * Math.floor((patch * Math.sqrt(Math.min(1, share / needs(patch)))) / coarsest);
  // What is free may be more than needed and yet in pieces: then half of it is asked for.
  const fits = edge >= patch ? coarsest * Math.max(1, Math.floor(patch / Math.SQRT2 / coarsest)) : edge;
  const fewer = Math.min(threads - 1, Math.floor(free / needs(patch)));
  const gib = (bytes: number): string => `${(bytes / 2 ** 30).toPrecision(2)} GiB`;
  const ways = [
    ...(fits >= coarsest ? [`--patch ${fits}, which needs ${gib(needs(fits))}`] : []),
    ...(fewer >= 1 ? [`--threads ${fewer}`] : []),
    "fewer --filters",
  ];
  return new DataError(
    `ran out of memory (${cause.message}): pieces of ${patch} px need about ${gib(needs(patch))} in each of ${threads} ${threads === 1 ? "thread" : "threads"}, ${gib(free)} were free; use ${ways.join(", or ")}`,
    { cause },
  );
}
