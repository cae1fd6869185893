import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { deflateSync } from "node:zlib";
import { cannotWrite } from "@materiome/core";

/**
 * Writes a grey TIFF strip by strip, for images that do not fit in memory: 8, 16 or 32 bits unsigned or 32-bit float, deflate, calibrated as
 * ImageJ reads it; BigTIFF where 4 GiB might not do. A failed write closes the file and leaves it unfinished.
 */
export class TiffRowWriter {
  readonly #path: string;
  #descriptor: number | undefined;
  readonly #layout: TiffLayout;
  readonly #rowsPerStrip: number;
  readonly #isBig: boolean;
  readonly #offsets: number[] = [];
  readonly #lengths: number[] = [];
  #end: number;
  #row = 0;

  /**
   * @param path - of a file that is not there yet, such as `temporaryPathFor` gives
   * @throws DataError if it cannot be made; `write` and `finish` throw one, with the reason, where the disk is full
   */
  constructor(path: string, layout: TiffLayout) {
    this.#path = path;
    this.#layout = layout;
    const rowBytes = (layout.width * layout.bits) / 8;
    this.#isBig = rowBytes * layout.height > 0xf0000000;
    this.#rowsPerStrip = Math.max(1, Math.min(layout.height, Math.floor(STRIP_BYTES / rowBytes)));
    this.#end = this.#isBig ? 16 : 8;
    try {
      this.#descriptor = openSync(path, "wx");
    } catch (error) {
      throw cannotWrite(path, error);
    }
  }

  /** Rows of one strip; all strips but the last have as many. Give `write` a multiple of them. */
  get rowsPerStrip(): number {
    return this.#rowsPerStrip;
  }

