import { columnTexts, resolveColumn, type Table } from "@materiome/core";
import { tryParseAlloyNotation, tryResolveGrade } from "@materiome/core/composition";

/** Says where names of alloys that are no known grades were read for the amounts that they state, in percent by weight for want of a unit. */
export function statedAlloyWarnings(table: Table, inputs: readonly string[]): string[] {
  return inputs.flatMap((name) => {
    const column = resolveColumn(table, name);
    if (column.kind !== "grade") return [];
    const texts = [...new Set(columnTexts(column).filter((text) => text !== undefined))];
    const unitOf = (text: string, unit: "wt%" | "at%"): string | undefined =>
      tryParseAlloyNotation(text, { unit })?.unit;
    // Its unit is what it is told where it does not say.
    const stated = texts.filter(
      (text) => tryResolveGrade(text) === undefined && unitOf(text, "wt%") === "wt%" && unitOf(text, "at%") === "at%",
    );
    if (stated.length === 0) return [];
    return [
      `"${name}": ${stated.length} of ${texts.length} names, such as ${stated[0]}, are no grades known here and are read as percent by weight; where they are atomic, write at% behind each`,
    ];
  });
}
