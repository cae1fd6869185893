import { countTasks, LOADING_ONE, LOADING_ZERO, type ProgramNode } from "./program.ts";

/** The task of a row of raw features that starts at `at`; their number where none is told. */
export function taskOf(columns: readonly number[], x: Float64Array, at: number): number {
  if (columns.length === 1) return x[at + (columns[0] as number)] === 1 ? 1 : 0; // one column
  const found = columns.findIndex((f) => x[at + f] === 1);
  return found < 0 ? columns.length : found;
}

/** B = W Wᵀ + diag κ; rows of no known task have the greatest variance of all. */
export function setTasks(node: ProgramNode, theta: Float64Array, between: Float64Array): void {
  const w = loadingsOf(node, theta);
  const nTasks = countTasks(node.columns.length);
  const rank = w.length / nTasks;
  let greatest = 0;
  for (let s = 0; s < nTasks; s++) {
    for (let t = 0; t < nTasks; t++) {
      const kappa = s === t ? node.diagonal?.[s] : undefined;
      let sum = kappa === undefined ? 0 : Math.exp(theta[kappa] as number); // the program numbered it
      for (let r = 0; r < rank; r++) sum += (w[s * rank + r] as number) * (w[t * rank + r] as number);
      between[s * (nTasks + 1) + t] = sum;
      if (s === t) greatest = Math.max(greatest, sum);
    }
  }
  between[between.length - 1] = greatest;
}

function loadingsOf({ loadings = [] }: ProgramNode, theta: Float64Array): Float64Array {
  return Float64Array.from(
    loadings,
    (index) => (index === LOADING_ONE ? 1 : index === LOADING_ZERO ? 0 : (theta[index] as number)), // the program numbered them
  );
}

/** Gradient by the hyper-parameters of B. With G the sums of weights by pair of tasks: ∂W = (G + Gᵀ) W, ∂ ln κ = κ G_tt. */
export function addTaskGradient(
  node: ProgramNode,
  g: Float64Array,
  theta: Float64Array,
  add: (index: number, value: number) => void,
): void {
  const { loadings = [], diagonal = [] } = node;
  const nTasks = countTasks(node.columns.length);
  const w = loadingsOf(node, theta);
  const rank = w.length / nTasks;
  for (const [at, index] of loadings.entries()) {
    const [t, r] = [Math.floor(at / rank), at % rank];
    let sum = 0;
    for (let s = 0; s < nTasks; s++) {
      const both = (g[s * (nTasks + 1) + t] as number) + (g[t * (nTasks + 1) + s] as number); // s, t < nTasks
      sum += both * (w[s * rank + r] as number);
    }
    add(index, sum);
  }
  for (const [t, index] of diagonal.entries())
    add(index, Math.exp(theta[index] as number) * (g[t * (nTasks + 2)] as number));
}
