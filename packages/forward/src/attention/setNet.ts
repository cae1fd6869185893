import type { Matrix, Random } from "@materiome/core";
import { multiplyMatrices } from "@materiome/core/numerics";
import {
  activateRows,
  addBias,
  addInto,
  addRowsOf,
  attendSets,
  attendSetsBack,
  columnSums,
  multiplyInto,
  normaliseRows,
  normaliseRowsBack,
  poolSets,
  poolSetsBack,
  SILU,
  scatterRows,
} from "../kernels/index.ts";
import type { Forward, Move } from "../mlp/trainable.ts";
import { elementTokens, FRACTION_CODES } from "./elementTokens.ts";

/** A net over the elements of a composition: how wide and deep it is. */
export interface SetShape {
  /** Properties of each element, [nElements, nProperties]. */
  readonly vectors: Matrix;
  /** Further numbers of each row, which join behind the pooling. */
  readonly nScalars: number;
  /** Width of a token, a multiple of `heads`. */
  readonly width: number;
  readonly heads: number;
  readonly layers: number;
  /** Width of the hidden layer behind the pooling. */
  readonly hidden: number;
  readonly nOutputs: number;
}

/** Weights [nIn, nOut] from `at`, then nOut biases where there are any. */
export interface Dense {
  readonly nIn: number;
  readonly nOut: number;
  readonly at: number;
  readonly biasAt: number;
  readonly hasBias: boolean;
}

interface Block {
  readonly attend: Dense;
  readonly join: Dense;
  readonly widen: Dense;
  readonly narrow: Dense;
}

interface Layout {
  readonly embed: Dense;
  /** What each element, and the rest, adds to its token: [nElements + 1, width]. */
  readonly offsetsAt: number;
  readonly codes: Dense;
  readonly blocks: readonly Block[];
  readonly hidden: Dense;
  readonly last: Dense;
  readonly skip: Dense;
  readonly nParameters: number;
}

export function layoutOf(shape: SetShape): Layout {
  const { vectors, nScalars, width: d, layers, hidden, nOutputs } = shape;
  let at = 0;
  const dense = (nIn: number, nOut: number, hasBias = true): Dense => {
    const own = { nIn, nOut, at, biasAt: at + nIn * nOut, hasBias };
    at = own.biasAt + (hasBias ? nOut : 0);
    return own;
  };
  const embed = dense(vectors.columns, d);
  const offsetsAt = at;
  at += (vectors.rows + 1) * d;
  const codes = dense(FRACTION_CODES, d, false);
  const blocks = Array.from({ length: layers }, () => ({
    attend: dense(d, 3 * d),
    join: dense(d, d),
    widen: dense(d, 2 * d),
    narrow: dense(2 * d, d),
  }));
  const head = { hidden: dense(d + nScalars, hidden), last: dense(hidden, nOutputs) };
  const skip = dense(d + nScalars, nOutputs, false);
  return { embed, offsetsAt, codes, blocks, ...head, skip, nParameters: at };
}

const denseLayersOf = ({ embed, codes, blocks, hidden, last, skip }: Layout): Dense[] => [
  ...[embed, codes],
  ...blocks.flatMap(({ attend, join, widen, narrow }) => [attend, join, widen, narrow]),
  ...[hidden, last, skip],
];

/** Ranges of the parameters that a step moves: weights decay, biases and offsets do not. */
export function movesOf(shape: SetShape): Move[] {
  const layout = layoutOf(shape);
  const moves: Move[] = [];
  for (const { at, biasAt, nOut, hasBias } of denseLayersOf(layout)) {
    moves.push({ from: at, to: biasAt, factor: 1, decays: true });
    if (hasBias) moves.push({ from: biasAt, to: biasAt + nOut, factor: 1, decays: false });
  }
  moves.push({ from: layout.offsetsAt, to: layout.codes.at, factor: 1, decays: false });
  return moves;
}

/**
 * Parameters to start from: weights normal with variance 1 / nIn, those that join a layer to the tokens smaller with depth, those of the
 * outputs a tenth of it; offsets and biases 0, so that elements start where their properties place them.
 */
