import { DataError, isMateriomeError } from "@materiome/core";
import { imageTrainingBytes, unetTrainingBytes } from "@materiome/forward/nets";

/** What JavaScript, WebAssembly and its backend say where memory cannot grow. */
export function isOutOfMemory(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // Of our errors that of a thread that ended for it, and that of the kernels.
  if (isMateriomeError(error)) return /ended its thread: .*memory|of WebAssembly memory/i.test(error.message);
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
  const share = fittingShare(needs(patch), threads, free);
  const edge = coarsest * Math.floor((patch * share) / coarsest);
  // Where all should have fitted, half of the area and a whole piece at least.
  const fits = share === HALF ? Math.max(coarsest, edge) : edge;
  const smaller = fits >= coarsest ? `--patch ${fits}, which needs ${gib(needs(fits))}` : undefined;
  return whatFits(cause, `pieces of ${patch} px`, needs(patch), threads, free, smaller);
}

/** Of networks of whole images: each thread holds eight of them. */
export function imagesOutOfMemory(
  cause: Error,
  size: Omit<Parameters<typeof imageTrainingBytes>[0], "stride">,
  threads: number,
  free: number,
): DataError {
  const { widthPx, heightPx } = size;
  const needed = imageTrainingBytes(size);
  const share = fittingShare(needed, threads, free);
  const [width, height] = [Math.floor(share * widthPx), Math.floor(share * heightPx)];
  const needs = imageTrainingBytes({ ...size, widthPx: width, heightPx: height });
  const smaller =
    Math.min(width, height) < SMALLEST ? undefined : `--size ${width}x${height}, which needs ${gib(needs)}`;
  return whatFits(cause, `images of ${widthPx} × ${heightPx} px`, needed, threads, free, smaller);
}

/** Of `--size`. */
const SMALLEST = 8;
const HALF = Math.SQRT1_2;

/** Of the edges, so that all threads fit. What is free may be more than needed and yet in pieces: then half of it is asked for. */
function fittingShare(needs: number, threads: number, free: number): number {
  const share = free / threads / needs;
  return share >= 1 ? HALF : Math.sqrt(share);
}

function whatFits(
  cause: Error,
  what: string,
  needs: number,
  threads: number,
  free: number,
  smaller: string | undefined,
): DataError {
  const fewer = Math.min(threads - 1, Math.floor(free / needs));
  const ways = [
    ...(smaller === undefined ? [] : [smaller]),
    ...(fewer >= 1 ? [`--threads ${fewer}`] : []),
    "fewer --filters",
  ];
  return new DataError(
    `ran out of memory (${cause.message}): ${what} need about ${gib(needs)} in each of ${threads} ${threads === 1 ? "thread" : "threads"}, ${gib(free)} were free; use ${ways.join(", or ")}`,
    { cause },
  );
}

function gib(bytes: number): string {
  return `${(bytes / 2 ** 30).toPrecision(2)} GiB`;
}
