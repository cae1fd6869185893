import type { OnnxGraph } from "./onnxGraph.ts";

export type Stationary = "rbf" | "matern12" | "matern32" | "matern52" | "rationalQuadratic";

/**
 * A stationary covariance from squared scaled distances s. Rasmussen & Williams, Gaussian Processes for Machine Learning (2006),
 * ch. 4, eq. 4.9, 4.17, 4.19.
 */
export function addStationary(graph: OnnxGraph, kind: Stationary, s: string, variance = 1, shape = 1): string {
  const times = (name: string, factor: number): string =>
    factor === 1 ? name : graph.add("Mul", [name, graph.scalar(factor)]);
  const decay = (r: string): string => graph.add("Exp", [graph.add("Neg", [r])]);
  if (kind === "rbf") return times(graph.add("Exp", [times(s, -0.5)]), variance);
  if (kind === "matern12") return times(decay(graph.add("Sqrt", [s])), variance);
  if (kind === "rationalQuadratic") {
    const base = graph.add("Add", [times(s, 1 / (2 * shape)), graph.scalar(1)]);
    return times(graph.add("Exp", [times(graph.add("Log", [base]), -shape)]), variance);
  }
  const smoothness = kind === "matern32" ? 3 : 5;
  const square = times(s, smoothness);
  const r = graph.add("Sqrt", [square]);
  let polynomial = graph.add("Add", [r, graph.scalar(1)]);
  if (kind === "matern52") polynomial = graph.add("Add", [polynomial, times(square, 1 / 3)]);
  return times(graph.add("Mul", [polynomial, decay(r)]), variance);
}
