import { DomainError, type LabelMap } from "@materiome/core";
import { connectedComponents } from "../kernels/index.ts";
import { requireLabels } from "./labelCheck.ts";

export interface FillRegionHolesOptions {
  /** Holes of more pixels stay. @defaultValue Infinity */
  readonly maxAreaPx?: number | undefined;
}

/**
 * Fills holes: 4-connected areas of 0 that touch one region only and not the border of the image take its label.
 *
 * @throws ShapeError for more than one channel; DomainError for a negative area
 * @example
 * const solid = fillRegionHoles(labels);
 */
export function fillRegionHoles(labels: LabelMap, options: FillRegionHolesOptions = {}): LabelMap {
  requireLabels("fillRegionHoles", labels);
  const maxAreaPx = options.maxAreaPx ?? Number.POSITIVE_INFINITY;
  if (!(maxAreaPx >= 0)) throw new DomainError(`fillRegionHoles: maxAreaPx must be at least 0, got ${maxAreaPx}`);
  const { width, height, data } = labels;
  const zeros = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) zeros[i] = data[i] === 0 ? 1 : 0;
  const holes = new Uint32Array(data.length);
  const nHoles = connectedComponents(width, height, zeros, 4, holes);
  const area = new Float64Array(nHoles + 1);
  const around = new Float64Array(nHoles + 1); // the one label around; −1: several, or the border
  for (let i = 0; i < data.length; i++) {
    const hole = holes[i]!; // i < length, holes are 0 … nHoles
    if (hole === 0) continue;
    area[hole]! += 1;
    const x = i % width;
    const y = (i - x) / width;
    if (x === 0 || y === 0 || x === width - 1 || y === height - 1) {
      around[hole] = -1;
      continue;
    }
    for (const j of [i - 1, i + 1, i - width, i + width]) {
      const label = data[j]!; // inside the border
      if (label === 0 || around[hole] === label) continue;
      around[hole] = around[hole] === 0 ? label : -1;
    }
  }
  const out = new Uint32Array(data.length);
  for (let i = 0; i < out.length; i++) {
    const hole = holes[i]!; // as above
    out[i] = hole !== 0 && around[hole]! > 0 && area[hole]! <= maxAreaPx ? around[hole]! : data[i]!;
  }
  return { ...labels, data: out };
}
