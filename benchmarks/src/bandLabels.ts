import { createRaster, type LabelMap } from "@materiome/core";
import { distanceToLines } from "./distanceToLines.ts";
import { middleLines } from "./segmentationSets.ts";

/** Boundary (2) within 1.5 px of the middle of the drawn line, grain (1) from 3.5 px; what lies between teaches nothing (0). */
export function bandLabels(truth: LabelMap): LabelMap {
  const distance = distanceToLines(middleLines(truth));
  return createRaster(
    Uint32Array.from(distance, (d) => (d <= 1.5 ? 2 : d >= 3.5 ? 1 : 0)),
    truth.width,
    truth.height,
  );
}
