import { DomainError, type Random } from "@materiome/core";

/** Smallest and largest value of what is drawn; both alike: always that value. */
export type Range = readonly [low: number, high: number];

export interface Chance {
  /** How often it is done, 0 … 1. @defaultValue 1 */
  readonly probability?: number | undefined;
}

/** Where a range must lie, and what it is by default. */
export interface RangeRule {
  readonly default: Range;
  readonly least: number;
  readonly most: number;
  /** Drawn with even chances in the logarithm: factors. */
  readonly isLogarithmic?: true;
}

/** @throws DomainError naming `what` */
export function resolveRange(who: string, what: string, range: unknown, rule: RangeRule): Range {
  if (range === undefined) return rule.default;
  if (Array.isArray(range) && range.length === 2) {
    const [low, high] = range as unknown[];
    if (typeof low === "number" && typeof high === "number" && low <= high && low >= rule.least && high <= rule.most) {
      return [low, high];
    }
  }
  throw new DomainError(
    `${who}: ${what} is ${JSON.stringify(range)}, expected [low, high] with ${rule.least} ≤ low ≤ high ≤ ${rule.most}, such as ${JSON.stringify(rule.default)}`,
  );
}

/** Evenly between the two, or evenly in the logarithm. Draws one number whatever the range. */
export function drawFrom([low, high]: Range, random: Random, isLogarithmic = false): number {
  const u = random.next();
  if (low === high) return low;
  return isLogarithmic ? low * (high / low) ** u : low + u * (high - low);
}
