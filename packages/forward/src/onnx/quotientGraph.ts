import type { Term } from "../quotients/terms.ts";
import type { OnnxGraph, OnnxMatrix } from "./onnxGraph.ts";

/** Features with terms behind them, added up in the order of `termAt`, so that a term is the same number to the last bit. */
export function addTerms(graph: OnnxGraph, terms: readonly Term[], x: OnnxMatrix): OnnxMatrix {
  const wide = graph.inDouble(x);
  const columns = graph.split(wide);
  const sum = (of: readonly number[]): string =>
    of.map((f) => columns[f] as string).reduce((a, b) => graph.add("Add", [a, b])); // columns of x, at least one
  const added = terms.map(({ over, under }) => {
    const part = sum(over);
    return under.length === 0 ? part : graph.add("Div", [part, graph.add("Add", [part, sum(under)])]);
  });
  return { ...wide, columns: wide.columns + terms.length, name: graph.join([...columns, ...added]) };
}
