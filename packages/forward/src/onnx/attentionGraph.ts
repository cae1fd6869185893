import { DECADES, elementVectors, LEAST_REST, WAVES } from "../attention/elementTokens.ts";
import { type Dense, layoutOf } from "../attention/setNet.ts";
import { type FittedSetNet, SET_NETS, shapeOf } from "../attention/setNets.ts";
import { SET_VARIANCE_FLOOR } from "../kernels/index.ts";
import { decodeNetMembers } from "../mlp/mlpPredictor.ts";
import { addStandardised } from "./linearGraph.ts";
import { addSilu, addSquashed, average } from "./netGraph.ts";
import type { OnnxGraph, OnnxMatrix } from "./onnxGraph.ts";
import type { Stored } from "./stored.ts";

/**
 * Mean of nets with attention over the elements of a composition, [nSamples, 1].
 *
 * Where the library works on the elements that are there, the file works on all of them and hides those that are not: memory for each row is that of
 * heads · elements² numbers.
 */
export function addAttention(graph: OnnxGraph, stored: Stored, x: OnnxMatrix): string {
  const members = decodeNetMembers(SET_NETS, stored["members"], x.columns);
  const means = members.map(({ net, mean, scale }) => {
    const output = addSetNet(graph, net, x);
    return graph.add("Add", [graph.add("Mul", [output, graph.scalar(scale)]), graph.scalar(mean)]);
  });
  return average(graph, means);
}

/** First output, [nSamples, 1]. */
function addSetNet(graph: OnnxGraph, net: FittedSetNet, x: OnnxMatrix): string {
  const { amounts, scaling, parameters } = net;
  const shape = shapeOf(net);
  const { width: d, heads, nScalars, nOutputs } = shape;
  const layout = layoutOf(shape);
  const nTokens = amounts.elements.length + 1;
  const weights = ({ at, biasAt, nIn, nOut }: Dense): string =>
    graph.numbers(parameters.slice(at, biasAt), [nIn, nOut]);
  const product = (name: string, layer: Dense): string => graph.add("MatMul", [name, weights(layer)]);
  const biased = (name: string, { biasAt, nOut }: Dense): string =>
    graph.add("Add", [name, graph.numbers(parameters.slice(biasAt, biasAt + nOut), [nOut])]);
  const linear = (name: string, layer: Dense): string => biased(product(name, layer), layer);
  const shaped = (name: string, dims: readonly number[]): string =>
    graph.add("Reshape", [name, graph.numbers(dims, [dims.length], "int64")]);
  const normalised = (name: string): string => {
    const axes = { axes: { ints: [2] } };
    const away = graph.add("Sub", [name, graph.add("ReduceMean", [name], axes)]);
    const variance = graph.add("ReduceMean", [graph.add("Mul", [away, away])], axes);
    return graph.add("Div", [
      away,
      graph.add("Sqrt", [graph.add("Add", [variance, graph.scalar(SET_VARIANCE_FLOOR)])]),
    ]);
  };

  const { present, fractions, amount } = addTokens(graph, net, x);
  const codes = addCodes(graph, shaped(amount, [-1, nTokens, 1]));
  const order = Int32Array.from(codes.order);
  const codeWeights = Float64Array.from(
    { length: order.length * d },
    (_, i) => parameters[layout.codes.at + (order[Math.floor(i / d)] as number) * d + (i % d)] as number, // of every code
  );
  let h = graph.add("MatMul", [codes.name, graph.numbers(codeWeights, [order.length, d])]);
  h = graph.add("Add", [h, graph.numbers(tableOf(net), [1, nTokens, d])]);

  const hidden = graph.add("Where", [present, graph.scalar(0), graph.scalar(HIDDEN)]);
  const mask = shaped(hidden, [-1, 1, 1, nTokens]);
  const part = d / heads;
  for (const block of layout.blocks) {
    const qkv = linear(normalised(h), block.attend);
    const thirds = graph.addMany("Split", [qkv, graph.numbers([d, d, d], [3], "int64")], 3, { axis: { int: 2 } });
    const [q, k, v] = thirds.map((name, i) =>
      graph.add("Transpose", [shaped(name, [-1, nTokens, heads, part])], {
        perm: { ints: i === 1 ? [0, 2, 3, 1] : [0, 2, 1, 3] },
      }),
    ) as [string, string, string];
    const scores = graph.add("Mul", [graph.add("MatMul", [q, k]), graph.scalar(1 / Math.sqrt(part))]);
    const shares = graph.add("Softmax", [graph.add("Add", [scores, mask])], { axis: { int: 3 } });
    const mixed = graph.add("Transpose", [graph.add("MatMul", [shares, v])], { perm: { ints: [0, 2, 1, 3] } });
    h = graph.add("Add", [h, linear(shaped(mixed, [-1, nTokens, d]), block.join)]);
    const wide = addSilu(graph, linear(normalised(h), block.widen));
    h = graph.add("Add", [h, linear(wide, block.narrow)]);
  }
  const pooled = graph.add("MatMul", [shaped(fractions, [-1, 1, nTokens]), normalised(h)]);
  const composition = shaped(pooled, [-1, d]);
  const scalars = nScalars === 0 ? [] : [addSquashed(graph, addStandardised(graph, scaling, x))];
  const joined = graph.join([composition, ...scalars]);
  const behind = addSilu(graph, linear(joined, layout.hidden));
  const outputs = graph.add("Add", [linear(behind, layout.last), product(joined, layout.skip)]);
  return graph.pick({ name: outputs, type: "double", columns: nOutputs }, [0]).name;
}

