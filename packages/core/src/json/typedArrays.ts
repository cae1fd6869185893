import { FormatError } from "../errors/errors.ts";

/** A typed array as JSON: `data` is base64 of the little-endian bytes. */
export interface EncodedArray {
  readonly dtype: ArrayType;
  readonly length: number;
  readonly data: string;
}

export type ArrayType = "f64" | "f32" | "i32" | "u32" | "i16" | "u16" | "i8" | "u8";
export type EncodableArray =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

interface ArraysByType {
  readonly f64: Float64Array;
  readonly f32: Float32Array;
  readonly i32: Int32Array;
  readonly u32: Uint32Array;
  readonly i16: Int16Array;
  readonly u16: Uint16Array;
  readonly i8: Int8Array;
  readonly u8: Uint8Array;
}

type ArrayClass = { readonly BYTES_PER_ELEMENT: number; new (buffer: ArrayBuffer): EncodableArray };

const CLASSES: Readonly<Record<ArrayType, ArrayClass>> = {
  f64: Float64Array,
  f32: Float32Array,
  i32: Int32Array,
  u32: Uint32Array,
  i16: Int16Array,
  u16: Uint16Array,
  i8: Int8Array,
  u8: Uint8Array,
};

const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * A typed array as plain JSON, bit for bit (NaN payloads and −0 included), little-endian on every machine.
 *
 * @example
 * const json = JSON.stringify({ weights: encodeArray(Float64Array.of(1, NaN)) });
 * const weights = decodeArray(JSON.parse(json).weights, "f64");
 */
export function encodeArray(array: EncodableArray): { dtype: ArrayType; length: number; data: string } {
  const dtype = typeOf(array);
  const bytes = new Uint8Array(array.byteLength);
  bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  if (!LITTLE_ENDIAN) swap(bytes, array.BYTES_PER_ELEMENT);
  return { dtype, length: array.length, data: Buffer.from(bytes.buffer).toString("base64") };
}

/**
 * The typed array again.
 *
 * @param data - what `encodeArray` wrote, unchecked
 * @param dtype - the type the reader needs
 * @throws FormatError if `data` is no encoded array of that type, or its length does not fit
 */
export function decodeArray<T extends ArrayType>(data: unknown, dtype: T): ArraysByType[T] {
  const encoded = data as Partial<EncodedArray> | null;
  if (typeof encoded !== "object" || encoded === null || typeof encoded.data !== "string") {
    throw new FormatError(`decodeArray: expected { dtype: "${dtype}", length, data }, got ${brief(data)}`);
  }
  if (encoded.dtype !== dtype) {
    throw new FormatError(`decodeArray: expected an array of type "${dtype}", got "${String(encoded.dtype)}"`);
  }
  const buffer = Buffer.from(encoded.data, "base64");
  const Class = CLASSES[dtype];
  if (buffer.byteLength !== (encoded.length ?? -1) * Class.BYTES_PER_ELEMENT) {
    throw new FormatError(
      `decodeArray: ${String(encoded.length)} numbers of type "${dtype}" need ${(encoded.length ?? 0) * Class.BYTES_PER_ELEMENT} bytes, got ${buffer.byteLength}; the file is damaged`,
    );
  }
  const bytes = new Uint8Array(buffer.byteLength);
  bytes.set(buffer);
  if (!LITTLE_ENDIAN) swap(bytes, Class.BYTES_PER_ELEMENT);
  return new Class(bytes.buffer) as ArraysByType[T];
}

function typeOf(array: EncodableArray): ArrayType {
  for (const [dtype, Class] of Object.entries(CLASSES)) {
    if (Object.prototype.toString.call(array) === `[object ${(Class as unknown as { name: string }).name}]`) {
      return dtype as ArrayType;
    }
  }
  throw new FormatError(`encodeArray: cannot encode ${Object.prototype.toString.call(array)}`);
}

function swap(bytes: Uint8Array, size: number): void {
  for (let start = 0; start < bytes.length; start += size) bytes.subarray(start, start + size).reverse();
}

function brief(data: unknown): string {
  return data === null ? "null" : Array.isArray(data) ? "a plain array" : typeof data;
}
