/** Values of a tag: text of ASCII tags, bytes of BYTE and UNDEFINED tags, else numbers (rationals divided out). */
export type TiffValue = string | Uint8Array | readonly number[];

/** Tags of one page by number. */
export type TiffTags = ReadonlyMap<number, TiffValue>;

/**
 * Tags of one page of a TIFF or BigTIFF, of either byte order. Pixels are not touched.
 *
 * @param file - the whole file, or as much of it as holds the directories
 * @param page - 0-based, by the chain of main directories
 * @returns undefined where the file is no TIFF or has no such page
 * @throws RangeError where a directory or a value lies outside the file
 * @see TIFF 6.0 section 2; BigTIFF (version 43, 8-byte offsets)
 */
export function readTiffTags(file: Uint8Array, page: number): TiffTags | undefined {
  const [first, second] = file;
  const little = first === 0x49 && second === 0x49;
  if (file.length < 8 || !(little || (first === 0x4d && second === 0x4d))) return undefined;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const version = view.getUint16(2, little);
  if (version !== 42 && version !== 43) return undefined;
  const big = version === 43;
  const cursor: Cursor = { view, little, big };
  let at = wide(cursor, big ? 8 : 4);
  const seen = new Set<number>(); // a damaged chain may run in a circle
  for (let k = 0; at !== 0 && !seen.has(at); k++) {
    seen.add(at);
    const count = big ? wide(cursor, at) : view.getUint16(at, little);
    const start = at + (big ? 8 : 2);
    const end = start + count * (big ? 20 : 12);
    if (end > file.length) throw new RangeError(`directory ${k} passes the end of the file`);
    if (k === page) return directory(cursor, start, count);
    at = wide(cursor, end);
  }
  return undefined;
}

/** Text of a tag: ASCII tags are in truth often UTF-8. */
export function tagText(tags: TiffTags, tag: number): string {
  const value = tags.get(tag);
  if (typeof value === "string") return value;
  return value instanceof Uint8Array ? Buffer.from(value).toString("utf8") : "";
}

/** First number of a tag. */
export function tagNumber(tags: TiffTags, tag: number): number | undefined {
  const value = tags.get(tag);
  return typeof value === "string" ? undefined : value?.[0];
}

interface Cursor {
  readonly view: DataView;
  readonly little: boolean;
  readonly big: boolean;
}

/** An offset or a count: 4 bytes, in BigTIFF 8. */
function wide({ view, little, big }: Cursor, at: number): number {
  return big ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little);
}

function directory(cursor: Cursor, start: number, count: number): TiffTags {
  const { view, little, big } = cursor;
  const tags = new Map<number, TiffValue>();
  const inline = big ? 8 : 4;
  for (let k = 0; k < count; k++) {
    const at = start + k * (big ? 20 : 12);
    const type = view.getUint16(at + 2, little);
    const bytes = BYTES_OF_TYPE[type];
    if (bytes === undefined) continue; // of a type that the standard does not know: readers must pass over it
    const n = wide(cursor, at + 4);
    const place = at + 4 + inline;
    const from = n * bytes <= inline ? place : wide(cursor, place);
    if (from + n * bytes > view.byteLength) throw new RangeError(`tag ${view.getUint16(at, little)} passes the end`);
    tags.set(view.getUint16(at, little), values(cursor, type, n, from));
  }
  return tags;
}

const BYTES_OF_TYPE: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
};

function values({ view, little }: Cursor, type: number, n: number, from: number): TiffValue {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + from, n * (BYTES_OF_TYPE[type] ?? 0));
  if (type === 2) return Buffer.from(bytes).toString("utf8").replace(/\0+$/, "").replaceAll("\0", "\n");
  if (type === 1 || type === 7) return bytes;
  const read = READERS[type];
  if (read === undefined) return [];
  const size = BYTES_OF_TYPE[type] ?? 1;
  return Array.from({ length: n }, (_, i) => read(view, from + i * size, little));
}

const READERS: Readonly<Record<number, (view: DataView, at: number, little: boolean) => number>> = {
  3: (view, at, little) => view.getUint16(at, little),
  4: (view, at, little) => view.getUint32(at, little),
  5: (view, at, little) => view.getUint32(at, little) / view.getUint32(at + 4, little),
  6: (view, at) => view.getInt8(at),
  8: (view, at, little) => view.getInt16(at, little),
  9: (view, at, little) => view.getInt32(at, little),
  10: (view, at, little) => view.getInt32(at, little) / view.getInt32(at + 4, little),
  11: (view, at, little) => view.getFloat32(at, little),
  12: (view, at, little) => view.getFloat64(at, little),
  13: (view, at, little) => view.getUint32(at, little),
  16: (view, at, little) => Number(view.getBigUint64(at, little)),
  17: (view, at, little) => Number(view.getBigInt64(at, little)),
  18: (view, at, little) => Number(view.getBigUint64(at, little)),
};
