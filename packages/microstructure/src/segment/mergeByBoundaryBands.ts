import { DomainError } from "@materiome/core";
import type { BandSpace } from "../bands/bandSpace.ts";
import { renumberRoots } from "../bands/renumberRoots.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";
import { BorderHeap } from "./borderHeap.ts";
import { borderStrength, collectBorders } from "./collectBorders.ts";
import { rangeOfRows } from "./greyImage.ts";
import { labelAreas } from "./labelAreas.ts";
import type { MergeByBoundaryOptions, MergedRegions } from "./mergeByBoundary.ts";
import { RegionGraph } from "./regionGraph.ts";
import { requireSize } from "./requireRows.ts";

export interface MergedRegionBands extends Omit<MergedRegions, "labels"> {
  readonly labels: RowStore<Uint32Array>;
}

/**
 * `mergeByBoundary`, band by band: in memory with one band, with files and many bands for mosaics, the same labels whatever the
 * bands. Besides a band, memory holds some 40 bytes a region and some 100 a border.
 *
 * @param labels - 0 takes no part; not changed
 * @param strength - boundary evidence a pixel, finite
 * @throws ShapeError, DomainError as `mergeByBoundary` does, before anything is joined
 * @example
 * const space = bandSpace(16384, 16384, { bandRows: 256, folder: "scratch" });
 * const superpixels = slicSuperpixelBands(space, grey);
 * const { labels, n } = mergeByBoundaryBands(space, superpixels.labels, gradient, { maxStrength: 0.1 });
 */
export function mergeByBoundaryBands(
  space: BandSpace,
  labels: RowReader<Uint32Array>,
  strength: RowReader<Float32Array>,
  options: MergeByBoundaryOptions = {},
): MergedRegionBands {
  const { maxStrength = Number.NEGATIVE_INFINITY, minAreaPx = 0, endPx = 0 } = options;
  if (Number.isNaN(maxStrength)) throw new DomainError("mergeByBoundary: maxStrength is NaN");
  if (!(minAreaPx >= 0)) throw new DomainError(`mergeByBoundary: minAreaPx must be at least 0, got ${minAreaPx}`);
  if (!(Number.isInteger(endPx) && endPx >= 0)) {
    throw new DomainError(`mergeByBoundary: endPx must be a whole number of at least 0, got ${endPx}`);
  }
  requireSize("mergeByBoundary", space, labels, "the label map");
  requireSize("mergeByBoundary", space, strength, "the strength");
  const { min, max } = rangeOfRows("mergeByBoundary", space, strength);
  const area = labelAreas(space, labels);
  const table = collectBorders(space, labels, strength, endPx);
  const scale = max > min ? 1 / (max - min) : 0;
  const graph = new RegionGraph(table, area.length - 1);
  const heap = new BorderHeap("as pushed");
  /** @param entry - the end of the border at the region that is to keep its number where both have as many neighbours */
  const offer = (entry: number): void => {
    const e = entry >> 1;
    const mean = borderStrength(table, e);
    const weakness = 1 + (max - mean) * scale; // 1 … 2
    const smaller = Math.min(area[table.a[e]!]!, area[table.b[e]!]!); // e < count, labels
    if (smaller < minAreaPx)
      heap.push(2 + weakness, entry, graph.version[e]!); // before all others
    else if (mean < maxStrength) heap.push(weakness, entry, graph.version[e]!);
  };
  for (let label = 1; label < area.length; label++) {
    for (const entry of graph.entriesOf(label)) if ((entry & 1) === 0) offer(entry);
  }
  let nMerged = 0;
  for (let top = heap.pop(); top !== undefined; top = heap.pop()) {
    const entry = top.border;
    if (graph.version[entry >> 1] !== top.version) continue;
    const a = graph.regionAt(entry);
    const b = graph.regionAt(entry ^ 1);
    const into = graph.degree[a]! >= graph.degree[b]! ? a : b; // labels, as below
    const from = into === a ? b : a;
    area[into]! += area[from]!;
    nMerged++;
    graph.join(into, from, (e, end) => {
      graph.version[e]! += 1; // the region has grown: what was queued for it as small must not be used
      offer(end);
    });
  }
  const joined = space.store("uint32");
  const n = renumberRoots(space, labels, graph.parent, joined);
  return { labels: joined, n, nMerged };
}
