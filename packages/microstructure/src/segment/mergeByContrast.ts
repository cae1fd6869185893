import { borderPairs } from "../kernels/index.ts";
import { PriorityQueue } from "./priorityQueue.ts";

export interface MergeByContrastOptions {
  /** Image values, `nChannels` planes one after the other. */
  readonly values: Float32Array;
  readonly nChannels: number;
  /** Steepest change per pixel, as the border strength. */
  readonly gradient: Float32Array;
  /** Regions whose border's contrast is below this are joined. */
  readonly minContrast: number;
  /** Regions smaller than this join the neighbour they differ least from. */
  readonly minAreaPx: number;
  /** Width over which a sharp step is blurred, px: turns a gradient into a step. */
  readonly stepWidthPx: number;
}

/**
 * Joins regions that differ little, least contrast first, and renumbers in place to 1 … n.
 *
 * The contrast of a border is the smaller of two answers to "how large is the step?": the distance between the mean
 * values of the regions, and the mean gradient along their border times the width of a step. A slow drift of colour has only
 * the first, a scratch only the second; a grain boundary has both.
 *
 * @param labels - partition 1 … nLabels, no 0; changed in place
 * @returns number of regions left
 */
export function mergeByContrast(
  width: number,
  height: number,
  labels: Uint32Array,
  nLabels: number,
  options: MergeByContrastOptions,
): number {
  const { values, nChannels, minContrast, minAreaPx, stepWidthPx } = options;
  const size = width * height;
  const area = new Float64Array(nLabels + 1);
  const sums = new Float64Array((nLabels + 1) * nChannels);
  for (let i = 0; i < size; i++) {
    const label = labels[i]!; // 1 … nLabels
    area[label]! += 1;
    for (let c = 0; c < nChannels; c++) sums[label * nChannels + c]! += values[c * size + i]!;
  }
  const borders = collectBorders(width, height, labels, nLabels, options.gradient);
  const parent = Uint32Array.from({ length: nLabels + 1 }, (_, k) => k);
  const stamp = new Uint32Array(nLabels + 1);
  const queue = new PriorityQueue(isBefore);
  const contrast = (a: number, b: number, border: Border): number => {
    let square = 0;
    for (let c = 0; c < nChannels; c++) {
      const d = sums[a * nChannels + c]! / area[a]! - sums[b * nChannels + c]! / area[b]!; // labels are not empty
      square += d * d;
    }
    return Math.min(Math.sqrt(square), (border.sum / border.n) * stepWidthPx);
  };
  const consider = (a: number, b: number, border: Border): void => {
    const c = contrast(a, b, border);
    const isSmall = Math.min(area[a]!, area[b]!) < minAreaPx;
    // A small region joins whatever it is most like, after all that is not distinct.
    if (c < minContrast) queue.push({ cost: c, a, b, stampA: stamp[a]!, stampB: stamp[b]! });
    else if (isSmall) queue.push({ cost: minContrast + c, a, b, stampA: stamp[a]!, stampB: stamp[b]! });
  };
  for (const [a, row] of borders.entries()) for (const [b, border] of row) if (a < b) consider(a, b, border);
  for (let top = queue.pop(); top !== undefined; top = queue.pop()) {
    if (parent[top.a] !== top.a || parent[top.b] !== top.b) continue;
    if (stamp[top.a] !== top.stampA || stamp[top.b] !== top.stampB) continue;
    const [into, from] = borders[top.a]!.size >= borders[top.b]!.size ? [top.a, top.b] : [top.b, top.a];
    parent[from] = into;
    area[into]! += area[from]!;
    for (let c = 0; c < nChannels; c++) sums[into * nChannels + c]! += sums[from * nChannels + c]!;
    const row = borders[into]!; // one per label
    row.delete(from);
    for (const [c, other] of borders[from]!) {
      if (c === into) continue;
      const mine = row.get(c);
      const joined = mine === undefined ? other : { n: mine.n + other.n, sum: mine.sum + other.sum };
      row.set(c, joined);
      borders[c]!.delete(from);
      borders[c]!.set(into, joined);
    }
    borders[from]!.clear();
    stamp[into]! += 1;
    for (const [c, border] of row) consider(into, c, border);
  }
  const number = new Uint32Array(nLabels + 1);
  let n = 0;
  for (let i = 0; i < size; i++) {
    let root = labels[i]!;
    while (parent[root] !== root) root = parent[root]!;
    if (number[root] === 0) number[root] = ++n;
    labels[i] = number[root]!;
  }
  return n;
}

interface Border {
  readonly n: number;
  readonly sum: number;
}

function collectBorders(
  width: number,
  height: number,
  labels: Uint32Array,
  nLabels: number,
  gradient: Float32Array,
): Map<number, Border>[] {
  const none = new Float32Array(0);
  const nothing = new Uint8Array(0);
  const count = borderPairs(width, height, labels, nLabels, gradient, 1, new Float64Array(0), none, nothing);
  const pairs = new Float64Array(count);
  const values = new Float32Array(count);
  borderPairs(width, height, labels, nLabels, gradient, 1, pairs, values, new Uint8Array(count));
  const found = new Map<number, { n: number; sum: number }>();
  for (const [k, key] of pairs.entries()) {
    const border = found.get(key);
    if (border === undefined) found.set(key, { n: 1, sum: values[k]! });
    else {
      border.n++;
      border.sum += values[k]!; // as long as pairs
    }
  }
  const graph = Array.from({ length: nLabels + 1 }, () => new Map<number, Border>());
  for (const [key, border] of found) {
    const a = Math.floor(key / (nLabels + 1));
    const b = key % (nLabels + 1);
    graph[a]!.set(b, border); // a and b are labels
    graph[b]!.set(a, border);
  }
  return graph;
}

interface Entry {
  readonly cost: number;
  readonly a: number;
  readonly b: number;
  readonly stampA: number;
  readonly stampB: number;
}

/** Smallest cost first; ties in order of the labels. */
function isBefore(a: Entry, b: Entry): boolean {
  return a.cost !== b.cost ? a.cost < b.cost : a.a !== b.a ? a.a < b.a : a.b < b.b;
}
