import { DomainError, type Random, ShapeError } from "@materiome/core";
import type { Parameters } from "../training/parameters.ts";

export type Pooling = "mean" | "max" | "both";

/** Shape of a network from an image to a row of numbers. */
export interface CnnSpec {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Step of the first convolution. */
  readonly stride: 1 | 2;
  /** Filters of each level; every level but the first begins by halving the resolution. */
  readonly filters: readonly number[];
  /** Convolutions of each level. */
  readonly depths: readonly number[];
  /** Whether convolutions that keep the number of channels add to what they are given. */
  readonly isResidual: boolean;
  /** What is kept of each channel of the last level. */
  readonly pooling: Pooling;
  readonly outputs: number;
}

/** A convolution of 3 × 3 pixels, normalised and rectified. */
export interface CnnBlock {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly stride: 1 | 2;
  readonly isAdded: boolean;
}

export const DEFAULT_STRIDE = 2;

/** Convolutions of each level where nobody says how many. */
export function defaultDepths(filters: readonly number[]): number[] {
  return filters.map((_, level) => (level === 0 ? 1 : 2));
}

export function levelsOf({ channels, filters, depths, stride, isResidual }: CnnSpec): CnnBlock[][] {
  return filters.map((outputs, level) =>
    Array.from({ length: depths[level] ?? 1 }, (_, k) => ({
      name: `level${level}.${k}`,
      inputs: k > 0 ? outputs : (filters[level - 1] ?? channels),
      outputs,
      stride: level === 0 && k === 0 ? stride : 1,
      isAdded: isResidual && k > 0,
    })),
  );
}

/** Numbers that the last linear layer is given. */
export function featuresOf({ filters, pooling }: CnnSpec): number {
  return (pooling === "both" ? 2 : 1) * (filters.at(-1) ?? 0);
}

/** Number of values of each parameter. */
export function lengthsOf(spec: CnnSpec): Record<string, number> {
  const lengths: Record<string, number> = {};
  for (const { name, inputs, outputs } of levelsOf(spec).flat()) {
    lengths[`${name}.filter`] = 9 * inputs * outputs;
    for (const part of ["scale", "shift", "mean", "variance"]) lengths[`${name}.${part}`] = outputs;
  }
  lengths["head.filter"] = featuresOf(spec) * spec.outputs;
  lengths["head.bias"] = spec.outputs;
  return lengths;
}

/**
 * Normal deviates of variance 2 / inputs of a rectified unit; the last layer begins at a tenth of 1 / inputs, so that the first outputs
 * are near 0.
 * @see K. He et al., doi:10.1109/ICCV.2015.123
 */
export function initialParameters(spec: CnnSpec, random: Random): Parameters {
  const lengths = lengthsOf(spec);
  return Object.fromEntries(
    Object.entries(lengths).map(([name, length]) => {
      const part = name.slice(name.lastIndexOf(".") + 1);
      if (part === "scale" || part === "variance") return [name, new Float32Array(length).fill(1)];
      if (part !== "filter") return [name, new Float32Array(length)];
      const outputs = lengths[name.replace(/filter$/, "scale")] ?? spec.outputs;
      const deviation = Math.sqrt((name === "head.filter" ? 0.1 : 2) / (length / outputs));
      const draw = random.fork(name);
      return [name, Float32Array.from({ length }, () => deviation * draw.normal())];
    }),
  );
}

/** @throws DomainError for numbers that make no network */
export function checkLevels(who: string, { filters, depths, stride, pooling }: CnnSpec): void {
  const areCounts = (list: readonly number[], most: number): boolean =>
    list.every((n) => Number.isSafeInteger(n) && n >= 1 && n <= most);
  if (!(filters.length >= 1 && filters.length <= 8 && areCounts(filters, 2048))) {
    throw new DomainError(
      `${who}: filters must be 1 to 8 whole numbers of 1 to 2048, one per level, got [${filters.join(", ")}]`,
    );
  }
  if (!(depths.length === filters.length && areCounts(depths, 50))) {
    throw new DomainError(
      `${who}: depths must be whole numbers of 1 to 50, one for each of the ${filters.length} levels, got [${depths.join(", ")}]`,
    );
  }
  if (stride !== 1 && stride !== 2) throw new DomainError(`${who}: stride must be 1 or 2, got ${String(stride)}`);
  if (!["mean", "max", "both"].includes(pooling)) {
    throw new DomainError(`${who}: pooling must be mean, max or both, got ${String(pooling)}`);
  }
}

/** @throws ShapeError for images of which the last level would be empty */
export function checkSize(who: string, { height, width, stride, filters }: CnnSpec): void {
  const coarsest = stride * 2 ** (filters.length - 1);
  if (Math.min(height, width) >= coarsest) return;
  throw new ShapeError(
    `${who}: images of ${width} × ${height} px; ${filters.length} levels need at least ${coarsest} px. Use fewer filters or larger images`,
  );
}
