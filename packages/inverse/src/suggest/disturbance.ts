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
import type { SearchSpace } from "../space/searchSpace.ts";
import type { Disturbance } from "./options.ts";

/**
 * Disturbances of the features, [samples, d]: normal draws (scrambled Sobol points) in the variables that are not met exactly, fixed
 * for the whole call.
 *
 * @throws DataError for a name that is no variable; DomainError for a category, or a deviation that is not positive
 */
export function offsetsOf(
  space: SearchSpace,
  features: readonly Feature[],
  disturbance: Disturbance,
  random: Random,
): Matrix {
  const { deviations, samples = 16 } = disturbance;
  if (!(Number.isInteger(samples) && samples >= 2)) {
    throw new DomainError(`suggest: samples of a disturbance must be a whole number of at least 2, got ${samples}`);
  }
  const entries = Object.entries(deviations).map(([name, deviation]) => {
    const variable = space.variables.find((v) => v.name === name);
    if (variable === undefined) {
      const near = nearestNames(
        name,
        space.variables.map((v) => v.name),
      );
      throw new DataError(
        `suggest: the disturbance names "${name}", which is no variable${near.length > 0 ? `; did you mean "${near[0]}"?` : ""}`,
      );
    }
    if (variable.kind !== "continuous") {
      throw new DomainError(`suggest: "${name}" is no continuous variable and cannot be disturbed; leave it out`);
    }
    if (!(deviation > 0 && Number.isFinite(deviation))) {
      throw new DomainError(`suggest: the deviation of "${name}" must be above 0, got ${deviation}`);
    }
    const width =
      variable.scale === "log"
        ? Math.log1p(deviation) / Math.log(variable.max / variable.min)
        : deviation / (variable.max - variable.min);
    return { column: features.findIndex(({ source }) => source[0] === name), width };
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
