import {
  createMatrix,
  type Domain,
  decodeArray,
  displayUnit,
  encodeArray,
  type FeatureMatrix,
  FormatError,
  type Json,
} from "@materiome/core";
import { createNeighbourSearch } from "@materiome/core/numerics";
import { medianOf } from "../validation/scores.ts";
import { shortNumber } from "../validation/shortNumber.ts";

/**
 * What the training rows say about where a model may be trusted: the range of every feature that stands for a measured
 * quantity, and how near the nearest training row (of another group) usually is.
 */
export interface TrainedDomain {
  /** Training rows in standardised features, missing values at the centre; row-major [nRows, nFeatures]. */
  readonly points: Float64Array;
  readonly nRows: number;
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly centre: Float64Array;
  /** Standardised feature = (value − centre) · factor; features of one column together weigh as much as one. */
  readonly factor: Float64Array;
  /** 1 where the feature's range is checked. */
  readonly isRanged: Uint8Array;
  /** Median and 99 % quantile of the training rows' distances to the nearest row of another group. */
  readonly usual: number;
  readonly limit: number;
}

/** Rows whose distances to the others set the limit; more would cost without changing a quantile much. */
const MOST_REFERENCE_ROWS = 2000;
const LIMIT_QUANTILE = 0.99;
/** What a unit conversion may add to a value at the edge of its range, as a share of it. */
const ROUNDING = 1e-12;

/** @param groups - group of each row; neighbours are looked for among rows of other groups */
export function fitDomain(x: FeatureMatrix, groups: Int32Array): TrainedDomain {
  const { rows: n, columns: d, data, features } = x;
  const low = new Float64Array(d).fill(Number.POSITIVE_INFINITY);
  const high = new Float64Array(d).fill(Number.NEGATIVE_INFINITY);
  const centre = new Float64Array(d);
  const factor = new Float64Array(d);
  const perColumn = new Map<string, number>();
  for (const { source } of features) {
    const key = source.join(" ");
    perColumn.set(key, (perColumn.get(key) ?? 0) + 1);
  }
  for (let f = 0; f < d; f++) {
    let count = 0;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const value = data[i * d + f] as number; // f < d
      if (Number.isNaN(value)) continue;
      low[f] = Math.min(low[f] as number, value);
      high[f] = Math.max(high[f] as number, value);
      count++;
      sum += value;
    }
    const mean = count === 0 ? 0 : sum / count;
    for (let i = 0; i < n; i++) {
      const value = data[i * d + f] as number;
      if (!Number.isNaN(value)) squares += (value - mean) ** 2;
    }
    const std = Math.sqrt(squares / Math.max(1, count));
    centre[f] = mean;
    const block = perColumn.get(features[f]?.source.join(" ") ?? "") ?? 1;
    factor[f] = std > 1e-12 * Math.abs(mean) ? 1 / (std * Math.sqrt(block)) : 0;
  }
  const points = standardise(data, d, centre, factor);
  const step = Math.ceil(n / MOST_REFERENCE_ROWS);
  const distances: number[] = [];
  for (let i = 0; i < n; i += step) {
    const nearest = nearestRow(points, n, d, i, (j) => groups[j] !== groups[i]);
    if (nearest.row >= 0) distances.push(nearest.distance);
  }
  distances.sort((a, b) => a - b);
  const positive = distances.filter((distance) => distance > 0);
  const at = (values: readonly number[], p: number): number => values[Math.floor(p * (values.length - 1))] ?? 0;
  return {
    points,
    nRows: n,
    low,
    high,
    centre,
    factor,
    isRanged: Uint8Array.from(features, (feature) => (isQuantity(feature.name, feature.source) ? 1 : 0)),
    usual: at(positive, 0.5),
    limit: Math.max(at(distances, LIMIT_QUANTILE), at(positive, 0.5)),
  };
}

/** A column itself, or an element's share in it: what a person sets; not the statistics made of those. */
function isQuantity(name: string, source: readonly string[]): boolean {
  return source.includes(name) || name.endsWith(" fraction");
}

/** Width of each feature's range, or what stands for it where all training rows have one value; 0 where nothing can. */
function widthsOf({ low, high, isRanged }: TrainedDomain, features: FeatureMatrix["features"]): Float64Array {
  const own = low.map((lowest, f) => (high[f] as number) - lowest); // one each
  const byKind = new Map<string, number[]>();
  const kindsOf = (f: number): string[] => {
    const { source = [], unit = "" } = features[f] ?? {};
    return [`${unit} of ${source.join(" ")}`, unit];
  };
  for (const [f, width] of own.entries()) {
    if (isRanged[f] === 0 || !(width > 0 && Number.isFinite(width))) continue;
    for (const kind of kindsOf(f)) byKind.set(kind, [...(byKind.get(kind) ?? []), width]);
  }
  return own.map((width, f) => {
    if (width !== 0) return width;
    if (low[f] !== 0) return Math.abs(low[f] as number);
    const alike = kindsOf(f)
      .map((kind) => byKind.get(kind))
      .find((found) => found !== undefined);
    return alike === undefined ? 0 : medianOf(Float64Array.from(alike));
  });
}

/** The share of all elements that no training row had, in one feature. */
export function isOtherElements(name: string): boolean {
  return name.endsWith("other elements fraction");
}

/** Domain with the nearest training rows of each row, [n, k], nearest first. */
export interface NearDomain extends Domain {
  readonly neighbours: Int32Array;
  readonly k: number;
}