export function drawSetNet(shape: SetShape, random: Random): Float64Array {
  const layout = layoutOf(shape);
  const parameters = new Float64Array(layout.nParameters);
  const draw = ({ nIn, at, biasAt }: Dense, factor = 1): void => {
    const size = factor / Math.sqrt(nIn);
    for (let k = at; k < biasAt; k++) parameters[k] = size * random.normal();
  };
  draw(layout.embed);
  draw(layout.codes);
  for (const { attend, join, widen, narrow } of layout.blocks) {
    draw(attend);
    draw(join, 1 / Math.sqrt(2 * shape.layers));
    draw(widen, Math.SQRT2);
    draw(narrow, 1 / Math.sqrt(2 * shape.layers));
  }
  draw(layout.hidden, Math.SQRT2);
  draw(layout.last, 0.1);
  draw(layout.skip, 0.1);
  return parameters;
}

/**
 * Outputs for rows of inputs, [nSamples, nElements + nScalars]: fractions of the elements first.
 *
 * Each element that is there is a token: its properties times weights, an offset of its own and weights times the codes of its fraction. Layers
 * of attention among the tokens of a row and of two dense layers follow, each added to what it took (normalised before); the tokens' mean by
 * fractions and the scalars go through a hidden layer, beside a straight way to the outputs.
 */
