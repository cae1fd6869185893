import { DataError, DomainError } from "@materiome/core";
import { type CategoryVariable, levelCount, type OrdinalVariable, type Variable } from "./variable.ts";

/**
 * Bounds, steps, levels and descriptors of one variable.
 *
 * @throws DomainError or DataError naming the variable and what is wrong
 */
export function checkVariable(variable: Variable): void {
  const at = `search space, "${variable.name}"`;
  if (variable.kind === "category") {
    checkCategory(variable, at);
    return;
  }
  if (variable.kind === "ordinal") {
    checkOrdinal(variable, at);
    return;
  }
  const { min, max } = variable;
  if (!(Number.isFinite(min) && Number.isFinite(max))) {
    throw new DomainError(`${at}: bounds must be finite numbers, got ${min} … ${max}`);
  }
  if (min > max) throw new DomainError(`${at}: bounds are reversed, ${min} is above ${max}; swap them`);
  if (min === max) throw new DomainError(`${at}: lower and upper bound are both ${min}; fix the column instead`);
  if (variable.kind === "continuous") {
    if (variable.step !== undefined && !(variable.step > 0)) {
      throw new DomainError(`${at}: step must be positive, got ${variable.step}`);
    }
    if (variable.scale === "log" && !(min > 0)) {
      throw new DomainError(`${at}: a log scale needs a lower bound above 0, got ${min}`);
    }
  }
  if (levelCount(variable) < 1) {
    throw new DomainError(`${at}: no value of its grid lies between ${min} and ${max}; widen the bounds or set a step`);
  }
}

function checkOrdinal({ values, labels }: OrdinalVariable, at: string): void {
  if (values.length < 2) throw new DataError(`${at}: an ordinal needs at least two values; fix it instead`);
  const k = values.findIndex((value, i) => !Number.isFinite(value) || value <= (values[i - 1] ?? -Infinity));
  if (k >= 0) throw new DomainError(`${at}: values must ascend, ${values[k - 1]} is followed by ${values[k]}`);
  if (labels === undefined) return;
  if (labels.length !== values.length) {
    throw new DataError(`${at}: ${labels.length} labels for ${values.length} values; give one for each`);
  }
  if (new Set(labels).size < labels.length) throw new DataError(`${at}: two of its labels are the same`);
}

function checkCategory({ levels, descriptors }: CategoryVariable, at: string): void {
  if (levels.length === 0) throw new DataError(`${at}: a category needs at least one level`);
  if (new Set(levels).size < levels.length) throw new DataError(`${at}: two of its levels are the same`);
  if (descriptors === undefined) return;
  const columns = Object.entries(descriptors);
  if (columns.length === 0) throw new DataError(`${at}: descriptors are empty; leave them out`);
  for (const [name, values] of columns) {
    if (values.length !== levels.length || !values.every(Number.isFinite)) {
      throw new DataError(`${at}: descriptor "${name}" needs ${levels.length} finite numbers, one for each level`);
    }
    if (new Set(values).size < 2 && levels.length > 1) {
      throw new DataError(`${at}: descriptor "${name}" is the same for every level; leave it out`);
    }
  }
  const described = levels.map((_, k) => columns.map(([, values]) => values[k]).join("|"));
  const second = described.findIndex((text, k) => described.indexOf(text) !== k);
  if (second < 0) return;
  const first = described.indexOf(described[second] ?? "");
  throw new DataError(
    `${at}: "${levels[first]}" and "${levels[second]}" have the same descriptors, so nothing could tell them apart; add a descriptor`,
  );
}
