import type { RowReader } from "./rowStore.ts";

/** Pixels beyond each side of an image. */
export interface Sides {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** An image continued beyond its sides by repeating its border pixels. */
export function continuedRows<T extends Uint32Array | Float32Array>(
  source: RowReader<T>,
  { left, right, top, bottom }: Sides,
): RowReader<T> {
  const { width, height } = source;
  const pitch = left + width + right;
  const clamp = (y: number): number => Math.min(height - 1, Math.max(0, y - top));
  return {
    width: pitch,
    height: top + height + bottom,
    read(from, to) {
      const first = clamp(from);
      const rows = source.read(first, clamp(to - 1) + 1);
      const continued = new (rows.constructor as new (length: number) => T)((to - from) * pitch);
      for (let y = from; y < to; y++) {
        const start = (clamp(y) - first) * width;
        const row = continued.subarray((y - from) * pitch, (y - from + 1) * pitch);
        row.fill(rows[start]!, 0, left); // rows of the image have pixels
        row.set(rows.subarray(start, start + width), left);
        row.fill(rows[start + width - 1]!, left + width);
      }
      return continued;
    },
  };
}
