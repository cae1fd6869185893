import { DataError, type Matrix, type RunContext, runTasks, type TaskFunction } from "@materiome/core";
import { coverTrees, linkEdges, pairShap, pathShap, routeRows, tabulateEdges } from "../kernels/index.ts";
import { shareBytes, shareCodes, shareNumbers } from "../tree/codeMatrix.ts";
import type { Trees } from "../tree/trees.ts";
import { gaussLegendre } from "./gaussLegendre.ts";

/** Which question Shapley values of trees answer; see `treeShap`. */
export type TreeShapMethod = "interventional" | "path-dependent";

/** Rows of one task; fixed, as the number of threads must not matter. */
const ROWS_PER_TASK = 32;
/** Rows × nodes × (background rows or points) below which threads cost more than they gain. */
const WORTH_THREADS = 10_000_000;

interface TreeShapInput {
  readonly method: TreeShapMethod;
  readonly trees: Trees;
  readonly scale: number;
  readonly x: Float64Array;
  readonly n: number;
  readonly background: Float64Array;
  readonly m: number;
  readonly d: number;
  readonly player: Int32Array;
  readonly nPlayers: number;
  /** Rows that reach each node; empty where the method needs none. */
  readonly cover: Float64Array;
}

const task: TaskFunction = { module: import.meta.url, name: "treeShapRows" };

/** Adds the Shapley values of trees to `out`, [n, nPlayers]. The same for any number of threads. */
export async function addTreeShap(
  { trees, scale }: { readonly trees: Trees; readonly scale: number },
  x: Matrix,
  background: Matrix,
  player: Int32Array,
  nPlayers: number,
  method: TreeShapMethod,
  run: Omit<RunContext, "random">,
  out: Float64Array,
): Promise<void> {
  const { columns: d } = x;
  const cover = method === "path-dependent" ? coverOf(trees, background) : new Float64Array(0);
  const common = { method, scale, m: background.rows, d, nPlayers };
  const work = x.rows * trees.feature.length * (method === "interventional" ? background.rows / 10 : 8);
  const isThreaded = work >= WORTH_THREADS && run.threads !== 1;
  const shared = isThreaded
    ? {
        trees: shareTrees(trees),
        background: shareNumbers(background.data),
        player: shareCodes(player),
        cover: shareNumbers(cover),
      }
    : { trees, background: background.data, player, cover };
  const inputs: TreeShapInput[] = [];
  for (let first = 0; first < x.rows; first += ROWS_PER_TASK) {
    const n = Math.min(ROWS_PER_TASK, x.rows - first);
    inputs.push({ ...common, ...shared, n, x: x.data.slice(first * d, (first + n) * d) });
  }
  const outputs = isThreaded
    ? await runTasks<TreeShapInput, Float64Array>(task, inputs, { ...run, stage: "Shapley values" })
    : await runHere(inputs, run);
  for (const [k, part] of outputs.entries()) {
    const at = k * ROWS_PER_TASK * nPlayers;
    for (const [i, value] of part.entries()) out[at + i] = (out[at + i] as number) + value; // one per row and player
  }
}

async function runHere(inputs: readonly TreeShapInput[], run: Omit<RunContext, "random">): Promise<Float64Array[]> {
  const outputs: Float64Array[] = [];
  for (const input of inputs) {
    run.signal?.throwIfAborted();
    outputs.push(treeShapRows(input));
    run.onProgress?.({ stage: "Shapley values", done: outputs.length, total: inputs.length });
    await new Promise<void>((resolve) => setImmediate(resolve)); // lets a signal through
  }
  return outputs;
}

/** Shapley values of a few rows, tree by tree. */
export function treeShapRows(input: TreeShapInput): Float64Array {
  const out = new Float64Array(input.n * input.nPlayers);
  if (input.method === "path-dependent") addPathShap(input, out);
  else addPairShap(input, out);
  return out;
}

function addPairShap(input: TreeShapInput, out: Float64Array): void {
  const { trees, scale, x, n, background, m, d, player, nPlayers } = input;
  const { treeStart, feature, threshold, left, missingLeft } = trees;
  const { size, depth } = measureTrees(trees);
  const most = Math.min(depth, nPlayers);
  const stride = most + 1;
  const weights = coalitionWeights(most);
  const zRoute = new Uint8Array(m * size);
  const xRoute = new Uint8Array(size);
  const mark = new Uint8Array(nPlayers);
  const frames = new Int32Array(2 * depth);
  const saved = new Float64Array(2 * depth);
  for (let t = 0; t + 1 < treeStart.length; t++) {
    const root = treeStart[t] as number; // t + 1 < length
    const end = treeStart[t + 1] as number;
    routeRows(m, d, 0, background, root, end, feature, threshold, missingLeft, zRoute);
    pairShap(
      n,
      m,
      d,
      x,
      zRoute,
      root,
      end,
      feature,
      threshold,
      left,
      missingLeft,
      player,
      nPlayers,
      stride,
      weights,
      scale / m,
      xRoute,
      mark,
      frames,
      saved,
      out,
    );
  }
}

