import { decodeArray, IncompatibleError } from "@materiome/core";
import { decodeFilling } from "../imputed/imputedPredictor.ts";
import { decodeBlend } from "../learner/blendedClassification.ts";
import type { ClassBlend } from "../learner/classBlend.ts";
import { decodeStandardiser } from "../linear/standardiser.ts";
import { decodeClassTrees, decodeCodedTrees, SHARE_SUM } from "../tree/classTrees.ts";
import { decodeEdges } from "../tree/edges.ts";
import { addFilled } from "./imputedGraph.ts";
import { addStandardised } from "./linearGraph.ts";
import { addNetClasses } from "./netGraph.ts";
import type { OnnxGraph, OnnxMatrix } from "./onnxGraph.ts";
import type { Stored } from "./stored.ts";
import { addTrees, codedSplits } from "./treeGraph.ts";

/** Adds the class probabilities of a stored classifier, [nSamples, nClasses], in double precision. */
export function addClassifier(graph: OnnxGraph, state: Stored, x: OnnxMatrix, nClasses: number): string {
  if (state["boosting"] !== undefined) return addBoostedClasses(graph, state["boosting"] as Stored, x, nClasses);
  if (state["linear"] !== undefined) return addLogistic(graph, state["linear"] as Stored, x, nClasses);
  if (state["forest"] !== undefined) return addClassForest(graph, state["forest"] as Stored, x, nClasses);
  if (state["mlp"] !== undefined) {
    const { probabilities, present } = addNetClasses(graph, state["mlp"] as Stored, x, nClasses);
    return spread(graph, probabilities, present, nClasses);
  }
  if (state["classifier"] !== undefined) {
    const { state: inner } = state["classifier"] as { readonly state: Stored };
    return addClassifier(graph, inner, addFilled(graph, decodeFilling(state, x.columns), x), nClasses);
  }
  if (state["mixed"] !== undefined) {
    const { state: inner } = state["mixed"] as { readonly state: Stored };
    return addBlend(graph, addClassifier(graph, inner, x, nClasses), decodeBlend(state));
  }
  throw new IncompatibleError(
    `exportOnnx: the classifier holds ${Object.keys(state).join(", ")}, for which no ONNX operators are known here; train a forest, boosting or logistic regression`,
  );
}

/** Mixes probabilities with the shares of the classes, as `applyBlend` does. */
export function addBlend(graph: OnnxGraph, probabilities: string, { share, prior }: ClassBlend): string {
  const mixed = graph.numbers(
    Float64Array.from(prior, (p) => share * p),
    [1, prior.length],
  );
  return graph.add("Add", [graph.add("Mul", [probabilities, graph.scalar(1 - share)]), mixed]);
}

/** What a stored classifier is at heart, behind what fills gaps or mixes probabilities. */
export function classifierNames(state: Stored): string[] {
  const inner = (state["classifier"] ?? state["mixed"]) as { readonly state: Stored } | undefined;
  return inner === undefined ? Object.keys(state).filter((key) => key !== "heldOut") : classifierNames(inner.state);
}

function addClassForest(graph: OnnxGraph, stored: Stored, x: OnnxMatrix, nClasses: number): string {
  const trees = decodeClassTrees(stored, x.columns, nClasses);
  const { leafOf, shares, treeStart } = trees;
  const votes = (node: number): readonly [number, number][] => {
    const from = (leafOf[node] as number) * nClasses; // a node
    return Array.from(shares.subarray(from, from + nClasses), (share, c): [number, number] => [c, share]);
  };
  const sums = addTrees(graph, x, codedSplits(trees, decodeEdges(stored["edges"], x.columns)), votes, nClasses);
  return graph.add("Div", [sums.name, graph.scalar(SHARE_SUM * (treeStart.length - 1))]);
}

function addBoostedClasses(graph: OnnxGraph, stored: Stored, x: OnnxMatrix, nClasses: number): string {
  const trees = decodeCodedTrees(stored, x.columns);
  const values = decodeArray(stored["values"], "f64");
  const intercepts = decodeArray(stored["intercepts"], "f64");
  const present = decodeArray(stored["present"], "i32");
  const nOutputs = intercepts.length;
  const sums = addTrees(
    graph,
    x,
    codedSplits(trees, decodeEdges(stored["edges"], x.columns)),
    (node, tree) => [[tree % nOutputs, values[trees.leafOf[node] as number] as number]], // a node
    nOutputs,
  );
  const scores = graph.add("Add", [sums.name, graph.numbers(intercepts, [1, nOutputs])]);
  if (nOutputs > 1) return spread(graph, addSoftmax(graph, scores), present, nClasses);
  const second = graph.add("Sigmoid", [scores]);
  const first = graph.add("Sub", [graph.scalar(1), second]);
  return spread(graph, graph.join([first, second]), present, nClasses);
}

function addLogistic(graph: OnnxGraph, stored: Stored, x: OnnxMatrix, nClasses: number): string {
  const standardiser = decodeStandardiser(stored["standardiser"], x.columns);
  const present = decodeArray(stored["present"], "i32");
  const vectors = decodeArray(stored["vectors"], "f64");
  const p = standardiser.used.length;
  const nPresent = present.length;
  // Of two classes the second has no vector of its own: its logit is 0.
  const at = (v: number, k: number): number => vectors[v * (p + 1) + k] ?? 0;
  const intercepts = Float64Array.from(present, (_, v) => at(v, p));
  const offset = graph.numbers(intercepts, [1, nPresent]);
  let logits = graph.add("Add", [graph.constantColumn(x, 0), offset]);
  if (p > 0) {
    const z = addStandardised(graph, standardiser, x);
    const matrix = Float64Array.from({ length: p * nPresent }, (_, i) => at(i % nPresent, Math.floor(i / nPresent)));
    logits = graph.add("Add", [graph.add("MatMul", [z.name, graph.numbers(matrix, [p, nPresent])]), offset]);
  }
  return spread(graph, addSoftmax(graph, logits), present, nClasses);
}

function addSoftmax(graph: OnnxGraph, scores: string): string {
  return graph.add("Softmax", [scores], { axis: { int: 1 } });
}

/** From the classes that had training rows to all; the others have the probability 0. */
function spread(graph: OnnxGraph, probabilities: string, present: Int32Array, nClasses: number): string {
  if (present.length === nClasses) return probabilities;
  const places = new Float64Array(present.length * nClasses);
  for (const [k, c] of present.entries()) places[k * nClasses + c] = 1;
  return graph.add("MatMul", [probabilities, graph.numbers(places, [present.length, nClasses])]);
}
