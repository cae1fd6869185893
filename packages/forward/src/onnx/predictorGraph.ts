import { decodeArray, IncompatibleError } from "@materiome/core";
import { decodeFilling } from "../imputed/imputedPredictor.ts";
import { decodeTerms } from "../quotients/quotientPredictor.ts";
import { decodeRanks } from "../ranked/rankedPredictor.ts";
import { decodeTrees } from "../tree/trees.ts";
import { addAttention } from "./attentionGraph.ts";
import { addBoosting } from "./boostedGraph.ts";
import { addClassifier } from "./classifierGraph.ts";
import { addFilled } from "./imputedGraph.ts";
import { addKernelRidge, addSupportVectors } from "./kernelRidgeGraph.ts";
import { addLinear, addRidge } from "./linearGraph.ts";
import { addNeighbours } from "./neighbourGraph.ts";
import { addNets } from "./netGraph.ts";
import type { OnnxGraph, OnnxMatrix } from "./onnxGraph.ts";
import { addProcess } from "./processGraph.ts";
import { addTerms } from "./quotientGraph.ts";
import { addRanks } from "./rankedGraph.ts";
import type { Stored } from "./stored.ts";
import { addTrees, splitsOf } from "./treeGraph.ts";

/**
 * Adds the mean of a stored predictor, [nSamples, 1], in double precision.
 *
 * @throws IncompatibleError for a predictor that cannot be said in the operators of the format
 */
export function addPredictor(graph: OnnxGraph, stored: Stored, x: OnnxMatrix): string {
  const inner = (member: unknown, seen: OnnxMatrix): string => addPredictor(graph, member as Stored, seen);
  switch (stored["kind"]) {
    case "forest":
      return addForest(graph, stored, x);
    case "boosting":
      return addBoosting(graph, stored, x);
    case "linear":
      return addLinear(graph, stored, x);
    case "ridge":
      return addRidge(graph, stored, x);
    case "gaussianProcess":
      return addProcess(graph, stored, x);
    case "kernelRidge":
      return addKernelRidge(graph, stored, x);
    case "mlp":
      return addNets(graph, stored, x);
    case "elementAttention":
      return addAttention(graph, stored, x);
    case "supportVectors":
      return addSupportVectors(graph, stored, x);
    case "neighbours":
      return addNeighbours(graph, stored, x);
    case "columns":
      return inner(stored["member"], graph.pick(x, decodeArray(stored["columns"], "i32")));
    case "quotients": {
      const terms = decodeTerms(stored, x.columns);
      return inner(stored["member"], addTerms(graph, terms, x));
    }
    case "imputed":
      return inner(stored["member"], addFilled(graph, decodeFilling(stored, x.columns), x));
    case "ranked":
      return inner(stored["member"], addRanks(graph, decodeRanks(stored, x.columns), x));
    case "hurdle":
      return addHurdle(graph, stored, x, inner);
    case "logarithmic": {
      const value = graph.add("Exp", [inner(stored["member"], x)]);
      return graph.add("Mul", [value, graph.scalar(stored["factor"] as number)]); // a number always
    }
    case "stack":
      return addStack(graph, stored, x, inner);
    default:
      throw new IncompatibleError(`exportOnnx: ${refusalOf(stored["kind"])}`);
  }
}

const REFUSED: Readonly<Record<string, string>> = {
  law: "the model holds a symbolic law, an expression with units that is evaluated here; write its text into the other program",
  residual:
    "the model holds a physical law, an expression with units that is evaluated here; export a learner without it, or add the law where the file is used",
};

function refusalOf(kind: unknown): string {
  return (
    REFUSED[String(kind)] ??
    `the model holds a predictor of kind ${JSON.stringify(kind)}, for which no ONNX operators are known here; train another learner to export it`
  );
}

function addForest(graph: OnnxGraph, stored: Stored, x: OnnxMatrix): string {
  const trees = decodeTrees(stored["trees"] as Stored, x.columns);
  const sum = addTrees(graph, x, splitsOf(trees), (node) => [[0, trees.threshold[node] as number]], 1); // a node
  const mean = graph.add("Div", [sum.name, graph.scalar(trees.treeStart.length - 1)]);
  return graph.add("Add", [mean, graph.scalar(stored["offset"] as number)]); // a number always
}

/** p a + (1 − p) μ. */
function addHurdle(
  graph: OnnxGraph,
  stored: Stored,
  x: OnnxMatrix,
  add: (member: unknown, x: OnnxMatrix) => string,
): string {
  if (stored["statistic"] !== "mean") {
    throw new IncompatibleError(
      "exportOnnx: the model predicts the median of a value that many rows share and a distribution of the others, which no operator gives; train it for squared errors, where it predicts the mean",
    );
  }
  const gate = (stored["gate"] as Stored)["state"] as Stored;
  const shares = addClassifier(graph, gate, x, 2);
  const at = graph.add("MatMul", [shares, graph.numbers([0, 1], [2, 1])]);
  const value = graph.scalar(stored["value"] as number); // a number always
  const rest = add(stored["rest"], x);
  const away = graph.add("Sub", [value, rest]);
  return graph.add("Add", [rest, graph.add("Mul", [at, away])]);
}

function addStack(
  graph: OnnxGraph,
  stored: Stored,
  x: OnnxMatrix,
  add: (member: unknown, x: OnnxMatrix) => string,
): string {
  const weights = decodeArray(stored["weights"], "f64");
  const centre = stored["centre"] as number; // a number always
  let mean = graph.constantColumn(x, centre);
  for (const [m, member] of (stored["members"] as readonly unknown[]).entries()) {
    const away = graph.add("Sub", [add(member, x), graph.scalar(centre)]);
    mean = graph.add("Add", [mean, graph.add("Mul", [away, graph.scalar(weights[m] as number)])]); // a weight each
  }
  return mean;
}
