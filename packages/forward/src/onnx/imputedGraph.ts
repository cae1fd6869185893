import type { Filling } from "../imputed/imputedPredictor.ts";
import type { OnnxGraph, OnnxMatrix } from "./onnxGraph.ts";

/** Medians in place of NaN, and behind the features a mark of each pattern of gaps, as `fillGaps` has it. */
export function addFilled(graph: OnnxGraph, { median, marked }: Filling, x: OnnxMatrix): OnnxMatrix {
  const wide = graph.inDouble(x);
  const filled = graph.add("Where", [
    graph.add("IsNaN", [wide.name]),
    graph.numbers(median, [1, wide.columns]),
    wide.name,
  ]);
  if (marked.length === 0) return { ...wide, name: filled };
  const marks = graph.cast(graph.add("IsNaN", [graph.pick(wide, marked).name]), "double");
  return { ...wide, columns: wide.columns + marked.length, name: graph.join([filled, marks]) };
}
