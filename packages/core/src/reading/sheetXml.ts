import { inflateRawSync } from "node:zlib";

/** A cell of a sheet: row and column from 0. */
export interface SheetCell {
  readonly row: number;
  readonly column: number;
}

/** What the XML of a sheet says of its cells besides their values. */
export interface SheetNotes {
  /** Formulas whose value is not stored, as programs write them that do not compute. */
  readonly uncomputed: readonly SheetCell[];
  /** Cells that show an error such as `#DIV/0!`; `#N/A` is no error but a missing value. */
  readonly errors: readonly (SheetCell & { readonly text: string })[];
  /** Upper left cell of merged areas of several rows, and the last row of each. */
  readonly merged: readonly (SheetCell & { readonly lastRow: number })[];
}

/** Reads what a workbook (.xlsx) notes of the cells of its sheet number `index`, from 0. */
export function readSheetNotes(workbook: Uint8Array, index: number): SheetNotes {
  const xml = sheetXml(workbook, index);
  const uncomputed = [
    ...xml.matchAll(
      /<c\b((?:(?!\bt="str")[^<>])*)>\s*<f\b(?:[^<>]*\/>|[^<>]*>[^<]*<\/f>)\s*(?:<v\s*\/>|<v>\s*<\/v>)?\s*<\/c>/g,
    ),
  ].flatMap(([, attributes = ""]) => cellOf(/\br="([A-Z]+\d+)"/.exec(attributes)?.[1]));
  const errors = [...xml.matchAll(/<c\b([^<>]*\bt="e"[^<>]*)>(?:(?!<\/c>)[\s\S])*?<v>([^<]*)<\/v>/g)].flatMap(
    ([, attributes = "", text = ""]) =>
      text === "#N/A" ? [] : cellOf(/\br="([A-Z]+\d+)"/.exec(attributes)?.[1]).map((cell) => ({ ...cell, text })),
  );
  const merged = [...xml.matchAll(/<mergeCell\b[^<>]*\bref="([A-Z]+\d+):([A-Z]+\d+)"/g)].flatMap(([, from, to]) => {
    const [first, last] = [...cellOf(from), ...cellOf(to)];
    return first === undefined || last === undefined || last.row === first.row ? [] : [{ ...first, lastRow: last.row }];
  });
  return { uncomputed, errors, merged };
}

/** `B3` is row 2, column 1. */
function cellOf(name: string | undefined): SheetCell[] {
  const [, letters = "", digits] = /^([A-Z]+)(\d+)$/.exec(name ?? "") ?? [];
  if (digits === undefined) return [];
  const column = [...letters].reduce((sum, letter) => 26 * sum + letter.charCodeAt(0) - 64, 0) - 1;
  return [{ row: Number(digits) - 1, column }];
}

/** The sheets in the order of the workbook, each found by its relation (ECMA-376, part 1, 18.2.19 and 15.2). */
function sheetXml(workbook: Uint8Array, index: number): string {
  const parts = partsOf(workbook);
  const text = (name: string): string => parts.get(name)?.() ?? "";
  const sheet = [...text("xl/workbook.xml").matchAll(/<sheet\b[^<>]*>/g)][index]?.[0] ?? "";
  const id = /\br:id="([^"]*)"/.exec(sheet)?.[1];
  const relation = [...text("xl/_rels/workbook.xml.rels").matchAll(/<Relationship\b[^<>]*>/g)]
    .map(([tag]) => tag)
    .find((tag) => /\bId="([^"]*)"/.exec(tag)?.[1] === id);
  const target = /\bTarget="([^"]*)"/.exec(relation ?? "")?.[1] ?? "";
  return text(target.startsWith("/") ? target.slice(1) : `xl/${target}`);
}

/** Files of a ZIP archive by name, inflated when asked for (APPNOTE 6.3.9, 4.3). */
function partsOf(archive: Uint8Array): ReadonlyMap<string, () => string> {
  const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
  const parts = new Map<string, () => string>();
  const end = bytes.lastIndexOf(Buffer.from("PK\u0005\u0006"));
  if (end < 0) return parts;
  let at = bytes.readUInt32LE(end + 16);
  for (let n = bytes.readUInt16LE(end + 10); n > 0; n--) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    const name = bytes.toString("utf8", at + 46, at + 46 + (nameLength ?? 0));
    const [isDeflated, size, local] = [
      bytes.readUInt16LE(at + 10) === 8,
      bytes.readUInt32LE(at + 20),
      bytes.readUInt32LE(at + 42),
    ];
    parts.set(name, () => {
      const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
      const data = bytes.subarray(from, from + size);
      return (isDeflated ? inflateRawSync(data) : data).toString("utf8");
    });
    at += 46 + (nameLength ?? 0) + (extraLength ?? 0) + (commentLength ?? 0);
  }
  return parts;
}
