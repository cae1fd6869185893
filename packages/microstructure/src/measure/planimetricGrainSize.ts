import { DomainError, type LabelMap } from "@materiome/core";
import { grainSizeFromCount } from "./grainSizeNumber.ts";
import { resolvePixelSize } from "./resolvePixelSize.ts";

export interface PlanimetricGrainSizeOptions {
  /** Test area: the whole image (Saltykov's rectangle) or the largest centred circle (Jeffries). @defaultValue "rectangle" */
  readonly testArea?: "rectangle" | "circle" | undefined;
  /** Of the circle: take off the one grain by which its count is too high on average. @defaultValue false, as in the standard */
  readonly isBiasCorrected?: boolean | undefined;
  /** Edge of a pixel, µm. @defaultValue that of the label map */
  readonly pixelSizeUm?: number | undefined;
}

export interface PlanimetricGrainSize {
  /** Grains wholly inside the test area. */
  readonly nInside: number;
  /** Grains cut by its edge; of a rectangle, without those at the corners. */
  readonly nEdge: number;
  /** Counted grains: inside, plus half the cut ones, plus one for the four corners of a rectangle. */
  readonly nEquivalent: number;
  readonly areaPx: number;
  readonly grainsPerPx: number;
  /** N_A, 1/mm²; absent without calibration, as is G. */
  readonly grainsPerMm2?: number | undefined;
  readonly G?: number | undefined;
}

/**
 * Number of grains per area by counting regions.
 *
 * Rectangle: N_A = (N_inside + N_edge / 2 + 1) / A, the four corner grains counting a quarter each and left out of N_edge.
 * Circle: N_A = f (N_inside + N_intercepted / 2), Jeffries' multiplier f = 1/A (`jeffriesMultiplier` for a print), a pixel
 * belonging to the circle if its centre does. Where triple junctions are the only ones and no grain meets the circle in two
 * arcs, Euler's relation makes the count one plus half of the junctions inside, N_A·A + 1 on average: one too many, whatever
 * the size of circle or grain. The corrected count N_inside + N_intercepted / 2 − 1 has no such bias.
 *
 * @param labels - grains 1 … n without 0; each region one grain (a grain cut by the border into two regions counts twice)
 * @throws DomainError for labels that hold 0
 * @see ASTM E112-13 §11 (planimetric procedure), Table 6 (G); S. A. Saltykov, Stereometric Metallography (1958);
 *   correction: L. Heping, Z. Xing, J. ASTM Int. 8, 5 (2011), doi:10.1520/JAI103476
 * @example
 * const { grainsPerMm2, G } = planimetricGrainSize(labels, { pixelSizeUm: 0.5 });
 */
export function planimetricGrainSize(
  labels: LabelMap,
  options: PlanimetricGrainSizeOptions = {},
): PlanimetricGrainSize {
  const pixelSizeUm = resolvePixelSize("planimetricGrainSize", labels, options.pixelSizeUm);
  if (labels.data.includes(0)) {
    throw new DomainError("planimetricGrainSize: the label map holds 0 (boundary pixels); call absorbBoundaries first");
  }
  const count =
    (options.testArea ?? "rectangle") === "rectangle"
      ? countRectangle(labels)
      : countCircle(labels, options.isBiasCorrected ?? false);
  return planimetricOfCount(count, pixelSizeUm);
}

/** The result of `planimetricGrainSize` from what was counted. */
export function planimetricOfCount(count: Count, pixelSizeUm: number | undefined): PlanimetricGrainSize {
  const grainsPerPx = count.nEquivalent / count.areaPx;
  if (pixelSizeUm === undefined) return { ...count, grainsPerPx };
  const grainsPerMm2 = grainsPerPx * (1000 / pixelSizeUm) ** 2;
  return { ...count, grainsPerPx, grainsPerMm2, G: grainSizeFromCount(grainsPerMm2) };
}

type Count = Pick<PlanimetricGrainSize, "nInside" | "nEdge" | "nEquivalent" | "areaPx">;

function countRectangle({ data, width, height }: LabelMap): Count {
  const edge = new Set<number>();
  const at = (x: number, y: number): number => data[y * width + x]!; // inside the map
  for (let x = 0; x < width; x++) edge.add(at(x, 0)).add(at(x, height - 1));
  for (let y = 0; y < height; y++) edge.add(at(0, y)).add(at(width - 1, y));
  const corners = new Set([at(0, 0), at(width - 1, 0), at(0, height - 1), at(width - 1, height - 1)]);
  const nInside = countLabels(data) - edge.size;
  const nEdge = edge.size - corners.size;
  return { nInside, nEdge, nEquivalent: nInside + nEdge / 2 + 1, areaPx: width * height };
}

const INSIDE = 1;
const OUTSIDE = 2;

function countCircle({ data, width, height }: LabelMap, isBiasCorrected: boolean): Count {
  const radius = Math.min(width, height) / 2;
  const where = new Uint8Array(largestLabel(data) + 1);
  let areaPx = 0;
  for (let y = 0; y < height; y++) {
    const half = Math.sqrt(Math.max(0, radius * radius - (y + 0.5 - height / 2) ** 2));
    const from = Math.ceil(width / 2 - half - 0.5);
    const to = Math.floor(width / 2 + half - 0.5);
    areaPx += Math.max(0, to - from + 1);
    for (let x = 0; x < width; x++) where[data[y * width + x]!]! |= x >= from && x <= to ? INSIDE : OUTSIDE; // in the map
  }
  let nInside = 0;
  let nEdge = 0;
  for (const place of where) {
    if (place === INSIDE) nInside++;
    if (place === (INSIDE | OUTSIDE)) nEdge++;
  }
  return { nInside, nEdge, nEquivalent: nInside + nEdge / 2 - (isBiasCorrected ? 1 : 0), areaPx };
}

/**
 * Jeffries' multiplier f, by which a count of equivalent grains within a test area on a print gives N_A in 1/mm²:
 * f = M² / A.
 *
 * @param magnification - M of the print, linear
 * @param areaMm2 - test area on the print; the standard's circle of 79.8 mm diameter has 5000 mm²
 * @throws DomainError unless both are positive
 * @see ASTM E112-13 §11, Table 5 (f for 5000 mm²)
 * @example
 * jeffriesMultiplier(100); // 2
 */
export function jeffriesMultiplier(magnification: number, areaMm2 = 5000): number {
  if (!(magnification > 0 && areaMm2 > 0)) {
    throw new DomainError(
      `jeffriesMultiplier: needs a positive magnification and area, got ${magnification}, ${areaMm2}`,
    );
  }
  return (magnification * magnification) / areaMm2;
}

function countLabels(data: Uint32Array): number {
  const isUsed = new Uint8Array(largestLabel(data) + 1);
  for (let i = 0; i < data.length; i++) isUsed[data[i]!] = 1; // i < length
  return isUsed.reduce((sum, flag) => sum + flag, 0);
}

function largestLabel(data: Uint32Array): number {
  let largest = 0;
  for (let i = 0; i < data.length; i++) largest = Math.max(largest, data[i]!); // i < length
  return largest;
}
