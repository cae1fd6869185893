import type { BandSpace } from "../bands/bandSpace.ts";
import { mapRows } from "../bands/mapRows.ts";
import { renumberRoots } from "../bands/renumberRoots.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";
import { dilateMax } from "../kernels/index.ts";
import { BorderHeap } from "./borderHeap.ts";
import { collectBorders } from "./collectBorders.ts";
import { RegionGraph } from "./regionGraph.ts";

export interface MergeRegionsOptions {
  /** Strength of the lines per pixel. */
  readonly crest: RowReader<Float32Array>;
  /** Strength from which a line is certain. */
  readonly seen: number;
  /** Radius of the largest circle inside each region, px; index 0 unused. */
  readonly inscribedRadius: Float64Array;
  /** Share of a border that must be seen. @defaultValue 0.7 */
  readonly minCoverage?: number | undefined;
  /** A gap is closed when it is shorter than this share of the smaller inscribed diameter. @defaultValue 0.15 */
  readonly maxGap?: number | undefined;
  /** Regions with a smaller inscribed radius are joined to the neighbour behind their weakest border. @defaultValue 0 */
  readonly minRadiusPx?: number | undefined;
}

/**
 * Joins regions whose common border is not seen in the image, weakest border first, and renumbers in place to 1 … n, in
 * raster order.
 *
 * The evidence of a crack is the strength of the strongest crest within a pixel, over `seen`, at most 1. A border is kept
 * when the mean evidence along it is at least `minCoverage`, or when its unseen length is below `maxGap` times the inscribed
 * diameter of the smaller of the two regions (a short gap between two wide grains). The ends of a border, within three pixels of a
 * third region, do not count. Borders of a joined region are the sums of its parts'.
 *
 * @param labels - partition, labels 1 … nLabels, no 0; changed in place
 * @returns number of regions left
 */
export function mergeRegions(
  space: BandSpace,
  labels: RowStore<Uint32Array>,
  nLabels: number,
  options: MergeRegionsOptions,
): number {
  const minCoverage = options.minCoverage ?? 0.7;
  const maxGap = options.maxGap ?? 0.15;
  const minRadius = options.minRadiusPx ?? 0;
  const radius = Float64Array.from(options.inscribedRadius);
  const table = collectBorders(space, labels, evidenceOf(space, options.crest, options.seen), END_PX);
  const graph = new RegionGraph(table, nLabels);
  const heap = new BorderHeap("first border");
  const offer = (e: number): void => {
    // Free part where there is one; a border that is all ends is judged whole.
    const n = table.freeCracks[e]! > 0 ? table.freeCracks[e]! : table.cracks[e]!; // e < count, regions ≤ nLabels, as below
    const seen = (table.freeCracks[e]! > 0 ? table.freeStrength[e]! : table.strength[e]!) / n;
    const smaller = Math.min(radius[table.a[e]!]!, radius[table.b[e]!]!);
    if (smaller < minRadius) heap.push(2 - seen, e, graph.version[e]!);
    else if (seen < minCoverage && (1 - seen) * n * CRACK_TO_LENGTH >= maxGap * 2 * smaller) {
      heap.push(1 - seen, e, graph.version[e]!);
    }
  };
  for (let e = 0; e < table.count; e++) offer(e);
  for (let top = heap.pop(); top !== undefined; top = heap.pop()) {
    if (graph.version[top.border] !== top.version) continue;
    const a = table.a[top.border]!;
    const b = table.b[top.border]!;
    const into = graph.degree[a]! >= graph.degree[b]! ? a : b;
    const from = into === a ? b : a;
    radius[into] = Math.max(radius[into]!, radius[from]!);
    graph.join(into, from, offer);
  }
  return renumberRoots(space, labels, graph.parent, labels);
}

/** Mean length per crack of a digital line, averaged over directions: π / 4. */
const CRACK_TO_LENGTH = Math.PI / 4;
/** Pixels at the ends of a border, near a third region, that do not count. */
const END_PX = 3;

/** Strength of the strongest crest within a pixel, over `seen`, at most 1. */
function evidenceOf({ width }: BandSpace, crest: RowReader<Float32Array>, seen: number): RowReader<Float32Array> {
  return mapRows(crest, (rows) => {
    const relative = rows.map((strength) => Math.min(1, strength / seen));
    const evidence = new Float32Array(rows.length);
    dilateMax(width, rows.length / width, relative, evidence);
    return evidence;
  });
}
