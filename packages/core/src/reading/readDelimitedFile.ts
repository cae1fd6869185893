import type { FileHandle } from "node:fs/promises";
import { FormatError } from "../errors/errors.ts";
import type { Table } from "../table/table.ts";
import { createTranscoder, encodingOfStart, NotUtf8, type TextEncodingName } from "./encoding.ts";
import { type DetectedSigns, type ReadDelimitedOptions, readDelimited } from "./readDelimited.ts";
import type { ReadTableFileOptions } from "./readTableOptions.ts";

const PIECE = 1 << 20;

export interface ReadDelimitedFileOptions extends ReadTableFileOptions {
  readonly file: string;
  /** Bytes read at once; changes speed only. @defaultValue 1 MiB */
  readonly pieceBytes?: number | undefined;
  /** See `readDelimited`. */
  readonly sampleBytes?: number | undefined;
}

/** Streams delimited text from an open file, as often as the reader asks for it. */
export async function readDelimitedFile(handle: FileHandle, options: ReadDelimitedFileOptions): Promise<Table> {
  const start = new Uint8Array(4096);
  const { bytesRead } = await handle.read(start, 0, start.length, 0);
  const shown = options.encoding ?? encodingOfStart(start.subarray(0, bytesRead));
  let found: DetectedSigns | undefined;
  const reading = { ...options, onDetected: (signs: DetectedSigns) => (found = signs) };
  try {
    const table = await readAs(handle, shown ?? "utf-8", shown !== undefined, reading);
    options.onReport?.({ format: "delimited", encoding: shown ?? "utf-8", ...found });
    return table;
  } catch (error) {
    if (!(error instanceof NotUtf8)) throw error;
  }
  const table = await readAs(handle, "windows-1252", true, reading);
  // Four such letters in a row stand in no word of Western Europe, but in any of a text in Cyrillic or Greek.
  const foreign = table.columns.find(({ name, header }) => /[\u00c0-\u00ff]{4,}/.test(header ?? name));
  if (foreign !== undefined) {
    throw new FormatError(
      `this is no text in UTF-8, and as Windows-1252 a header would be "${foreign.header ?? foreign.name}"; export the table as CSV (UTF-8), or state encoding "windows-1252" if that is right`,
      { location: { file: options.file } },
    );
  }
  options.onReport?.({ format: "delimited", encoding: "windows-1252", isEncodingGuessed: true, ...found });
  return table;
}

async function readAs(
  handle: FileHandle,
  encoding: TextEncodingName,
  isStated: boolean,
  options: ReadDelimitedFileOptions & Pick<ReadDelimitedOptions, "onDetected">,
): Promise<Table> {
  const { size } = await handle.stat();
  const reader = readDelimited({ ...options, totalBytes: size });
  const buffer = new Uint8Array(options.pieceBytes ?? PIECE);
  let transcoder = createTranscoder(encoding, isStated, options.file);
  let position = 0;
  let isAtEnd = false;
  let step = reader.next();
  while (step.done !== true) {
    options.signal?.throwIfAborted();
    if (step.value === "again") {
      position = 0;
      isAtEnd = false;
      transcoder = createTranscoder(encoding, isStated, options.file);
      step = reader.next();
    } else if (isAtEnd) {
      step = reader.next();
    } else {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
      position += bytesRead;
      isAtEnd = bytesRead === 0;
      const piece = transcoder.next(isAtEnd ? undefined : buffer.subarray(0, bytesRead));
      // The reader keeps the pieces of its sample, and the buffer is used again.
      step = reader.next(Uint8Array.from(piece));
    }
  }
  return step.value;
}
