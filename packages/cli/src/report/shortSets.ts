import { wilsonInterval } from "@materiome/core/numerics";
import type { ClassTargetMetrics } from "@materiome/forward";
import { percent } from "../terminal/figures.ts";

/** Where sets hold less than they say, beyond what chance does to so many rows. */
export function shortSets({ n, sets }: Pick<ClassTargetMetrics, "n" | "sets">): string[] {
  const { level, coverage, coverageCi } = sets;
  const [low, high] = wilsonInterval(coverage, n, 0.95); // a bootstrap of rows that are all held has no width
  const [from, to] = [Math.min(low, coverageCi[0]), Math.max(high, coverageCi[1])];
  if (to >= level) return [];
  return [
    `- sets at ${100 * level} % hold the measured class in only ${percent(coverage)} of ${n} held-out rows (95 % interval of that ${percent(from)} … ${percent(to)})`,
  ];
}
