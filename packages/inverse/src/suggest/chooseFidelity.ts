import { DomainError } from "@materiome/core";
import type { Fidelity } from "../objective/fidelity.ts";
import { logPositivePart } from "../pareto/logPositivePart.ts";
import { encodePoints } from "../space/encodePoints.ts";
import type { Point } from "../space/points.ts";
import type { SearchSpace } from "../space/searchSpace.ts";
import type { SurrogateModel } from "../surrogate/surrogate.ts";

/** One version in which a point can be measured. */
export interface FidelityLevel {
  readonly level: string;
  readonly cost: number;
  /** Its value of the variable. */
  readonly value: number;
}

/** Where the fidelity stands among the variables, and its versions in the order of the costs given. */
export interface FidelityLevels {
  readonly index: number;
  readonly levels: readonly FidelityLevel[];
}

/**
 * The versions as values of the variable.
 *
 * @throws DomainError for a name that is no variable, a version that it does not have, or a cost that is not above 0
 */
export function fidelityLevels(space: SearchSpace, { name, costs }: Fidelity): FidelityLevels {
  const index = space.variables.findIndex((variable) => variable.name === name);
  const variable = space.variables[index];
  if (variable === undefined) throw new DomainError(`suggest: fidelity "${name}" is no variable of the space`);
  const levels = Object.entries(costs).map(([level, cost]) => {
    const value = variable.kind === "category" ? variable.levels.indexOf(level) : Number(level);
    if (!(value >= 0 && Number.isFinite(value))) {
      throw new DomainError(`suggest: fidelity "${name}" has no version "${level}"`);
    }
    if (!(cost > 0 && Number.isFinite(cost))) {
      throw new DomainError(`suggest: the cost of "${name}" = "${level}" must be finite and above 0, got ${cost}`);
    }
    return { level, cost, value };
  });
  return { index, levels };
}

/**
 * The version in which a point is measured next: the one with the largest knowledge gradient at that point per cost. A measurement in version m
 * moves the mean of the version that counts by a normal amount of deviation |cov(f, f_m)| / √(var f_m + noise), and the gain is how much that
 * is expected to raise the better of the point and the best so far. The correlation between versions is the surrogate's, learned from what was
 * measured in each; a version that was measured here already tells no more, and gains nothing.
 *
 * The point itself is chosen for the version that counts, before the version is, as in K. Kandasamy, G. Dasarathy, J. Schneider & B. Póczos, ICML
 * 2017, arXiv:1703.06240; the gain per cost is that of M. Poloczek, J. Wang & P. Frazier, NeurIPS 2017, arXiv:1603.00389, over two points in
 * place of all.
 *
 * @param point - at the version that counts
 * @param model - of the objective, conditioned on what is pending; more is better
 * @param options.best - largest posterior mean so far; undefined where no tried point is probably feasible, then the deviation itself counts
 * @param options.isExcluded - points that must not be proposed
 */
export function chooseFidelity(
  space: SearchSpace,
  model: SurrogateModel,
  point: Point,
  options: {
    readonly fidelity: FidelityLevels;
    readonly best: number | undefined;
    readonly noiseVariance: number;
    readonly isExcluded: (point: Point) => boolean;
  },
): { readonly point: Point; readonly level: FidelityLevel | undefined } {
  const { fidelity, best, noiseVariance, isExcluded } = options;
  const versions = fidelity.levels.map((level) => {
    const at = Float64Array.from(point);
    at[fidelity.index] = level.value;
    return { level, point: at };
  });
  const { mean, covariance } = model.posterior(encodePoints(space, [point, ...versions.map((v) => v.point)]));
  const n = covariance.columns;
  let most = Number.NEGATIVE_INFINITY;
  let chosen: { readonly point: Point; readonly level: FidelityLevel | undefined } = { point, level: undefined };
  versions.forEach((version, k) => {
    if (isExcluded(version.point)) return;
    const shared = Math.abs(covariance.data[k + 1] as number); // row of the point, below its columns
    const total = Math.sqrt((covariance.data[(k + 1) * n + k + 1] as number) + noiseVariance);
    const deviation = total > 0 ? shared / total : 0;
    const here = mean[0] as number; // one point at least
    // In logarithms: where the point is far better or worse than the best, gains underflow.
    const logGain =
      Math.log(deviation) + (best === undefined ? 0 : logPositivePart(-Math.abs(here - best) / deviation));
    const perCost = deviation > 0 ? logGain - Math.log(version.level.cost) : Number.NEGATIVE_INFINITY;
    if (perCost > most) [most, chosen] = [perCost, version];
  });
  return chosen;
}
