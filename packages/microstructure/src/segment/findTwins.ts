import { DomainError, type LabelMap, type Raster, ShapeError } from "@materiome/core";

export interface FindTwinsOptions {
  /** Largest angle between the two long sides, degrees. @defaultValue 8 */
  readonly maxAngleDeg?: number | undefined;
  /** Least ratio of length to width of a lamella. @defaultValue 1.5 */
  readonly minAspect?: number | undefined;
  /** Largest deviation of a long side from a straight line, root mean square, px. @defaultValue 1, or 2.5 % of the length where that is more */
  readonly maxBendPx?: number | undefined;
  /** Share of each long side that one single grain must face. @defaultValue 0.75 */
  readonly minFacing?: number | undefined;
  /**
   * With an image: largest difference between the mean values of the two grains beside a lamella, as a share of the standard
   * deviation of the means of all grains. @defaultValue 0.5
   */
  readonly maxParentDifference?: number | undefined;
  /** Least share of the surroundings of the lamella's corners that belongs to other grains; see criterion 5. @defaultValue 0.42 */
  readonly minOutside?: number | undefined;
}

export interface Twin {
  /** Label of the lamella. */
  readonly label: number;
  /** Labels of the grain on either side of it, the smaller first; one number twice where it ends inside the grain. */
  readonly parents: readonly [number, number];
  /** Distance between the two sides, px. */
  readonly widthPx: number;
  readonly lengthPx: number;
  /** Direction of the sides, degrees counter-clockwise from +x, in (−90, 90]. */
  readonly orientationDeg: number;
  /** Angle between the two sides, degrees. */
  readonly angleBetweenDeg: number;
}

/**
 * Finds twin lamellae by their parallel boundaries: coherent twin boundaries lie on one plane, so both sides of a lamella are straight
 * and parallel, and the grain on either side is the same grain, cut in two.
 *
 * A region is a twin when (1) it is longer than wide; (2) on each of its long sides one single grain faces it over nearly all of the
 * length; (3) both sides are straight: a line fitted to the boundary leaves little; (4) they are parallel; (5) the two parts
 * fit together again: at the ends of the lamella the outer boundary of the grain goes on, so that its corners are T junctions, where other grains
 * take half of the surroundings, not the Y junctions of three grains, where they take a third; (6) with an image, both parts have the same grey or colour. Ends of the
 * sides, three pixels, are left out of the fits. Chains of lamellae in one grain are found each by itself.
 *
 * A twin at the edge of a grain shows only one straight boundary and is not found by geometry.
 *
 * @param labels - grains 1 … n that tile the image
 * @param image - grey or colour of the same size, for criterion 6
 * @throws ShapeError if the image does not fit; DomainError for options out of range
 * @see parallel-boundary tests of twins: P. J. Marshall, G. Proust, J. T. Rogers, R. J. McCabe, J. Microsc. 238, 218 (2010),
 *   doi:10.1111/j.1365-2818.2009.03343.x; ASTM E112-13 (twin boundaries are left out of grain size)
 * @example
 * const grains = mergeTwins(labels, findTwins(labels));
 */
export function findTwins(labels: LabelMap, image?: Raster<Float32Array>, options: FindTwinsOptions = {}): Twin[] {
  const { width, height, data } = labels;
  if (image !== undefined && (image.width !== width || image.height !== height)) {
    throw new ShapeError(
      `findTwins: the image is ${image.width} × ${image.height}, labels are ${width} × ${height}; they must be equal`,
    );
  }
  const limits = resolve(options);
  const grains = collect(labels, image);
  const twins: Twin[] = [];
  for (const [label, grain] of grains) {
    if (label === 0 || grain.area < 8) continue;
    const twin = judge(label, grain, limits, width, height, data);
    if (twin !== undefined) twins.push(twin);
  }
  if (image === undefined) return twins;
  const spread = spreadOfMeans(grains);
  return twins.filter(({ parents: [a, b] }) => {
    const difference = distance(grains.get(a)!.mean, grains.get(b)!.mean); // parents are labels
    return difference <= limits.maxParentDifference * spread;
  });
}

interface Limits {
  readonly maxAngleDeg: number;
  readonly minAspect: number;
  readonly maxBendPx: number | undefined;
  readonly minFacing: number;
  readonly maxParentDifference: number;
  readonly minOutside: number;
}

