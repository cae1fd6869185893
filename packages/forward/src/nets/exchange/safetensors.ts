import { FormatError } from "@materiome/core";

/** One array of a safetensors file. */
export interface SafeTensor {
  /** `F32`, `F16`, `I64` … */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Little-endian, rows first. */
  readonly bytes: Uint8Array;
}

export interface SafetensorsFile {
  readonly tensors: ReadonlyMap<string, SafeTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Bits of one number. */
const BITS: Readonly<Record<string, number>> = {
  BOOL: 8,
  U8: 8,
  I8: 8,
  F8_E4M3: 8,
  F8_E5M2: 8,
  U16: 16,
  I16: 16,
  F16: 16,
  BF16: 16,
  U32: 32,
  I32: 32,
  F32: 32,
  U64: 64,
  I64: 64,
  F64: 64,
  C64: 64,
};
const HEADER_LIMIT = 100_000_000;
const METADATA = "__metadata__";

/**
 * The bytes of a safetensors file of single-precision arrays: length of the header, header, numbers; begun at a multiple of 8 bytes.
 * @see https://github.com/huggingface/safetensors#format
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, { readonly shape: readonly number[]; readonly values: Float32Array }>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const header: Record<string, object> = { [METADATA]: metadata };
  let size = 0;
  for (const [name, { shape, values }] of tensors) {
    header[name] = { dtype: "F32", shape, data_offsets: [size, size + 4 * values.length] };
    size += 4 * values.length;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const start = 8 + 8 * Math.ceil(text.length / 8);
  const bytes = new Uint8Array(start + size).fill(0x20, 0, start);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(start - 8), true);
  bytes.set(text, 8);
  let at = start;
  for (const { values } of tensors.values()) {
    for (const value of values) {
      view.setFloat32(at, value, true);
      at += 4;
    }
  }
  return bytes;
}

/**
 * Reads a safetensors file; the arrays are views of it.
 *
 * @throws FormatError for a file that was cut off or is none, an unknown type of numbers, a shape that does not fit its bytes, and bytes that
 * belong to two arrays or to none
 */
export function readSafetensors(who: string, bytes: Uint8Array): SafetensorsFile {
  const refuse = (what: string): never => {
    throw new FormatError(`${who}: ${what}; the safetensors file is damaged`);
  };
  if (bytes.length < 8) refuse(`${bytes.length} bytes, expected at least 8`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > HEADER_LIMIT) refuse(`a header of ${length} bytes, expected at most ${HEADER_LIMIT}`);
  if (8 + length > bytes.length) refuse(`the header ends at byte ${8 + length}, the file at byte ${bytes.length}`);
  const header = parseHeader(bytes.subarray(8, 8 + length), refuse);
  const body = bytes.subarray(8 + length);
  const { [METADATA]: stored = {}, ...entries } = header;
  const isText =
    typeof stored === "object" && stored !== null && Object.values(stored).every((v) => typeof v === "string");
  if (!isText) refuse(`${METADATA} holds something else than texts`);
  const tensors = new Map<string, SafeTensor>();
  const spans: { readonly name: string; readonly from: number; readonly to: number }[] = [];
  for (const [name, entry] of Object.entries(entries)) {
    const { dtype, shape, from, to } = readEntry(name, entry, refuse);
    if (to > body.length)
      refuse(`"${name}" ends at byte ${to} of the numbers, of which there are ${body.length} bytes`);
    tensors.set(name, { dtype, shape, bytes: body.subarray(from, to) });
    spans.push({ name, from, to });
  }
  spans.sort((a, b) => a.from - b.from || a.to - b.to);
  let end = 0;
  for (const { name, from, to } of spans) {
    if (from < end)
      refuse(`"${name}" begins at byte ${from} of the numbers, where another array lies that ends at byte ${end}`);
    if (from > end) refuse(`bytes ${end} to ${from} of the numbers, before "${name}", belong to no array`);
    end = to;
  }
  if (end < body.length) refuse(`the last ${body.length - end} bytes belong to no array`);
  return { tensors, metadata: stored as Record<string, string> };
}

function parseHeader(text: Uint8Array, refuse: (what: string) => never): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(text));
  } catch {
    refuse("the header is no JSON");
  }
  if (typeof header !== "object" || header === null || Array.isArray(header)) refuse("the header is no JSON object");
  return header as Record<string, unknown>;
}

function readEntry(
  name: string,
  entry: unknown,
  refuse: (what: string) => never,
): { readonly dtype: string; readonly shape: readonly number[]; readonly from: number; readonly to: number } {
  const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Readonly<Record<string, unknown>>;
  const bits = typeof dtype === "string" ? BITS[dtype] : undefined;
  if (bits === undefined) return refuse(`"${name}" has numbers of the unknown type ${JSON.stringify(dtype)}`);
  if (!Array.isArray(shape) || !shape.every(isCount)) return refuse(`"${name}" has the shape ${JSON.stringify(shape)}`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    return refuse(`"${name}" has the offsets ${JSON.stringify(offsets)}`);
  }
  const [from, to] = offsets as [number, number];
  const expected = (shape.reduce((product, n) => product * n, 1) * bits) / 8;
  if (to - from !== expected) {
    refuse(
      `"${name}" of ${String(dtype)} [${shape.join(", ")}] needs ${expected} bytes, its offsets ${from} and ${to} say ${to - from}`,
    );
  }
  return { dtype: dtype as string, shape, from, to };
}

/**
 * Numbers of an array in single precision, exactly.
 * @throws FormatError for types that single precision does not hold
 */
export function floatsOf(who: string, name: string, { dtype, bytes }: SafeTensor): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (dtype === "F32") {
    return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
  }
  const halves = { length: bytes.length / 2 };
  if (dtype === "F16") return Float32Array.from(halves, (_, i) => halfFloat(view.getUint16(2 * i, true)));
  if (dtype === "BF16") {
    const bits = Uint32Array.from(halves, (_, i) => view.getUint16(2 * i, true) * 65_536);
    return new Float32Array(bits.buffer);
  }
  throw new FormatError(
    `${who}: "${name}" has numbers of type ${dtype}, expected F32, F16 or BF16; convert the weights to single precision before saving them`,
  );
}

function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}
