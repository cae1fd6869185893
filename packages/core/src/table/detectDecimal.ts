import { FormatError } from "../errors/errors.ts";
import type { Delimiter } from "./csvRecords.ts";
import { type DecimalSign, parseNumber } from "./numberText.ts";

export interface DetectDecimalContext {
  readonly delimiter: Delimiter;
  readonly file: string | undefined;
  readonly rowNumbers: readonly number[];
}

interface Seen {
  readonly text: string;
  readonly row: number | undefined;
  readonly column: string;
}

/**
 * The decimal sign of a file.
 *
 * Only columns of which at least half of the values are numbers under one of the two notations are looked at. A comma is
 * the sign if some values need it, none needs the point, and not all of them could be thousands (`1,234`). Whatever is
 * ambiguous is an error, never a guess; values that only ever use the point are read with the point.
 *
 * @throws FormatError if both signs occur, if commas may be thousands separators, or if a comma-delimited file quotes
 * numbers with commas
 */
export function detectDecimal(
  columns: readonly { readonly header: string; readonly cells: readonly (string | undefined)[] }[],
  context: DetectDecimalContext,
): DecimalSign {
  if (!columns.some(({ cells }) => cells.some((text) => text?.includes(",")))) return ".";
  let comma: Seen | undefined;
  let point: Seen | undefined;
  let allThousands = true;
  for (const { header, cells } of columns) {
    const present = cells.filter((text) => text !== undefined).length;
    let asPoint = 0;
    let asComma = 0;
    let ownComma: Seen | undefined;
    let ownPoint: Seen | undefined;
    let ownThousands = true;
    for (const [i, text] of cells.entries()) {
      if (text === undefined) continue;
      const withPoint = parseNumber(text, ".") !== undefined;
      const withComma = parseNumber(text, ",") !== undefined;
      if (withPoint) asPoint++;
      if (withComma) asComma++;
      const seen = { text, row: context.rowNumbers[i], column: header };
      if (withComma && !withPoint) {
        ownComma ??= seen;
        ownThousands &&= /^[+-]?[1-9]\d{0,2},\d{3}$/.test(text);
      }
      if (withPoint && !withComma) ownPoint ??= seen;
    }
    const isNumeric = 2 * (asPoint + asComma) >= present && 2 * countEither(cells) >= present;
    if (!isNumeric) continue;
    comma ??= ownComma;
    point ??= ownPoint;
    if (ownComma !== undefined) allThousands &&= ownThousands;
    if (context.delimiter === "," && ownComma !== undefined && 2 * asPoint < present) {
      throw new FormatError(
        `"${ownComma.text}" holds a comma, which also delimits the fields of this file; write decimal points, delimit by semicolons, or declare decimal "," (in the schema)`,
        { location: { file: context.file, row: ownComma.row, column: header } },
      );
    }
  }
  if (context.delimiter === "," || comma === undefined) return ".";
  if (point !== undefined) {
    throw new FormatError(
      `decimal commas and decimal points in one file: "${comma.text}" and "${point.text}" (${place(point)}); use one throughout, or declare decimal in the schema`,
      { location: { file: context.file, row: comma.row, column: comma.column } },
    );
  }
  if (allThousands) {
    throw new FormatError(
      `"${comma.text}" may be a decimal comma or a thousands separator, and so may every other comma in the file; declare decimal "," in the schema, or remove the separators`,
      { location: { file: context.file, row: comma.row, column: comma.column } },
    );
  }
  return ",";
}

function countEither(cells: readonly (string | undefined)[]): number {
  return cells.filter(
    (text) => text !== undefined && (parseNumber(text, ".") !== undefined || parseNumber(text, ",") !== undefined),
  ).length;
}

function place(seen: Seen): string {
  return `row ${seen.row ?? "?"}, column "${seen.column}"`;
}
