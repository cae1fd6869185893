import type { RegionSummary } from "./heldOutScores.ts";

/** Where what needs no labels finds regions as well. */
export function noBetterRegions(regions: RegionSummary | undefined): string[] {
  if (regions === undefined || regions.classical === null) return [];
  const { model, classical } = regions;
  if (model.quality === 1 || classical.quality < model.quality) return [];
  const [method = "auto"] = classical.methods;
  return [
    `without training the regions of images held out are found as well (${classical.methods.join(", ")}: panoptic quality ${classical.quality.toFixed(3)}, the model ${model.quality.toFixed(3)}): digitize --method ${method} needs no model; more labels or longer training may do better`,
  ];
}