function addPathShap(input: TreeShapInput, out: Float64Array): void {
  const { trees, scale, x, n, d, player, nPlayers, cover } = input;
  const { treeStart, feature, threshold, left, missingLeft } = trees;
  const { size, depth } = measureTrees(trees);
  const mostPoints = Math.max(1, Math.ceil(Math.min(depth, nPlayers) / 2));
  const ints = [0, 1, 2, 3].map(() => new Int32Array(size)) as [Int32Array, Int32Array, Int32Array, Int32Array];
  const [parent, edgePlayer, twin, above] = ints;
  const zero = new Float64Array(size);
  const tables = new Float64Array(size * 4 * mostPoints);
  const product = new Float64Array(size * mostPoints);
  const route = new Uint8Array(size);
  const one = new Uint8Array(size);
  for (let t = 0; t + 1 < treeStart.length; t++) {
    const root = treeStart[t] as number; // t + 1 < length
    const end = treeStart[t + 1] as number;
    const most = linkEdges(root, end, feature, left, cover, player, parent, edgePlayer, twin, zero, above);
    const nPoints = Math.max(1, Math.ceil(most / 2));
    const { points, weights } = gaussLegendre(nPoints);
    tabulateEdges(end - root, nPoints, points, weights, twin, zero, tables);
    pathShap(
      n,
      d,
      x,
      root,
      end,
      feature,
      threshold,
      left,
      missingLeft,
      nPlayers,
      edgePlayer,
      twin,
      zero,
      nPoints,
      tables,
      scale,
      route,
      one,
      product,
      out,
    );
  }
}

/** Largest number of nodes of a tree and of edges on a path. */
function measureTrees({ treeStart, feature, left }: Trees): { readonly size: number; readonly depth: number } {
  let size = 0;
  let deepest = 0;
  const depth = new Int32Array(feature.length);
  for (let t = 0; t + 1 < treeStart.length; t++) {
    const root = treeStart[t] as number; // t + 1 < length
    const end = treeStart[t + 1] as number;
    size = Math.max(size, end - root);
    for (let k = root; k < end; k++) {
      if ((feature[k] as number) < 0) continue;
      const child = root + (left[k] as number);
      const below = (depth[k] as number) + 1;
      depth[child] = below;
      depth[child + 1] = below;
      deepest = Math.max(deepest, below);
    }
  }
  return { size, depth: deepest };
}

/** (a − 1)! b! / (a + b)! at [a, b] for a, b ≤ most; 0 for a = 0. */
function coalitionWeights(most: number): Float64Array {
  const stride = most + 1;
  const weights = new Float64Array(stride * stride);
  for (let a = 1; a <= most; a++) {
    let weight = 1 / a;
    for (let b = 0; b <= most; b++) {
      weights[a * stride + b] = weight;
      weight *= (b + 1) / (a + b + 1);
    }
  }
  return weights;
}

function coverOf(trees: Trees, background: Matrix): Float64Array {
  const { treeStart, feature, threshold, left, missingLeft } = trees;
  const cover = new Float64Array(feature.length);
  const { rows, columns, data } = background;
  const nTrees = treeStart.length - 1;
  coverTrees(rows, columns, data, 0, nTrees, treeStart, feature, threshold, left, missingLeft, cover);
  const empty = cover.indexOf(0);
  if (empty >= 0) {
    const count = cover.filter((c) => c === 0).length;
    throw new DataError(
      `treeShap: ${count} of ${cover.length} nodes are reached by none of the ${rows} background rows, so the path-dependent shares are undefined; give the rows the model was trained on, or use the interventional method`,
    );
  }
  return cover;
}

function shareTrees(trees: Trees): Trees {
  return {
    treeStart: shareCodes(trees.treeStart),
    feature: shareCodes(trees.feature),
    threshold: shareNumbers(trees.threshold),
    left: shareCodes(trees.left),
    missingLeft: shareBytes(trees.missingLeft),
  };
}
