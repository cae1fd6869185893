import type { Raster } from "@materiome/core";
import { checkMorphology, extremum, type MorphologyData, withData } from "./morphologyFilter.ts";
import type { StructuringElement } from "./structuringElement.ts";

/**
 * Black top-hat (black-hat), the closing less the image: dark parts that do not hold the element, on a ground taken flat.
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
 * const result = blackTopHat(mask, { shape: "disk", radiusPx: 3 });
 */
export function blackTopHat<T extends MorphologyData>(image: Raster<T>, element: StructuringElement): Raster<T> {
  checkMorphology("blackTopHat", image, element);
  const closed = extremum(extremum(image.data, image, element, -1), image, element, 1);
  for (let i = 0; i < closed.length; i++) closed[i]! -= image.data[i]!; // both as long as the image
  return withData(image, closed);
}
