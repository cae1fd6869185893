import { createRaster, type LabelMap } from "@materiome/core";

/**
 * Label map shifted by whole pixels, the border repeated. Scored against the map itself it says what labels that are one
 * pixel off are worth: no segmentation can be trusted to score better.
 *
 * @param dx - to the right
 * @param dy - down
 * @example
 * const { microIou } = classScores(shiftLabels(truth, 1, 0), truth, names);
 */
export function shiftLabels(labels: LabelMap, dx: number, dy: number): LabelMap {
  const { width, height, data } = labels;
  const shifted = new Uint32Array(data.length);
  for (let y = 0; y < height; y++) {
    const from = Math.min(height - 1, Math.max(0, y - dy)) * width;
    for (let x = 0; x < width; x++) {
      shifted[y * width + x] = data[from + Math.min(width - 1, Math.max(0, x - dx))]!; // inside the map
    }
  }
  return createRaster(shifted, width, height, { pixelSizeUm: labels.pixelSizeUm });
}
