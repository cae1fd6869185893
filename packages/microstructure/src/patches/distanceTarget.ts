import { createRaster, DomainError, type LabelMap, type Raster } from "@materiome/core";
import { distanceTransformSquared, labelEdges } from "../kernels/index.ts";
import { requireLabels } from "../regions/labelCheck.ts";

export interface DistanceTargetOptions {
  /**
   * Distances are divided by this and cut at 1, so that a net need not see whole regions. @defaultValue none: divided by the largest
   * of their region, so that every region has a peak of 1
   */
  readonly capPx?: number | undefined;
}

/**
 * Distance of every pixel to the border of its region, normalised: a target from which a net's answer gives regions back
 * (`instancesFromDistance`). Euclidean, from pixel centres to the nearest pixel of the region's rim plus half a pixel; 0 where the label is 0. The border of the image is no border of a
 * region; regions that it cuts have their peak wherever they are thickest in the image.
 *
 * A region that has no border in the image is 1 everywhere.
 *
 * @param labels - one channel; 0 is background or boundary
 * @returns one channel, 0 … 1; `kind: "values"` as a `BatchTarget`
 * @throws ShapeError for more than one channel; DomainError for capPx that is not above 0
 * @example
 * const distance = distanceTarget(labels);
 */
export function distanceTarget(labels: LabelMap, options: DistanceTargetOptions = {}): Raster<Float32Array> {
  const { capPx } = options;
  requireLabels("distanceTarget", labels);
  if (capPx !== undefined && !(capPx > 0 && capPx < Infinity)) {
    throw new DomainError(`distanceTarget: capPx must be above 0, got ${capPx}`);
  }
  const { width, height, data, pixelSizeUm } = labels;
  const rim = new Uint8Array(data.length);
  labelEdges(width, height, data, 1, rim);
  const out = new Float32Array(data.length);
  distanceTransformSquared(width, height, rim, out);
  const peaks = new Float64Array(capPx === undefined ? largest(data) + 1 : 0);
  for (let i = 0; i < out.length; i++) {
    // One size; a peak per label.
    const label = data[i]!;
    out[i] = label === 0 ? 0 : Math.sqrt(out[i]!) + 0.5;
    if (capPx === undefined && out[i]! > peaks[label]!) peaks[label] = out[i]!;
  }
  for (let i = 0; i < out.length; i++) {
    if (data[i] === 0) continue;
    const scale = capPx ?? peaks[data[i]!]!; // as above
    out[i] = out[i] === Infinity ? 1 : Math.min(1, out[i]! / scale);
  }
  return createRaster(out, width, height, { pixelSizeUm });
}

function largest(labels: Uint32Array): number {
  let most = 0;
  for (const label of labels) if (label > most) most = label;
  return most;
}
