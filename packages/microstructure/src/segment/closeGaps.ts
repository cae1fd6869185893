import { createRaster, DomainError, type Raster, ShapeError } from "@materiome/core";
import { pixelTest, type SkeletonPoint, skeletonArms } from "./skeletonArms.ts";
import { skeletonize } from "./skeletonize.ts";

export interface CloseGapsOptions {
  /** Longest gap that is bridged, px from line end to line end. @defaultValue 12 */
  readonly maxGapPx?: number | undefined;
  /** Most that a bridge may turn away from the direction of a line, degrees, 0 … 90. @defaultValue 60 */
  readonly maxTurnDeg?: number | undefined;
  /** Length over which the direction of a line is taken at its end, px. @defaultValue 8 */
  readonly directionPx?: number | undefined;
  /** Pieces of skeleton shorter than this are no lines and are not continued. @defaultValue 4 */
  readonly minLinePx?: number | undefined;
  /** Continue lines that end within `maxGapPx` of the border of the image up to it. @defaultValue true */
  readonly toBorder?: boolean | undefined;
}

export interface GapLink {
  readonly from: SkeletonPoint;
  readonly to: SkeletonPoint;
  /** What it leads to. */
  readonly kind: "end" | "line" | "border";
}

export interface ClosedGaps {
  /** The mask with the bridges, one pixel wide and 8-connected, drawn in. */
  readonly mask: Raster<Uint8Array>;
  readonly links: readonly GapLink[];
  /** Ends of lines found, and those left open. */
  readonly nEnds: number;
  readonly nOpen: number;
}

/**
 * Bridges gaps in a broken network of lines: every free end of the skeleton is continued, along the direction in which its
 * line runs, to the best of: another end that runs towards it, another line, the border of the image.
 *
 * A bridge is straight, at most `maxGapPx` long, turns at most `maxTurnDeg` at either end and crosses no line. Its cost is
 * its length times 1 + 2 Σ (1 − cos turn) over its ends, doubled where it leads to the side of a line or to the border
 * (two ends that face each other are better evidence of one broken line). Bridges are taken by rising cost, each end once.
 *
 * Ends are linked rather than cut by a watershed of the distance map because that closes every neck, whether a line points at
 * it or not, and needs a seed in every grain. What this cannot do: gaps wider than the direction of a line holds; a
 * junction that is missing with all its arms (the first bridge makes the corner, others join it as a line).
 *
 * @param mask - lines not 0, of any thickness; ends are those of its skeleton
 * @throws ShapeError for more than one channel; DomainError for bad options
 * @example
 * const { mask: closed, links } = closeGaps(broken, { maxGapPx: 10 });
 */
export function closeGaps(mask: Raster<Uint8Array>, options: CloseGapsOptions = {}): ClosedGaps {
  if (mask.channels !== 1) throw new ShapeError(`closeGaps: mask must have one channel, got ${mask.channels}`);
  const limits = resolve(options);
  const { width, height, pixelSizeUm } = mask;
  const skeleton = skeletonize(mask).data;
  const on = pixelTest(skeleton, width, height);
  const ends = findEnds(skeleton, width, on, limits);
  const endAt = new Map(ends.map((end) => [end.y * width + end.x, end]));
  const bridges = ends.flatMap((end) => bridgesFrom(end, endAt, width, height, on, limits));
  bridges.sort((p, q) => p.cost - q.cost || p.from.index - q.from.index || p.to.y - q.to.y || p.to.x - q.to.x);
  const data = mask.data.map((value) => (value === 0 ? 0 : 1));
  const bridged = new Uint8Array(data.length);
  const isLinked = new Set<LineEnd>();
  const links: GapLink[] = [];
  for (const { from, target, to, kind } of bridges) {
    if (isLinked.has(from) || (target !== undefined && isLinked.has(target))) continue;
    // An earlier bridge may lie in the way: then that is where this one ends.
    const path = digitalLine(from, to);
    const stop = path.findIndex(({ x, y }, k) => k > 1 && k < path.length - 1 && bridged[y * width + x] === 1);
    const last = stop < 0 ? path.length - 1 : stop;
    for (const { x, y } of path.slice(0, last + 1)) {
      data[y * width + x] = 1;
      bridged[y * width + x] = 1;
    }
    isLinked.add(from);
    if (target !== undefined && stop < 0) isLinked.add(target);
    const { x, y } = path[last]!; // last is 0 … length − 1
    links.push({ from: { x: from.x, y: from.y }, to: { x, y }, kind: stop < 0 ? kind : "line" });
  }
  return {
    mask: createRaster(data, width, height, { pixelSizeUm }),
    links,
    nEnds: ends.length,
    nOpen: ends.length - isLinked.size,
  };
}

