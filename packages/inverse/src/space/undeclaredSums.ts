import type { NumberColumn, Table } from "@materiome/core";
import { validValues } from "./columnValues.ts";
import { sumOver } from "./findSums.ts";
import { withUnit } from "./numberText.ts";
import type { SearchSpace } from "./searchSpace.ts";

/** Columns of one unit up to which all choices of some of them are tried; of more only all together. */
const MOST_COLUMNS = 14;
const WHOLES: readonly number[] = [1, 100];
/** A row lies within 2 % of a total that lies within 2 % of the whole. */
const FURTHEST = 1.02 ** 2 - 1 + 1e-9;

/**
 * Notes on numbers of one unit that add up to 1 or 100 in every row of a table (three or more rows, within 2 %), of which some may be turned and no sum
 * of the space says so: perhaps shares of a mixture whose role nobody named. The fewest columns that do so, each column in one note.
 *
 * @param table - rows that the space was made from
 * @example
 * undeclaredSumNotes(table, spaceFromTable(table, { inputs })); // ["A + B + C add up to 100 % in every row of the table, yet …"]
 */
export function undeclaredSumNotes(table: Table, space: SearchSpace): readonly string[] {
  const free = space.variables.filter(({ kind }) => kind === "continuous" || kind === "integer");
  const given = space.fixed.filter(({ columnKind }) => columnKind === "number");
  const open = [...free, ...given].filter(
    ({ name }) => table.has(name) && !space.sums.some(({ columns }) => columns.includes(name)),
  );
  const columns = new Map(open.map(({ name }) => [name, table.number(name)]));
  const columnsOf = (names: readonly string[]): NumberColumn[] =>
    names.map((name) => columns.get(name) as NumberColumn); // all open
  const turned = new Set(
    free.flatMap(({ name }) => {
      const column = columns.get(name);
      return column !== undefined && new Set(validValues(column)).size > 1 ? [name] : [];
    }),
  );
  return [...new Set(open.map(({ unit }) => unit))].flatMap((unit) => {
    const notes: string[] = [];
    let left = open.flatMap((input) => (input.unit === unit ? [input.name] : []));
    for (;;) {
      const shares = fewest(left, (names) => {
        if (!names.some((name) => turned.has(name))) return false;
        return mayBeWhole(columnsOf(names), table.nRows) && wholeOf(table, names) !== undefined;
      });
      if (shares === undefined) return notes;
      notes.push(noteOn(shares, withUnit(wholeOf(table, shares) ?? Number.NaN, unit)));
      left = left.filter((name) => !shares.includes(name));
    }
  });
}

function noteOn(names: readonly string[], whole: string): string {
  const schema = { version: 1, columns: names.map((name) => ({ name, role: "composition" })) };
  return `${names.join(" + ")} add up to ${whole} in every row of the table, yet each is turned by itself, so that suggestions need not add up. If they are shares of a mixture, say so: by a schema of the table with ${JSON.stringify(schema)}, or by a sum of the space, "${names.join(" + ")} = ${whole}".`;
}

/** 1 or 100 where all rows add up to it. */
function wholeOf(table: Table, names: readonly string[]): number | undefined {
  const total = sumOver(table, names)?.total;
  return WHOLES.find((whole) => total !== undefined && Math.abs(total - whole) <= 0.02 * whole);
}

/** Whether no row rules both wholes out: of thousands of choices nearly all fall at one of the first rows. */
function mayBeWhole(columns: readonly NumberColumn[], nRows: number): boolean {
  let open = WHOLES;
  for (let row = 0; row < nRows && open.length > 0; row++) {
    if (columns.some(({ valid }) => valid[row] !== 1)) continue;
    const sum = columns.reduce((before, { values }) => before + (values[row] as number), 0); // row < nRows
    open = open.filter((whole) => Math.abs(sum - whole) <= FURTHEST * whole);
  }
  return open.length > 0;
}

/** The smallest choice of at least two names that holds; undefined where there is none. */
function fewest(names: readonly string[], holds: (names: readonly string[]) => boolean): readonly string[] | undefined {
  if (names.length > MOST_COLUMNS) return holds(names) ? names : undefined;
  const choices = Array.from({ length: 2 ** names.length }, (_, mask) =>
    names.filter((_name, j) => ((mask >> j) & 1) === 1),
  );
  return choices
    .filter(({ length }) => length >= 2)
    .sort((a, b) => a.length - b.length)
    .find(holds);
}
