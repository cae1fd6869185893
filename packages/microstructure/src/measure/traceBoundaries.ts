import { DomainError, type LabelMap } from "@materiome/core";
import { boundaryChains, countPixelEdges, simplifyChains } from "../kernels/index.ts";

export interface TraceBoundariesOptions {
  /** How far a straight piece may lie from the pixel staircase it stands for, px. @defaultValue 0.8 */
  readonly tolerancePx?: number | undefined;
}

/**
 * Boundaries of zero thickness as chains of straight pieces from junction to junction. Vertex i is at
 * (points[2i], points[2i + 1]), in pixels, the centre of the first pixel at (0, 0); chain k owns the vertices
 * starts[k] … starts[k + 1] − 1, a closed one repeating its first.
 */
export interface BoundaryChains {
  readonly width: number;
  readonly height: number;
  readonly pixelSizeUm?: number | undefined;
  readonly nChains: number;
  readonly points: Float64Array;
  readonly starts: Uint32Array;
  /** Bits: 1 closed, 2 begins and 4 ends where three or more boundaries meet. */
  readonly kinds: Uint8Array;
  /** Length of all pieces, px. */
  readonly lengthPx: number;
}

/**
 * Boundaries of a label map as vectors, so that test lines at any angle meet each as often as the boundary itself.
 *
 * The pixel edges between two labels are a staircase: lines along neither rows, columns nor diagonals would cross its
 * steps again and again, on average over directions 27 % too often (4/π; 41 % along the diagonals). Here the middles of
 * the pixel edges are replaced by the fewest straight pieces within a tolerance (Ramer–Douglas–Peucker), which a digital
 * straight line passes unbroken. On Poisson–Voronoi mosaics with a mean intercept of 14 px the
 * directions agree, and with the known mean, within 3 % (tests, sampling scatter included).
 *
 * @param labels - grains 1 … n without 0; use `absorbBoundaries` first
 * @throws DomainError for labels that hold 0 or a negative tolerance
 * @see U. Ramer, Comput. Graph. Image Process. 1, 244 (1972), doi:10.1016/S0146-664X(72)80017-0
 * @example
 * const { lengthPx } = traceBoundaries(labels);
 */
export function traceBoundaries(labels: LabelMap, options: TraceBoundariesOptions = {}): BoundaryChains {
  const { width, height, data, pixelSizeUm } = labels;
  const tolerancePx = options.tolerancePx ?? 0.8;
  if (!(tolerancePx >= 0 && Number.isFinite(tolerancePx))) {
    throw new DomainError(`traceBoundaries: tolerancePx must be zero or more, got ${tolerancePx}`);
  }
  if (data.includes(0)) {
    throw new DomainError(
      "traceBoundaries: the label map holds 0 (boundary pixels), but boundaries must have zero thickness; call absorbBoundaries first",
    );
  }
  const nEdges = countPixelEdges(width, height, data);
  const raw = new Float64Array(6 * nEdges);
  const rawStarts = new Uint32Array(nEdges + 1);
  const kinds = new Uint8Array(nEdges);
  const nChains = boundaryChains(
    width,
    height,
    data,
    new Uint8Array((width + 1) * (height + 1)),
    raw,
    rawStarts,
    kinds,
  );
  const nRaw = rawStarts[nChains] ?? 0;
  const points = new Float64Array(2 * nRaw);
  const starts = new Uint32Array(nChains + 1);
  simplifyChains(
    nChains,
    raw,
    rawStarts,
    kinds,
    tolerancePx,
    new Uint8Array(nRaw),
    new Int32Array(2 * nRaw + 4),
    points,
    starts,
  );
  let lengthPx = 0;
  for (let k = 0; k < nChains; k++) {
    for (let i = starts[k]!; i + 1 < starts[k + 1]!; i++) {
      lengthPx += Math.hypot(points[2 * i + 2]! - points[2 * i]!, points[2 * i + 3]! - points[2 * i + 1]!); // vertices of chain k
    }
  }
  const nKept = starts[nChains] ?? 0;
  return {
    width,
    height,
    pixelSizeUm,
    nChains,
    points: points.slice(0, 2 * nKept),
    starts,
    kinds: kinds.slice(0, nChains),
    lengthPx,
  };
}
