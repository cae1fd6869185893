/** Bytes of an uncompressed TIFF of red, green and blue with 16 bits. */
export function rgb16Tiff(pixels: Uint16Array, width: number, height: number): Uint8Array {
  const [short, long] = [3, 4];
  const fields: readonly (readonly [tag: number, type: number, count: number, value: number])[] = [
    [256, long, 1, width],
    [257, long, 1, height],
    [258, short, 3, 8],
    [259, short, 1, 1],
    [262, short, 1, 2],
    [273, long, 1, 14],
    [277, short, 1, 3],
    [278, long, 1, height],
    [279, long, 1, 2 * pixels.length],
  ];
  const directory = 14 + 2 * pixels.length;
  const bytes = new Uint8Array(directory + 2 + 12 * fields.length + 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x002a4949, true);
  view.setUint32(4, directory, true);
  for (const k of [0, 1, 2]) view.setUint16(8 + 2 * k, 16, true);
  for (const [i, value] of pixels.entries()) view.setUint16(14 + 2 * i, value, true);
  view.setUint16(directory, fields.length, true);
  for (const [k, [tag, type, count, value]] of fields.entries()) {
    const at = directory + 2 + 12 * k;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, count, true);
    view.setUint32(at + 8, value, true);
  }
  return bytes;
}
