import type { Random } from "@materiome/core";
import { SOBOL_MAX_DIMENSIONS, sobol } from "@materiome/core/numerics";
import type { Evaluate, Evaluated } from "../../search/evaluator.ts";
import type { Point } from "../../space/points.ts";
import type { SearchSpace } from "../../space/searchSpace.ts";
import { missedSettings, type SettingScatter } from "./missedSettings.ts";

/** What a setting becomes, so many times: few, as each takes a prediction. */
const DRAWS = 8;

/**
 * Judges settings by what they become: probability and margin are means over 8 scattered settings (scrambled Sobol points, the same for all, so
 * that the mean is as smooth as what it is of), domain and means those at the setting as asked for.
 *
 * @throws DataError, DomainError as {@link missedSettings}
 */
export function underScatter(
  space: SearchSpace,
  evaluate: Evaluate,
  options: { readonly scatter: Readonly<Record<string, SettingScatter>>; readonly random: Random },
): Evaluate {
  const missed = missedSettings(space, options.scatter);
  const { count } = missed;
  const k = DRAWS;
  const shares =
    count <= SOBOL_MAX_DIMENSIONS
      ? sobol(k, count, options.random, { scramble: "owen" }).data.map((u) => u + 2 ** -33)
      : Float64Array.from({ length: k * count }, () => options.random.next());
  const drawsOf = (point: Point): Point[] =>
    Array.from({ length: k }, (_, c) => missed.at(point, shares.subarray(c * count, (c + 1) * count)));
  return async (points) => {
    const all = await evaluate(points.flatMap((point) => [point, ...drawsOf(point)]));
    return points.map((_, i) => {
      const [own, ...drawn] = all.slice(i * (k + 1), (i + 1) * (k + 1)) as [Evaluated, ...Evaluated[]];
      const mean = (of: (e: Evaluated) => number): number => drawn.reduce((sum, e) => sum + of(e), 0) / k;
      return { ...own, probability: mean((e) => e.probability), margin: mean((e) => e.margin) };
    });
  };
}
