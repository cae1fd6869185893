import { measuredRows, measuredValues } from "./fitOutcome.ts";
import type { SuggestOptions } from "./options.ts";
import type { TrustRegionState } from "./trustRegion.ts";

/** Points of the space-filling start, told and pending ones included. */
export function initialCount({ nInitial, space }: SuggestOptions): number {
  return nInitial ?? Math.min(20, Math.max(4, space.variables.length + 1));
}

/** Why the next points fill the space, for the reader; undefined where there is enough to learn surrogates from. */
export function startReason(options: SuggestOptions, trust: TrustRegionState | undefined): string | undefined {
  const { observations, objectives, constraints = [] } = options;
  const nInitial = initialCount(options);
  const nStart = (trust?.told ?? observations.points.length) + observations.pending.length;
  const isRestart = trust !== undefined && trust.from > 0;
  const isSilent = isRestart && !trust.hasValue;
  const flat = objectives.find(({ name }) => new Set(measuredValues(observations, name)).size < 2);
  const unmeasured = constraints.find(({ target }) => measuredRows(observations, target).length < 2);
  if (flat === undefined && unmeasured === undefined && nStart >= nInitial && !isSilent) return undefined;
  const nFlat = flat === undefined ? 0 : measuredRows(observations, flat.name).length;
  const nFailed = observations.failed?.reduce((sum, isFailed) => sum + isFailed, 0) ?? 0;
  const rare = flat !== undefined && nFlat < 2 ? flat.name : unmeasured?.target;
  if (nFlat >= 2) {
    return `All ${nFlat} results of "${flat?.name}" are equal, so nothing says where to go: points far from the tried ones are proposed.`;
  }
  if (rare !== undefined && nStart >= nInitial) {
    const failures = nFailed === 0 ? "" : ` (${nFailed} of ${observations.points.length} experiments failed)`;
    return `Outcome "${rare}" has fewer than 2 results${failures}: points far from the tried ones are proposed.`;
  }
  if (isSilent && nStart >= nInitial) {
    return `None of the ${trust.told} points of the new trust region gave a result: points far from the tried ones are proposed.`;
  }
  return `Space-filling start${isRestart ? " of a new trust region" : ""}: ${nStart} of ${nInitial} points are told or pending.`;
}
