import { encodePoints } from "./encodePoints.ts";
import type { SearchSpace } from "./searchSpace.ts";
import { settingOf, type Variable } from "./variable.ts";

/** Features within this are of one setting. */
const SAME = 1e-9;

/**
 * Tells from features ({@link encodePoints}) whether a variable is active: whether what it hangs on has one of the values that it asks for. Of what
 * hangs on nothing it always is.
 *
 * @param j - index of the variable
 * @returns a function of a row of features, [d]
 */
export function encodedActivity(space: SearchSpace, j: number): (row: Float64Array) => boolean {
  const when = space.variables[j]?.when;
  if (when === undefined) return () => true;
  const parent = space.variables.findIndex(({ name }) => name === when.name);
  const isParentActive = encodedActivity(space, parent);
  const columns = columnsOf(space, parent);
  const wanted = when.in.map((value) => {
    const point = new Float64Array(space.variables.length).fill(Number.NaN);
    point[parent] = coordinateOf(space.variables[parent], value);
    const { data } = encodePoints(space, [point]);
    return columns.map((column) => data[column] as number); // of one row
  });
  return (row) =>
    isParentActive(row) &&
    wanted.some((own) => columns.every((column, k) => Math.abs((row[column] as number) - (own[k] as number)) < SAME));
}

/** Columns of the features of a variable. */
export function columnsOf(space: SearchSpace, j: number): readonly number[] {
  const { features } = encodePoints(space, []);
  const name = space.variables[j]?.name;
  return features.flatMap(({ source }, column) => (source[0] === name ? [column] : []));
}

function coordinateOf(variable: Variable | undefined, value: string | number): number {
  if (variable?.kind === "category") return variable.levels.indexOf(String(value));
  if (variable?.kind !== "ordinal") return Number(value);
  return variable.values.find((known) => settingOf(variable, known) === value) ?? Number.NaN;
}
