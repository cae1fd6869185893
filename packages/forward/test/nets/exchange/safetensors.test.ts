import { FormatError } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { floatsOf, readSafetensors, writeSafetensors } from "../../../src/nets/exchange/safetensors.ts";

/** A file of a header as it stands and bytes. */
function fileOf(header: unknown, body: Uint8Array, pad = 0): Uint8Array {
  const text = new TextEncoder().encode(
    (typeof header === "string" ? header : JSON.stringify(header)) + " ".repeat(pad),
  );
  const bytes = new Uint8Array(8 + text.length + body.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(body, 8 + text.length);
  return bytes;
}

const entry = (from: number, to: number, shape: unknown = [(to - from) / 4], dtype: unknown = "F32") => ({
  dtype,
  shape,
  data_offsets: [from, to],
});

describe("safetensors", () => {
  it("writes what the format says, byte for byte", () => {
    const tensors = new Map([
      ["b", { shape: [2], values: Float32Array.of(1, -2) }],
      ["a", { shape: [], values: Float32Array.of(0.5) }],
    ]);
    const bytes = writeSafetensors(tensors, { note: "µ" });
    const header =
      '{"__metadata__":{"note":"µ"},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[],"data_offsets":[8,12]}}';
    const length = new TextEncoder().encode(header).length;
    const padded = 8 * Math.ceil(length / 8);
    expect(new DataView(bytes.buffer).getBigUint64(0, true)).toBe(BigInt(padded));
    expect(new TextDecoder().decode(bytes.subarray(8, 8 + padded))).toBe(header + " ".repeat(padded - length));
    expect([...bytes.subarray(8 + padded)]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 0, 0, 0, 0x3f]);
    const { tensors: read, metadata } = readSafetensors("test", bytes);
    expect(metadata).toEqual({ note: "µ" });
    expect([...read].map(([name, tensor]) => [name, tensor.shape, [...floatsOf("test", name, tensor)]])).toEqual([
      ["b", [2], [1, -2]],
      ["a", [], [0.5]],
    ]);
  });

  it("takes files that begin anywhere in memory, half precision, empty arrays and scalars", () => {
    const body = Uint8Array.of(0, 0x3c, 1, 0, 0xff, 0xfb, 0, 0x7c, 0x80, 0x3f, 0x49, 0xc0);
    const header = { f: entry(0, 8, [2, 2], "F16"), b: entry(8, 12, [2], "BF16"), none: entry(12, 12, [0, 3]) };
    const file = fileOf(header, body, 3);
    const moved = new Uint8Array(file.length + 3);
    moved.set(file, 3);
    const { tensors } = readSafetensors("test", moved.subarray(3));
    const floats = (name: string) => [...floatsOf("test", name, tensors.get(name)!)];
    expect(floats("f")).toEqual([1, 2 ** -24, -65_504, Number.POSITIVE_INFINITY]);
    expect(floats("b")).toEqual([1, -3.140625]);
    expect(floats("none")).toEqual([]);
  });

  const body = new Uint8Array(16);
  it.each([
    ["a file of no length", new Uint8Array(5), /5 bytes, expected at least 8/],
    [
      "a header longer than the file",
      fileOf({ a: entry(0, 16) }, body).subarray(0, 20),
      /the header ends at byte \d+, the file at byte 20/,
    ],
    ["a header without end", fileOf("", body).fill(0xff, 0, 8), /a header of \d+ bytes, expected at most/],
    ["a header that is no JSON", fileOf("{", body), /the header is no JSON/],
    ["a header that is a list", fileOf([], body), /no JSON object/],
    [
      "metadata that are no texts",
      fileOf({ __metadata__: { n: 1 }, a: entry(0, 16) }, body),
      /__metadata__ holds something else/,
    ],
    [
      "numbers cut off",
      fileOf({ a: entry(0, 16) }, body).slice(0, -1),
      /"a" ends at byte 16 of the numbers, of which there are 15/,
    ],
    ["an unknown type", fileOf({ a: entry(0, 16, [4], "F31") }, body), /unknown type "F31"/],
    [
      "a shape that does not fit",
      fileOf({ a: entry(0, 16, [5]) }, body),
      /"a" of F32 \[5\] needs 20 bytes, its offsets 0 and 16 say 16/,
    ],
    ["a negative shape", fileOf({ a: entry(0, 16, [-2, -2]) }, body), /has the shape \[-2,-2\]/],
    ["offsets the wrong way round", fileOf({ a: entry(8, 4, [1]) }, body), /needs 4 bytes, its offsets 8 and 4 say -4/],
    ["no offsets", fileOf({ a: { dtype: "F32", shape: [4] } }, body), /has the offsets undefined/],
    [
      "arrays that overlap",
      fileOf({ a: entry(0, 8), b: entry(4, 16) }, body),
      /"b" begins at byte 4 .* ends at byte 8/,
    ],
    [
      "a hole",
      fileOf({ a: entry(0, 4), b: entry(8, 16) }, body),
      /bytes 4 to 8 of the numbers, before "b", belong to no array/,
    ],
    ["bytes at the end", fileOf({ a: entry(0, 12) }, body), /the last 4 bytes belong to no array/],
  ])("refuses %s", (_, file, message) => {
    expect(() => readSafetensors("test", file)).toThrow(FormatError);
    expect(() => readSafetensors("test", file)).toThrow(message);
  });

  it("does not round double precision or whole numbers in silence", () => {
    const { tensors } = readSafetensors("test", fileOf({ a: entry(0, 16, [2], "F64") }, body));
    expect(() => floatsOf("test", "a", tensors.get("a")!)).toThrow(/type F64, expected F32, F16 or BF16/);
  });
});
