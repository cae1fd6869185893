import { isAscii, isUtf8 } from "node:buffer";
import { FormatError } from "../errors/errors.ts";

/** Encodings of text files, by their WHATWG names; Latin-1 (ISO 8859-1) is read as its superset Windows-1252. */
export type TextEncodingName = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";

/**
 * The encoding that the first bytes of a file show: by its byte order mark, or, for UTF-16 without one, by the zero bytes
 * that half of plain Latin text then is; undefined where they show none, which is UTF-8 until a byte does not fit.
 */
export function encodingOfStart(bytes: Uint8Array): TextEncodingName | undefined {
  const [a, b, c] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return "utf-8";
  if (a === 0xff && b === 0xfe) return "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  const n = Math.min(bytes.length, 1024) & ~1;
  if (n < 4) return undefined;
  let evenZeros = 0;
  let oddZeros = 0;
  for (let i = 0; i < n; i++) {
    if (bytes[i] !== 0) continue;
    if (i % 2 === 0) evenZeros++;
    else oddZeros++;
  }
  if (oddZeros > 0.35 * n && evenZeros < 0.02 * n) return "utf-16le";
  if (evenZeros > 0.35 * n && oddZeros < 0.02 * n) return "utf-16be";
  return undefined;
}

/** Thrown where a text that was taken for UTF-8 without anybody having said so is none: it is to be read again. */
export class NotUtf8 extends Error {}

/** Turns the pieces of a text file into pieces of UTF-8. */
export interface Transcoder {
  /** The piece in UTF-8; undefined is the end of the file. */
  next(piece: Uint8Array | undefined): Uint8Array;
}

/**
 * @param isStated - false where UTF-8 is only supposed
 * @returns a transcoder that throws NotUtf8 or FormatError at a byte that the encoding does not have
 */
export function createTranscoder(encoding: TextEncodingName, isStated: boolean, file: string): Transcoder {
  return encoding === "utf-8" ? checkUtf8(isStated, file) : decodeOther(encoding, file);
}

function checkUtf8(isStated: boolean, file: string): Transcoder {
  let rest = new Uint8Array(0);
  let hasSigns = false;
  return {
    next(piece): Uint8Array {
      const bytes = rest.length === 0 ? (piece ?? rest) : Buffer.concat([rest, piece ?? new Uint8Array(0)]);
      const cut = piece === undefined ? bytes.length : bytes.length - incompleteTail(bytes);
      const whole = bytes.subarray(0, cut);
      if (!isUtf8(whole)) {
        if (isStated) throw new FormatError("this is no text in UTF-8; state its encoding", { location: { file } });
        if (hasSigns || hasUtf8Signs(whole)) {
          throw new FormatError(
            "most signs of this text are UTF-8, but some bytes are not; export the table again as CSV (UTF-8), or state its encoding",
            { location: { file } },
          );
        }
        throw new NotUtf8();
      }
      hasSigns ||= !isAscii(whole);
      rest = Uint8Array.from(bytes.subarray(cut));
      return whole;
    },
  };
}

/** True if bytes that are not UTF-8 throughout hold signs of several bytes that are. */
function hasUtf8Signs(bytes: Uint8Array): boolean {
  return /(?!\ufffd)\P{ASCII}/u.test(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8"));
}

/** Bytes at the end that may be the beginning of a character. */
function incompleteTail(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? back : 0;
  }
  return 0;
}

function decodeOther(encoding: TextEncodingName, file: string): Transcoder {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const encoder = new TextEncoder();
  return {
    next(piece): Uint8Array {
      if (encoding === "windows-1252" && piece?.some((byte) => UNDEFINED_BYTES.has(byte)) === true) {
        throw new FormatError("this is no text in UTF-8, nor in Windows-1252; export the table as CSV (UTF-8)", {
          location: { file },
        });
      }
      try {
        return encoder.encode(piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true }));
      } catch (cause) {
        throw new FormatError(`this is no text in ${encoding}; state its encoding`, { cause, location: { file } });
      }
    },
  };
}

/** Bytes that mean nothing in Windows-1252. */
const UNDEFINED_BYTES: ReadonlySet<number> = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);
