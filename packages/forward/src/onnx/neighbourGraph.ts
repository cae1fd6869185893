import { readNeighbours } from "../neighbours/neighbourPredictor.ts";
import { addDistances } from "./distanceGraph.ts";
import { addStandardised } from "./linearGraph.ts";
import type { OnnxGraph, OnnxMatrix } from "./onnxGraph.ts";
import type { Stored } from "./stored.ts";

/**
 * Mean of the k nearest training rows. Equal distances go in the order of the rows, as the operator TopK says and as the search here
 * does; distances are summed in the same order too, so that rows equally far here are so there.
 */
export function addNeighbours(graph: OnnxGraph, stored: Stored, x: OnnxMatrix): string {
  const { standardiser, points, targets, k, weights } = readNeighbours(stored, x.columns);
  const [n, m] = [points.rows, points.columns];
  if (m === 0) {
    const nearest = targets.subarray(0, k); // all rows are the same, the first are taken
    return graph.constantColumn(x, nearest.reduce((sum, value) => sum + value, 0) / k);
  }
  const columns = graph.split(addStandardised(graph, standardiser, x));
  const coordinates = Float64Array.from(
    { length: m * n },
    (_, at) => points.data[(at % n) * m + Math.floor(at / n)] as number, // below n × m
  );
  const squares = addDistances(graph, columns, coordinates, n, 2);
  const [nearest, rows] = graph.addMany("TopK", [squares, graph.numbers([k], [1], "int64")], 2, {
    axis: { int: 1 },
    largest: { int: 0 },
    sorted: { int: 1 },
  }) as [string, string]; // two results
  const own = graph.add("Gather", [graph.numbers(targets, [n]), rows], { axis: { int: 0 } });
  if (weights === "uniform") return graph.add("Div", [graph.sumColumns(own), graph.scalar(k)]);
  // Rows that are met count alone, as 1 each; otherwise each counts by its inverse distance.
  const zero = graph.scalar(0);
  const isMet = graph.add("Equal", [nearest, zero]);
  const met = graph.cast(isMet, "double");
  const inverse = graph.add("Div", [
    graph.scalar(1),
    graph.add("Sqrt", [graph.add("Where", [isMet, graph.scalar(1), nearest])]),
  ]);
  const meetsAny = graph.add("Greater", [graph.sumColumns(met), zero]);
  const weight = graph.add("Where", [meetsAny, met, inverse]);
  const sum = graph.sumColumns(graph.add("Mul", [weight, own]));
  return graph.add("Div", [sum, graph.sumColumns(weight)]);
}
