import { UsageError } from "../terminal/exitCodes.ts";
import type { Session } from "../terminal/session.ts";

/** What scored 0.957 on Super1 and 0.947 on Super3 in benchmarks/README.md. */
export const NET_DEFAULTS = {
  filters: [12, 24, 48, 64, 96] as readonly number[],
  patchPx: 128,
  batchSize: 4,
  leastBatches: 40,
  mostBatches: 512,
  epochs: 14,
  learningRate: 0.002,
} as const;

/** Of whole images: those of `xsdd.ts` in benchmarks/README.md. */
export const IMAGE_NET_DEFAULTS = {
  epochs: 32,
  learningRate: 0.003,
  filters: [16, 32, 64, 128],
  batchSize: 16,
} as const;

/** @throws UsageError for a patch that does not fit the levels */
export function refusePatch(patch: number | undefined, filters: readonly number[]): void {
  const coarsest = 2 ** (filters.length - 1);
  if (patch === undefined || patch % coarsest === 0) return;
  throw new UsageError(
    `--patch ${patch}: with ${filters.length} numbers in --filters it must be a multiple of ${coarsest}, for example ${coarsest * Math.ceil(patch / coarsest)}`,
  );
}

/**
 * 128 px, or what fits into the smallest image: beyond its border there is nothing to learn from.
 *
 * @param edges - the shorter edge of each image
 */
export function chooseEdge(
  edges: readonly number[],
  filters: readonly number[],
  session: Pick<Session, "note">,
): number {
  const { patchPx } = NET_DEFAULTS;
  const coarsest = 2 ** (filters.length - 1);
  const smallest = Math.min(...edges);
  const chosen = Math.max(coarsest, coarsest * Math.floor(Math.min(patchPx, smallest) / coarsest));
  if (chosen < patchPx) {
    session.note(
      `learns from pieces of ${chosen} px instead of ${patchPx}, as the smallest image offers ${Math.floor(smallest)} px; --patch sets it`,
    );
  }
  return chosen;
}
