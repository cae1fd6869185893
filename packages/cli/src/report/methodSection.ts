import type { ImageSummary } from "@materiome/microstructure";
import { type Html, paragraph, section } from "./page.ts";

/** How what was found was measured, by kind. */
export function methodSection(images: readonly ImageSummary[]): Html {
  const kinds = new Set(images.map(({ kind }) => kind));
  const said: string[] = [];
  if (kinds.has("grains")) {
    said.push(
      "Lineal intercept by ASTM E112-13: total length of the test lines at 0°, 45°, 90° and 135° over the number of intercepts, boundaries having no thickness and islands inside grains being absorbed. Planimetric count by the same standard, grains cut by the border counted as half, at a corner as a quarter. Where twins are not joined, the grain size is that of the twinned structure.",
      "Test lines run along every row of pixels; intercepts are independent on lines one mean intercept apart.",
    );
  }
  if (kinds.has("particles") || kinds.has("pores")) {
    said.push(
      "Area fraction: share of all pixels that belong to bodies, which estimates the volume fraction (ASTM E562-19, E1245-03). Diameter: that of the circle of equal area; bodies cut by the border are left out of its mean. Mean free path by E1245-03: what is left of the test lines between bodies over the number of bodies met.",
    );
  }
  if (kinds.has("layers")) {
    said.push(
      "Thickness of a layer: distance between its two interfaces along every pixel of its mid-line, square to it.",
    );
  }
  said.push("A confidence interval needs several fields of one specimen; a single field gives none.");
  return section("How it was measured", ...said.map((text) => paragraph(text)));
}
