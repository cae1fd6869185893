import { DataError, FormatError } from "../errors/errors.ts";
import type { Table } from "../table/table.ts";
import { nearestNames } from "../text/nearestNames.ts";
import { cellText } from "./cellText.ts";
import { readRecords } from "./readRecords.ts";
import type { ReadTableFileOptions } from "./readTableFile.ts";

/** A sheet of an Excel workbook (Office Open XML) as a table; cells with formulas hold the value last computed. */
export async function readXlsx(
  bytes: Uint8Array,
  options: ReadTableFileOptions & { readonly file: string },
): Promise<Table> {
  const { file, sheet = 1 } = options;
  const { default: readWorkbook } = await import("read-excel-file/node");
  const sheets = await readWorkbook(Buffer.from(bytes), { trim: false }).catch((cause: unknown) => {
    const why = cause instanceof Error ? ` (${cause.message})` : "";
    throw new FormatError(`this cannot be read as an Excel workbook${why}; save it again as .xlsx, or as CSV`, {
      cause,
      location: { file },
    });
  });
  const names = sheets.map((entry) => entry.sheet);
  const found = typeof sheet === "number" ? sheets[sheet - 1] : sheets.find((entry) => entry.sheet === sheet);
  if (found === undefined) {
    const near = typeof sheet === "string" ? nearestNames(sheet, names)[0] : undefined;
    const hint = near === undefined ? "" : `did you mean "${near}"? `;
    const shown = names.map((name, i) => `${i + 1} "${name}"`).join(", ");
    throw new DataError(`there is no sheet ${JSON.stringify(sheet)}; ${hint}the workbook has ${shown}`, {
      location: { file },
    });
  }
  const rows = found.data.map((row) => row.map((cell) => cellText(cell) ?? ""));
  options.onReport?.({ format: "xlsx", sheet: found.sheet });
  return readRecords(rows, options);
}