function resolve(options: FindTwinsOptions): Limits {
  const limits: Limits = {
    maxAngleDeg: options.maxAngleDeg ?? 8,
    minAspect: options.minAspect ?? 1.5,
    maxBendPx: options.maxBendPx,
    minFacing: options.minFacing ?? 0.75,
    maxParentDifference: options.maxParentDifference ?? 0.5,
    minOutside: options.minOutside ?? 0.42,
  };
  const check = (name: keyof Limits, isValid: boolean, range: string): void => {
    if (!isValid) throw new DomainError(`findTwins: ${name} must be ${range}, got ${limits[name]}`);
  };
  check("maxAngleDeg", limits.maxAngleDeg > 0 && limits.maxAngleDeg <= 45, "in 0 (excluded) … 45");
  check("minAspect", limits.minAspect >= 1, "at least 1");
  check("maxBendPx", limits.maxBendPx === undefined || limits.maxBendPx > 0, "positive");
  check("minFacing", limits.minFacing > 0.5 && limits.minFacing <= 1, "in 0.5 (excluded) … 1");
  check("maxParentDifference", limits.maxParentDifference >= 0, "at least 0");
  check("minOutside", limits.minOutside >= 0 && limits.minOutside < 1, "in 0 … 1 (excluded)");
  return limits;
}

interface Grain {
  area: number;
  x: number;
  y: number;
  xx: number;
  yy: number;
  xy: number;
  /** Cracks between pixels of this grain and another: x, y of the crack and the other's label, in threes. */
  readonly border: number[];
  readonly mean: number[];
}

function collect(labels: LabelMap, image: Raster<Float32Array> | undefined): Map<number, Grain> {
  const { width, height, data } = labels;
  const channels = image?.channels ?? 0;
  const grains = new Map<number, Grain>();
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const label = data[i]!; // i < size, here and below
      let grain = grains.get(label);
      if (grain === undefined) {
        grain = { area: 0, x: 0, y: 0, xx: 0, yy: 0, xy: 0, border: [], mean: new Array(channels).fill(0) };
        grains.set(label, grain);
      }
      grain.area++;
      grain.x += x;
      grain.y += y;
      grain.xx += x * x;
      grain.yy += y * y;
      grain.xy += x * y;
      for (let c = 0; c < channels; c++) grain.mean[c]! += image!.data[i * channels + c]!; // channels are of the image
      if (x > 0 && data[i - 1] !== label) grain.border.push(x - 0.5, y, data[i - 1]!);
      if (x + 1 < width && data[i + 1] !== label) grain.border.push(x + 0.5, y, data[i + 1]!);
      if (y > 0 && data[i - width] !== label) grain.border.push(x, y - 0.5, data[i - width]!);
      if (y + 1 < height && data[i + width] !== label) grain.border.push(x, y + 0.5, data[i + width]!);
    }
  }
  for (const grain of grains.values()) for (let c = 0; c < channels; c++) grain.mean[c]! /= grain.area;
  return grains;
}

interface Side {
  readonly facing: number;
  readonly share: number;
  readonly angle: number;
  readonly bend: number;
  /** Of the fitted line at the middle of the lamella, across it. */
  readonly offset: number;
  readonly length: number;
}

function judge(
  label: number,
  grain: Grain,
  limits: Limits,
  width: number,
  height: number,
  data: Uint32Array,
): Twin | undefined {
  const cx = grain.x / grain.area;
  const cy = grain.y / grain.area;
  const xx = grain.xx / grain.area - cx * cx + 1 / 12;
  const yy = grain.yy / grain.area - cy * cy + 1 / 12;
  const xy = grain.xy / grain.area - cx * cy;
  const along = 0.5 * Math.atan2(2 * xy, xx - yy);
  const half = Math.hypot((xx - yy) / 2, xy);
  const major = Math.sqrt((xx + yy) / 2 + half);
  const minor = Math.sqrt(Math.max(0, (xx + yy) / 2 - half));
  if (major < 0.8 * limits.minAspect * minor) return undefined; // no long side worth a look
  const ux = Math.cos(along);
  const uy = Math.sin(along);
  const sides: [number[], number[]] = [[], []];
  let least = Infinity;
  let most = -Infinity;
  for (let k = 0; k < grain.border.length; k += 3) {
    const s = (grain.border[k]! - cx) * ux + (grain.border[k + 1]! - cy) * uy; // in threes, here and below
    least = Math.min(least, s);
    most = Math.max(most, s);
  }
  const nominal = grain.area / Math.max(1, most - least);
  // A slanted end is as long as the lamella is wide and more: the middle of the length is what both sides share.
  const cut = Math.max(3, 0.5 * nominal);
  for (let k = 0; k < grain.border.length; k += 3) {
    const dx = grain.border[k]! - cx;
    const dy = grain.border[k + 1]! - cy;
    const s = dx * ux + dy * uy;
    if (s < least + cut || s > most - cut) continue;
    const t = dy * ux - dx * uy;
    sides[t < 0 ? 0 : 1].push(s, t, grain.border[k + 2]!);
  }
  const first = fitSide(sides[0]);
  const second = fitSide(sides[1]);
  if (first === undefined || second === undefined) return undefined;
  if (Math.min(first.share, second.share) < limits.minFacing) return undefined;
  if (first.facing === 0 || second.facing === 0) return undefined;
  const length = Math.min(first.length, second.length) + 2 * cut;
  const widthPx = (second.offset - first.offset) * Math.cos((first.angle + second.angle) / 2);
  if (length < limits.minAspect * widthPx) return undefined;
  const angleBetweenDeg = (Math.abs(first.angle - second.angle) * 180) / Math.PI;
  // Sides a few pixels long have an angle no better than their staircase allows.
  if (angleBetweenDeg > limits.maxAngleDeg) return undefined;
  const bend = limits.maxBendPx ?? Math.max(1, 0.025 * length);
  if (Math.max(first.bend, second.bend) > bend) return undefined;
  const parents: [number, number] = [first.facing, second.facing];
  const radius = Math.min(8, Math.max(4, widthPx));
  const outside = outsideAtCorners(label, grain.border, parents, { cx, cy, ux, uy }, radius, width, height, data);
  if (outside < limits.minOutside) return undefined;
  const direction = along + (first.angle + second.angle) / 2;
  let orientationDeg = (-direction * 180) / Math.PI; // y points down
  while (orientationDeg <= -90) orientationDeg += 180;
  while (orientationDeg > 90) orientationDeg -= 180;
  const [a, b] = parents;
  return { label, parents: a < b ? [a, b] : [b, a], widthPx, lengthPx: length, orientationDeg, angleBetweenDeg };
}

