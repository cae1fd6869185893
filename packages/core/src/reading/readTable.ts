import type { Table } from "../table/table.ts";
import { readDelimited } from "./readDelimited.ts";
import type { ReadTableOptions } from "./readTableOptions.ts";

/**
 * Reads delimited text (CSV) into a table, inferring delimiter, decimal sign, units, kinds and roles.
 *
 * Missing are, in any case: empty, NA, N/A, #N/A, NaN, -, --, ?, null; in columns of numbers or formulas also none, n.d. and n.a.
 * (as a category, none is an answer). Rows without any value and unnamed columns without any value (what spreadsheets leave
 * at the edges) are left out, as are blank fields after the last column and a line `sep=;` before the header.
 *
 * A column of which at least half of the present values are numbers is a number column and every other text in it an error,
 * unless the schema gives it another kind; where header or schema state a unit, one number does. Numbers with thousands
 * separators are never read, nor is `<LOD`: they are errors. In a column of names (heat, specimen, number) codes such as
 * `0012` or of more than fifteen digits stay texts, in one of materials also `4140`. A column named grade, alloy, steel or
 * UNS whose labels all name one grade each (`316L`, `Ti-6Al-4V`) or state amounts (`Fe-19Cr-5Mo`: percent by weight, unless `at%` stands
 * behind them) is a grade column, also one named composition or compound if some state amounts. A column named formula (no words in it,
 * even if little of it parses; or half of it parsing), composition or compound (half of it parsing), or alloy (nine tenths),
 * is a formula column, and so is one whose values all are formulas of two or more elements with amounts; in it, texts that
 * do not parse are errors. Other texts are categories, or free text if more than half of many values differ. Names, units:
 * `parseHeader`; roles: `inferRoles`; a name that two columns would share stays the full header.
 *
 * **Certificate cells.** In a number column, and in one that nine tenths of such cells and numbers make up (half of them
 * beyond doubt: `10-12` alone may be a label), except where the name says that it holds names or codes:
 * - `<0.005`, `≤0.005`, `>45 HRC`: the limit; a column “… censoring” of role `censor` says `left` (the value is below) or
 *   `right` (above);
 * - `0.2–0.3`, `0.2 to 0.3`: the middle; a column “… uncertainty” of role `uncertainty` holds half the width over √3, the
 *   standard deviation of a uniform distribution (JCGM 100:2008, 4.3.7);
 * - `12±1`, `12 +/- 1`: 1 over `coverageFactor` is the standard uncertainty; `5.431(2)`: it is 0.002;
 * - `~12`: 12; `650 °C`: 650, in the unit of the header, or else in the one most cells state; cells in convertible units
 *   are converted, in others errors.
 *
 * The two columns are added only where cells need them. `notation` of the column counts what was read how.
 *
 * @throws TableFormatError (a FormatError) listing all problems: ragged rows, duplicate or missing headers, text in number
 * columns, units in conflict, values that the schema does not allow
 * @throws FormatError if decimal signs are ambiguous or a quote is not closed
 * @throws DataError if there is no row of data, or the schema speaks of an input column that is not there
 * @example
 * const table = readTable("heat,Temper (°C),Yield strength (MPa)\nA,600,810\nB,650,NA\n");
 * table.column("Yield strength").unit; // "MPa"
 */
export function readTable(text: string, options: ReadTableOptions = {}): Table {
  const reader = readDelimited(options);
  const bytes = new TextEncoder().encode(text);
  let sent = 0;
  let step = reader.next();
  while (step.done !== true) {
    if (step.value === "again") sent = 0;
    const piece = step.value === "more" ? bytes.subarray(sent, sent + PIECE) : undefined;
    sent += piece?.length ?? 0;
    step = reader.next(piece?.length === 0 ? undefined : piece);
  }
  return step.value;
}

const PIECE = 1 << 20;
