import type { Raster } from "@materiome/core";
import { checkMorphology, extremum, type MorphologyData, withData } from "./morphologyFilter.ts";
import type { StructuringElement } from "./structuringElement.ts";

/**
 * Dilation: the largest value under the reflected element, δ(f)(x) = max over b ∈ B of f(x − b).
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
 * const result = dilate(mask, { shape: "disk", radiusPx: 3 });
 */
export function dilate<T extends MorphologyData>(image: Raster<T>, element: StructuringElement): Raster<T> {
  checkMorphology("dilate", image, element);
  return withData(image, extremum(image.data, image, element, -1));
}
