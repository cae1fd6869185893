import type { OnnxGraph } from "./onnxGraph.ts";

/**
 * Σ |p − z|^power over coordinates, [nSamples, nPoints], for columns p of the samples and coordinates z of the points, one row of
 * `points` a coordinate. Coordinate by coordinate: |p|² + |z|² − 2 pz would cancel where a sample is near a point, and all differences
 * at once would take as many times the memory as there are coordinates.
 */
export function addDistances(
  graph: OnnxGraph,
  columns: readonly string[],
  points: Float64Array,
  nPoints: number,
  power: 1 | 2,
): string {
  let sum: string | undefined;
  for (const [c, column] of columns.entries()) {
    const own = graph.numbers(points.subarray(c * nPoints, (c + 1) * nPoints), [1, nPoints]);
    const difference = graph.add("Sub", [column, own]);
    const part = power === 1 ? graph.add("Abs", [difference]) : graph.add("Mul", [difference, difference]);
    sum = sum === undefined ? part : graph.add("Add", [sum, part]);
  }
  return sum as string; // there is a coordinate
}
