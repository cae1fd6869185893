import { deflateSync } from "node:zlib";
import { ShapeError } from "@materiome/core";
import { imageJDescription, omeDescription } from "./tiffDescription.ts";

export interface EncodeTiffOptions {
  /** Edge of a pixel, µm: written so that ImageJ and tifffile read it. @defaultValue not calibrated */
  readonly pixelSizeUm?: number | undefined;
  /** "deflate" is lossless. @defaultValue "deflate" */
  readonly compression?: "deflate" | "none" | undefined;
  /**
   * Whose description the file carries; one tag holds either. "ome" should be named `.ome.tif`.
   * @defaultValue "imagej"
   */
  readonly metadata?: "imagej" | "ome" | undefined;
  /** Names of the planes. @defaultValue none */
  readonly names?: readonly string[] | undefined;
}

export type TiffPlane = Uint16Array | Uint32Array | Float32Array;

/**
 * Grey planes of one size and type as TIFF 6.0, a page each: little-endian, strips of about 256 KiB, deflate (Adobe, 8) or
 * plain. Several planes are the channels of one image.
 *
 * Resolution tags and description agree: ImageJ has `unit=micron` and pixels per µm, OME has `PhysicalSizeX` and pixels per cm.
 *
 * @throws ShapeError for an image whose file would pass the 4 GiB of classic TIFF
 */
export function encodeTiff(
  planes: readonly TiffPlane[],
  width: number,
  height: number,
  options: EncodeTiffOptions = {},
): Uint8Array {
  const [first] = planes;
  if (first === undefined || planes.some((plane) => plane.length !== width * height)) {
    throw new ShapeError(
      `encodeTiff: expected at least one plane, each of ${width} × ${height} values, got ${planes.map((plane) => plane.length).join(", ")}`,
    );
  }
  if (planes.length * first.byteLength > 0xf0000000) {
    throw new ShapeError(
      `encodeTiff: ${planes.length} planes of ${width} × ${height} at ${8 * first.BYTES_PER_ELEMENT} bits pass the 4 GiB of a TIFF`,
    );
  }
  const isOme = options.metadata === "ome";
  const description = (isOme ? omeDescription : imageJDescription)(planes, width, height, options);
  const pages = planes.map((plane, k) => encodePage(plane, width, height, k === 0 ? description : undefined, options));
  return assemble(pages);
}

interface Page {
  readonly fields: readonly Field[];
  readonly strips: readonly Uint8Array[];
}

function encodePage(
  plane: TiffPlane,
  width: number,
  height: number,
  description: string | undefined,
  options: EncodeTiffOptions,
): Page {
  const compress = (options.compression ?? "deflate") === "deflate";
  const bytesPerPixel = plane.BYTES_PER_ELEMENT;
  const rowsPerStrip = Math.min(height, Math.max(1, Math.floor(262_144 / (width * bytesPerPixel))));
  const strips: Uint8Array[] = [];
  for (let y = 0; y < height; y += rowsPerStrip) {
    const raw = littleEndian(plane.subarray(y * width, Math.min(height, y + rowsPerStrip) * width));
    strips.push(compress ? deflateSync(raw) : raw);
  }
  const { pixelSizeUm } = options;
  const isOme = options.metadata === "ome";
  const perUnit = pixelSizeUm === undefined ? 1 : (isOme ? 10_000 : 1) / pixelSizeUm;
  const resolution = rational(perUnit);
  const unit = isOme && pixelSizeUm !== undefined ? 3 : 1; // cm, or none: ImageJ reads its own unit
  const text: Field[] = description === undefined ? [] : [{ tag: 270, type: ASCII, values: asciiBytes(description) }];
  const fields: Field[] = [
    { tag: 256, type: LONG, values: [width] },
    { tag: 257, type: LONG, values: [height] },
    { tag: 258, type: SHORT, values: [8 * bytesPerPixel] },
    { tag: 259, type: SHORT, values: [compress ? 8 : 1] },
    { tag: 262, type: SHORT, values: [1] },
    ...text,
    { tag: 273, type: LONG, values: strips.map(() => 0) }, // offsets, filled in below
    { tag: 277, type: SHORT, values: [1] },
    { tag: 278, type: LONG, values: [rowsPerStrip] },
    { tag: 279, type: LONG, values: strips.map((strip) => strip.length) },
    { tag: 282, type: RATIONAL, values: resolution },
    { tag: 283, type: RATIONAL, values: resolution },
    { tag: 296, type: SHORT, values: [unit] },
    { tag: 339, type: SHORT, values: [plane instanceof Float32Array ? 3 : 1] },
  ];
  return { fields, strips };
}

/** The tag is ASCII by the standard; both ImageJ and OME readers take UTF-8. */
function asciiBytes(text: string): number[] {
  return [...Buffer.from(`${text}\0`, "utf8")];
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

function assemble(pages: readonly Page[]): Uint8Array {
  const bytesOf = (field: Field): number => field.values.length * (BYTES[field.type] ?? 0);
  let end = 8;
  const layout = pages.map(({ fields, strips }) => {
    const directory = end;
    end += 2 + 12 * fields.length + 4;
    const places = fields.map((field) => {
      if (bytesOf(field) <= 4) return undefined;
      const place = end;
      end += bytesOf(field) + (bytesOf(field) % 2);
      return place;
    });
    const offsets = strips.map((strip) => {
      const offset = end;
      end += strip.length + (strip.length % 2);
      return offset;
    });
    return { fields, strips, directory, places, offsets };
  });
  const file = new Uint8Array(end);
  const view = new DataView(file.buffer);
  file.set([0x49, 0x49, 42, 0]);
  view.setUint32(4, layout[0]?.directory ?? 0, true);
  for (const [p, page] of layout.entries()) {
    view.setUint16(page.directory, page.fields.length, true);
    for (const [k, field] of page.fields.entries()) {
      const at = page.directory + 2 + 12 * k;
      view.setUint16(at, field.tag, true);
      view.setUint16(at + 2, field.type, true);
      view.setUint32(at + 4, field.type === RATIONAL ? field.values.length / 2 : field.values.length, true);
      const place = page.places[k];
      if (place !== undefined) view.setUint32(at + 8, place, true);
      let to = place ?? at + 8;
      for (const value of field.tag === 273 ? page.offsets : field.values) {
        const bytes = BYTES[field.type];
        if (bytes === 1) view.setUint8(to, value);
        else if (bytes === 2) view.setUint16(to, value, true);
        else view.setUint32(to, value, true);
        to += bytes ?? 0;
      }
    }
    view.setUint32(page.directory + 2 + 12 * page.fields.length, layout[p + 1]?.directory ?? 0, true);
    for (const [k, strip] of page.strips.entries()) file.set(strip, page.offsets[k]);
  }
  return file;
}

/** Numerator and denominator of a positive number to about nine digits. */
function rational(value: number): [number, number] {
  const denominator = value >= 1 ? Math.max(1, Math.floor(0x7fffffff / Math.ceil(value))) : 0x7fffffff;
  return [Math.round(value * denominator), denominator];
}

function littleEndian(values: TiffPlane): Uint8Array {
  const bytes = new Uint8Array(values.buffer.slice(values.byteOffset, values.byteOffset + values.byteLength));
  const isLittle = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
  if (isLittle) return bytes;
  const buffer = Buffer.from(bytes.buffer);
  return values.BYTES_PER_ELEMENT === 2 ? buffer.swap16() : buffer.swap32();
}
