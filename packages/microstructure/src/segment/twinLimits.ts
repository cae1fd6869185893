import { DomainError } from "@materiome/core";
import type { FindTwinsOptions } from "./findTwins.ts";

export interface TwinLimits {
  readonly maxAngleDeg: number;
  readonly minAspect: number;
  readonly maxBendPx: number | undefined;
  readonly minFacing: number;
  readonly maxParentDifference: number;
  readonly minOutside: number;
}

/** @throws DomainError for options out of range */
export function twinLimits(options: FindTwinsOptions): TwinLimits {
  const limits: TwinLimits = {
    maxAngleDeg: options.maxAngleDeg ?? 8,
    minAspect: options.minAspect ?? 1.5,
    maxBendPx: options.maxBendPx,
    minFacing: options.minFacing ?? 0.75,
    maxParentDifference: options.maxParentDifference ?? 0.5,
    minOutside: options.minOutside ?? 0.42,
  };
  const check = (name: keyof TwinLimits, isValid: boolean, range: string): void => {
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
