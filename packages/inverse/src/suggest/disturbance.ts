import { DataError, DomainError, nearestNames } from "@materiome/core";
import { mixturesOf } from "../space/mixtures.ts";
import { shortNumber, withUnit } from "../space/numberText.ts";
import type { SearchSpace } from "../space/searchSpace.ts";
import { isLog, isNumeric, type NumericVariable } from "../space/variable.ts";
import type { Disturbance } from "./options.ts";

/**
 * The variables that are not met exactly, with their deviations.
 *
 * @throws DataError for a name that is no variable, or none at all
 * @throws DomainError for a category or labels, for an amount that stands in two sums, and for a deviation or a number of samples that makes no sense
 */
export function disturbedVariables(
  space: SearchSpace,
  { deviations, samples = 16, counts = "mean" }: Disturbance,
): readonly { readonly variable: NumericVariable; readonly deviation: number }[] {
  if (!(Number.isInteger(samples) && samples >= 2)) {
    throw new DomainError(`disturbance: samples must be a whole number of at least 2, got ${samples}`);
  }
  if (counts !== "mean" && counts !== "worst") {
    throw new DomainError(`disturbance: what counts is "mean" or "worst", got ${JSON.stringify(counts)}`);
  }
  const entries = Object.entries(deviations);
  if (entries.length === 0) throw new DataError("disturbance: it names no variable; name one, or leave it out");
  refuseSharedAmounts(space, Object.keys(deviations));
  return entries.map(([name, deviation]) => {
    const variable = space.variables.find((v) => v.name === name);
    if (variable === undefined) {
      const names = space.variables.map((v) => v.name);
      const [near] = nearestNames(name, names, 1);
      throw new DataError(
        `disturbance: "${name}" is no variable that may be turned; ${near === undefined ? `there are: ${names.join(", ")}` : `did you mean "${near}"?`}`,
      );
    }
    if (!isNumeric(variable)) {
      throw new DomainError(`disturbance: "${name}" is no number and does not scatter; leave it out`);
    }
    if (!(deviation > 0 && Number.isFinite(deviation))) {
      throw new DomainError(`disturbance: the deviation of "${name}" must be above 0, got ${deviation}`);
    }
    return { variable, deviation };
  });
}

/**
 * A disturbance in words: `worst under scatter: T ± 5 degC, t ± 10 %`.
 *
 * @throws DataError, DomainError as {@link disturbedVariables}
 */
export function describeDisturbance(space: SearchSpace, disturbance: Disturbance): string {
  const list = disturbedVariables(space, disturbance).map(({ variable, deviation }) =>
    isLog(variable)
      ? `${variable.name} ± ${shortNumber(100 * deviation)} %`
      : `${variable.name} ± ${withUnit(deviation, variable.unit)}`,
  );
  return `${disturbance.counts ?? "mean"} under scatter: ${list.join(", ")}`;
}

/** What is weighed out anew for one sum would break the other. */
function refuseSharedAmounts(space: SearchSpace, scattered: readonly string[]): void {
  const mixtures = mixturesOf(space);
  for (const mixture of mixtures.filter(({ names }) => names.some((name) => scattered.includes(name)))) {
    const shared = mixture.names.find((name) =>
      mixtures.some((other) => other !== mixture && other.names.includes(name)),
    );
    if (shared === undefined) continue;
    throw new DomainError(
      `disturbance: "${shared}" belongs to two sums, and what one amount is missed by cannot be shared out among both; let no amount of them scatter, or keep one of the sums`,
    );
  }
}
