import { createSpace, type SearchSpace, type Variable } from "@materiome/inverse";

export const number = (name: string, min: number, max: number, more: object = {}): Variable => ({
  kind: "continuous",
  name,
  role: "process",
  unit: "",
  min,
  max,
  scale: "linear",
  ...more,
});
export const choice = (name: string, levels: readonly string[], more: object = {}): Variable => ({
  kind: "category",
  name,
  role: "process",
  unit: "",
  columnKind: "category",
  levels,
  ...more,
});
export const numbers = (n: number, min: number, max: number, more: object = {}): Variable[] =>
  Array.from({ length: n }, (_, i) => number(`x${i}`, min, max, more));
export const space = (variables: readonly Variable[], more: Partial<SearchSpace> = {}): SearchSpace =>
  createSpace({ variables, fixed: [], sums: [], ...more });
export const sumOf = (n: number, total: number) => ({
  columns: Array.from({ length: n }, (_, i) => `x${i}`),
  total,
  tolerance: 1e-9,
});
