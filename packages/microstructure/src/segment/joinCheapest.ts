import type { BorderTable } from "../kernels/index.ts";
import { BorderQueue } from "./borderQueue.ts";
import { RegionGraph } from "./regionGraph.ts";

/**
 * Joins regions over their cheapest border until none has a finite cost; of equal cost, the border that is first met in raster
 * order. Borders of a joined region are the sums of its parts'. What comes out does not depend on the numbering of the regions.
 *
 * @param table - used up
 * @param cost - of a border, asked again whenever one of its regions has grown; `Infinity` keeps the regions apart
 * @param onJoin - told before `cost` is asked about the joined region, which keeps the number `into`
 * @returns for each region the one it has joined, itself where it is left
 */
export function joinCheapest(
  table: BorderTable,
  nRegions: number,
  cost: (border: number) => number,
  onJoin: (into: number, from: number) => void = () => {},
): Uint32Array {
  const graph = new RegionGraph(table, nRegions);
  const queue = new BorderQueue(table.count);
  const offer = (e: number): void => {
    const value = cost(e);
    if (value < Infinity) queue.set(e, value);
    else queue.delete(e);
  };
  for (let e = 0; e < table.count; e++) offer(e);
  for (let e = queue.pop(); e >= 0; e = queue.pop()) {
    if (graph.isGone(e)) continue;
    const a = table.a[e]!; // e < count, regions ≤ nRegions
    const b = table.b[e]!;
    const into = graph.degree[a]! >= graph.degree[b]! ? a : b;
    const from = into === a ? b : a;
    onJoin(into, from);
    graph.join(into, from, offer);
  }
  return graph.parent;
}
