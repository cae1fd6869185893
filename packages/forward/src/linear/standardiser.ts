import { decodeArray, encodeArray, FormatError, type Json, type Matrix } from "@materiome/core";

/** Centre and scale of the features that a model uses; `used` names their columns, ascending. */
export interface Standardiser {
  readonly used: Int32Array;
  readonly centre: Float64Array;
  /** Standard deviation (divisor n), above 0. */
  readonly scale: Float64Array;
}

/** Mean and standard deviation of each feature; features that are constant in these rows are left out. */
export function fitStandardiser(x: Matrix): Standardiser {
  const { rows, columns: d, data } = x;
  const moments = Array.from({ length: d }, (_, f) => momentsOf(rows, (i) => data[i * d + f] as number)); // f < d
  const used = Int32Array.from(moments.keys()).filter((f) => moments[f]?.std !== 0);
  return {
    used,
    centre: Float64Array.from(used, (f) => moments[f]?.mean ?? 0), // f < d
    scale: Float64Array.from(used, (f) => moments[f]?.std ?? 1),
  };
}

/** The part of a standardiser with some of its features, by their place in `used`. */
export function takeFeatures({ used, centre, scale }: Standardiser, kept: Int32Array): Standardiser {
  // kept < used.length
  return {
    used: kept.map((k) => used[k] as number),
    centre: Float64Array.from(kept, (k) => centre[k] as number),
    scale: Float64Array.from(kept, (k) => scale[k] as number),
  };
}

/** Standardised features, shape [nSamples, used.length]. */
export function standardise({ used, centre, scale }: Standardiser, x: Matrix): Matrix {
  const { rows, columns: d } = x;
  const m = used.length;
  const data = new Float64Array(rows * m);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < m; k++) {
      const value = x.data[i * d + (used[k] as number)] as number; // k < m, used < d
      data[i * m + k] = (value - (centre[k] as number)) / (scale[k] as number);
    }
  }
  return { rows, columns: m, data };
}

/** Mean and standard deviation (divisor n); a spread that is rounding noise counts as 0. */
export function momentsOf(n: number, value: (i: number) => number): { readonly mean: number; readonly std: number } {
  let mean = 0;
  for (let i = 0; i < n; i++) mean += value(i) / n;
  let square = 0;
  for (let i = 0; i < n; i++) square += (value(i) - mean) ** 2 / n;
  const std = Math.sqrt(square);
  return { mean, std: std <= 1e-12 * Math.abs(mean) || std < 1e-150 ? 0 : std };
}

export function encodeStandardiser({ used, centre, scale }: Standardiser): Json {
  return { used: encodeArray(used), centre: encodeArray(centre), scale: encodeArray(scale) };
}

/** @throws FormatError if the arrays do not fit together */
export function decodeStandardiser(data: unknown, nFeatures: number): Standardiser {
  const stored = (data ?? {}) as { readonly [key: string]: unknown };
  const used = decodeArray(stored["used"], "i32");
  const centre = decodeArray(stored["centre"], "f64");
  const scale = decodeArray(stored["scale"], "f64");
  const isWhole =
    centre.length === used.length && scale.length === used.length && used.every((f) => f >= 0 && f < nFeatures);
  if (!isWhole) throw new FormatError("model: the stored scaling is inconsistent; the file is damaged, train again");
  return { used, centre, scale };
}
