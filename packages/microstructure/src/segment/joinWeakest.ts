import type { Border, BoundaryGraph } from "./boundaryGraph.ts";
import { PriorityQueue } from "./priorityQueue.ts";

/**
 * Joins regions over their weakest border (largest positive `weakness`) until no border has a positive weakness, and
 * renumbers the labels in place to 1 … n in raster order; 0 stays. Borders of a joined region are the sums of its parts'.
 *
 * @param graph - used up
 * @param weakness - of the border between two regions; asked again whenever one of them has grown
 * @param onJoin - told before `weakness` is asked about the joined region, which keeps the number `into`
 * @returns number of regions left
 */
export function joinWeakest(
  labels: Uint32Array,
  graph: BoundaryGraph,
  weakness: (a: number, b: number, border: Border) => number,
  onJoin: (into: number, from: number) => void,
): number {
  const parent = Uint32Array.from({ length: graph.length }, (_, k) => k);
  const heap = new PriorityQueue(isWeaker);
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
    onJoin(into, from);
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

function renumber(labels: Uint32Array, parent: Uint32Array): number {
  const next = new Uint32Array(parent.length);
  let n = 0;
  for (const [i, label] of labels.entries()) {
    if (label === 0) continue;
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

/** Weakest border (largest weakness) first. */
function isWeaker(a: HeapEntry, b: HeapEntry): boolean {
  return a.weakness > b.weakness;
}