export function passSetNet(shape: SetShape, parameters: Float64Array, inputs: Matrix): Forward {
  const { vectors, nScalars, width: d, heads, nOutputs } = shape;
  const n = inputs.rows;
  const layout = layoutOf(shape);
  const tokens = elementTokens(inputs, vectors.rows);
  const { starts, places, fractions, codes } = tokens;
  const nTokens = places.length;
  const of = (layer: Dense): Matrix => ({
    rows: layer.nIn,
    columns: layer.nOut,
    data: parameters.subarray(layer.at, layer.biasAt),
  });
  const product = (x: Matrix, layer: Dense): Matrix => multiplyMatrices(x, of(layer));
  const linear = (x: Matrix, layer: Dense): Matrix => {
    const z = product(x, layer);
    addBias(x.rows, layer.nOut, parameters, layer.biasAt, z.data);
    return z;
  };

  const table = new Float64Array((vectors.rows + 1) * d);
  table.set(multiplyMatrices(vectors, of(layout.embed)).data);
  addInto(table.length, table, parameters.subarray(layout.offsetsAt, layout.offsetsAt + table.length));
  addBias(vectors.rows + 1, d, parameters, layout.embed.biasAt, table);
  const x = product(codes, layout.codes);
  addRowsOf(nTokens, d, table, places, x.data);

  const normalised = (): Normalised => {
    const own = { rows: { ...x, data: new Float64Array(nTokens * d) }, inverse: new Float64Array(nTokens) };
    normaliseRows(nTokens, d, x.data, own.inverse, own.rows.data);
    return own;
  };
  const kept: KeptBlock[] = layout.blocks.map((block) => {
    const before = normalised();
    const qkv = linear(before.rows, block.attend);
    const shares = new Float64Array(heads * countPairs(starts));
    const mixed = { rows: nTokens, columns: d, data: new Float64Array(nTokens * d) };
    attendSets(n, d, heads, starts, qkv.data, shares, mixed.data);
    addInto(nTokens * d, x.data, linear(mixed, block.join).data);
    const between = normalised();
    const wide = product(between.rows, block.widen);
    const slopes = new Float64Array(wide.data.length);
    activateRows(nTokens, 2 * d, SILU, parameters, block.widen.biasAt, wide.data, slopes);
    addInto(nTokens * d, x.data, linear(wide, block.narrow).data);
    return { before, qkv, shares, mixed, between, wide, slopes };
  });
  const end = normalised();
  const joined = { rows: n, columns: d + nScalars, data: new Float64Array(n * (d + nScalars)) };
  poolSets(n, d, joined.columns, starts, fractions, end.rows.data, joined.data);
  for (let i = 0; i < n; i++) {
    const from = i * inputs.columns + vectors.rows;
    joined.data.set(inputs.data.subarray(from, from + nScalars), i * joined.columns + d);
  }
  const hidden = product(joined, layout.hidden);
  const slopes = new Float64Array(hidden.data.length);
  const isBroken = activateRows(n, shape.hidden, SILU, parameters, layout.hidden.biasAt, hidden.data, slopes);
  const outputs = product(hidden, layout.last);
  addInto(outputs.data.length, outputs.data, product(joined, layout.skip).data);
  const isSound = (isBroken | addBias(n, nOutputs, parameters, layout.last.biasAt, outputs.data)) === 0;

  const back = (byOutputs: Float64Array, gradient: Float64Array): void => {
    /** Gradient by the weights of a layer, and by what it took. */
    const through = (taken: Matrix, layer: Dense, by: Matrix): Matrix => {
      gradient.set(multiplyMatrices(taken, by, { isTransposedA: true }).data, layer.at);
      if (layer.hasBias) columnSums(by.rows, layer.nOut, by.data, gradient, layer.biasAt);
      return multiplyMatrices(by, of(layer), { isTransposedB: true });
    };
    const byLast = { rows: n, columns: nOutputs, data: byOutputs };
    const byHidden = through(hidden, layout.last, byLast);
    multiplyInto(byHidden.data.length, byHidden.data, slopes);
    const byJoined = through(joined, layout.skip, byLast);
    addInto(byJoined.data.length, byJoined.data, through(joined, layout.hidden, byHidden).data);
    const byEnd = new Float64Array(nTokens * d);
    poolSetsBack(n, d, joined.columns, starts, fractions, byJoined.data, byEnd);
    const by: Matrix = { rows: nTokens, columns: d, data: new Float64Array(nTokens * d) };
    normaliseRowsBack(nTokens, d, end.rows.data, end.inverse, byEnd, by.data);
    for (let l = layout.blocks.length - 1; l >= 0; l--) {
      const [block, own] = [layout.blocks[l] as Block, kept[l] as KeptBlock]; // one each
      const byWide = through(own.wide, block.narrow, by);
      multiplyInto(byWide.data.length, byWide.data, own.slopes);
      const byBetween = through(own.between.rows, block.widen, byWide).data;
      normaliseRowsBack(nTokens, d, own.between.rows.data, own.between.inverse, byBetween, by.data);
      const byMixed = through(own.mixed, block.join, by).data;
      const byQkv = { rows: nTokens, columns: 3 * d, data: new Float64Array(3 * nTokens * d) };
      const scratch = new Float64Array(vectors.rows + 1);
      attendSetsBack(n, d, heads, starts, own.qkv.data, own.shares, byMixed, scratch, byQkv.data);
      const byBefore = through(own.before.rows, block.attend, byQkv).data;
      normaliseRowsBack(nTokens, d, own.before.rows.data, own.before.inverse, byBefore, by.data);
    }
    gradient.set(multiplyMatrices(codes, by, { isTransposedA: true }).data, layout.codes.at);
    const byTable = new Float64Array(table.length);
    scatterRows(nTokens, d, by.data, places, byTable);
    gradient.set(byTable, layout.offsetsAt);
    columnSums(vectors.rows + 1, d, byTable, gradient, layout.embed.biasAt);
    const byElements = { rows: vectors.rows, columns: d, data: byTable.subarray(0, vectors.rows * d) };
    gradient.set(multiplyMatrices(vectors, byElements, { isTransposedA: true }).data, layout.embed.at);
  };
  return { outputs, isSound, back };
}

interface Normalised {
  readonly rows: Matrix;
  readonly inverse: Float64Array;
}

interface KeptBlock {
  readonly before: Normalised;
  readonly qkv: Matrix;
  readonly shares: Float64Array;
  readonly mixed: Matrix;
  readonly between: Normalised;
  readonly wide: Matrix;
  readonly slopes: Float64Array;
}

function countPairs(starts: Int32Array): number {
  let pairs = 0;
  for (let s = 1; s < starts.length; s++) pairs += ((starts[s] as number) - (starts[s - 1] as number)) ** 2;
  return pairs;
}
