import type { BandSpace } from "../bands/bandSpace.ts";
import type { RowReader } from "../bands/rowStore.ts";
import type { LamellaAxis } from "./lamellaAxis.ts";

/** Where a long side of a lamella ends. */
export interface LamellaCorner {
  readonly x: number;
  readonly y: number;
}

/** A lamella whose surroundings are to be looked at. */
export interface CorneredLamella {
  readonly label: number;
  readonly parents: readonly [number, number];
  readonly corners: readonly LamellaCorner[];
  /** Of the discs around the corners, px, at most `LARGEST_RADIUS_PX`. */
  readonly radius: number;
}

export const LARGEST_RADIUS_PX = 8;

/**
 * The first and the last crack of each long side at which the parent on that side is met.
 *
 * @param border - cracks: x, y and the label on the other side, in threes
 */
export function lamellaCorners(
  axis: LamellaAxis,
  border: readonly number[],
  parents: readonly [number, number],
): LamellaCorner[] {
  const corners: LamellaCorner[] = [];
  for (const side of [0, 1] as const) {
    let least = Infinity;
    let most = -Infinity;
    let first: LamellaCorner | undefined;
    let last: LamellaCorner | undefined;
    for (let k = 0; k < border.length; k += 3) {
      const x = border[k]!; // in threes
      const y = border[k + 1]!;
      const dx = x - axis.cx;
      const dy = y - axis.cy;
      const t = dy * axis.ux - dx * axis.uy;
      if (border[k + 2] !== parents[side] || t < 0 !== (side === 0)) continue;
      const s = dx * axis.ux + dy * axis.uy;
      if (s < least) {
        least = s;
        first = { x, y };
      }
      if (s > most) {
        most = s;
        last = { x, y };
      }
    }
    if (first !== undefined && last !== undefined) corners.push(first, last);
  }
  return corners;
}

/**
 * Mean share of the surroundings of the corners of each lamella that belongs to other grains: one half where the lamella and its
 * parents end on one smooth boundary (T), about a third at an ordinary triple junction (Y). 0.5 where no corner meets another grain.
 */
export function outsideAtCorners(
  space: BandSpace,
  labels: RowReader<Uint32Array>,
  lamellae: readonly CorneredLamella[],
): Float64Array {
  const corners = lamellae.flatMap(({ corners, radius, label, parents }) =>
    corners.map((corner) => ({ ...corner, radius, own: [label, ...parents] })),
  );
  const shares = new Float64Array(corners.length);
  const byRow = Uint32Array.from(corners.keys()).sort((i, j) => corners[i]!.y - corners[j]!.y); // corners
  const { width, height } = space;
  let k = 0;
  for (const { to, top, bottom } of space.bands(LARGEST_RADIUS_PX)) {
    const isInBand = (): boolean => k < byRow.length && corners[byRow[k]!]!.y < to;
    if (!isInBand()) continue;
    const rows = { width, height, top, data: labels.read(top, bottom) };
    for (; isInBand(); k++) shares[byRow[k]!] = outsideShare(corners[byRow[k]!]!, rows);
  }
  const outside = new Float64Array(lamellae.length).fill(0.5);
  let from = 0;
  for (const [i, { corners }] of lamellae.entries()) {
    // Not corners at the image border, nor those inside the parent.
    const seen = [...shares.subarray(from, from + corners.length)].filter((share) => share >= 0.05);
    from += corners.length;
    if (seen.length > 0) outside[i] = seen.reduce((sum, share) => sum + share, 0) / seen.length;
  }
  return outside;
}

interface Disc extends LamellaCorner {
  readonly radius: number;
  readonly own: readonly number[];
}

/** Rows from `top` on of labels of the size given. */
interface LabelRows {
  readonly width: number;
  readonly height: number;
  readonly top: number;
  readonly data: Uint32Array;
}

/** Share of a disc that has none of its own labels; NaN where a quarter of it is outside the image. */
function outsideShare({ x, y, radius, own }: Disc, { width, height, top, data }: LabelRows): number {
  let inImage = 0;
  let inDisc = 0;
  let outside = 0;
  for (let yy = Math.ceil(y - radius); yy <= y + radius; yy++) {
    for (let xx = Math.ceil(x - radius); xx <= x + radius; xx++) {
      if ((xx - x) ** 2 + (yy - y) ** 2 > radius * radius) continue;
      inDisc++;
      if (xx < 0 || yy < 0 || xx >= width || yy >= height) continue;
      inImage++;
      if (!own.includes(data[(yy - top) * width + xx]!)) outside++; // in the band and its halo
    }
  }
  return inImage < 0.75 * inDisc ? Number.NaN : outside / inImage;
}
