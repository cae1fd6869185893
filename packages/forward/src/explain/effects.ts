import { DomainError } from "@materiome/core";
import { quantileSorted } from "@materiome/core/numerics";
import type { SubjectInput, WideSubject } from "./subject.ts";

/** Input of a subject by name. @throws DomainError naming the inputs if there is none */
export function inputIndex(caller: string, subject: WideSubject, name: string): number {
  const c = subject.inputs.findIndex((input) => input.name === name);
  if (c >= 0) return c;
  const known = subject.inputs.map((input) => `"${input.name}"`).join(", ");
  throw new DomainError(`${caller}: no input "${name}"; the inputs are ${known}`);
}

/** Numbers of an input. @throws DomainError if it is no single number */
export function numbersOf(caller: string, input: SubjectInput): Float64Array {
  if (input.values !== undefined) return input.values;
  throw new DomainError(
    `${caller}: "${input.name}" is no single number, so it has no curve; its contributions can be seen`,
  );
}

export function presentRows(values: Float64Array, rows: Int32Array): Int32Array {
  return rows.filter((i) => !Number.isNaN(values[i]));
}

/** Different quantiles at 0, 1/n … 1 of some rows' values, ascending; the values themselves where they are no more than that. */
export function quantileGrid(values: Float64Array, rows: Int32Array, n: number): Float64Array {
  const sorted = Float64Array.from(rows, (i) => values[i] as number).sort();
  const different = new Set(sorted);
  if (different.size <= n + 1) return Float64Array.from(different);
  const edges = Array.from({ length: n + 1 }, (_, k) => quantileSorted(sorted, k / n));
  return Float64Array.from(new Set(edges));
}
