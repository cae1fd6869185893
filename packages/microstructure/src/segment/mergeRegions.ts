import { borderPairs } from "../kernels/index.ts";

export interface MergeRegionsOptions {
  /** Boundary evidence per pixel, 0 (none) … 1 (certain). */
  readonly evidence: Float32Array;
  /** Radius of the largest circle inside each region, px; index 0 unused. */
  readonly inscribedRadius: Float64Array;
  /** Share of a border that must be seen. @defaultValue 0.7 */
  readonly minCoverage?: number | undefined;
  /** A gap is closed when it is shorter than this share of the smaller inscribed diameter. @defaultValue 0.15 */
  readonly maxGap?: number | undefined;
  /** Regions with a smaller inscribed radius are joined to the neighbour behind their weakest border. @defaultValue 0 */
  readonly minRadiusPx?: number | undefined;
  /** Pixels at the ends of a border, near a third region, that do not count. @defaultValue 3 */
  readonly endPx?: number | undefined;
}

/**
 * Joins regions whose common border is not seen in the image, weakest border first, and renumbers in place to 1 … n.
 *
 * A border is kept when the mean evidence along it is at least `minCoverage`, or when its unseen length is below `maxGap`
 * times the inscribed diameter of the smaller of the two regions (a short gap between two wide grains). Borders of a
 * joined region are the sums of its parts'.
 *
 * @param labels - partition, labels 1 … nLabels, no 0; changed in place
 * @returns number of regions left
 */
export function mergeRegions(
  width: number,
  height: number,
  labels: Uint32Array,
  nLabels: number,
  options: MergeRegionsOptions,
): number {
  const minCoverage = options.minCoverage ?? 0.7;
  const maxGap = options.maxGap ?? 0.15;
  const endPx = options.endPx ?? 3;
  const minRadius = options.minRadiusPx ?? 0;
  const graph = buildGraph(width, height, labels, nLabels, options.evidence, endPx);
  const radius = Float64Array.from(options.inscribedRadius);
  const parent = Uint32Array.from({ length: nLabels + 1 }, (_, k) => k);
  const heap = new BorderHeap();
  const weakness = (a: number, b: number, border: Border): number => {
    // Free part where there is one; a border that is all ends is judged whole.
    const n = border.nFree > 0 ? border.nFree : border.n;
    const seen = (border.nFree > 0 ? border.sumFree : border.sum) / n;
    if (radius[a]! < minRadius || radius[b]! < minRadius) return 2 - seen;
    if (seen >= minCoverage) return 0;
    const gap = (1 - seen) * n * CRACK_TO_LENGTH;
    if (gap < maxGap * 2 * Math.min(radius[a]!, radius[b]!)) return 0; // labels 1 … nLabels
    return 1 - seen;
  };
  for (const [a, borders] of graph.entries()) {
    for (const [b, border] of borders) {
      if (a >= b) continue;
      const w = weakness(a, b, border);
      if (w > 0) heap.push({ weakness: w, a, b, version: border.version });
    }
  }
  for (let top = heap.pop(); top !== undefined; top = heap.pop()) {
    const { a, b } = top;
    const border = graph[a]?.get(b);
    if (border === undefined || border.version !== top.version || parent[a] !== a || parent[b] !== b) continue;
    const [into, from] = graph[a]!.size >= graph[b]!.size ? [a, b] : [b, a]; // the border exists, so both have maps
    parent[from] = into;
    radius[into] = Math.max(radius[into]!, radius[from]!);
    graph[into]!.delete(from);
    for (const [c, other] of graph[from]!) {
      if (c === into) continue;
      const mine = graph[into]!.get(c);
      const joined: Border =
        mine === undefined
          ? { ...other, version: other.version + 1 }
          : {
              n: mine.n + other.n,
              sum: mine.sum + other.sum,
              nFree: mine.nFree + other.nFree,
              sumFree: mine.sumFree + other.sumFree,
              version: Math.max(mine.version, other.version) + 1,
            };
      graph[into]!.set(c, joined);
      graph[c]!.set(into, joined);
      graph[c]!.delete(from);
    }
    graph[from]!.clear();
    for (const [c, border] of graph[into]!) {
      const w = weakness(into, c, border);
      if (w > 0) heap.push({ weakness: w, a: into, b: c, version: border.version });
    }
  }
  return renumber(labels, parent);
}

/** Mean length per crack of a digital line, averaged over directions: π / 4. */
const CRACK_TO_LENGTH = Math.PI / 4;

interface Border {
  readonly n: number;
  readonly sum: number;
  readonly nFree: number;
  readonly sumFree: number;
  readonly version: number;
}

function buildGraph(
  width: number,
  height: number,
  labels: Uint32Array,
  nLabels: number,
  evidence: Float32Array,
  endPx: number,
): Map<number, Border>[] {
  const none = new Float64Array(0);
  const count = borderPairs(
    width,
    height,
    labels,
    nLabels,
    evidence,
    endPx,
    none,
    new Float32Array(0),
    new Uint8Array(0),
  );
  const pairs = new Float64Array(count);
  const values = new Float32Array(count);
  const free = new Uint8Array(count);
  borderPairs(width, height, labels, nLabels, evidence, endPx, pairs, values, free);
  const sums = new Map<number, { n: number; sum: number; nFree: number; sumFree: number }>();
  for (const [k, key] of pairs.entries()) {
    let entry = sums.get(key);
    if (entry === undefined) {
      entry = { n: 0, sum: 0, nFree: 0, sumFree: 0 };
      sums.set(key, entry);
    }
    const value = values[k]!; // as long as pairs
    entry.n++;
    entry.sum += value;
    if (free[k] === 1) {
      entry.nFree++;
      entry.sumFree += value;
    }
  }
  const graph = Array.from({ length: nLabels + 1 }, () => new Map<number, Border>());
  for (const [key, entry] of sums) {
    const a = Math.floor(key / (nLabels + 1));
    const b = key % (nLabels + 1);
    const border: Border = { ...entry, version: 0 };
    graph[a]!.set(b, border); // a and b are labels
    graph[b]!.set(a, border);
  }
  return graph;
}

function renumber(labels: Uint32Array, parent: Uint32Array): number {
  const next = new Uint32Array(parent.length);
  let n = 0;
  for (const [i, label] of labels.entries()) {
    let root = label;
    while (parent[root] !== root) root = parent[root]!; // labels are below parent.length
    if (next[root] === 0) next[root] = ++n;
    labels[i] = next[root]!;
  }
  return n;
}

interface HeapEntry {
  readonly weakness: number;
  readonly a: number;
  readonly b: number;
  readonly version: number;
}

/** Binary heap, weakest border (largest weakness) first. */
class BorderHeap {
  readonly #items: HeapEntry[] = [];

  push(entry: HeapEntry): void {
    const items = this.#items;
    let i = items.push(entry) - 1;
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (items[up]!.weakness >= entry.weakness) break; // up < i
      items[i] = items[up]!;
      i = up;
    }
    items[i] = entry;
  }

  pop(): HeapEntry | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (top === undefined || last === undefined || items.length === 0) return top;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && items[child + 1]!.weakness > items[child]!.weakness) child++; // both below length
      if (items[child]!.weakness <= last.weakness) break;
      items[i] = items[child]!;
      i = child;
    }
    items[i] = last;
    return top;
  }
}
