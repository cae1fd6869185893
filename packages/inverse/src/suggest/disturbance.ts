import {
  createMatrix,
  DataError,
  DomainError,
  type Feature,
  type Matrix,
  nearestNames,
  type Random,
} from "@materiome/core";
import { normalDraws } from "../acquisition/normalDraws.ts";
import { shortNumber, withUnit } from "../space/numberText.ts";
import type { SearchSpace } from "../space/searchSpace.ts";
import type { ContinuousVariable } from "../space/variable.ts";
import type { Disturbance } from "./options.ts";

/**
 * The variables that are not met exactly, with their deviations.
 *
 * @throws DataError for a name that is no variable, or none at all
 * @throws DomainError for a category or whole numbers, and for a deviation or a number of samples that makes no sense
 */
export function disturbedVariables(
  space: SearchSpace,
  { deviations, samples = 16, counts = "mean" }: Disturbance,
): readonly { readonly variable: ContinuousVariable; readonly deviation: number }[] {
  if (!(Number.isInteger(samples) && samples >= 2)) {
    throw new DomainError(`disturbance: samples must be a whole number of at least 2, got ${samples}`);
  }
  if (counts !== "mean" && counts !== "worst") {
    throw new DomainError(`disturbance: what counts is "mean" or "worst", got ${JSON.stringify(counts)}`);
  }
  const entries = Object.entries(deviations);
  if (entries.length === 0) throw new DataError("disturbance: it names no variable; name one, or leave it out");
  return entries.map(([name, deviation]) => {
    const variable = space.variables.find((v) => v.name === name);
    if (variable === undefined) {
      const names = space.variables.map((v) => v.name);
      const [near] = nearestNames(name, names, 1);
      throw new DataError(
        `disturbance: "${name}" is no variable that may be turned; ${near === undefined ? `there are: ${names.join(", ")}` : `did you mean "${near}"?`}`,
      );
    }
    if (variable.kind !== "continuous") {
      throw new DomainError(`disturbance: "${name}" is no continuous variable and does not scatter; leave it out`);
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
  const list = disturbedVariables(space, disturbance).map(({ variable: { name, scale, unit }, deviation }) =>
    scale === "log" ? `${name} ± ${shortNumber(100 * deviation)} %` : `${name} ± ${withUnit(deviation, unit)}`,
  );
  return `${disturbance.counts ?? "mean"} under scatter: ${list.join(", ")}`;
}

/**
 * Disturbances of the features, [samples, d]: normal draws (scrambled Sobol points) in the variables that are not met exactly, fixed
 * for the whole call.
 *
 * @throws DataError, DomainError as {@link disturbedVariables}
 */
export function offsetsOf(
  space: SearchSpace,
  features: readonly Feature[],
  disturbance: Disturbance,
  random: Random,
): Matrix {
  const { samples = 16 } = disturbance;
  const entries = disturbedVariables(space, disturbance).map(({ variable, deviation }) => {
    const width =
      variable.scale === "log"
        ? Math.log1p(deviation) / Math.log(variable.max / variable.min)
        : deviation / (variable.max - variable.min);
    return { column: features.findIndex(({ source }) => source[0] === variable.name), width };
  });
  const z = normalDraws(samples, entries.length, random);
  const offsets = createMatrix(samples, features.length);
  entries.forEach(({ column, width }, k) => {
    for (let i = 0; i < samples; i++) {
      offsets.data[i * features.length + column] = width * (z.data[i * entries.length + k] as number);
    }
  });
  return offsets;
}
