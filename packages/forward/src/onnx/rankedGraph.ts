import type { Ranks } from "../ranked/rankedPredictor.ts";
import type { OnnxGraph, OnnxMatrix } from "./onnxGraph.ts";

/**
 * Features as ranks, by the same steps as `rankFeatures`: the knot at or below the value is found by counting, so that a rank is the same
 * number to the last bit and falls on the same side of a threshold.
 */
export function addRanks(graph: OnnxGraph, { start, values, ranks }: Ranks, x: OnnxMatrix): OnnxMatrix {
  const wide = graph.inDouble(x);
  const columns = graph.split(wide).map((value, f) => {
    const first = start[f] as number; // f < columns
    const last = (start[f + 1] as number) - 1;
    if (last === first) return graph.constantColumn(wide, ranks[first] as number);
    const knots = values.subarray(first, last + 1);
    const own = ranks.subarray(first, last + 1);
    // Counting gives 0 below the first knot, where the first interval is meant as it is for 1.
    const begins = knots.subarray(0, -1);
    const isAtOrAbove = graph.add("GreaterOrEqual", [value, graph.numbers(begins, [1, begins.length])]);
    const interval = graph.sumColumns(graph.cast(isAtOrAbove, "int64"));
    const at = (of: Float64Array): string => {
      const list = Float64Array.of(of[0] as number, ...of); // an interval at least
      return graph.add("Gather", [graph.numbers(list, [list.length]), interval]);
    };
    const from = at(begins);
    const width = graph.add("Sub", [at(knots.subarray(1)), from]);
    const beyond = graph.add("Div", [graph.add("Sub", [value, from]), width]);
    const share = graph.add("Min", [graph.add("Max", [beyond, graph.scalar(0)]), graph.scalar(1)]);
    const rest = graph.add("Sub", [graph.scalar(1), share]);
    return graph.add("Add", [
      graph.add("Mul", [rest, at(own.subarray(0, -1))]),
      graph.add("Mul", [share, at(own.subarray(1))]),
    ]);
  });
  return { ...wide, name: graph.join(columns) };
}
