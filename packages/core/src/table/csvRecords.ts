import Papa from "papaparse";
import { FormatError } from "../errors/errors.ts";

export type Delimiter = "," | ";" | "\t";

const DELIMITERS: readonly Delimiter[] = ["\t", ";", ","];
const SAMPLE = 100;

/** Records of a delimited text; record i is row i + 1 of the file as a spreadsheet counts. */
export interface CsvRecords {
  readonly delimiter: Delimiter;
  readonly records: readonly (readonly string[])[];
}

/**
 * Splits delimited text (RFC 4180 quoting; byte order mark dropped).
 *
 * Delimiter, where none is given: the one of tab, semicolon, comma that splits the header and the largest share of the
 * first hundred rows into equally many fields (at least two); in a tie tab before semicolon before comma, because commas
 * are common inside fields and decimal numbers. A text without any of them is one column.
 *
 * @throws FormatError if a quoted field is not closed, or quotes stand inside a field
 */
export function csvRecords(text: string, delimiter: Delimiter | undefined, file: string | undefined): CsvRecords {
  const clean = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const chosen = delimiter ?? detectDelimiter(clean);
  const parsed = Papa.parse<string[]>(clean, { delimiter: chosen, skipEmptyLines: false });
  for (const error of parsed.errors) {
    if (error.type === "Quotes") {
      throw new FormatError(`${quoteMessage(error.code)}; double every quote inside a quoted field`, {
        location: { file, row: (error.row ?? 0) + 1 },
      });
    }
  }
  return { delimiter: chosen, records: parsed.data };
}

function detectDelimiter(text: string): Delimiter {
  let best: Delimiter = ",";
  let bestShare = 0;
  for (const delimiter of DELIMITERS) {
    const { data } = Papa.parse<string[]>(text, { delimiter, preview: SAMPLE, skipEmptyLines: true });
    const width = data[0]?.length ?? 0;
    if (width < 2) continue;
    const share = data.filter((record) => record.length === width).length / data.length;
    if (share > bestShare) {
      best = delimiter;
      bestShare = share;
    }
  }
  return best;
}

function quoteMessage(code: string): string {
  return code === "MissingQuotes" ? "a quoted field is not closed" : "text follows the closing quote of a field";
}
