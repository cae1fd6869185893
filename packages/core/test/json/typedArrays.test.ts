import { decodeArray, encodeArray, FormatError } from "@materiome/core";
import { describe, expect, it } from "vitest";

describe("encodeArray and decodeArray", () => {
  it("round-trip bit for bit through JSON", () => {
    const values = Float64Array.of(0.1, -0, Number.NaN, Number.NEGATIVE_INFINITY, 5e-324);
    const read = decodeArray(JSON.parse(JSON.stringify(encodeArray(values))), "f64");
    expect(new BigUint64Array(read.buffer)).toEqual(new BigUint64Array(values.buffer));
    expect(decodeArray(encodeArray(Int32Array.of(-7, 8)), "i32")).toEqual(Int32Array.of(-7, 8));
    expect(decodeArray(encodeArray(new Uint8Array(0)), "u8")).toEqual(new Uint8Array(0));
  });

  it("writes little-endian bytes, of a view too", () => {
    expect(encodeArray(Uint16Array.of(9, 258).subarray(1))).toEqual({ dtype: "u16", length: 1, data: "AgE=" });
    const shared = new Float32Array(new SharedArrayBuffer(8));
    shared.set([1, 2]);
    expect(decodeArray(encodeArray(shared), "f32")).toEqual(Float32Array.of(1, 2));
  });

  it.each([
    [null, /got null/],
    [{ dtype: "f32", length: 1, data: "AAAAAA==" }, /"f64", got "f32"/],
    [{ dtype: "f64", length: 2, data: "AAAAAAAAAAA=" }, /need 16 bytes, got 8; the file is damaged/],
    [[1, 2], /a plain array/],
  ])("refuses %j", (data, message) => {
    expect(() => decodeArray(data, "f64")).toThrow(message);
    expect(() => decodeArray(data, "f64")).toThrow(FormatError);
  });
});
