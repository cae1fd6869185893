import type { MicrographSegmentation } from "./segmentMicrograph.ts";

/**
 * Least share of line on the boundaries to believe a segmentation by lines (`SegmentGrainsDiagnostics.lineShare`). The tests hold
 * pictures with boundary lines above 0.6 and pictures without below 0.3; faint lines between contrasting grains are at 0.4.
 */
const LEAST_LINE_SHARE = 0.35;

/** Ridge strength over noise below which a segmentation by lines deserves a look. */
const FAINT = 8;

/** Warnings about grains cut along lines that are hardly there; none of other methods. */
export function lineDoubts({ method, measured }: Pick<MicrographSegmentation, "method" | "measured">): string[] {
  const { lineShare, boundaryToNoise } = measured;
  if (method !== "lines" || typeof lineShare !== "number" || typeof boundaryToNoise !== "number") return [];
  const warnings: string[] = [];
  if (lineShare < LEAST_LINE_SHARE) {
    const least = `${(100 * LEAST_LINE_SHARE).toFixed(0)} %`;
    warnings.push(
      `do not use this grain size without looking at the overlay: on only ${(100 * lineShare).toFixed(0)} % of the boundary length (less than ${least}) is there a line that differs from both its sides; the picture may have no boundary lines (colour etching, precipitates, contrast between grains only), or the polarity is wrong`,
    );
  }
  if (boundaryToNoise < FAINT) {
    warnings.push(
      `boundaries stand only ${boundaryToNoise.toFixed(0)} standard deviations above the noise; check the overlay`,
    );
  }
  return warnings;
}
