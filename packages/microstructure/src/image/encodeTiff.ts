import { deflateSync } from "node:zlib";
import { ShapeError } from "@materiome/core";

export interface EncodeTiffOptions {
  /** Edge of a pixel, µm: written so that ImageJ and tifffile read it. @defaultValue not calibrated */
  readonly pixelSizeUm?: number | undefined;
  /** "deflate" is lossless. @defaultValue "deflate" */
  readonly compression?: "deflate" | "none" | undefined;
}

/**
 * A grey unsigned-integer image as baseline TIFF 6.0: little-endian, strips of about 256 KiB, deflate (Adobe, 8) or plain.
 * Calibrated images carry an ImageJ description (`unit=micron`) with XResolution and YResolution in pixels per µm.
 *
 * @throws ShapeError for an image whose file would pass the 4 GiB of classic TIFF
 */
export function encodeTiff(
  data: Uint16Array | Uint32Array,
  width: number,
  height: number,
  options: EncodeTiffOptions = {},
): Uint8Array {
  const bytesPerPixel = data.BYTES_PER_ELEMENT;
  if (width * height * bytesPerPixel > 0xf0000000) {
    throw new ShapeError(`encodeTiff: ${width} × ${height} at ${8 * bytesPerPixel} bits passes the 4 GiB of a TIFF`);
  }
  const compress = (options.compression ?? "deflate") === "deflate";
  const rowsPerStrip = Math.min(height, Math.max(1, Math.floor(262_144 / (width * bytesPerPixel))));
  const strips: Uint8Array[] = [];
  for (let y = 0; y < height; y += rowsPerStrip) {
    const values = data.subarray(y * width, Math.min(height, y + rowsPerStrip) * width);
    const raw = littleEndian(values);
    strips.push(compress ? deflateSync(raw) : raw);
  }
  let max = 0;
  for (const value of data) if (value > max) max = value;
  const { pixelSizeUm } = options;
  const calibrated = pixelSizeUm === undefined ? "" : "unit=micron\n";
  const description = `ImageJ=1.54f\n${calibrated}min=0.0\nmax=${max}.0\n`;
  const resolution = rational(pixelSizeUm === undefined ? 1 : 1 / pixelSizeUm);
  const fields: Field[] = [
    { tag: 256, type: LONG, values: [width] },
    { tag: 257, type: LONG, values: [height] },
    { tag: 258, type: SHORT, values: [8 * bytesPerPixel] },
    { tag: 259, type: SHORT, values: [compress ? 8 : 1] },
    { tag: 262, type: SHORT, values: [1] },
    { tag: 270, type: ASCII, values: [...Buffer.from(`${description}\0`, "ascii")] },
    { tag: 273, type: LONG, values: strips.map(() => 0) }, // offsets, filled in below
    { tag: 277, type: SHORT, values: [1] },
    { tag: 278, type: LONG, values: [rowsPerStrip] },
    { tag: 279, type: LONG, values: strips.map((strip) => strip.length) },
    { tag: 282, type: RATIONAL, values: resolution },
    { tag: 283, type: RATIONAL, values: resolution },
    { tag: 296, type: SHORT, values: [1] },
    { tag: 339, type: SHORT, values: [1] },
  ];
  return assemble(fields, strips);
}

const ASCII = 2;
const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;
const BYTES: Readonly<Record<number, number>> = { [ASCII]: 1, [SHORT]: 2, [LONG]: 4, [RATIONAL]: 4 };

interface Field {
  readonly tag: number;
  readonly type: number;
  /** For RATIONAL numerator and denominator in turn. */
  readonly values: readonly number[];
}

function assemble(fields: readonly Field[], strips: readonly Uint8Array[]): Uint8Array {
  const bytesOf = (field: Field): number => field.values.length * (BYTES[field.type] ?? 0);
  const directory = 8;
  let extra = directory + 2 + 12 * fields.length + 4;
  const places = fields.map((field) => {
    if (bytesOf(field) <= 4) return undefined;
    const place = extra;
    extra += bytesOf(field) + (bytesOf(field) % 2);
    return place;
  });
  const offsets: number[] = [];
  let end = extra;
  for (const strip of strips) {
    offsets.push(end);
    end += strip.length + (strip.length % 2);
  }
  const file = new Uint8Array(end);
  const view = new DataView(file.buffer);
  file.set([0x49, 0x49, 42, 0]);
  view.setUint32(4, directory, true);
  view.setUint16(directory, fields.length, true);
  for (const [k, field] of fields.entries()) {
    const at = directory + 2 + 12 * k;
    view.setUint16(at, field.tag, true);
    view.setUint16(at + 2, field.type, true);
    view.setUint32(at + 4, field.type === RATIONAL ? field.values.length / 2 : field.values.length, true);
    const place = places[k];
    if (place !== undefined) view.setUint32(at + 8, place, true);
    let to = place ?? at + 8;
    for (const value of field.tag === 273 ? offsets : field.values) {
      const bytes = BYTES[field.type];
      if (bytes === 1) view.setUint8(to, value);
      else if (bytes === 2) view.setUint16(to, value, true);
      else view.setUint32(to, value, true);
      to += bytes ?? 0;
    }
  }
  for (const [k, strip] of strips.entries()) file.set(strip, offsets[k]);
  return file;
}

/** Numerator and denominator of a positive number to about nine digits. */
function rational(value: number): [number, number] {
  const denominator = value >= 1 ? Math.max(1, Math.floor(0x7fffffff / Math.ceil(value))) : 0x7fffffff;
  return [Math.round(value * denominator), denominator];
}

function littleEndian(values: Uint16Array | Uint32Array): Uint8Array {
  const bytes = new Uint8Array(values.buffer.slice(values.byteOffset, values.byteOffset + values.byteLength));
  const isLittle = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
  if (isLittle) return bytes;
  const buffer = Buffer.from(bytes.buffer);
  return values.BYTES_PER_ELEMENT === 2 ? buffer.swap16() : buffer.swap32();
}
