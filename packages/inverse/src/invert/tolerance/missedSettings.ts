import { DataError, DomainError, nearestNames } from "@materiome/core";
import { normalQuantile } from "@materiome/core/numerics";
import { mixturesOf } from "../../space/mixtures.ts";
import type { Point } from "../../space/points.ts";
import type { SearchSpace } from "../../space/searchSpace.ts";
import type { Variable } from "../../space/variable.ts";
import { weighOut } from "../../space/weighOut.ts";

/** How a setting scatters about what was set, in its unit: normal with a standard deviation, or anywhere within a tolerance. */
export type SettingScatter = { readonly sd: number } | { readonly halfWidth: number };

/** What settings become when they are missed, independently of each other. */
export interface MissedSettings {
  /** How many of them scatter, k. */
  readonly count: number;
  /**
   * A point as it is run.
   *
   * @param shares - [k], probabilities that each error lies below what it is
   */
  at(point: Point, shares: ArrayLike<number>): Point;
}

/**
 * How settings are missed: numbers by their own error, beyond bounds and between steps, as a furnace does; whole numbers to the nearest; what is inactive
 * not at all. Where an amount of a mixture is missed, all of its amounts are as {@link weighOut} has it, so that they still add up.
 *
 * @throws DataError for no name, or one that is no number that is set here
 * @throws DomainError for a width that is no finite number of at least 0, or an amount of two sums
 */
export function missedSettings(space: SearchSpace, scatter: Readonly<Record<string, SettingScatter>>): MissedSettings {
  const scattered = Object.entries(scatter).map(([name, how]) => scatteredVariable(space, name, how));
  if (scattered.length === 0) throw new DataError("invert: scatter names no setting; leave it out or name one");
  const isScattered = (j: number): boolean => scattered.some((one) => one.j === j);
  const all = mixturesOf(space);
  const mixtures = all.filter(({ variables }) => variables.some(isScattered));
  for (const mixture of mixtures) {
    const shared = mixture.names.find((name) => all.some((other) => other !== mixture && other.names.includes(name)));
    if (shared === undefined) continue;
    throw new DomainError(
      `invert: "${shared}" belongs to two sums, and what one amount is missed by cannot be shared out among both; let no amount of them scatter, or keep one of the sums`,
    );
  }
  return {
    count: scattered.length,
    at(point, shares) {
      const errors = new Float64Array(point.length);
      for (const [k, { j, deviate }] of scattered.entries()) errors[j] = deviate(shares[k] ?? 0.5);
      const run = point.map((value, j) => value + (errors[j] as number)); // as many
      for (const { variables, given } of mixtures) {
        const present = variables.filter((j) => !Number.isNaN(point[j] ?? Number.NaN));
        const { amounts } = weighOut(
          present.map((j) => point[j] as number),
          present.map((j) => errors[j] as number),
          given,
        );
        present.forEach((j, q) => {
          run[j] = amounts[q] as number;
        });
      }
      return run.map((value, j) => (space.variables[j]?.kind === "integer" ? Math.round(value) : value));
    },
  };
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
