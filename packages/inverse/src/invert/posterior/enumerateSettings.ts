import type { Evaluated } from "../../search/evaluator.ts";
import type { SearchSpace } from "../../space/searchSpace.ts";
import { positionOf, snap, type Variable } from "../../space/variable.ts";
import type { SettingsSample } from "./settingsSample.ts";

/**
 * The sample of a space whose every setting was predicted: each inside the domain, weighed by the probability of meeting the
 * specs times the share of the range that it stands for (equal on linear grids and for categories, its width in the logarithm on a
 * log scale).
 */
export function enumerateSettings(space: SearchSpace, evaluated: readonly Evaluated[]): SettingsSample | undefined {
  const points = evaluated.filter((e) => e.inDomain && e.probability > 0);
  if (points.length === 0) return undefined;
  const weights = Float64Array.from(
    points,
    (e) => e.probability * space.variables.reduce((share, v, j) => share * shareOf(v, e.point[j] ?? Number.NaN), 1),
  );
  const total = weights.reduce((a, b) => a + b, 0);
  return {
    points,
    weights: weights.map((w) => w / total),
    method: "enumeration",
    nDraws: points.length,
    nEvaluated: evaluated.length,
    convergence: [],
  };
}

function shareOf(variable: Variable, value: number): number {
  if (variable.kind !== "continuous" || variable.scale !== "log" || variable.step === undefined) return 1;
  const { step } = variable;
  const edge = (side: number): number => {
    const other = snap(variable, value + side * step);
    const at = other === value ? (side < 0 ? variable.min : variable.max) : (value + other) / 2;
    return positionOf(variable, at);
  };
  return edge(1) - edge(-1);
}
