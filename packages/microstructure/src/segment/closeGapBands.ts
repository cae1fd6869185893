import { DomainError } from "@materiome/core";
import type { BandSpace } from "../bands/bandSpace.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";
import { lineEnds } from "../kernels/index.ts";
import type { ClosedGaps, CloseGapsOptions, GapLink } from "./closeGaps.ts";
import { requireSize } from "./requireRows.ts";
import type { SkeletonPoint } from "./skeletonArms.ts";
import { skeletonizeBands } from "./skeletonizeBands.ts";

export interface ClosedGapBands extends Omit<ClosedGaps, "mask"> {
  readonly mask: RowStore<Uint8Array>;
}

/**
 * `closeGaps`, band by band: in memory with one band, with files and many bands for mosaics, the same links and mask whatever the
 * bands. Memory holds a band with max(`maxGapPx`, `directionPx`) rows on either side, some hundred bytes for every end of a
 * line, and the pixels of the bridges; thinning holds what `skeletonizeBands` does.
 *
 * @param mask - lines not 0, of any thickness; ends are those of its skeleton
 * @throws ShapeError for a mask of another size than the space; DomainError for bad options
 * @example
 * const space = bandSpace(16384, 16384, { bandRows: 256, folder: "scratch" });
 * const { mask: closed, links } = closeGapBands(space, broken, { maxGapPx: 10 });
 */
export function closeGapBands(
  space: BandSpace,
  mask: RowReader<Uint8Array>,
  options: CloseGapsOptions = {},
): ClosedGapBands {
  const limits = resolve(options);
  requireSize("closeGaps", space, mask);
  const skeleton = skeletonizeBands(space, mask);
  const ends = findEnds(space, skeleton, limits);
  const bridges = findBridges(space, skeleton, ends, limits);
  skeleton.close();
  const { links, isLinked, bridged } = takeBridges(space.width, bridges);
  return {
    mask: drawBridges(space, mask, bridged),
    links,
    nEnds: ends.length,
    nOpen: ends.length - isLinked.size,
  };
}

interface LineEnd extends SkeletonPoint {
  /** Place in raster order. */
  readonly place: number;
  /** Unit vector along which the line runs out. */
  readonly dx: number;
  readonly dy: number;
}

interface Bridge {
  readonly from: LineEnd;
  readonly to: SkeletonPoint;
  readonly target: LineEnd | undefined;
  readonly kind: GapLink["kind"];
  readonly cost: number;
}

type Limits = { readonly [K in keyof CloseGapsOptions]-?: NonNullable<CloseGapsOptions[K]> };

function resolve(options: CloseGapsOptions): Limits {
  const { maxGapPx = 12, maxTurnDeg = 60, directionPx = 8, minLinePx = 4, toBorder = true } = options;
  if (!(maxGapPx >= 1 && maxGapPx < 1e4))
    throw new DomainError(`closeGaps: maxGapPx must be at least 1, got ${maxGapPx}`);
  if (!(maxTurnDeg >= 0 && maxTurnDeg <= 90)) {
    throw new DomainError(`closeGaps: maxTurnDeg must lie in 0 … 90, got ${maxTurnDeg}`);
  }
  if (!(directionPx >= 1 && directionPx < 1e4)) {
    throw new DomainError(`closeGaps: directionPx must be at least 1, got ${directionPx}`);
  }
  if (!(minLinePx >= 1)) throw new DomainError(`closeGaps: minLinePx must be at least 1, got ${minLinePx}`);
  return { maxGapPx, maxTurnDeg, directionPx, minLinePx, toBorder };
}

/** Steps along a line, and so rows, that its trail takes; no bridge goes farther. */
function reachOf({ directionPx, maxGapPx }: Limits): number {
  return Math.ceil(Math.max(directionPx, maxGapPx));
}

/** A band of the skeleton with the rows around it that trails and bridges reach. */
class SkeletonWindow {
  readonly #top: number;
  readonly #bottom: number;
  readonly #width: number;
  readonly #data: Uint8Array;

  constructor(width: number, top: number, bottom: number, data: Uint8Array) {
    this.#width = width;
    this.#top = top;
    this.#bottom = bottom;
    this.#data = data;
  }

