import { boxMean, ringStatistics } from "../kernels/index.ts";
import type { FeatureGroup } from "./featureGroup.ts";

export interface SurroundingFeatureOptions {
  /** Half-widths of the boxes and distances of the eight around them, px. */
  readonly radiiPx: readonly number[];
  /** Each of the eight directions a feature of its own: for images whose up and down differ, as sections of layers. */
  readonly isDirected: boolean;
}

const QUANTUM = 2 ** -24;

/** Means over a box at the pixel and over eight boxes around it, as such or as their smallest, largest, mean and deviation. */
export function surroundingFeatures(labels: readonly string[], options: SurroundingFeatureOptions): FeatureGroup {
  const { radiiPx, isDirected } = options;
  const names: string[] = [];
  for (const label of labels) {
    for (const r of radiiPx) {
      const kinds = isDirected ? DIRECTIONS : ["smallest", "largest", "mean", "deviation"];
      names.push(`${label} box ${r}`, ...kinds.map((kind) => `${label} ring ${r} ${kind}`));
    }
  }
  const reach = Math.max(0, ...radiiPx);
  return {
    haloPx: reach + Math.ceil(reach / 2) + 1,
    names,
    compute({ width, height, planes }, emit) {
      const size = width * height;
      const make = (): Float32Array => new Float32Array(size);
      const [box, a, b, c, d] = [make(), make(), make(), make(), make()];
      for (const plane of planes) {
        for (const r of radiiPx) {
          boxMean(width, height, plane, Math.round(r / 2), QUANTUM, box);
          emit(box);
          const offsets = Int32Array.from(STEPS, ([dx, dy]) => (dy * width + dx) * r);
          if (isDirected) {
            for (const o of offsets) {
              for (let i = Math.max(0, -o); i < Math.min(size, size - o); i++) a[i] = box[i + o]!; // within size
              emit(a);
            }
          } else {
            ringStatistics(size, box, offsets, a, b, c, d);
            for (const part of [a, b, c, d]) emit(part);
          }
        }
      }
    },
  };
}

const DIRECTIONS = ["north-west", "north", "north-east", "west", "east", "south-west", "south", "south-east"];
const STEPS: readonly (readonly [number, number])[] = [
  [-1, -1],
  [0, -1],
  [1, -1],
  [-1, 0],
  [1, 0],
  [-1, 1],
  [0, 1],
  [1, 1],
];
