import { type TiffLayout, TiffRowWriter } from "./tiffRowWriter.ts";

/** Writes a TIFF whose rows are read as they are needed. */
export function writeRows(
  path: string,
  layout: TiffLayout,
  read: (from: number, to: number) => Parameters<TiffRowWriter["write"]>[0],
): void {
  const writer = new TiffRowWriter(path, layout);
  const { height } = layout;
  try {
    for (let from = 0; from < height; from += writer.rowsPerStrip) {
      writer.write(read(from, Math.min(height, from + writer.rowsPerStrip)));
    }
    writer.finish();
  } finally {
    writer.close();
  }
}
