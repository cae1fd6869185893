import { type Column, DataError, type NumberColumn, nearestNames } from "@materiome/core";

/** Numbers of a column that are there, in row order. */
export function validValues(column: NumberColumn): number[] {
  return [...column.values].filter((_, i) => column.valid[i] === 1);
}

/** Distinct categories or texts of a column that are there, sorted. */
export function levelsIn(column: Exclude<Column, NumberColumn>): string[] {
  const texts = column.kind === "category" ? [...column.codes].map((code) => column.labels[code]) : column.texts;
  return [...new Set(texts)].filter((text): text is string => text !== undefined).sort();
}

/**
 * The label, if a training row has it.
 *
 * @param what - names the place in messages
 * @throws DataError naming the nearest labels
 */
export function seenLevel(column: Exclude<Column, NumberColumn>, label: string, what: string): string {
  const levels = levelsIn(column);
  const exact = levels.find((level) => level === label);
  if (exact !== undefined) return exact;
  const near = nearestNames(label, levels);
  const hint =
    near.length > 0 ? `did you mean ${near.map((n) => `"${n}"`).join(" or ")}?` : `seen are: ${levels.join(", ")}`;
  throw new DataError(`${what} "${column.name}": category "${label}" is in no training row; ${hint}`);
}
