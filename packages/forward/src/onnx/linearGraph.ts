import { decodeArray } from "@materiome/core";
import { decodeBasis } from "../linear/basis.ts";
import { decodeStandardiser, type Standardiser } from "../linear/standardiser.ts";
import type { OnnxGraph, OnnxMatrix } from "./onnxGraph.ts";
import type { Stored } from "./stored.ts";

/** Standardised features, [nSamples, used.length]. */
export function addStandardised(graph: OnnxGraph, { used, centre, scale }: Standardiser, x: OnnxMatrix): OnnxMatrix {
  return addScaled(graph, graph.pick(graph.inDouble(x), used), centre, scale);
}

/** (x − centre) / scale, column by column. */
export function addScaled(graph: OnnxGraph, x: OnnxMatrix, centre: Float64Array, scale: Float64Array): OnnxMatrix {
  const centred = graph.add("Sub", [x.name, graph.numbers(centre, [1, x.columns])]);
  return { ...x, name: graph.add("Div", [centred, graph.numbers(scale, [1, x.columns])]) };
}

/** Mean of a linear function of standardised features: elastic net, partial least squares, Bayesian ridge, Huber. */
export function addLinear(graph: OnnxGraph, stored: Stored, x: OnnxMatrix): string {
  const standardiser = decodeStandardiser(stored["standardiser"], x.columns);
  const coefficients = decodeArray(stored["coefficients"], "f64");
  const intercept = stored["intercept"] as number; // a number always
  if (coefficients.length === 0) return graph.constantColumn(x, intercept);
  return weigh(graph, addStandardised(graph, standardiser, x), coefficients, intercept);
}

/** Mean of ridge: a linear function of standardised polynomial terms. */
export function addRidge(graph: OnnxGraph, stored: Stored, x: OnnxMatrix): string {
  const { centre, scale, first, second, termCentre, termScale } = decodeBasis(stored["basis"], x.columns);
  const coefficients = decodeArray(stored["coefficients"], "f64");
  const intercept = stored["intercept"] as number; // a number always
  if (coefficients.length === 0) return graph.constantColumn(x, intercept);
  // Features that do not vary have no term, and a scale of 0.
  const used = Int32Array.from(new Set([...first, ...second].filter((f) => f >= 0))).sort();
  const own = (values: Float64Array): Float64Array => Float64Array.from(used, (f) => values[f] as number); // f < columns
  const z = addStandardised(graph, { used, centre: own(centre), scale: own(scale) }, x);
  const places = (features: Int32Array): number[] => Array.from(features, (f) => (f < 0 ? z.columns : used.indexOf(f)));
  let terms = graph.pick(z, places(first));
  if (second.some((f) => f >= 0)) {
    const one = graph.constantColumn(z, 1);
    const factors = graph.pick({ ...z, name: graph.join([z.name, one]), columns: z.columns + 1 }, places(second));
    terms = { ...terms, name: graph.add("Mul", [terms.name, factors.name]) };
  }
  return weigh(graph, addScaled(graph, terms, termCentre, termScale), coefficients, intercept);
}

function weigh(graph: OnnxGraph, z: OnnxMatrix, coefficients: Float64Array, intercept: number): string {
  const sum = graph.add("MatMul", [z.name, graph.numbers(coefficients, [z.columns, 1])]);
  return graph.add("Add", [sum, graph.scalar(intercept)]);
}
