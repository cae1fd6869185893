import { DomainError, type LabelMap } from "@materiome/core";
import { CHAIN_CLOSED, connectedComponents, simplifyChains, traceRings } from "../kernels/index.ts";
import { requireLabels } from "../regions/labelCheck.ts";
import type { Annotation, AnnotationPolygon, AnnotationSet } from "./annotation.ts";

export interface AnnotateRegionsOptions {
  /** Class of a region. @defaultValue "region" for all */
  readonly classOf?: ((label: number) => string) | undefined;
  /**
   * How far a simplified outline may lie from the pixel edges, px. With 0 outlines run along pixel edges and `rasteriseAnnotations`
   * gives the same labels back; above, each region is simplified for itself (Ramer–Douglas–Peucker), so that neighbours may overlap
   * or part by up to twice as much.
   *
   * @defaultValue 0
   */
  readonly tolerancePx?: number | undefined;
  readonly imageName?: string | undefined;
}

/**
 * Outlines of the regions of a label map as polygons with holes, one annotation per region by rising label, one polygon per
 * 4-connected part.
 *
 * @throws ShapeError for more than one channel; DomainError for a negative tolerance
 * @example
 * const outlines = annotateRegions(labels, { classOf: (label) => phases.get(label) ?? "matrix" });
 */
export function annotateRegions(labels: LabelMap, options: AnnotateRegionsOptions = {}): AnnotationSet {
  requireLabels("annotateRegions", labels);
  const { classOf = () => "region", tolerancePx = 0, imageName } = options;
  if (!(tolerancePx >= 0 && Number.isFinite(tolerancePx))) {
    throw new DomainError(`annotateRegions: tolerancePx must be zero or more, got ${tolerancePx}`);
  }
  const { width, height, data, pixelSizeUm } = labels;
  const { points, starts, pixels, isHole } = traceRings(width, height, data);
  const parts = new Uint32Array(data.length);
  const nParts = connectedComponents(width, height, data, 4, parts);
  const rings: Float64Array[][] = Array.from({ length: nParts + 1 }, () => []);
  const labelOf = new Uint32Array(nParts + 1);
  for (const [k, pixel] of pixels.entries()) {
    const part = parts[pixel]!; // pixels lie in parts
    const line = Float64Array.from(points.subarray(2 * starts[k]!, 2 * starts[k + 1]!)); // a start per ring, and the end
    const outline = tolerancePx === 0 ? line : simplified(line, tolerancePx);
    labelOf[part] = data[pixel]!; // as above
    if (isHole[k] === 0) rings[part]!.unshift(outline);
    else rings[part]!.push(outline); // part ≤ nParts
  }
  const polygons = new Map<number, AnnotationPolygon[]>();
  for (let part = 1; part <= nParts; part++) {
    const label = labelOf[part]!; // part ≤ nParts
    const list = polygons.get(label);
    if (list === undefined) polygons.set(label, [{ rings: rings[part]! }]);
    else list.push({ rings: rings[part]! });
  }
  const annotations: Annotation[] = [...polygons.entries()]
    .sort(([a], [b]) => a - b)
    .map(([label, list]) => ({ className: classOf(label), label, polygons: list }));
  return { annotations, width, height, imageName, pixelSizeUm, warnings: [] };
}

/** The ring with fewer points; the ring itself where less than three would be left. */
function simplified(ring: Float64Array, tolerance: number): Float64Array {
  const n = ring.length / 2 + 1;
  const closed = new Float64Array(2 * n);
  closed.set(ring);
  closed.set(ring.subarray(0, 2), 2 * n - 2);
  const out = new Float64Array(2 * n);
  const outStarts = new Uint32Array(2);
  simplifyChains(
    1,
    closed,
    Uint32Array.of(0, n),
    Uint8Array.of(CHAIN_CLOSED),
    tolerance,
    new Uint8Array(n),
    new Int32Array(2 * n + 4),
    out,
    outStarts,
  );
  const left = outStarts[1]! - 1; // the repeated first point goes
  return left < 3 ? ring : out.slice(0, 2 * left);
}
