import { createRaster, DomainError, type LabelMap, type Raster } from "@materiome/core";
import { distanceTransformSquared, labelEdges } from "../kernels/index.ts";
import { requireLabels } from "../regions/labelCheck.ts";

export interface BoundaryTargetOptions {
  /**
   * What 0 is in the labels: "boundary", lines between regions; or "background", a region like others, whose border with particles is a
   * boundary. @defaultValue "boundary"
   */
  readonly zeroIs?: "boundary" | "background" | undefined;
  /** Pixels so near to a boundary pixel are boundary too, px. @defaultValue 0 */
  readonly reachPx?: number | undefined;
}

/**
 * Boundary map of labelled regions, a target for a net: 1 where two regions meet, 0 inside them. Without lines of 0 between them these are
 * the pixels on both sides of the contact, two wide; with lines, the lines.
 *
 * @param labels - one channel; 0 as `zeroIs` says
 * @returns one channel, 0 or 1; `kind: "presence"` as a `BatchTarget`
 * @throws ShapeError for more than one channel; DomainError for options out of range
 * @example
 * const boundary = boundaryTarget(labels, { reachPx: 1 });
 */
export function boundaryTarget(labels: LabelMap, options: BoundaryTargetOptions = {}): Raster<Float32Array> {
  const { zeroIs = "boundary", reachPx = 0 } = options;
  requireLabels("boundaryTarget", labels);
  if (zeroIs !== "boundary" && zeroIs !== "background") {
    throw new DomainError(`boundaryTarget: zeroIs is "${String(zeroIs)}", expected "boundary" or "background"`);
  }
  if (!(reachPx >= 0 && reachPx < Infinity)) {
    throw new DomainError(`boundaryTarget: reachPx must be at least 0, got ${reachPx}`);
  }
  const { width, height, data, pixelSizeUm } = labels;
  const mask = new Uint8Array(data.length);
  // As background, 0 needs a label of its own to have edges.
  const seen = zeroIs === "background" ? data.map((label) => label + 1) : data;
  labelEdges(width, height, seen, 0, mask);
  if (zeroIs === "boundary") for (let i = 0; i < mask.length; i++) if (data[i] === 0) mask[i] = 1;
  const out = Float32Array.from(mask);
  if (reachPx > 0) {
    const squared = new Float32Array(mask.length);
    distanceTransformSquared(width, height, mask, squared);
    for (let i = 0; i < out.length; i++) out[i] = squared[i]! <= reachPx * reachPx ? 1 : 0; // one size
  }
  return createRaster(out, width, height, { pixelSizeUm });
}