  /** Whether the skeleton holds a pixel; false outside the image. */
  has(x: number, y: number): boolean {
    const isInside = x >= 0 && x < this.#width && y >= this.#top && y < this.#bottom;
    return isInside && this.#data[(y - this.#top) * this.#width + x] !== 0;
  }

  /** Places of the pixels reached from an end in at most `reach` steps, nearest first, the end itself first. */
  trail(x0: number, y0: number, reach: number): Set<number> {
    const width = this.#width;
    const seen = new Set([y0 * width + x0]);
    let front = [y0 * width + x0];
    for (let step = 0; step < reach && front.length > 0; step++) {
      const next: number[] = [];
      for (const i of front) {
        const x = i % width;
        const y = (i - x) / width;
        for (let dy = -1; dy <= 1; dy++) {
          for (let dx = -1; dx <= 1; dx++) {
            const j = (y + dy) * width + x + dx;
            if (!this.has(x + dx, y + dy) || seen.has(j)) continue;
            seen.add(j);
            next.push(j);
          }
        }
      }
      front = next;
    }
    return seen;
  }

  /** Whether the straight way between two pixels leads over a line. */
  isCrossed(a: SkeletonPoint, b: SkeletonPoint): boolean {
    const n = stepsBetween(a, b);
    for (let k = 1; k < n; k++) {
      const x = pointAt(a.x, b.x, k, n);
      const y = pointAt(a.y, b.y, k, n);
      if (this.has(x, y) && (x !== a.x || y !== a.y)) return true;
    }
    return false;
  }
}

function findEnds(space: BandSpace, skeleton: RowReader<Uint8Array>, limits: Limits): LineEnd[] {
  const { width } = space;
  const reach = reachOf(limits);
  const ends: LineEnd[] = [];
  for (const { from, to, top, bottom } of space.bands(reach)) {
    const data = skeleton.read(top, bottom);
    const window = new SkeletonWindow(width, top, bottom, data);
    const places = new Int32Array((to - from) * width);
    const n = lineEnds(width, bottom - top, from - top, to - top, data, places);
    for (const i of places.subarray(0, n)) {
      const x = i % width;
      const y = top + (i - x) / width;
      // The line behind the end; it goes on past branches, so that a bridge does not lead straight back to the line it comes from.
      const trail = [...window.trail(x, y, reach)];
      if (trail.length < limits.minLinePx) continue;
      const back = trail[Math.min(trail.length - 1, Math.round(limits.directionPx))]!; // trail holds minLinePx ≥ 1 pixels
      const bx = back % width;
      const by = (back - bx) / width;
      const length = Math.hypot(x - bx, y - by);
      if (length === 0) continue;
      ends.push({ place: y * width + x, x, y, dx: (x - bx) / length, dy: (y - by) / length });
    }
  }
  return ends;
}

/** The bridges that may be taken, best first. */
function findBridges(
  space: BandSpace,
  skeleton: RowReader<Uint8Array>,
  ends: readonly LineEnd[],
  limits: Limits,
): Bridge[] {
  const { width } = space;
  const reach = reachOf(limits);
  const endAt = new Map(ends.map((end) => [end.place, end]));
  const bridges: Bridge[] = [];
  let k = 0;
  for (const { to, top, bottom } of space.bands(reach)) {
    if (!(k < ends.length && ends[k]!.y < to)) continue; // k < length, as below
    const window = new SkeletonWindow(width, top, bottom, skeleton.read(top, bottom));
    for (; k < ends.length && ends[k]!.y < to; k++) {
      for (const bridge of bridgesFrom(ends[k]!, endAt, space, window, limits)) bridges.push(bridge);
    }
  }
  return bridges.sort((p, q) => p.cost - q.cost || p.from.place - q.from.place || p.to.y - q.to.y || p.to.x - q.to.x);
}

/**
 * The bridges from an end that may be taken: those that need a second end, up to the first that needs none. That one is taken if
 * the end is still free when its turn comes, so none behind it ever is.
 */