/** So far below every other score that it gets no share. */
const HIDDEN = -1e30;

/** Which tokens are there, their fractions and amounts, [nSamples, nTokens]; NaN where an amount is below 0, which is refused. */
function addTokens(
  graph: OnnxGraph,
  { amounts }: FittedSetNet,
  x: OnnxMatrix,
): { readonly present: string; readonly fractions: string; readonly amount: string } {
  const own = graph.pick(graph.inDouble(x), amounts.columns);
  const whole = graph.add("Div", [own.name, graph.scalar(amounts.whole)]);
  const zero = graph.scalar(0);
  const known = graph.add("Where", [graph.add("Less", [whole, zero]), graph.scalar(Number.NaN), whole]);
  const total = graph.sumColumns(known);
  const rest = graph.add("Sub", [graph.scalar(1), total]);
  const hasRest = graph.add("Greater", [rest, graph.scalar(LEAST_REST)]);
  const amount = graph.join([known, graph.add("Where", [hasRest, rest, zero])]);
  const sum = graph.add("Where", [hasRest, graph.scalar(1), total]);
  return { present: graph.add("Greater", [amount, zero]), fractions: graph.add("Div", [amount, sum]), amount };
}

/** Codes of amounts [nSamples, nTokens, 1], and the place of each in the order in which the net learned them. */
function addCodes(graph: OnnxGraph, amount: string): { readonly name: string; readonly order: readonly number[] } {
  const least = graph.scalar(10 ** -DECADES);
  const decades = graph.add("Div", [
    graph.add("Log", [graph.add("Max", [amount, least])]),
    graph.scalar(DECADES * Math.LN10),
  ]);
  const places = [amount, graph.add("Add", [decades, graph.scalar(1)])];
  const waves = graph.numbers(WAVES, [WAVES.length]);
  const parts: string[] = [];
  const order: number[] = [];
  for (const [p, place] of places.entries()) {
    const first = p * (1 + 2 * WAVES.length);
    const angles = graph.add("Mul", [place, waves]);
    // The cosine has no double precision in every runtime.
    const ahead = graph.add("Add", [angles, graph.scalar(Math.PI / 2)]);
    parts.push(place, graph.add("Sin", [angles]), graph.add("Sin", [ahead]));
    order.push(first, ...WAVES.map((_, k) => first + 1 + 2 * k), ...WAVES.map((_, k) => first + 2 + 2 * k));
  }
  return { name: graph.add("Concat", parts, { axis: { int: 2 } }), order };
}

/** Where each element's token starts, and that of the rest, [nTokens, width]. */
function tableOf(net: FittedSetNet): Float64Array {
  const { amounts, parameters } = net;
  const shape = shapeOf(net);
  const { embed, offsetsAt } = layoutOf(shape);
  const { width: d } = shape;
  const vectors = elementVectors(amounts);
  const table = new Float64Array((vectors.rows + 1) * d);
  for (let e = 0; e <= vectors.rows; e++) {
    for (let j = 0; j < d; j++) {
      let sum = (parameters[offsetsAt + e * d + j] as number) + (parameters[embed.biasAt + j] as number); // one each
      for (let p = 0; e < vectors.rows && p < vectors.columns; p++) {
        sum += (vectors.data[e * vectors.columns + p] as number) * (parameters[embed.at + p * d + j] as number); // as above
      }
      table[e * d + j] = sum;
    }
  }
  return table;
}
