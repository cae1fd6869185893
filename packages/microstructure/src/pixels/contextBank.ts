import { type FeatureBank, joinGroups } from "./featureBank.ts";
import { orientedFeatures } from "./orientedFeatures.ts";
import { probabilityScales } from "./probabilityScales.ts";
import { surroundingFeatures } from "./surroundingFeatures.ts";

/**
 * Features of the probability maps of a first stage, for a second one (auto-context): means at several scales, lines and
 * their continuations, what lies beside them, and the surroundings.
 *
 * @param classes - the classes whose maps are given, one plane each; lines are looked for in the first
 * @see Z. Tu, X. Bai, IEEE Trans. PAMI 32, 1744 (2010), doi:10.1109/TPAMI.2009.186
 */
export function createContextBank(
  classes: readonly string[],
  options: { readonly surroundingsPx: readonly number[]; readonly isDirected: boolean; readonly hasLines: boolean },
): FeatureBank {
  const { surroundingsPx, isDirected, hasLines } = options;
  const [first = ""] = classes;
  const shapes = [
    { acrossPx: 1, alongPx: 4 },
    { acrossPx: 1.5, alongPx: 8 },
    { acrossPx: 2, alongPx: 14 },
  ];
  const lines = shapes.flatMap((shape) => [
    orientedFeatures(`probability of ${first}`, {
      order: 0,
      shape,
      acrossPx: shape.alongPx <= 8 ? [1.5, 3, 5, 8, 12] : [],
      alongPx: shape.alongPx <= 8 ? [3, 6, 10, 15] : [],
    }),
    orientedFeatures(`probability of ${first}`, { order: 2, shape }),
  ]);
  const maps = classes.map((name) => `probability of ${name}`);
  return joinGroups(classes.length, [
    { group: probabilityScales(maps, [1, 2, 4, 8]), isFirstOnly: false },
    ...(hasLines ? lines.map((group) => ({ group, isFirstOnly: true })) : []),
    ...(surroundingsPx.length === 0
      ? []
      : [{ group: surroundingFeatures(maps, { radiiPx: surroundingsPx, isDirected }), isFirstOnly: false }]),
  ]);
}
