import { DataError, type LabelMap } from "@materiome/core";
import { connectedComponents, nearestLabel } from "../kernels/index.ts";
import { paintLine } from "./paintPixels.ts";

/**
 * Parts a region of `labels.data` (changed in place) by a line; the largest part keeps its number, others get `next` and so on.
 *
 * @returns the new numbers
 * @throws DataError if the line does not part it
 */
export function splitRegion(
  labels: LabelMap,
  label: number,
  line: Float64Array,
  next: number,
  where: string,
): number[] {
  const { width, height, data } = labels;
  const box = { minX: width, maxX: -1, minY: height, maxY: -1 };
  for (let i = 0; i < data.length; i++) {
    if (data[i] !== label) continue;
    const x = i % width;
    const y = (i - x) / width;
    box.minX = Math.min(box.minX, x);
    box.maxX = Math.max(box.maxX, x);
    box.minY = Math.min(box.minY, y);
    box.maxY = Math.max(box.maxY, y);
  }
  const w = box.maxX - box.minX + 1;
  const h = box.maxY - box.minY + 1;
  const own = new Uint8Array(w * h);
  for (let i = 0; i < own.length; i++) {
    own[i] = data[(box.minY + Math.floor(i / w)) * width + box.minX + (i % w)] === label ? 1 : 0;
  }
  const cut = own.slice();
  const shifted = line.map((c, k) => c - (k % 2 === 0 ? box.minX : box.minY));
  // A line one pixel wide is 8-connected, which 4-connected parts cannot get across.
  paintLine({ points: shifted, widthPx: 1 }, w, h, (i) => {
    cut[i] = 0;
  });
  const parts = new Uint32Array(own.length);
  const before = connectedComponents(w, h, own, 4, parts);
  const nParts = connectedComponents(w, h, cut, 4, parts);
  if (nParts <= before) {
    throw new DataError(`${where}: the line does not part region ${label}; draw it across, from outside to outside`);
  }
  const shared = new Uint32Array(own.length);
  nearestLabel(w, h, parts, shared);
  const areas = new Float64Array(nParts + 1);
  for (let i = 0; i < own.length; i++) if (own[i] === 1) areas[shared[i]!]! += 1; // shared is 1 … nParts
  const order = Array.from({ length: nParts }, (_, k) => k + 1).sort((a, b) => areas[b]! - areas[a]! || a - b); // parts
  const numbers = new Uint32Array(nParts + 1);
  for (const [k, part] of order.entries()) numbers[part] = k === 0 ? label : next + k - 1;
  for (let i = 0; i < own.length; i++) {
    if (own[i] === 1) data[(box.minY + Math.floor(i / w)) * width + box.minX + (i % w)] = numbers[shared[i]!]!; // as above
  }
  return order.slice(1).map((part) => numbers[part]!); // a number per part
}
