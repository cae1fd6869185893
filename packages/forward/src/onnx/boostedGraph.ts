import { decodeArray, IncompatibleError } from "@materiome/core";
import { type BoostedTrees, decodeBoostedTrees } from "../boosting/boostedTrees.ts";
import type { OnnxGraph, OnnxMatrix } from "./onnxGraph.ts";
import type { Stored } from "./stored.ts";
import { addTrees, floorToFloat, splitsOf } from "./treeGraph.ts";

const SET_BYTES = 32;

/** Mean of gradient boosting: intercept and trees, through the exponential where the link is the logarithm. */
export function addBoosting(graph: OnnxGraph, stored: Stored, x: OnnxMatrix): string {
  const intercept = stored["intercept"] as number; // a number always
  const link = stored["link"];
  const sum =
    stored["trees"] === null
      ? graph.constantColumn(x, 0)
      : sumTrees(graph, stored, decodeBoostedTrees(stored["trees"], x.columns), x);
  const score = graph.add("Add", [sum, graph.scalar(intercept)]);
  return link === "log" ? graph.add("Exp", [score]) : score;
}

function sumTrees(graph: OnnxGraph, stored: Stored, trees: BoostedTrees, x: OnnxMatrix): string {
  const vote = (node: number): readonly [number, number][] => [[0, trees.threshold[node] as number]]; // a node
  if (trees.sets.length === 0) return addTrees(graph, x, splitsOf(trees), vote, 1).name;
  const categories = new Map(
    (stored["categories"] as Stored[]).map(({ column, values }) => [column as number, decodeArray(values, "f64")]),
  );
  const { matrix, columnOf } = addSetColumns(graph, trees, categories, x);
  const splits = splitsOf(trees);
  return addTrees(
    graph,
    matrix,
    {
      ...splits,
      feature: (node) => columnOf(node) ?? splits.feature(node),
      threshold: (node) => (columnOf(node) === undefined ? splits.threshold(node) : 0.5),
    },
    vote,
    1,
  ).name;
}

interface SetColumns {
  readonly matrix: OnnxMatrix;
  /** Column that tells the side of a node that splits categories; undefined for others. */
  readonly columnOf: (node: number) => number | undefined;
}

/**
 * The operator knows thresholds alone. Each different set of categories becomes a column: 0 where the category is in the set and
 * goes left, 1 where it is not, NaN where training rows did not have it, which goes where missing values go.
 */
function addSetColumns(
  graph: OnnxGraph,
  trees: BoostedTrees,
  categories: ReadonlyMap<number, Float64Array>,
  x: OnnxMatrix,
): SetColumns {
  const sides = new Map<number, Map<string, { readonly goesRight: Uint8Array; readonly nodes: number[] }>>();
  for (const [node, set] of trees.sets.entries()) {
    const feature = trees.feature[node] as number; // as many as sets
    if (feature < 0) continue;
    const values = categories.get(feature);
    if ((values === undefined) !== set < 0) {
      throw new IncompatibleError(
        `exportOnnx: the boosted trees split feature ${feature} both as a number and by categories; train again`,
      );
    }
    if (values === undefined) continue;
    const goesRight = Uint8Array.from(values, (_, code) => {
      const byte = trees.setBits[set * SET_BYTES + (code >> 3)] as number; // 256 bits, fewer categories
      return 1 - ((byte >> (code & 7)) & 1);
    });
    const ofFeature = sides.get(feature) ?? new Map();
    sides.set(feature, ofFeature);
    const known = ofFeature.get(goesRight.join("")) ?? { goesRight, nodes: [] };
    known.nodes.push(node);
    ofFeature.set(goesRight.join(""), known);
  }
  const parts = [x.name];
  const columns = new Map<number, number>();
  let next = x.columns;
  for (const [feature, sets] of sides) {
    const values = categories.get(feature) as Float64Array; // looked up above
    const list = [...sets.values()];
    parts.push(
      addSides(
        graph,
        x,
        feature,
        values,
        list.map((entry) => entry.goesRight),
      ),
    );
    for (const { nodes } of list) {
      for (const node of nodes) columns.set(node, next);
      next++;
    }
  }
  return {
    matrix: { name: graph.join(parts), type: x.type, columns: next },
    columnOf: (node) => columns.get(node),
  };
}

/** The columns of the sets of one feature, [nSamples, nSets]. */
function addSides(
  graph: OnnxGraph,
  x: OnnxMatrix,
  feature: number,
  values: Float64Array,
  sets: readonly Uint8Array[],
): string {
  const k = values.length;
  const inexact = x.type === "float" ? values.find((value) => floorToFloat(value) !== value) : undefined;
  if (inexact !== undefined) {
    throw new IncompatibleError(
      `exportOnnx: category ${inexact} of feature ${feature} is no single-precision number, so that no row could have it; export with precision "float64"`,
    );
  }
  const own = graph.pick(x, [feature]).name;
  const isCategory = graph.cast(graph.add("Equal", [own, graph.numbers(values, [1, k], x.type)]), x.type);
  const rightOf = Float64Array.from({ length: k * sets.length }, (_, at) => {
    const set = sets[at % sets.length] as Uint8Array; // one of them
    return set[Math.floor(at / sets.length)] as number; // a category
  });
  const goesRight = graph.add("MatMul", [isCategory, graph.numbers(rightOf, [k, sets.length], x.type)]);
  const isKnown = graph.cast(graph.sumColumns(isCategory), "bool");
  return graph.add("Where", [isKnown, goesRight, graph.numbers([Number.NaN], [1, 1], x.type)]);
}