/** Line through the cracks of a side that face its main neighbour: t = offset + tan(angle) s. */
function fitSide(cracks: readonly number[]): Side | undefined {
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

/**
 * Mean share of the surroundings of the four corners of a lamella that belongs to other grains: one half where the lamella and its
 * parents end on one smooth boundary (T), about a third at an ordinary triple junction (Y). 0.5 where no corner meets another grain.
 */
function outsideAtCorners(
  label: number,
  border: readonly number[],
  parents: readonly [number, number],
  axis: { readonly cx: number; readonly cy: number; readonly ux: number; readonly uy: number },
  radius: number,
  width: number,
  height: number,
  data: Uint32Array,
): number {
  let sum = 0;
  let n = 0;
  for (const side of [0, 1] as const) {
    const ends: [number, number, number][] = [
      [Infinity, 0, 0],
      [-Infinity, 0, 0],
    ];
    for (let k = 0; k < border.length; k += 3) {
      const dx = border[k]! - axis.cx; // in threes
      const dy = border[k + 1]! - axis.cy;
      const t = dy * axis.ux - dx * axis.uy;
      if (border[k + 2] !== parents[side] || t < 0 !== (side === 0)) continue;
      const s = dx * axis.ux + dy * axis.uy;
      if (s < ends[0]![0]) ends[0] = [s, border[k]!, border[k + 1]!];
      if (s > ends[1]![0]) ends[1] = [s, border[k]!, border[k + 1]!];
    }
    for (const [s, x, y] of ends) {
      if (!Number.isFinite(s)) continue;
      const share = outsideShare(x, y, radius, [label, ...parents], width, height, data);
      if (share === undefined || share < 0.05) continue; // at the image border, or inside the parent
      sum += share;
      n++;
    }
  }
  return n === 0 ? 0.5 : sum / n;
}

/** Share of a disc that has none of the labels; undefined where a quarter of it is outside the image. */
function outsideShare(
  x: number,
  y: number,
  radius: number,
  own: readonly number[],
  width: number,
  height: number,
  data: Uint32Array,
): number | undefined {
  let inImage = 0;
  let inDisc = 0;
  let outside = 0;
  for (let yy = Math.ceil(y - radius); yy <= y + radius; yy++) {
    for (let xx = Math.ceil(x - radius); xx <= x + radius; xx++) {
      if ((xx - x) ** 2 + (yy - y) ** 2 > radius * radius) continue;
      inDisc++;
      if (xx < 0 || yy < 0 || xx >= width || yy >= height) continue;
      inImage++;
      if (!own.includes(data[yy * width + xx]!)) outside++; // inside the image
    }
  }
  return inImage < 0.75 * inDisc ? undefined : outside / inImage;
}

function spreadOfMeans(grains: ReadonlyMap<number, Grain>): number {
  const means = [...grains.values()].map(({ mean }) => mean);
  const n = means.length;
  const channels = means[0]?.length ?? 0;
  let variance = 0;
  for (let c = 0; c < channels; c++) {
    const middle = means.reduce((sum, mean) => sum + mean[c]!, 0) / n; // as many values as channels
    variance += means.reduce((sum, mean) => sum + (mean[c]! - middle) ** 2, 0) / n;
  }
  return Math.sqrt(variance);
}

function distance(a: readonly number[], b: readonly number[]): number {
  return Math.hypot(...a.map((value, c) => value - b[c]!)); // equally long
}
