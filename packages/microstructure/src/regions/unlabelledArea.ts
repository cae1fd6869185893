import type { LabelMap } from "@materiome/core";
import { connectedComponents, distanceTransformSquared, markNonZero } from "../kernels/index.ts";

export interface UnlabelledArea {
  /** Share of the picture, 0 … 1. */
  readonly share: number;
  /** Width from which an area of zeros is too thick for a boundary or an island, px. */
  readonly limitPx: number;
  /** Largest of the areas, and the mean area of the labelled grains, px². */
  readonly largestPx: number;
  readonly meanGrainPx: number;
}

/**
 * Area of label 0 that is too thick to be boundary or island: the morphological opening of the zeros by a disc of diameter
 * max(6 px, √Ā / 2), Ā the mean area of the labelled grains.
 *
 * @param labels - 0 boundary, other numbers grains
 * @returns undefined where there is none
 */
export function unlabelledArea(labels: LabelMap): UnlabelledArea | undefined {
  const { width, height, data } = labels;
  if (!data.includes(0)) return undefined;
  const isLabelled = new Uint8Array(data.length);
  markNonZero(data.length, data, isLabelled);
  const nLabelled = isLabelled.reduce((sum, value) => sum + value, 0);
  if (nLabelled === 0) return undefined;
  const meanGrainPx = nLabelled / (new Set(data).size - 1);
  const limitPx = Math.max(THINNEST_PX, Math.sqrt(meanGrainPx) / 2);
  const reach = (limitPx / 2) ** 2;
  const distance = new Float32Array(data.length);
  distanceTransformSquared(width, height, isLabelled, distance);
  const core = new Uint8Array(data.length);
  for (let i = 0; i < core.length; i++) core[i] = distance[i]! > reach ? 1 : 0; // arrays of one length
  if (!core.includes(1)) return undefined;
  distanceTransformSquared(width, height, core, distance);
  const thick = new Uint8Array(data.length);
  for (let i = 0; i < thick.length; i++) thick[i] = distance[i]! <= reach ? 1 : 0; // within the zeros
  const areas = new Uint32Array(data.length);
  const size = new Float64Array(connectedComponents(width, height, thick, 4, areas) + 1);
  for (const area of areas) size[area]! += 1; // areas are 0 … n
  const share = 1 - size[0]! / data.length;
  return { share, limitPx, largestPx: size.subarray(1).reduce((a, b) => Math.max(a, b), 0), meanGrainPx };
}

const THINNEST_PX = 6;
