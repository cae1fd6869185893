import { columnTexts, type Table } from "@materiome/core";

const MOST_NAMED = 5;

/**
 * Says which inputs hold nothing of their own: the same value in all rows, or in every row what an earlier input has. They are used as
 * they are; credit between two that are equal is divided by chance.
 */
export function sameInputWarnings(table: Table, inputs: readonly string[]): string[] {
  const columns = inputs.map((name) => ({ name, values: valuesOf(table, name) }));
  const constant = columns.filter(({ values }) => values.every((value) => value === values[0]));
  const repeats = repeatsAmong(columns.filter((column) => !constant.includes(column)));
  const warnings: string[] = [];
  if (constant.length > 0) {
    const named = someOf(constant.map(({ name, values }) => `"${name}" (${values[0] ?? "no value"})`));
    warnings.push(`the same in all rows used, so that nothing can be learnt from it: ${named}`);
  }
  if (repeats.length > 0) {
    const named = someOf(repeats.map(([later, earlier]) => `"${later}" that of "${earlier}"`));
    warnings.push(
      `the same value as another input in all rows used, so that what one of them counts for says little: ${named}`,
    );
  }
  return warnings;
}

type Values = readonly (number | string | undefined)[];

/** Undefined where there is none. */
function valuesOf(table: Table, name: string): Values {
  const column = table.column(name);
  if (column.kind !== "number") return columnTexts(column);
  return Array.from(column.values, (value, i) => (column.valid[i] === 0 ? undefined : value));
}

/** Pairs of a column and the first before it that is equal in every row. */
function repeatsAmong(columns: readonly { readonly name: string; readonly values: Values }[]): [string, string][] {
  const alike = new Map<string, (typeof columns)[number][]>(); // by three of the values, to compare few in full
  return columns.flatMap((column): [string, string][] => {
    const { name, values } = column;
    const key = JSON.stringify([values[0], values[values.length >> 1], values.at(-1)]);
    const others = alike.get(key) ?? [];
    const first = others.find((other) => other.values.every((value, i) => value === values[i]));
    if (first !== undefined) return [[name, first.name]];
    alike.set(key, [...others, column]);
    return [];
  });
}

function someOf(texts: readonly string[]): string {
  const more = texts.length > MOST_NAMED ? ` and ${texts.length - MOST_NAMED} more` : "";
  return `${texts.slice(0, MOST_NAMED).join(", ")}${more}`;
}
