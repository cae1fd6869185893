import { signOf } from "../objective/signOf.ts";
import type { SuggestOptions } from "./options.ts";
import { initialCount } from "./startReason.ts";
import { type TrustRegionState, trustRegionState } from "./trustRegion.ts";

/** Variables above which the search keeps to a trust region: Gaussian processes know little of so many at once. */
const TRUST_REGION_ABOVE = 20;

/** Where the trust region stands after what was told; undefined where the whole region is searched. */
export function currentTrustRegion(options: SuggestOptions): TrustRegionState | undefined {
  const { space, observations, objectives, pool } = options;
  const { points, values, outcomes, failed } = observations;
  const [objective] = objectives;
  const isUsed =
    options.trustRegion ??
    (objectives.length === 1 && space.variables.length > TRUST_REGION_ABOVE && pool === undefined);
  if (!isUsed || objective === undefined) return undefined;
  const column = outcomes.indexOf(objective.name);
  const sign = signOf(objective);
  const results = Float64Array.from(points, (_, i) =>
    failed?.[i] === 1 ? Number.NaN : sign * (values.data[i * outcomes.length + column] as number),
  );
  return trustRegionState(results, space.variables.length, initialCount(options));
}
