import { DataError, DomainError, nearestNames, type Random } from "@materiome/core";
import { latinHypercube, normalQuantile } from "@materiome/core/numerics";
import type { Evaluate } from "../../search/evaluator.ts";
import type { SearchSpace } from "../../space/searchSpace.ts";
import type { Variable } from "../../space/variable.ts";

/** How a setting scatters about what was set, in its unit: normal with a standard deviation, or anywhere within a tolerance. */
export type SettingScatter = { readonly sd: number } | { readonly halfWidth: number };

/** What process variation does to the probability of meeting the specs. */
export interface ScatterOutcome {
  /** Mean probability over what the settings really are. */
  readonly probability: number;
  /** Twice its standard error as if drawn at random; the draws are a Latin hypercube, which errs less. */
  readonly margin: number;
  /** Share of the draws that are outside the model's domain, where their probability is not to be relied on. */
  readonly shareOutside: number;
  readonly nDraws: number;
}

const DRAWS = 512;

/**
 * Probability that the specs are met when settings scatter independently of each other: the mean of P over 512 draws of a Latin
 * hypercube about each point (JCGM 101:2008, propagation of distributions). Settings that are not named, and amounts that add up, stay
 * as they are set but for their own scatter; draws may leave bounds and grid, as a furnace does.
 */
export async function scatterAt(
  space: SearchSpace,
  evaluate: Evaluate,
  points: readonly Float64Array[],
  options: { readonly scatter: Readonly<Record<string, SettingScatter>>; readonly random: Random },
): Promise<readonly ScatterOutcome[]> {
  const { scatter, random } = options;
  const scattered = Object.entries(scatter).map(([name, how]) => scatteredVariable(space, name, how));
  if (scattered.length === 0) throw new DataError("invert: scatter names no setting; leave it out or name one");
  const cube = latinHypercube(DRAWS, scattered.length, random);
  const outcomes: ScatterOutcome[] = [];
  for (const point of points) {
    const draws = Array.from({ length: DRAWS }, (_, i) => {
      const drawn = Float64Array.from(point);
      scattered.forEach(({ j, deviate }, k) => {
        const value = (drawn[j] ?? Number.NaN) + deviate(cube.data[i * scattered.length + k] ?? 0.5);
        drawn[j] = space.variables[j]?.kind === "integer" ? Math.round(value) : value;
      });
      return drawn;
    });
    const results = await evaluate(draws);
    const mean = results.reduce((sum, e) => sum + e.probability, 0) / DRAWS;
    const squares = results.reduce((sum, e) => sum + (e.probability - mean) ** 2, 0);
    outcomes.push({
      probability: mean,
      margin: 2 * Math.sqrt(squares / (DRAWS - 1) / DRAWS),
      shareOutside: results.filter((e) => !e.inDomain).length / DRAWS,
      nDraws: DRAWS,
    });
  }
  return outcomes;
}

function scatteredVariable(
  space: SearchSpace,
  name: string,
  how: SettingScatter,
): { readonly j: number; readonly deviate: (p: number) => number } {
  const j = space.variables.findIndex((variable) => variable.name === name);
  const variable = space.variables[j];
  const isNumber = (v: Variable | undefined): boolean => v?.kind === "continuous" || v?.kind === "integer";
  if (!isNumber(variable)) {
    const numbers = space.variables.filter(isNumber).map((v) => v.name);
    const near = nearestNames(name, numbers);
    throw new DataError(
      `invert: scatter names "${name}", which is no number that is set here; ${near.length > 0 ? `did you mean "${near[0]}"?` : `there are ${numbers.join(", ")}`}`,
    );
  }
  const width = "sd" in how ? how.sd : how.halfWidth;
  if (!(width >= 0 && Number.isFinite(width))) {
    throw new DomainError(`invert: the scatter of "${name}" must be a finite number of at least 0, got ${width}`);
  }
  return { j, deviate: "sd" in how ? (p) => width * normalQuantile(p) : (p) => width * (2 * p - 1) };
}
