import { FormatError } from "../errors/errors.ts";
import { isLabelName } from "../table/inferRole.ts";
import { type DecimalSign, parseNumber } from "../table/numberText.ts";
import type { Delimiter } from "./detectDelimiter.ts";
import { parseMeasurement } from "./measurement.ts";
import type { MissingTexts } from "./missing.ts";
import { firstRowOf, type RawColumn, textsOf } from "./rawColumn.ts";

export interface DetectDecimalContext {
  /** Undefined where the cells do not come from delimited text. */
  readonly delimiter: Delimiter | undefined;
  /** Sign under which columns that are already numbers were read. */
  readonly readWith: DecimalSign;
  readonly file: string | undefined;
  readonly rowNumbers: ArrayLike<number>;
  /** Whether cells such as `<0,005` count as numbers. */
  readonly certificates: boolean;
}

export interface DecimalCandidate {
  readonly header: string;
  readonly column: RawColumn;
  readonly missing: MissingTexts;
}

interface Seen {
  readonly text: string;
  readonly row: number | undefined;
  readonly column: string;
}

/** What one column says about the decimal sign. */
interface Evidence {
  readonly present: number;
  /** Values that are numbers with a point, with a comma, with either. */
  readonly asPoint: number;
  readonly asComma: number;
  readonly asAny: number;
  /** First value that needs the one sign or the other. */
  readonly comma: Seen | undefined;
  readonly point: Seen | undefined;
  /** Every value that needs the comma could be thousands. */
  readonly isThousands: boolean;
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
export function detectDecimal(columns: readonly DecimalCandidate[], context: DetectDecimalContext): DecimalSign {
  let comma: Seen | undefined;
  let point: Seen | undefined;
  let allThousands = true;
  for (const candidate of columns) {
    const own = evidenceOf(candidate, context);
    if (2 * own.asAny < own.present) continue;
    comma ??= own.comma;
    point ??= own.point;
    if (own.comma !== undefined) allThousands &&= own.isThousands;
    if (context.delimiter === "," && own.comma !== undefined && 2 * own.asPoint < own.present) {
      const text = `"${own.comma.text}"`;
      throw new FormatError(
        own.isThousands
          ? `${text} may be a decimal comma or a thousands separator; write decimal points and no separators, or, if it is a decimal comma, declare decimal "," (in the schema)`
          : `${text} holds a comma, which also delimits the fields of this file; write decimal points, delimit by semicolons, or declare decimal "," (in the schema)`,
        { location: { file: context.file, row: own.comma.row, column: candidate.header } },
      );
    }
  }
  if (context.delimiter === "," || comma === undefined) return ".";
  if (point !== undefined) {
    throw new FormatError(
      `decimal commas and decimal points in one file: "${comma.text}" and "${point.text}" (row ${point.row ?? "?"}, column "${point.column}"); use one throughout, or declare decimal in the schema`,
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

/** `1,234` may be a thousand and some, or a bit more than one. */
export function isThousandsText(text: string): boolean {
  return /^[+-]?[1-9]\d{0,2},\d{3}$/.test(text);
}

function evidenceOf({ header, column, missing }: DecimalCandidate, context: DetectDecimalContext): Evidence {
  let present = 0;
  let asPoint = 0;
  let asComma = 0;
  let asAny = 0;
  let isThousands = true;
  let commaCode = -1;
  let pointCode = -1;
  const isNumbers = context.certificates && !isLabelName(header);
  const reads = (text: string, sign: DecimalSign): boolean =>
    parseNumber(text, sign) !== undefined || (isNumbers && parseMeasurement(text, sign, header)?.isSure === true);
  const { labels, counts } = textsOf(column);
  for (const [code, text] of labels.entries()) {
    if (missing.hasAsNumber(text)) continue;
    const n = counts[code] ?? 0;
    const withPoint = reads(text, ".");
    const withComma = reads(text, ",");
    present += n;
    if (withPoint) asPoint += n;
    if (withComma) asComma += n;
    if (withPoint || withComma) asAny += n;
    if (withComma && !withPoint) {
      if (commaCode < 0) commaCode = code;
      isThousands &&= isThousandsText(text.replace(/^[<>≤≥~≈\s]+/, ""));
    }
    if (withPoint && !withComma && pointCode < 0) pointCode = code;
  }
  const seen = (code: number): Seen | undefined => {
    const text = labels[code];
    if (text === undefined) return undefined;
    return { text, row: context.rowNumbers[firstRowOf(column, code)], column: header };
  };
  let comma = seen(commaCode);
  let point = seen(pointCode);
  if (column.plan === "numbers") {
    const { nNumbers, nWithSign, firstWithSign } = column;
    present += nNumbers;
    asAny += nNumbers;
    asPoint += context.readWith === "." ? nNumbers : nNumbers - nWithSign;
    asComma += context.readWith === "," ? nNumbers : nNumbers - nWithSign;
    if (firstWithSign !== undefined) {
      const first = { text: firstWithSign.text, row: context.rowNumbers[firstWithSign.row], column: header };
      if (context.readWith === ".") point = earlier(point, first);
      else comma = earlier(comma, first);
    }
    if (context.readWith === "," && nWithSign > 0) isThousands &&= column.isThousands;
  }
  return { present, asPoint, asComma, asAny, comma, point, isThousands };
}

function earlier(a: Seen | undefined, b: Seen): Seen {
  return a !== undefined && (a.row ?? 0) < (b.row ?? 0) ? a : b;
}
