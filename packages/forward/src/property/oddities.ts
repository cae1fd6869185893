import { columnTexts, countPresent, isPresent, resolveColumn, type Table } from "@materiome/core";
import type { TableEncoder } from "@materiome/core/features";
import type { Oddities } from "./domain.ts";

/** Labels that no training row had, and gaps in columns where no training row had one, as sentences per row. */
export function odditiesOf(encoder: TableEncoder, table: Table, training: Table): Oddities {
  const found: string[][] = [];
  const add = (row: number, text: string): void => {
    found[row] ??= [];
    found[row].push(text);
  };
  for (const input of encoder.inputs) {
    const column = resolveColumn(table, input.name);
    const isWhole = countPresent(training.column(input.name)) === training.nRows;
    for (let i = 0; isWhole && i < table.nRows; i++) {
      if (!isPresent(column, i)) add(i, `${input.name} is missing; the training rows had none missing`);
    }
    if (input.kind !== "category") continue;
    for (const [i, text] of columnTexts(column).entries()) {
      if (text === undefined || input.labels.includes(text)) continue;
      add(i, `${input.name} "${text}" was in no training row (known: ${input.labels.slice(0, 8).join(", ")})`);
    }
  }
  return found;
}
