import { DomainError, InfeasibleError, ShapeError } from "@materiome/core";
import { shortNumber } from "../space/numberText.ts";
import { type Design, designOf } from "./design.ts";

export interface ExtremeVerticesOptions {
  /** Which centroids are added to the vertices: of the whole region, or of all faces of it too. @defaultValue "overall" */
  readonly centroids?: "none" | "overall" | "faces" | undefined;
}

/** Proportions closer than this are one. */
const TOLERANCE = 1e-9;

/**
 * Extreme-vertices design of a mixture whose proportions have bounds: the corners of what is left of the simplex, by the XVERT
 * algorithm (all components but one at a bound, the last makes up the sum), then the centroids of its faces (edges first) and of
 * the whole.
 *
 * @param lower [q], at least 0 @param upper [q], at most 1
 * @throws ShapeError if bounds differ in length
 * @throws DomainError for bounds outside 0 … 1 or reversed, or more than 15 components
 * @throws InfeasibleError if no mixture meets the bounds
 * @see Snee & Marquardt, Technometrics 16, 399 (1974), doi:10.1080/00401706.1974.10489209; McLean & Anderson, Technometrics 8, 447
 * (1966)
 * @example
 * extremeVertices([0.2, 0.1, 0.1], [0.6, 0.6, 0.5], { centroids: "none" }).runs.rows; // 6
 */
export function extremeVertices(
  lower: ArrayLike<number>,
  upper: ArrayLike<number>,
  options: ExtremeVerticesOptions = {},
): Design {
  const q = lower.length;
  if (upper.length !== q) throw new ShapeError(`extremeVertices: ${q} lower and ${upper.length} upper bounds`);
  if (q < 2 || q > 15) throw new DomainError(`extremeVertices: 2 to 15 components, got ${q}`);
  const low = Array.from(lower);
  const high = Array.from(upper);
  low.forEach((l, j) => {
    const u = high[j] as number; // as many
    if (!(l >= 0 && l <= u && u <= 1)) {
      throw new DomainError(`extremeVertices: component ${j} needs 0 ≤ lower ≤ upper ≤ 1, got ${l} … ${u}`);
    }
  });
  const [least, most] = [sumOf(low), sumOf(high)];
  if (least > 1 + TOLERANCE || most < 1 - TOLERANCE) {
    throw new InfeasibleError(
      `extremeVertices: no mixture meets the bounds: lower ones add up to ${shortNumber(least)}, upper ones to ${shortNumber(most)}, and 1 must lie between`,
    );
  }
  const vertices = distinct(corners(low, high));
  const { centroids = "overall" } = options;
  const rows = [...vertices];
  if (centroids === "faces") rows.push(...faceCentroids(vertices, low, high));
  if (centroids !== "none") rows.push(mean(vertices));
  return designOf("extreme-vertices design", "proportions", distinct(rows), q);
}

function corners(low: readonly number[], high: readonly number[]): number[][] {
  const q = low.length;
  const found: number[][] = [];
  for (let free = 0; free < q; free++) {
    for (let choice = 0; choice < 2 ** (q - 1); choice++) {
      let bit = 0;
      const row = low.map((l, j) => (j === free ? 0 : (choice >> bit++) & 1 ? (high[j] as number) : l)); // as many as low
      const rest = 1 - sumOf(row);
      if (rest < (low[free] as number) - TOLERANCE || rest > (high[free] as number) + TOLERANCE) continue;
      row[free] = Math.min(high[free] as number, Math.max(low[free] as number, rest));
      found.push(row);
    }
  }
  return found;
}

/** Means of the vertices of each face: those that share a set of components at the same bounds; smaller faces first. */
function faceCentroids(vertices: readonly number[][], low: readonly number[], high: readonly number[]): number[][] {
  const bounds = [low, high];
  const at = (vertex: readonly number[], side: number, j: number): boolean =>
    Math.abs((vertex[j] as number) - (bounds[side]?.[j] as number)) < TOLERANCE;
  const facets = low.flatMap((_, j) => [0, 1].map((side) => vertices.flatMap((v, i) => (at(v, side, j) ? [i] : []))));
  // Faces are the intersections of facets, closed under intersection.
  const faces = new Map<string, readonly number[]>();
  let fresh = facets.filter((face) => face.length > 1 && face.length < vertices.length);
  for (const face of fresh) faces.set(face.join(), face);
  while (fresh.length > 0) {
    const next: number[][] = [];
    for (const face of fresh) {
      for (const facet of facets) {
        const shared = face.filter((i) => facet.includes(i));
        if (shared.length < 2 || faces.has(shared.join())) continue;
        faces.set(shared.join(), shared);
        next.push(shared);
      }
    }
    fresh = next;
  }
  return [...faces.values()]
    .sort((a, b) => a.length - b.length)
    .map((face) => mean(face.map((i) => vertices[i] as number[])));
}

function mean(rows: readonly (readonly number[])[]): number[] {
  return (rows[0] ?? []).map((_, j) => sumOf(rows.map((row) => row[j] as number)) / rows.length);
}

function distinct(rows: readonly number[][]): number[][] {
  return rows.filter(
    (row, i) => !rows.slice(0, i).some((other) => other.every((x, j) => Math.abs(x - (row[j] as number)) < TOLERANCE)),
  );
}

function sumOf(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
