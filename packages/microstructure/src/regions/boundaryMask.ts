import { createRaster, type LabelMap, type Raster } from "@materiome/core";

/**
 * Boundary pixels of a label map: 0, and every pixel whose right or lower neighbour has another label.
 *
 * @example
 * const mask = boundaryMask(labels);
 */
export function boundaryMask(labels: LabelMap): Raster<Uint8Array> {
  const { width, height, data } = labels;
  const mask = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const isChange =
      ((i + 1) % width !== 0 && data[i + 1] !== data[i]) || (i + width < data.length && data[i + width] !== data[i]);
    if (isChange || data[i] === 0) mask[i] = 1;
  }
  return createRaster(mask, width, height, { pixelSizeUm: labels.pixelSizeUm });
}
