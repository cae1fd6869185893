import { columnTexts, countPresent, isPresent, resolveColumn, type Table } from "@materiome/core";
import { atomicFractions, compositionsOf } from "@materiome/core/composition";
import type { TableEncoder } from "@materiome/core/features";
import { shortNumber } from "../validation/shortNumber.ts";
import { isOtherElements, type Oddities } from "./domain.ts";

/** Labels and elements that no training row had, and gaps in columns where no training row had one, as sentences per row. */
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
    const seesOthers = encoder.outputs.some(({ name, source }) => isOtherElements(name) && source.includes(input.name));
    if ("elements" in input && seesOthers) {
      for (const [i, composition] of compositionsOf(table, column, input.kind).entries()) {
        const others = [...(composition === undefined ? [] : atomicFractions(composition))].filter(
          ([element, share]) => share > 0 && !input.elements.includes(element),
        );
        if (others.length === 0) continue;
        const named = others.map(([element, share]) => `${element} (${shortNumber(100 * share)} at%)`).join(", ");
        add(i, `${input.name} has ${named}, in no training row`);
      }
    }
    if (input.kind !== "category") continue;
    for (const [i, text] of columnTexts(column).entries()) {
      if (text === undefined || input.labels.includes(text)) continue;
      add(i, `${input.name} "${text}" was in no training row (known: ${input.labels.slice(0, 8).join(", ")})`);
    }
  }
  return found;
}