/**
 * Domain of encoded rows. Score: the larger of distance / limit and, outside a range, 1 + excess / width of the range; at least 2 with
 * oddities. A quantity that was the same in all training rows has no width: its size stands for it, and where that is 0 (an element that no
 * training row had) the median width of the other quantities of the same column, else of the same unit; a score of 2 where there are none.
 *
 * @param k - nearest training rows to name; as many as there are where those are fewer
 */
export function checkDomain(trained: TrainedDomain, x: FeatureMatrix, oddities: Oddities, k = 1): NearDomain {
  const { nRows, low, high, isRanged, points, centre, factor, usual, limit } = trained;
  const { rows: n, columns: d, features } = x;
  const score = new Float64Array(n);
  const reasons = new Array<string | undefined>(n).fill(undefined);
  const rows = standardise(x.data, d, centre, factor);
  const nNear = Math.min(k, nRows);
  const widths = widthsOf(trained, features);
  const near = createNeighbourSearch(createMatrix(nRows, d, points))(createMatrix(n, d, rows), nNear);
  for (let i = 0; i < n; i++) {
    const found: string[] = [];
    let worst = 0;
    for (const text of oddities[i] ?? []) {
      worst = Math.max(worst, 2);
      found.push(text);
    }
    for (let f = 0; f < d; f++) {
      const value = x.data[i * d + f] as number; // f < d
      const [lowest, highest] = [low[f] as number, high[f] as number];
      if (isRanged[f] === 0 || !(value < lowest || value > highest)) continue;
      const excess = Math.max(lowest - value, value - highest);
      if (excess <= ROUNDING * Math.max(Math.abs(lowest), Math.abs(highest))) continue;
      const width = widths[f] as number; // f < d
      worst = Math.max(worst, width > 0 ? 1 + excess / width : 2);
      const { name = "", unit = "" } = features[f] ?? {};
      if (isOtherElements(name)) continue; // the oddities name them
      found.push(
        lowest === highest
          ? `${name} is ${quantity(value, unit)}, and ${quantity(lowest, unit)} in all training rows`
          : `${name} ${quantity(value, unit)} is outside ${shortNumber(lowest)}–${quantity(highest, unit)}`,
      );
    }
    const distance = near.distances[i * nNear] as number; // at least one training row
    const far = limit > 0 ? distance / limit : distance > 0 ? 2 : 0;
    if (far > 1) {
      const times = usual > 0 ? `${(distance / usual).toFixed(1)}× the usual distance` : "farther than any other";
      found.push(`no training row is near: the nearest is at ${times}`);
    }
    score[i] = Math.max(worst, far);
    if (found.length > 0) reasons[i] = found.join("; ");
  }
  return {
    score,
    inDomain: Uint8Array.from(score, (s) => (s > 1 ? 0 : 1)),
    reason: (row) => reasons[row],
    neighbours: near.rows,
    k: nNear,
  };
}

/** Per row, sentences about what training did not have: labels, gaps. Any of them puts the row outside. */
export type Oddities = readonly (readonly string[] | undefined)[];

/** Standardised features; for the distance alone, a missing value stands at the centre. */
function standardise(data: Float64Array, d: number, centre: Float64Array, factor: Float64Array): Float64Array {
  return data.map(
    (value, at) => (Number.isNaN(value) ? 0 : (value - (centre[at % d] as number)) * (factor[at % d] as number)), // at % d < d
  );
}

/** Nearest other point by Euclidean distance. */
function nearestRow(
  points: Float64Array,
  nPoints: number,
  d: number,
  row: number,
  isAllowed: (j: number) => boolean,
): { readonly row: number; readonly distance: number } {
  let best = Number.POSITIVE_INFINITY;
  let bestRow = -1;
  for (let j = 0; j < nPoints; j++) {
    if (!isAllowed(j)) continue;
    let sum = 0;
    for (let f = 0; f < d && sum < best; f++) {
      const difference = (points[j * d + f] as number) - (points[row * d + f] as number); // f < d
      sum += difference * difference;
    }
    if (sum < best) {
      best = sum;
      bestRow = j;
    }
  }
  return { row: bestRow, distance: Math.sqrt(best) };
}

function quantity(value: number, unit: string): string {
  return `${shortNumber(value)} ${displayUnit(unit)}`.trim();
}

export function encodeDomain(domain: TrainedDomain): Json {
  return {
    points: encodeArray(domain.points),
    nRows: domain.nRows,
    low: encodeArray(domain.low),
    high: encodeArray(domain.high),
    centre: encodeArray(domain.centre),
    factor: encodeArray(domain.factor),
    isRanged: encodeArray(domain.isRanged),
    usual: domain.usual,
    limit: domain.limit,
  };
}

/** @throws FormatError if the stored form is damaged */
export function decodeDomain(data: unknown, nFeatures: number): TrainedDomain {
  const stored = (data ?? {}) as { readonly [key: string]: unknown };
  const { nRows, usual, limit } = stored;
  if (typeof nRows !== "number" || typeof usual !== "number" || typeof limit !== "number") {
    throw new FormatError("property model: the stored domain is damaged; train again");
  }
  const domain: TrainedDomain = {
    points: decodeArray(stored["points"], "f64"),
    nRows,
    low: decodeArray(stored["low"], "f64"),
    high: decodeArray(stored["high"], "f64"),
    centre: decodeArray(stored["centre"], "f64"),
    factor: decodeArray(stored["factor"], "f64"),
    isRanged: decodeArray(stored["isRanged"], "u8"),
    usual,
    limit,
  };
  const perFeature = [domain.low, domain.high, domain.centre, domain.factor, domain.isRanged];
  if (domain.points.length !== nRows * nFeatures || perFeature.some((values) => values.length !== nFeatures)) {
    throw new FormatError("property model: the stored domain has the wrong size; the file is damaged, train again");
  }
  return domain;
}
