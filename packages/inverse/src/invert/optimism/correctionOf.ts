import type { Random } from "@materiome/core";
import type { Correction } from "../../search/evaluator.ts";
import { expectedShift, type OptimismBasis } from "./optimismOf.ts";
import { windowOptimism } from "./windowOptimism.ts";

/** Half widths, in standard deviations, at which the gain of an interval's place is worked out: 2^(k / 4); between them it is linear. */
const PER_OCTAVE = 4;
/** Beyond these the gain is that at the end: nothing is kept of points, and all of what spans everything. */
const [LOWEST, HIGHEST] = [-6 * PER_OCTAVE, 3 * PER_OCTAVE];

/**
 * What takes back the optimism of predicted probabilities: means are moved to what held-out rows of such a prediction came out at
 * ({@link expectedShift}), and of the probability of an interval the share is kept that {@link windowOptimism} finds true of what its best place
 * promises. The share depends on the width of the interval only, so that every setting can be judged by it, not the best alone.
 *
 * @returns undefined where nothing is known of the optimism
 */
export function correctionOf(basis: OptimismBasis, random: Random): Correction | undefined {
  if ("missing" in basis) return undefined;
  const slopes = new Map(basis.slopes.map((slope) => [slope.target, slope]));
  const known = new Map<string, number>();
  const keptAt = (target: string, k: number): number => {
    const key = `${k} ${target}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    // One stream for all widths: the share changes with the width, not with chance.
    const { promised, gained } = windowOptimism(
      slopes.get(target)?.nRows ?? 2,
      2 ** (k / PER_OCTAVE),
      random.fork(target),
    );
    const kept = Math.max(0, 1 - gained / promised);
    known.set(key, kept);
    return kept;
  };
  return {
    shift(target, mean) {
      const slope = slopes.get(target);
      return slope === undefined ? 0 : expectedShift(slope, mean);
    },
    kept(target, halfWidth) {
      const place = Math.min(HIGHEST, Math.max(LOWEST, PER_OCTAVE * Math.log2(halfWidth)));
      if (Number.isNaN(place)) return 1;
      const k = Math.min(HIGHEST - 1, Math.floor(place));
      const share = place - k;
      return (1 - share) * keptAt(target, k) + (share === 0 ? 0 : share * keptAt(target, k + 1));
    },
  };
}
