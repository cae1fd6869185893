import { DataError, DomainError, type Raster, ShapeError } from "@materiome/core";

/** A phase map and the field that belongs to it, pixel by pixel. */
export interface FieldExample {
  /** Labels in whole numbers, one channel. */
  readonly phases: Raster;
  /** One channel for each component, as `conductionField` and `elasticField` of `@materiome/microstructure/fields` give them. */
  readonly field: Raster<Float32Array> | Raster<Float64Array>;
}

/** A channel of a field. */
export interface FieldComponent {
  readonly name: string;
  /** "" where it has none. */
  readonly unit: string;
}

/** @throws DomainError without components, or where two have one name */
export function checkComponents(who: string, components: readonly FieldComponent[]): void {
  const names = components.map(({ name }) => name);
  if (names.length > 0 && names.every((name) => name !== "") && new Set(names).size === names.length) return;
  throw new DomainError(
    `${who}: components must be named, one for each channel of the field, each once; got [${names.join(", ")}]`,
  );
}

/** The labels of a map. @throws ShapeError for more than one plane or channel; DomainError for labels that are no whole numbers */
export function requireLabels(who: string, { data, width, height, channels, depth = 1 }: Raster): Raster["data"] {
  if (channels !== 1 || depth !== 1 || data.length !== width * height || data.length === 0) {
    throw new ShapeError(
      `${who}: a phase map must be one plane of one channel, got ${width} × ${height} × ${depth} with ${channels} channels and ${data.length} values`,
    );
  }
  if (data instanceof Float32Array || data instanceof Float64Array) {
    throw new DomainError(`${who}: a phase map must hold labels as whole numbers, got ${data.constructor.name}`);
  }
  return data;
}

/** @throws ShapeError where a field does not fit its map or the components; DataError for numbers that are not finite */
export function checkExamples(
  who: string,
  examples: readonly FieldExample[],
  components: readonly FieldComponent[],
): void {
  for (const [i, { phases, field }] of examples.entries()) {
    requireLabels(`${who}: map ${i}`, phases);
    const { data, width, height, channels, depth = 1 } = field;
    const isComplete = depth === 1 && data.length === width * height * channels;
    if (width !== phases.width || height !== phases.height || channels !== components.length || !isComplete) {
      throw new ShapeError(
        `${who}: field ${i} is ${width} × ${height} × ${depth} with ${channels} channels and ${data.length} values, expected ${phases.width} × ${phases.height} like its map, with ${components.length} (${components.map(({ name }) => name).join(", ")})`,
      );
    }
    const bad = data.findIndex((value: number) => !Number.isFinite(value));
    if (bad >= 0) {
      const pixel = Math.floor(bad / channels);
      throw new DataError(
        `${who}: ${components[bad % channels]?.name} of field ${i} is ${data[bad]} at pixel (${pixel % width}, ${Math.floor(pixel / width)}), expected finite numbers`,
      );
    }
  }
}

/** Labels that occur, in order. */
export function labelsOf(examples: readonly FieldExample[]): number[] {
  const found = new Set<number>();
  for (const { phases } of examples) for (const label of phases.data) found.add(label);
  return [...found].sort((a, b) => a - b);
}

/**
 * Whether each pixel is of each phase, as 1 or 0, one channel a phase.
 *
 * @throws DataError for a label that is none of the phases
 */
export function indicators(who: string, phases: Raster, labels: readonly number[]): Float32Array {
  const data = requireLabels(who, phases);
  const channel = new Map(labels.map((label, c) => [label, c]));
  const out = new Float32Array(data.length * labels.length);
  for (let i = 0; i < data.length; i++) {
    const c = channel.get(data[i]!); // i < length
    if (c === undefined) {
      throw new DataError(
        `${who}: pixel (${i % phases.width}, ${Math.floor(i / phases.width)}) is of phase ${data[i]}, which no training map has; known are ${labels.join(", ")}`,
      );
    }
    out[i * labels.length + c] = 1;
  }
  return out;
}
