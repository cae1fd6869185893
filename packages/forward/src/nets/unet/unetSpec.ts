import { type BatchTarget, DomainError, type Random } from "@materiome/core";
import type { Parameters } from "../training/parameters.ts";

/** Shape of a U-Net. */
export interface UNetSpec {
  readonly channels: number;
  /** Filters of each level, from full resolution down. */
  readonly filters: readonly number[];
  readonly outputs: number;
  /** Convolutions see an image that repeats itself. @defaultValue false: zeros around it */
  readonly isPeriodic?: boolean | undefined;
  /** Blocks are normalised over the images of a step; otherwise they add a bias only. @defaultValue true */
  readonly isNormalised?: boolean | undefined;
}

/** A convolution of 3 × 3 pixels, normalised and rectified. */
export interface Block {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
}

/** Two blocks a level on the way down, and two on the way up, which begins below. */
export function blocksOf({ channels, filters }: UNetSpec): { readonly down: Block[][]; readonly up: Block[][] } {
  const pair = (name: string, inputs: number, outputs: number): Block[] => [
    { name: `${name}.0`, inputs, outputs },
    { name: `${name}.1`, inputs: outputs, outputs },
  ];
  const down = filters.map((outputs, level) => pair(`down${level}`, filters[level - 1] ?? channels, outputs));
  const up = filters
    .slice(0, -1)
    .map((outputs, level) => pair(`up${level}`, outputs + (filters[level + 1] ?? 0), outputs));
  return { down, up };
}

/** Pixels around one pixel that its result depends on, rounded up to whole pixels of the coarsest level. */
export function haloOf({ filters }: UNetSpec): number {
  const coarsest = 2 ** (filters.length - 1);
  let reach = 2 * coarsest;
  for (let level = 0; level < filters.length - 1; level++) reach += 4 * 2 ** level + 2 ** level;
  return coarsest * Math.ceil(reach / coarsest);
}

/** Number of values of each parameter. */
export function lengthsOf(spec: UNetSpec): Record<string, number> {
  const lengths: Record<string, number> = {};
  const { down, up } = blocksOf(spec);
  for (const { name, inputs, outputs } of [...down, ...up].flat()) {
    lengths[`${name}.filter`] = 9 * inputs * outputs;
    const parts = spec.isNormalised === false ? ["shift"] : ["scale", "shift", "mean", "variance"];
    for (const part of parts) lengths[`${name}.${part}`] = outputs;
  }
  lengths["head.filter"] = (spec.filters[0] ?? 0) * spec.outputs;
  lengths["head.bias"] = spec.outputs;
  return lengths;
}

/** Normal deviates of variance 2 / inputs of a rectified unit. @see K. He et al., doi:10.1109/ICCV.2015.123 */
export function initialParameters(spec: UNetSpec, random: Random): Parameters {
  return Object.fromEntries(
    Object.entries(lengthsOf(spec)).map(([name, length]) => {
      const part = name.slice(name.lastIndexOf(".") + 1);
      if (part === "scale" || part === "variance") return [name, new Float32Array(length).fill(1)];
      if (part !== "filter") return [name, new Float32Array(length)];
      const outputs = lengthsOf(spec)[name.replace(/filter$/, "shift")] ?? spec.outputs;
      const deviation = Math.sqrt((name === "head.filter" ? 1 : 2) / (length / outputs));
      const draw = random.fork(name);
      return [name, Float32Array.from({ length }, () => deviation * draw.normal())];
    }),
  );
}

/** Running statistics are set; all else is trained. */
export function isTrained(name: string): boolean {
  return !/\.(mean|variance)$/.test(name);
}

/** @throws DomainError for filters that make no network */
export function checkFilters(who: string, filters: readonly number[]): void {
  const fits =
    filters.length >= 1 && filters.length <= 7 && filters.every((n) => Number.isSafeInteger(n) && n >= 1 && n <= 1024);
  if (fits) return;
  throw new DomainError(
    `${who}: filters must be 1 to 7 whole numbers of 1 to 1024, one per level, got [${filters.join(", ")}]`,
  );
}

export function outputsOf(targets: readonly BatchTarget[]): number {
  return targets.reduce((sum, { labels }) => sum + labels.length, 0);
}
