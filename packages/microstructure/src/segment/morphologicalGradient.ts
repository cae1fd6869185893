import type { Raster } from "@materiome/core";
import { checkMorphology, extremum, type MorphologyData, withData } from "./morphologyFilter.ts";
import type { StructuringElement } from "./structuringElement.ts";

/**
 * Morphological gradient δ(f) − ε(f): the range of grey under the element; on a mask its inner and outer boundary.
 *
 * What lies outside the image does not count. The cost of squares and rectangles does not depend on their size (van
 * Herk–Gil–Werman), nor does that of a disk on a mask of 0 and 1 (exact distance transform); other elements cost one step a row
 * of the element.
 *
 * @param image - one channel without NaN: grey, or a mask of 0 and 1
 * @returns raster of the same kind, size and calibration
 * @throws ShapeError for more than one channel; DomainError for NaN or a bad element
 * @see P. Soille, Morphological Image Analysis, 2nd ed., Springer (2004), doi:10.1007/978-3-662-05088-0, chapters 3 and 4
 * @example
 * const result = morphologicalGradient(mask, { shape: "disk", radiusPx: 3 });
 */
export function morphologicalGradient<T extends MorphologyData>(
  image: Raster<T>,
  element: StructuringElement,
): Raster<T> {
  checkMorphology("morphologicalGradient", image, element);
  const high = extremum(image.data, image, element, -1);
  const low = extremum(image.data, image, element, 1);
  for (let i = 0; i < high.length; i++) high[i]! -= low[i]!; // both as long as the image
  return withData(image, high);
}