  /** The next rows from the top: a multiple of `rowsPerStrip`, or the last ones. */
  write(rows: Uint8Array | Uint16Array | Uint32Array | Float32Array): void {
    const { width, height } = this.#layout;
    const count = rows.length / width;
    for (let y = 0; y < count; y += this.#rowsPerStrip) {
      const n = Math.min(this.#rowsPerStrip, count - y);
      if (n < this.#rowsPerStrip && this.#row + n < height) {
        throw new RangeError(`TiffRowWriter.write: ${count} rows are no multiple of ${this.#rowsPerStrip}`);
      }
      const strip = rows.subarray(y * width, (y + n) * width);
      const packed = deflateSync(new Uint8Array(strip.buffer, strip.byteOffset, strip.byteLength), { level: 6 });
      this.#offsets.push(this.#end);
      this.#lengths.push(packed.length);
      this.#append(packed);
      this.#row += n;
    }
  }

  /** Writes the directory and closes the file. */
  finish(): void {
    const { height } = this.#layout;
    if (this.#row !== height) throw new RangeError(`TiffRowWriter.finish: ${this.#row} of ${height} rows were written`);
    if (this.#end % 2 === 1) this.#append(new Uint8Array(1));
    const directory = this.#end;
    this.#append(this.#directory(directory));
    this.#put(this.#header(directory).subarray(0, this.#isBig ? 16 : 8), 0);
    this.#guard(fsyncSync);
    this.close();
  }

  /** Closes the file, finished or not; does nothing if it is closed. */
  close(): void {
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    if (descriptor !== undefined) closeSync(descriptor);
  }

  #append(bytes: Uint8Array): void {
    this.#put(bytes, this.#end);
    this.#end += bytes.length;
  }

  #put(bytes: Uint8Array, place: number): void {
    this.#guard((descriptor) => {
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(descriptor, bytes, done, bytes.length - done, place + done);
      }
    });
  }

  #guard(work: (descriptor: number) => void): void {
    if (this.#descriptor === undefined) throw new RangeError(`TiffRowWriter: ${this.#path} is closed`);
    try {
      work(this.#descriptor);
    } catch (error) {
      this.close();
      throw cannotWrite(this.#path, error);
    }
  }

  #header(directory: number): Uint8Array {
    const header = new DataView(new ArrayBuffer(16));
    header.setUint16(0, 0x4949, true);
    header.setUint16(2, this.#isBig ? 43 : 42, true);
    if (this.#isBig) {
      header.setUint16(4, 8, true);
      header.setBigUint64(8, BigInt(directory), true);
    } else header.setUint32(4, directory, true);
    return new Uint8Array(header.buffer);
  }

  #directory(start: number): Uint8Array {
    const { width, height, bits, largest, pixelSizeUm, isFloat } = this.#layout;
    const unit = pixelSizeUm === undefined ? "" : "unit=micron\n";
    const description = Buffer.from(`ImageJ=1.54f\n${unit}min=0.0\nmax=${largest}.0\n\0`, "latin1");
    const perPixel = pixelSizeUm === undefined ? 1 : 1 / pixelSizeUm;
    const denominator = perPixel >= 1 ? Math.max(1, Math.floor(0x7fffffff / Math.ceil(perPixel))) : 0x7fffffff;
    const resolution = [Math.round(perPixel * denominator), denominator];
    const offset = this.#isBig ? LONG8 : LONG;
    const fields: Field[] = [
      { tag: 256, type: LONG, values: [width] },
      { tag: 257, type: LONG, values: [height] },
      { tag: 258, type: SHORT, values: [bits] },
      { tag: 259, type: SHORT, values: [8] },
      { tag: 262, type: SHORT, values: [1] },
      { tag: 270, type: ASCII, values: [...description] },
      { tag: 273, type: offset, values: this.#offsets },
      { tag: 277, type: SHORT, values: [1] },
      { tag: 278, type: LONG, values: [this.#rowsPerStrip] },
      { tag: 279, type: LONG, values: this.#lengths },
      { tag: 282, type: RATIONAL, values: resolution },
      { tag: 283, type: RATIONAL, values: resolution },
      { tag: 296, type: SHORT, values: [1] },
      { tag: 339, type: SHORT, values: [isFloat === true ? 3 : 1] },
    ];
    return this.#isBig ? encodeDirectory(fields, start, 8) : encodeDirectory(fields, start, 4);
  }
}

export interface TiffLayout {
  readonly width: number;
  readonly height: number;
  readonly bits: 8 | 16 | 32;
  /** 32 bits are floating-point numbers. @defaultValue false */
  readonly isFloat?: boolean | undefined;
  /** Largest value, for the display range. */
  readonly largest: number;
  /** @defaultValue not calibrated */
  readonly pixelSizeUm?: number | undefined;
}

const STRIP_BYTES = 1 << 20;
const ASCII = 2;
const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;
const LONG8 = 16;
const BYTES: Readonly<Record<number, number>> = { [ASCII]: 1, [SHORT]: 2, [LONG]: 4, [RATIONAL]: 4, [LONG8]: 8 };

interface Field {
  readonly tag: number;
  readonly type: number;
  readonly values: readonly number[];
}

/** A directory that begins at `start` of the file, with the values that do not fit into its entries behind it. */
function encodeDirectory(fields: readonly Field[], start: number, wide: 4 | 8): Uint8Array {
  const isBig = wide === 8;
  const entry = isBig ? 20 : 12;
  const head = isBig ? 8 : 2;
  const size = (field: Field): number => field.values.length * (BYTES[field.type] ?? 0);
  let end = head + entry * fields.length + wide;
  const places = fields.map((field) => {
    if (size(field) <= wide) return undefined;
    const place = end;
    end += size(field) + (size(field) % 2);
    return place;
  });
  const bytes = new Uint8Array(end);
  const view = new DataView(bytes.buffer);
  const writeWide = (at: number, value: number): void => {
    if (isBig) view.setBigUint64(at, BigInt(value), true);
    else view.setUint32(at, value, true);
  };
  if (isBig) writeWide(0, fields.length);
  else view.setUint16(0, fields.length, true);
  for (const [k, field] of fields.entries()) {
    const at = head + entry * k;
    view.setUint16(at, field.tag, true);
    view.setUint16(at + 2, field.type, true);
    writeWide(at + 4, field.type === RATIONAL ? field.values.length / 2 : field.values.length);
    const place = places[k];
    if (place !== undefined) writeWide(at + 4 + wide, start + place);
    let to = place ?? at + 4 + wide;
    for (const value of field.values) {
      const width = BYTES[field.type];
      if (width === 1) view.setUint8(to, value);
      else if (width === 2) view.setUint16(to, value, true);
      else if (width === 4) view.setUint32(to, value, true);
      else view.setBigUint64(to, BigInt(value), true);
      to += width ?? 0;
    }
  }
  return bytes;
}
