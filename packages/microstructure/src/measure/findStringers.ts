import { DomainError, type LabelMap } from "@materiome/core";
import { regionExtents } from "../kernels/index.ts";
import { resolvePixelSize } from "./resolvePixelSize.ts";

export interface FindStringersOptions {
  /** Direction of deformation, degrees counter-clockwise from +x. @defaultValue 0 */
  readonly deformationAxisDeg?: number | undefined;
  /** Largest gap along the axis between neighbours, µm (px without calibration). @defaultValue 40 µm; none without calibration */
  readonly maxGap?: number | undefined;
  /** Largest offset of their centre lines square to the axis, µm (px without calibration). @defaultValue 15 µm; none without calibration */
  readonly maxOffset?: number | undefined;
  /** Edge of a pixel, µm. @defaultValue that of the label map */
  readonly pixelSizeUm?: number | undefined;
}

/** Bodies that lie in line; a single body is a stringer of one. Lengths in µm, or px without calibration. */
export interface Stringer {
  readonly labels: readonly number[];
  /** Along the axis, from the first body to the last, gaps included. */
  readonly length: number;
  /** Of the widest body, square to the axis. */
  readonly width: number;
  readonly touchesEdge: boolean;
}

/**
 * Joins inclusions that follow each other along the direction of deformation: neighbours in a stringer are less than
 * `maxGap` apart along the axis, and their centre lines no more than `maxOffset` apart square to it.
 *
 * @param labels - bodies 1 … n, 0 matrix
 * @returns longest first
 * @throws DomainError for distances that are negative or an axis that is not finite, and without calibration unless both
 *   distances are given
 * @see ASTM E45-18, terminology (stringer: gaps below 40 µm, offset within 15 µm)
 * @example
 * const [longest] = findStringers(labels, { pixelSizeUm: 0.5 });
 */
export function findStringers(labels: LabelMap, options: FindStringersOptions = {}): Stringer[] {
  const { deformationAxisDeg = 0, maxGap = 40, maxOffset = 15 } = options;
  const pixelSizeUm = resolvePixelSize("findStringers", labels, options.pixelSizeUm);
  if (pixelSizeUm === undefined && (options.maxGap === undefined || options.maxOffset === undefined)) {
    throw new DomainError(
      "findStringers: the gap and offset of the standard are in µm, but the map has no calibration; give pixelSizeUm, or maxGap and maxOffset in px",
    );
  }
  const scale = pixelSizeUm ?? 1;
  if (!(Number.isFinite(deformationAxisDeg) && maxGap >= 0 && maxOffset >= 0)) {
    throw new DomainError(
      `findStringers: needs a finite axis and distances of zero or more, got ${deformationAxisDeg}, ${maxGap}, ${maxOffset}`,
    );
  }
  const { width, height, data } = labels;
  const n = data.reduce((a, b) => Math.max(a, b), 0);
  const angle = (deformationAxisDeg * Math.PI) / 180;
  const [ux, uy] = [Math.cos(angle), -Math.sin(angle)];
  const along = new Float64Array(2 * (n + 1));
  const across = new Float64Array(2 * (n + 1));
  regionExtents(width, height, n, data, ux, uy, along);
  regionExtents(width, height, n, data, -uy, ux, across);
  const bodies = Array.from({ length: n }, (_, k) => ({
    label: k + 1,
    from: along[2 * k + 2]! * scale, // k < n, as below
    to: along[2 * k + 3]! * scale,
    low: across[2 * k + 2]! * scale,
    high: across[2 * k + 3]! * scale,
    group: k,
  }))
    .filter(({ from }) => Number.isFinite(from))
    .sort((a, b) => a.from - b.from);
  const parent = Int32Array.from(bodies, (_, i) => i);
  const root = (i: number): number => {
    let r = i;
    while (parent[r] !== r) r = parent[r]!; // parents are places in bodies
    return r;
  };
  for (const [i, a] of bodies.entries()) {
    for (let j = i + 1; j < bodies.length; j++) {
      const b = bodies[j]!; // j < length
      if (b.from - a.to >= maxGap && b.from > a.to) break; // sorted: all later ones are farther
      if (Math.abs((b.low + b.high - a.low - a.high) / 2) <= maxOffset) parent[root(j)] = root(i);
    }
  }
  const onEdge = edgeLabels(labels);
  const groups = new Map<number, (typeof bodies)[number][]>();
  for (const [i, body] of bodies.entries()) {
    const list = groups.get(root(i));
    if (list === undefined) groups.set(root(i), [body]);
    else list.push(body);
  }
  return [...groups.values()]
    .map((members): Stringer => {
      const from = Math.min(...members.map((body) => body.from));
      const to = Math.max(...members.map((body) => body.to));
      return {
        labels: members.map(({ label }) => label),
        length: to - from,
        width: Math.max(...members.map(({ low, high }) => high - low)),
        touchesEdge: members.some(({ label }) => onEdge.has(label)),
      };
    })
    .sort((a, b) => b.length - a.length);
}

function edgeLabels({ data, width, height }: LabelMap): Set<number> {
  const edge = new Set<number>();
  for (let x = 0; x < width; x++) edge.add(data[x]!).add(data[(height - 1) * width + x]!); // inside the map
  for (let y = 0; y < height; y++) edge.add(data[y * width]!).add(data[(y + 1) * width - 1]!); // inside the map
  return edge;
}