interface LineEnd extends SkeletonPoint {
  readonly index: number;
  /** Unit vector along which the line runs out. */
  readonly dx: number;
  readonly dy: number;
  /** Pixels of the line behind the end, nearest first. */
  readonly trail: ReadonlySet<number>;
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

function findEnds(
  skeleton: Uint8Array,
  width: number,
  on: (x: number, y: number) => boolean,
  limits: Limits,
): LineEnd[] {
  const ends: LineEnd[] = [];
  for (const [index, value] of skeleton.entries()) {
    if (value === 0) continue;
    const x = index % width;
    const y = (index - x) / width;
    if (skeletonArms(x, y, on).length !== 1) continue;
    // The line behind the end, as far as no branch is met; `trail` goes on past branches, so that a bridge does not
    // lead straight back to the line it comes from.
    const trail = behind(x, y, width, on, Math.max(limits.directionPx, limits.maxGapPx));
    if (trail.length < limits.minLinePx) continue;
    const back = trail[Math.min(trail.length - 1, Math.round(limits.directionPx))]!; // trail holds minLinePx ≥ 1 pixels
    const bx = back % width;
    const by = (back - bx) / width;
    const length = Math.hypot(x - bx, y - by);
    if (length === 0) continue;
    ends.push({ index, x, y, dx: (x - bx) / length, dy: (y - by) / length, trail: new Set(trail) });
  }
  return ends;
}

/** Skeleton pixels reached from an end in at most `reach` steps, nearest first, the end itself first. */
function behind(x0: number, y0: number, width: number, on: (x: number, y: number) => boolean, reach: number): number[] {
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
          if (!on(x + dx, y + dy) || seen.has(j)) continue;
          seen.add(j);
          next.push(j);
        }
      }
    }
    front = next;
  }
  return [...seen];
}

function bridgesFrom(
  end: LineEnd,
  endAt: ReadonlyMap<number, LineEnd>,
  width: number,
  height: number,
  on: (x: number, y: number) => boolean,
  limits: Limits,
): Bridge[] {
  const least = Math.cos((limits.maxTurnDeg * Math.PI) / 180) - 1e-9;
  const reach = Math.floor(limits.maxGapPx);
  const bridges: Bridge[] = [];
  for (let y = Math.max(0, end.y - reach); y <= Math.min(height - 1, end.y + reach); y++) {
    for (let x = Math.max(0, end.x - reach); x <= Math.min(width - 1, end.x + reach); x++) {
      const isBorder = limits.toBorder && (x === 0 || y === 0 || x === width - 1 || y === height - 1);
      if (!isBorder && !on(x, y)) continue;
      const index = y * width + x;
      if (end.trail.has(index)) continue;
      const length = Math.hypot(x - end.x, y - end.y);
      if (length > limits.maxGapPx) continue;
      const cos = ((x - end.x) * end.dx + (y - end.y) * end.dy) / length;
      if (cos < least) continue;
      if (isCrossing(end, { x, y }, width, on)) continue;
      const to = { x, y };
      const target = endAt.get(index);
      const cosThere = target === undefined ? 0 : ((end.x - x) * target.dx + (end.y - y) * target.dy) / length;
      if (target !== undefined && cosThere >= least) {
        // Met from both ends; kept once.
        if (target.index > end.index) {
          bridges.push({ from: end, to, target, kind: "end", cost: length * (5 - 2 * cos - 2 * cosThere) });
        }
      } else {
        const kind = on(x, y) ? "line" : "border";
        bridges.push({ from: end, to, target: undefined, kind, cost: 2 * length * (3 - 2 * cos) });
      }
    }
  }
  return bridges;
}

/** Whether the way to a pixel leads over another line first, or along the end's own line. */
function isCrossing(from: LineEnd, to: SkeletonPoint, width: number, on: (x: number, y: number) => boolean): boolean {
  const path = digitalLine(from, to);
  return path.some(({ x, y }, k) => k > 0 && k < path.length - 1 && on(x, y) && y * width + x !== from.index);
}

/** Pixels of the straight line between two, both included. */
function digitalLine(a: SkeletonPoint, b: SkeletonPoint): SkeletonPoint[] {
  const n = Math.max(Math.abs(b.x - a.x), Math.abs(b.y - a.y));
  return Array.from({ length: n + 1 }, (_, k) => ({
    x: Math.round(a.x + (n === 0 ? 0 : ((b.x - a.x) * k) / n)),
    y: Math.round(a.y + (n === 0 ? 0 : ((b.y - a.y) * k) / n)),
  }));
}
