import { createHash } from "node:crypto";
import type { LabelMap } from "@materiome/core";

/** Phase names by region label. */
export type RegionPhases = { readonly [label: number]: string };

/**
 * SHA-256 of a label map and the phases of its regions: of width, height and labels as 32-bit little-endian numbers, then of the
 * phases as JSON in the order of labels. Calibration is left out.
 *
 * @returns 64 hexadecimal digits
 * @example
 * const before = labelMapHash(labels);
 */
export function labelMapHash(labels: LabelMap, phases: RegionPhases = {}): string {
  const hash = createHash("sha256");
  const piece = new DataView(new ArrayBuffer(4 * PIECE));
  const { data } = labels;
  piece.setUint32(0, labels.width, true);
  piece.setUint32(4, labels.height, true);
  hash.update(new Uint8Array(piece.buffer, 0, 8));
  for (let from = 0; from < data.length; from += PIECE) {
    const n = Math.min(PIECE, data.length - from);
    for (let k = 0; k < n; k++) piece.setUint32(4 * k, data[from + k]!, true); // from + k < length
    hash.update(new Uint8Array(piece.buffer, 0, 4 * n));
  }
  const entries = Object.entries(phases).sort(([a], [b]) => Number(a) - Number(b));
  return hash.update(JSON.stringify(entries)).digest("hex");
}

const PIECE = 65_536;
