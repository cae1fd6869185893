import { DataError, DomainError, type Raster, ShapeError } from "@materiome/core";

/** A property of each phase by its label in the map, such as `{ 0: 1, 1: 10 }`. */
export type PhaseProperty = Readonly<Record<number, number>>;

/** The labels of a phase map. @throws ShapeError for more than one plane or channel; DomainError for labels that are no whole numbers */
export function requirePhases(who: string, { data, width, height, channels, depth = 1 }: Raster): Raster["data"] {
  if (channels !== 1 || depth !== 1 || data.length !== width * height || data.length === 0) {
    throw new ShapeError(
      `${who}: the phase map must be one plane of at least one pixel with one channel, got ${width} × ${height} × ${depth} with ${channels} channels and ${data.length} values`,
    );
  }
  if (data instanceof Float32Array || data instanceof Float64Array) {
    throw new DomainError(
      `${who}: the phase map must hold labels as whole numbers, got ${data.constructor.name}; threshold or label the image first`,
    );
  }
  return data;
}

/**
 * The property of each pixel.
 *
 * @throws DataError where a label of the map has no value; DomainError for values out of range
 */
export function propertyOfPixels(
  who: string,
  labels: Raster["data"],
  name: string,
  values: PhaseProperty,
  isAllowed: (value: number) => boolean,
  expected: string,
): Float64Array {
  for (const [label, value] of Object.entries(values)) {
    if (!isAllowed(value)) throw new DomainError(`${who}: ${name} of phase ${label} must be ${expected}, got ${value}`);
  }
  const out = new Float64Array(labels.length);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!; // i < length
    const value = values[label];
    if (value === undefined) {
      throw new DataError(
        `${who}: the map has pixels of phase ${label}, but ${name} names only ${Object.keys(values).join(", ") || "none"}; give its value too`,
      );
    }
    out[i] = value;
  }
  return out;
}

/** cos and sin of 2πk / n for k = 0 … count − 1. */
export function waves(n: number, count: number): { readonly cos: Float64Array; readonly sin: Float64Array } {
  const cos = Float64Array.from({ length: count }, (_, k) => Math.cos((2 * Math.PI * k) / n));
  const sin = Float64Array.from({ length: count }, (_, k) => Math.sin((2 * Math.PI * k) / n));
  return { cos, sin };
}
