import { createRaster, type LabelMap } from "@materiome/core";

/** A label map from rows of digits. */
export function map(...rows: readonly string[]): LabelMap {
  const [first = ""] = rows;
  return createRaster(Uint32Array.from([...rows.join("")].map(Number)), first.length, rows.length);
}

/** The rows of digits of a label map. */
export function rows(labels: LabelMap): string[] {
  return Array.from({ length: labels.height }, (_, y) =>
    labels.data.subarray(y * labels.width, (y + 1) * labels.width).join(""),
  );
}
