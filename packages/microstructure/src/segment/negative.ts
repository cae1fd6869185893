import { mapRows } from "../bands/mapRows.ts";
import type { RowReader } from "../bands/rowStore.ts";

/** The image with the sign of every value changed: bright lines become dark ones. */
export function negative(image: RowReader<Float32Array>): RowReader<Float32Array> {
  return mapRows(image, (rows) => rows.map((value) => -value));
}