function bridgesFrom(
  end: LineEnd,
  endAt: ReadonlyMap<number, LineEnd>,
  { width, height }: BandSpace,
  window: SkeletonWindow,
  limits: Limits,
): Bridge[] {
  const trail = window.trail(end.x, end.y, reachOf(limits));
  const least = Math.cos((limits.maxTurnDeg * Math.PI) / 180) - 1e-9;
  const reach = Math.floor(limits.maxGapPx);
  const found: Bridge[] = [];
  for (let y = Math.max(0, end.y - reach); y <= Math.min(height - 1, end.y + reach); y++) {
    for (let x = Math.max(0, end.x - reach); x <= Math.min(width - 1, end.x + reach); x++) {
      const isLine = window.has(x, y);
      const isBorder = limits.toBorder && (x === 0 || y === 0 || x === width - 1 || y === height - 1);
      if (!isLine && !isBorder) continue;
      const place = y * width + x;
      if (trail.has(place)) continue;
      const length = Math.hypot(x - end.x, y - end.y);
      if (length > limits.maxGapPx) continue;
      const cos = ((x - end.x) * end.dx + (y - end.y) * end.dy) / length;
      if (cos < least) continue;
      const to = { x, y };
      const target = endAt.get(place);
      const cosThere = target === undefined ? 0 : ((end.x - x) * target.dx + (end.y - y) * target.dy) / length;
      if (target !== undefined && cosThere >= least) {
        // Met from both ends; kept once.
        if (target.place > end.place) {
          found.push({ from: end, to, target, kind: "end", cost: length * (5 - 2 * cos - 2 * cosThere) });
        }
      } else {
        const kind = isLine ? "line" : "border";
        found.push({ from: end, to, target: undefined, kind, cost: 2 * length * (3 - 2 * cos) });
      }
    }
  }
  found.sort((p, q) => p.cost - q.cost || p.to.y - q.to.y || p.to.x - q.to.x);
  const bridges: Bridge[] = [];
  for (const bridge of found) {
    if (window.isCrossed(end, bridge.to)) continue;
    bridges.push(bridge);
    if (bridge.target === undefined) break;
  }
  return bridges;
}

interface TakenBridges {
  readonly links: readonly GapLink[];
  readonly isLinked: ReadonlySet<LineEnd>;
  /** Places of their pixels. */
  readonly bridged: ReadonlySet<number>;
}

/** Takes bridges in order, each end once. */
function takeBridges(width: number, bridges: readonly Bridge[]): TakenBridges {
  const bridged = new Set<number>();
  const isLinked = new Set<LineEnd>();
  const links: GapLink[] = [];
  for (const { from, target, to, kind } of bridges) {
    if (isLinked.has(from) || (target !== undefined && isLinked.has(target))) continue;
    const n = stepsBetween(from, to);
    const at = (k: number): SkeletonPoint => ({ x: pointAt(from.x, to.x, k, n), y: pointAt(from.y, to.y, k, n) });
    const placeAt = (k: number): number => at(k).y * width + at(k).x;
    // An earlier bridge may lie in the way: then that is where this one ends.
    let last = Math.min(n, 2);
    while (last < n && !bridged.has(placeAt(last))) last++;
    const isStopped = last < n;
    for (let k = 0; k <= last; k++) bridged.add(placeAt(k));
    isLinked.add(from);
    if (target !== undefined && !isStopped) isLinked.add(target);
    links.push({ from: { x: from.x, y: from.y }, to: at(last), kind: isStopped ? "line" : kind });
  }
  return { links, isLinked, bridged };
}

/** Steps of the digital line between two pixels. */
function stepsBetween(a: SkeletonPoint, b: SkeletonPoint): number {
  return Math.max(Math.abs(b.x - a.x), Math.abs(b.y - a.y));
}

/** A coordinate of the digital line after `k` of `n` steps. */
function pointAt(a: number, b: number, k: number, n: number): number {
  return Math.round(a + (n === 0 ? 0 : ((b - a) * k) / n));
}

function drawBridges(
  space: BandSpace,
  mask: RowReader<Uint8Array>,
  bridged: ReadonlySet<number>,
): RowStore<Uint8Array> {
  const { width } = space;
  const places = Float64Array.from(bridged).sort();
  const out = space.store("uint8");
  let k = 0;
  for (const { from, to } of space.bands(0)) {
    const rows = mask.read(from, to).map((value) => (value === 0 ? 0 : 1));
    for (; k < places.length && places[k]! < to * width; k++) rows[places[k]! - from * width] = 1; // k < length
    out.write(from, rows);
  }
  return out;
}
