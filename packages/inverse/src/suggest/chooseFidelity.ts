import { DomainError } from "@materiome/core";
import type { Fidelity } from "../objective/fidelity.ts";
import { logPositivePart } from "../pareto/logPositivePart.ts";
import { encodePoints } from "../space/encodePoints.ts";
import type { Point } from "../space/points.ts";
import type { SearchSpace } from "../space/searchSpace.ts";
import type { SurrogateModel } from "../surrogate/surrogate.ts";
import { atVersion } from "./atVersion.ts";

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

/** A surrogate and the variance of one measurement of its outcome. */
export interface MeasuredModel {
  /** Conditioned on what is pending; more is better. */
  readonly model: SurrogateModel;
  readonly noiseVariance: number;
}

/**
 * Logarithm of what is gained where a measurement moves the means of a point, one for each objective, by normal amounts of these
 * deviations; undefined where there is nothing yet to gain over.
 */
export type LogGain = (mean: Float64Array, deviation: Float64Array) => number | undefined;

/** The gain over the best so far of one objective: how much the better of the two is expected to rise. */
export function logGainOver(best: number | undefined): LogGain {
  return (mean, deviation) => {
    if (best === undefined) return undefined;
    const [here, spread] = [mean[0] as number, deviation[0] as number]; // one objective
    // In logarithms: where the point is far better or worse than the best, gains underflow.
    return Math.log(spread) + logPositivePart(-Math.abs(here - best) / spread);
  };
}

/**
 * The version in which a point is measured next: the one with the largest knowledge gradient at that point per cost. A measurement in version m
 * moves the mean of the version that counts by a normal amount of deviation |cov(f, f_m)| / √(var f_m + noise), and the gain is how much that
 * is expected to raise the better of the point and the best so far (of several objectives, the hypervolume of front and point). The correlation
 * between versions is the surrogate's, learned from what was measured in each; a version that was measured here already tells no more, and
 * gains nothing. Where there is nothing to gain over, what is learned counts itself: the (geometric mean of the) deviations.
 *
 * The point itself is chosen for the version that counts, before the version is, as in K. Kandasamy, G. Dasarathy, J. Schneider & B. Póczos, ICML
 * 2017, arXiv:1703.06240; the gain per cost is that of M. Poloczek, J. Wang & P. Frazier, NeurIPS 2017, arXiv:1603.00389, over two points in
 * place of all.
 *
 * @param measured - one for each objective
 * @param point - at the version that counts
 * @param options.isExcluded - points that must not be proposed
 */
export function chooseFidelity(
  space: SearchSpace,
  measured: readonly MeasuredModel[],
  point: Point,
  options: {
    readonly fidelity: FidelityLevels;
    readonly logGain: LogGain;
    readonly isExcluded: (point: Point) => boolean;
  },
): { readonly point: Point; readonly level: FidelityLevel | undefined } {
  const { fidelity, logGain, isExcluded } = options;
  const versions = fidelity.levels
    .map((level) => ({ level, point: atVersion(point, fidelity.index, level.value) }))
    .filter((version) => !isExcluded(version.point));
  const [mean, deviations] = effectsOf(
    space,
    measured,
    point,
    versions.map((version) => version.point),
  );
  const gains = deviations.map((deviation) =>
    deviation.every((d) => d > 0) ? logGain(mean, deviation) : Number.NEGATIVE_INFINITY,
  );
  const isGained = gains.some((gain) => gain !== undefined && gain > Number.NEGATIVE_INFINITY);
  let most = Number.NEGATIVE_INFINITY;
  let chosen: (typeof versions)[number] | undefined;
  versions.forEach((version, k) => {
    const learned = deviations[k]?.reduce((sum, d) => sum + Math.log(d), 0) ?? Number.NaN; // one each
    const perCost = (isGained ? (gains[k] as number) : learned / measured.length) - Math.log(version.level.cost);
    if (perCost > most) [most, chosen] = [perCost, version];
  });
  // Where no version would move the mean, the one that counts is asked for, as its value alone is wanted for itself. A pool may not list it,
  // or it was measured already: then the first that is left, or the point as it is where all that have a cost were.
  return (
    chosen ??
    versions.find((version) => version.point[fidelity.index] === point[fidelity.index]) ??
    versions[0] ?? { point, level: undefined }
  );
}

/** Means of a point, and by how much a measurement at each of the others would move them. */
function effectsOf(
  space: SearchSpace,
  measured: readonly MeasuredModel[],
  point: Point,
  others: readonly Point[],
): readonly [Float64Array, readonly Float64Array[]] {
  const x = encodePoints(space, [point, ...others]);
  const mean = new Float64Array(measured.length);
  const deviations = others.map(() => new Float64Array(measured.length));
  measured.forEach(({ model, noiseVariance }, j) => {
    const joint = model.posterior(x);
    const n = joint.covariance.columns;
    mean[j] = joint.mean[0] as number; // one point at least
    deviations.forEach((deviation, k) => {
      const shared = Math.abs(joint.covariance.data[k + 1] as number); // row of the point, below its columns
      const total = Math.sqrt((joint.covariance.data[(k + 1) * n + k + 1] as number) + noiseVariance);
      deviation[j] = total > 0 ? shared / total : 0;
    });
  });
  return [mean, deviations];
}
