/** Grid that a numeric column suggests. */
export interface InferredStep {
  readonly step: number;
  readonly origin: number;
}

const MIN_INTERVALS = 20;
const MAX_INTERVALS = 10_000;
const FREE_INTERVALS = 1000;

/**
 * Step at which settings of a column are worth proposing, taken from the values people used.
 *
 * The common step is the greatest common divisor of the differences between the distinct values, as written in decimal.
 * Where it divides the range into fewer than 20 intervals it is refined to the largest of 1, 2, 5 × 10^k that divides
 * it into at least 20, but never finer than the last decimal that the values are written with: temperatures
 * 800, 850, 900, 950 °C give 5 °C, counts 1 … 10 stay whole. Where there is no common step (more than six decimals or more than
 * 10 000 intervals: measured, not set), the step is the largest of 1, 2, 5 × 10^k that divides the range into at least
 * 1000 intervals, with multiples of it as values.
 *
 * @returns undefined where the values do not differ
 * @example
 * inferStep([550, 580, 600, 630, 650, 680]); // { step: 5, origin: 550 }
 */
export function inferStep(values: Iterable<number>): InferredStep | undefined {
  const distinct = [...new Set(values)].filter(Number.isFinite).sort((a, b) => a - b);
  const first = distinct[0];
  const last = distinct.at(-1);
  if (first === undefined || last === undefined || first === last) return undefined;
  const range = last - first;
  const decimals = Math.max(...distinct.map(decimalsOf));
  const common = decimals <= 6 ? commonStep(distinct, first, decimals) : 0;
  if (common === 0 || range / common > MAX_INTERVALS) {
    return { step: niceStep(range / FREE_INTERVALS, () => true), origin: 0 };
  }
  if (range / common >= MIN_INTERVALS) return { step: common, origin: first };
  const finest = 10 ** -decimals;
  const refined = niceStep(Math.min(common, range / MIN_INTERVALS), (step) => isMultiple(common, step));
  return { step: tidy(Math.max(refined, finest)), origin: first };
}

function decimalsOf(value: number): number {
  const [mantissa = "", exponent = "0"] = String(Math.abs(value)).split("e");
  const fraction = mantissa.split(".")[1]?.length ?? 0;
  return Math.max(0, fraction - Number(exponent));
}

function commonStep(distinct: readonly number[], first: number, decimals: number): number {
  const scale = 10 ** decimals;
  let divisor = 0;
  for (const value of distinct) divisor = gcd(divisor, Math.round((value - first) * scale));
  return tidy(divisor / scale);
}

function gcd(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}

/** Largest of 1, 2, 5 × 10^k that is at most `most` and accepted. */
function niceStep(most: number, accept: (step: number) => boolean): number {
  for (let power = Math.floor(Math.log10(most)) + 1; power > -13; power--) {
    for (const digit of [5, 2, 1]) {
      const step = tidy(digit * 10 ** power);
      if (step <= most * (1 + 1e-12) && accept(step)) return step;
    }
  }
  return most;
}

function isMultiple(value: number, step: number): boolean {
  const ratio = value / step;
  return Math.abs(ratio - Math.round(ratio)) < 1e-9 * ratio;
}

function tidy(value: number): number {
  return Number(value.toPrecision(12));
}
