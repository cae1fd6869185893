import { DataError, DomainError, IncompatibleError, nearestNames, ShapeError } from "@materiome/core";
import type { Fidelity } from "../objective/fidelity.ts";
import { settingOf } from "../space/variable.ts";
import { isAllowedPoint } from "../space/violations.ts";
import { checkFrontOptions } from "./checkFrontOptions.ts";
import { checkMethod } from "./checkMethod.ts";
import { fidelityLevels } from "./chooseFidelity.ts";
import { MOST_FOR_BOXES } from "./frontSearch.ts";
import type { SuggestOptions } from "./options.ts";

/**
 * @throws ShapeError for points, values, variances or failures of different length
 * @throws DataError for outcomes that are not there, no objective, or a pool without an allowed point
 * @throws IncompatibleError for variances of measurements that the learner cannot use
 * @throws DomainError for a value that is infinite, a direction that is none, or counts out of range
 * @throws DataError, DomainError, IncompatibleError as {@link checkMethod}
 */
export function checkSuggest(options: SuggestOptions): void {
  const { space, observations, objectives, constraints = [], batch = 1, pool, nInitial, level = 0.9 } = options;
  const { points, values, outcomes, noiseVariance, failed, pending } = observations;
  const n = points.length;
  const d = space.variables.length;
  if (d === 0) throw new DataError("suggest: the space has no variable; leave at least one input free");
  if (!(Number.isInteger(batch) && batch >= 1)) {
    throw new DomainError(`suggest: batch must be a whole number of at least 1, got ${batch}`);
  }
  if (nInitial !== undefined && !(Number.isInteger(nInitial) && nInitial >= 0)) {
    throw new DomainError(`suggest: nInitial must be a whole number of at least 0, got ${nInitial}`);
  }
  if (!(level > 0 && level < 1)) throw new DomainError(`suggest: level must be between 0 and 1, got ${level}`);
  for (const [what, list] of [
    ["told point", points],
    ["pending point", pending],
    ["point of the pool", pool ?? []],
  ] as const) {
    list.forEach((point, i) => {
      // A variable that a condition switches off has no value.
      const isWhole = point.every(
        (v, j) => Number.isFinite(v) || (Number.isNaN(v) && space.variables[j]?.when !== undefined),
      );
      if (point.length !== d || !isWhole) {
        throw new ShapeError(
          `suggest: ${what} ${i} must have ${d} finite numbers, one for each variable, got [${point.join(", ")}]`,
        );
      }
    });
  }
  if (values.rows !== n || values.columns !== outcomes.length) {
    throw new ShapeError(
      `suggest: ${n} points and ${outcomes.length} outcomes need values of that shape, got ${values.rows} × ${values.columns}`,
    );
  }
  const infinite = values.data.findIndex((v) => !Number.isFinite(v) && !Number.isNaN(v));
  if (infinite >= 0) {
    throw new DomainError(
      `suggest: outcome "${outcomes[infinite % outcomes.length]}" of row ${Math.floor(infinite / outcomes.length)} is ${values.data[infinite]}; give a number, or NaN where nothing was measured`,
    );
  }
  if (noiseVariance !== undefined && noiseVariance.data.length !== values.data.length) {
    throw new ShapeError("suggest: noiseVariance must have the shape of values");
  }
  if (noiseVariance !== undefined && !options.learner.supports.has("noiseVariance")) {
    throw new IncompatibleError(
      "suggest: the observations bring variances of their measurements, which this learner cannot use; take one that supports noiseVariance, or leave them out",
    );
  }
  if (failed !== undefined && failed.length !== n) {
    throw new ShapeError(`suggest: ${n} points need ${n} entries of failed, got ${failed.length}`);
  }
  if (objectives.length === 0) throw new DataError("suggest: give at least one objective with its direction");
  for (const { name, direction } of objectives) {
    if (direction !== "maximize" && direction !== "minimize") {
      throw new DomainError(
        `suggest: objective "${name}" needs a direction, "maximize" or "minimize", got ${String(direction)}`,
      );
    }
  }
  for (const name of [...objectives.map((o) => o.name), ...constraints.map((c) => c.target)]) {
    if (outcomes.includes(name)) continue;
    const near = nearestNames(name, [...outcomes]);
    throw new DataError(
      `suggest: "${name}" is no outcome of the observations; ${near.length > 0 ? `did you mean "${near[0]}"?` : `outcomes are: ${outcomes.join(", ")}`}`,
    );
  }
  if (objectives.length > 1) checkFrontOptions(options);
  checkMethod(options);
  if (options.fidelity !== undefined) checkFidelity(options, options.fidelity);
  for (const name of options.sharedInBatch ?? []) {
    if (space.variables.some((variable) => variable.name === name)) continue;
    throw new DataError(`suggest: "${name}" cannot be shared in a batch, it is no variable of the space`);
  }
  if (pool?.some((point) => isAllowedPoint(space, point)) === false) {
    throw new DataError("suggest: the space allows no point of the pool; check its bounds, steps and sums");
  }
}

function checkFidelity({ space, objectives, fixed = [] }: SuggestOptions, fidelity: Fidelity): void {
  const { index, levels } = fidelityLevels(space, fidelity);
  if (objectives.length > MOST_FOR_BOXES) {
    throw new IncompatibleError(
      `suggest: versions are weighed by the hypervolume that they gain, for up to ${MOST_FOR_BOXES} objectives, got ${objectives.length}; leave fidelity out and name the version in fixed, or take fewer objectives`,
    );
  }
  const counting = fixed.find(({ name }) => name === fidelity.name);
  if (counting === undefined) {
    throw new DataError(`suggest: hold "${fidelity.name}" at the version that counts (fixed)`);
  }
  // Without a cost it could never be asked for, and the campaign would end without one result that counts.
  const variable = space.variables[index];
  if (variable === undefined || levels.some(({ value }) => settingOf(variable, value) === counting.value)) return;
  throw new DataError(
    `suggest: the version that counts, "${fidelity.name}" = ${JSON.stringify(counting.value)}, has no cost; give it one, beside ${levels.map(({ level }) => `"${level}"`).join(", ")}`,
  );
}
