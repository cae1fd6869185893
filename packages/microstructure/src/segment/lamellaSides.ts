import type { LamellaAxis } from "./lamellaAxis.ts";

/** A long side of a lamella. */
export interface LamellaSide {
  /** The grain along most of it, and that grain's share. */
  readonly facing: number;
  readonly share: number;
  /** Of the fitted line to the long axis, radians. */
  readonly angle: number;
  /** Root mean square deviation from the line, px. */
  readonly bend: number;
  /** Of the fitted line at the middle of the lamella, across it. */
  readonly offset: number;
  readonly length: number;
}

export interface LamellaSides {
  readonly first: LamellaSide;
  readonly second: LamellaSide;
  readonly widthPx: number;
  readonly lengthPx: number;
}

/**
 * The two long sides of a region, without its ends; undefined where one is too short for a line.
 *
 * @param border - cracks: x, y and the label on the other side, in threes
 */
export function lamellaSides(axis: LamellaAxis, border: readonly number[]): LamellaSides | undefined {
  const { area, cx, cy, ux, uy } = axis;
  let least = Infinity;
  let most = -Infinity;
  for (let k = 0; k < border.length; k += 3) {
    const s = (border[k]! - cx) * ux + (border[k + 1]! - cy) * uy; // in threes, here and below
    least = Math.min(least, s);
    most = Math.max(most, s);
  }
  const nominal = area / Math.max(1, most - least);
  // A slanted end is as long as the lamella is wide and more: the middle of the length is what both sides share.
  const cut = Math.max(3, 0.5 * nominal);
  const sides: [number[], number[]] = [[], []];
  for (let k = 0; k < border.length; k += 3) {
    const dx = border[k]! - cx;
    const dy = border[k + 1]! - cy;
    const s = dx * ux + dy * uy;
    if (s < least + cut || s > most - cut) continue;
    const t = dy * ux - dx * uy;
    sides[t < 0 ? 0 : 1].push(s, t, border[k + 2]!);
  }
  const first = fitSide(sides[0]);
  const second = fitSide(sides[1]);
  if (first === undefined || second === undefined) return undefined;
  return {
    first,
    second,
    widthPx: (second.offset - first.offset) * Math.cos((first.angle + second.angle) / 2),
    lengthPx: Math.min(first.length, second.length) + 2 * cut,
  };
}

/** Line through the cracks of a side that face its main neighbour: t = offset + tan(angle) s. */
function fitSide(cracks: readonly number[]): LamellaSide | undefined {
  const n = cracks.length / 3;
  if (n < 6) return undefined;
  const counts = new Map<number, number>();
  for (let k = 2; k < cracks.length; k += 3) counts.set(cracks[k]!, (counts.get(cracks[k]!) ?? 0) + 1); // in threes
  let facing = 0;
  let nFacing = 0;
  for (const [other, count] of counts) {
    if (count > nFacing || (count === nFacing && other < facing)) {
      facing = other;
      nFacing = count;
    }
  }
  let ss = 0;
  let s1 = 0;
  let st = 0;
  let t1 = 0;
  let tt = 0;
  let from = Infinity;
  let to = -Infinity;
  for (let k = 0; k < cracks.length; k += 3) {
    const s = cracks[k]!;
    const t = cracks[k + 1]!;
    ss += s * s;
    s1 += s;
    st += s * t;
    t1 += t;
    tt += t * t;
    from = Math.min(from, s);
    to = Math.max(to, s);
  }
  const varS = ss / n - (s1 / n) ** 2;
  if (!(varS > 0)) return undefined;
  const slope = (st / n - (s1 / n) * (t1 / n)) / varS;
  const offset = t1 / n - slope * (s1 / n);
  const residual = tt / n - (t1 / n) ** 2 - slope * slope * varS;
  return {
    facing,
    share: nFacing / n,
    angle: Math.atan(slope),
    bend: Math.sqrt(Math.max(0, residual)),
    offset,
    length: to - from,
  };
}
