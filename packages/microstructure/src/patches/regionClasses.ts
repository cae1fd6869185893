import { DomainError, type LabelMap } from "@materiome/core";
import { distanceTransformSquared } from "../kernels/index.ts";
import { requireLabels } from "../regions/labelCheck.ts";
import { boundaryTarget } from "./boundaryTarget.ts";

export interface RegionClassesOptions {
  /** Of grains: pixels nearer than this to a boundary pixel are neither one nor clearly grain, and get 0, px. @defaultValue 0: there are none */
  readonly doubtPx?: number | undefined;
}

/**
 * Classes of pixels from numbered regions, for nets and classifiers that learn classes. Particles: 1 where the label is 0, 2 inside a region. Grains: 2
 * on both sides of a contact, or on a line of 0 between grains (`boundaryTarget`), 1 inside.
 *
 * @param labels - one channel
 * @throws ShapeError for more than one channel; DomainError for a negative doubtPx
 * @example
 * const classes = regionClasses(labels, "grains", { doubtPx: 2 });
 */
export function regionClasses(
  labels: LabelMap,
  kind: "grains" | "particles",
  options: RegionClassesOptions = {},
): LabelMap {
  const { doubtPx = 0 } = options;
  requireLabels("regionClasses", labels);
  if (!(doubtPx >= 0 && doubtPx < Infinity)) {
    throw new DomainError(`regionClasses: doubtPx must be at least 0, got ${doubtPx}`);
  }
  if (kind === "particles") return { ...labels, data: labels.data.map((label) => (label > 0 ? 2 : 1)) };
  const { width, height } = labels;
  const edges = Uint8Array.from(boundaryTarget(labels).data);
  const squared = new Float32Array(edges.length);
  distanceTransformSquared(width, height, edges, squared);
  const data = Uint32Array.from(squared, (d) => (d === 0 ? 2 : d < doubtPx * doubtPx ? 0 : 1));
  return { ...labels, data };
}
