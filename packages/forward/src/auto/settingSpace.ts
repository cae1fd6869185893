import type { DrawnSettings } from "./families.ts";

/** One setting of a learner that a search may move, on a scale where equal steps matter about equally. */
export interface SettingRange {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  /** Equal factors, not equal differences. @defaultValue false */
  readonly isLogarithmic?: boolean;
  /** @defaultValue false */
  readonly isWhole?: boolean;
}

/** Figures of a setting that is no whole number: more would only make reports hard to read. */
const FIGURES = 2;

/** Settings at a point of the unit cube, rounded as they are reported. */
export function settingsAt(space: readonly SettingRange[], point: readonly number[]): DrawnSettings {
  return Object.fromEntries(
    space.map(({ name, low, high, isLogarithmic = false, isWhole = false }, k) => {
      const share = point[k] as number; // one coordinate per range
      const value = isLogarithmic ? low * (high / low) ** share : low + (high - low) * share;
      return [name, isWhole ? Math.round(value) : Number(value.toPrecision(FIGURES))];
    }),
  );
}

/** The point of the unit cube where settings stand; those outside the ranges stand at its border. */
export function pointOf(space: readonly SettingRange[], settings: DrawnSettings): number[] {
  return space.map(({ name, low, high, isLogarithmic = false }) => {
    const value = settings[name] as number; // every range names a setting
    const share = isLogarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
    return Math.min(1, Math.max(0, share));
  });
}
