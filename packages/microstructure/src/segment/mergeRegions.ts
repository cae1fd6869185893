import { type Border, borderStrength, boundaryGraph } from "./boundaryGraph.ts";
import { joinWeakest } from "./joinWeakest.ts";

export interface MergeRegionsOptions {
  /** Boundary evidence per pixel, 0 (none) … 1 (certain). */
  readonly evidence: Float32Array;
  /** Radius of the largest circle inside each region, px; index 0 unused. */
  readonly inscribedRadius: Float64Array;
  /** Share of a border that must be seen. @defaultValue 0.7 */
  readonly minCoverage?: number | undefined;
  /** A gap is closed when it is shorter than this share of the smaller inscribed diameter. @defaultValue 0.15 */
  readonly maxGap?: number | undefined;
  /** Regions with a smaller inscribed radius are joined to the neighbour behind their weakest border. @defaultValue 0 */
  readonly minRadiusPx?: number | undefined;
  /** Pixels at the ends of a border, near a third region, that do not count. @defaultValue 3 */
  readonly endPx?: number | undefined;
}

/**
 * Joins regions whose common border is not seen in the image, weakest border first, and renumbers in place to 1 … n.
 *
 * A border is kept when the mean evidence along it is at least `minCoverage`, or when its unseen length is below `maxGap`
 * times the inscribed diameter of the smaller of the two regions (a short gap between two wide grains). Borders of a
 * joined region are the sums of its parts'.
 *
 * @param labels - partition, labels 1 … nLabels, no 0; changed in place
 * @returns number of regions left
 */
export function mergeRegions(
  width: number,
  height: number,
  labels: Uint32Array,
  nLabels: number,
  options: MergeRegionsOptions,
): number {
  const minCoverage = options.minCoverage ?? 0.7;
  const maxGap = options.maxGap ?? 0.15;
  const endPx = options.endPx ?? 3;
  const minRadius = options.minRadiusPx ?? 0;
  const graph = boundaryGraph(width, height, labels, nLabels, options.evidence, endPx);
  const radius = Float64Array.from(options.inscribedRadius);
  const weakness = (a: number, b: number, border: Border): number => {
    const seen = borderStrength(border);
    if (radius[a]! < minRadius || radius[b]! < minRadius) return 2 - seen;
    if (seen >= minCoverage) return 0;
    const n = border.nFree > 0 ? border.nFree : border.n;
    const gap = (1 - seen) * n * CRACK_TO_LENGTH;
    if (gap < maxGap * 2 * Math.min(radius[a]!, radius[b]!)) return 0; // labels 1 … nLabels
    return 1 - seen;
  };
  return joinWeakest(labels, graph, weakness, (into, from) => {
    radius[into] = Math.max(radius[into]!, radius[from]!); // labels 1 … nLabels
  });
}

/** Mean length per crack of a digital line, averaged over directions: π / 4. */
const CRACK_TO_LENGTH = Math.PI / 4;
