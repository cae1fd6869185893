/** Maps data to pixels along one axis and says where its ticks are. */
export interface Scale {
  (value: number): number;
  readonly ticks: readonly { readonly value: number; readonly text: string }[];
  readonly domain: readonly [number, number];
}

export interface ScaleOptions {
  readonly kind: "linear" | "log";
  readonly domain: readonly [number, number];
  readonly range: readonly [number, number];
  /** About how many ticks are wanted. */
  readonly tickCount: number;
  /** Linear: ticks at whole numbers alone. @defaultValue false */
  readonly isCount?: boolean | undefined;
}

export function createScale(options: ScaleOptions): Scale {
  const { kind, domain, range, tickCount, isCount = false } = options;
  const forward = kind === "log" ? Math.log10 : (value: number): number => value;
  const low = forward(domain[0]);
  const span = forward(domain[1]) - low || 1;
  const scale = (value: number): number => range[0] + ((forward(value) - low) / span) * (range[1] - range[0]);
  const values = kind === "log" ? logTicks(domain, tickCount) : linearTicks(domain, tickCount, isCount ? 1 : 0);
  return Object.assign(scale, { domain, ticks: values.map((value) => ({ value, text: tickText(value) })) });
}

/** Smallest domain of round numbers that holds the values, with a little room. */
export function domainOf(values: Iterable<number>, kind: "linear" | "log" = "linear"): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value) || (kind === "log" && value <= 0)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return kind === "log" ? [1, 10] : [0, 1];
  if (kind === "log")
    return low === high ? [low / 2, high * 2] : [low * (low / high) ** 0.04, high * (high / low) ** 0.04];
  if (low === high) return [low - (Math.abs(low) || 1) * 0.1, high + (Math.abs(high) || 1) * 0.1];
  const room = (high - low) * 0.04;
  return [low - room, high + room];
}

/** Steps of 1, 2 or 5 times a power of ten (Heckbert, Graphics Gems I, 1990, "Nice numbers for graph labels"). */
function linearTicks([low, high]: readonly [number, number], count: number, leastStep: number): number[] {
  const rough = Math.max(leastStep, (high - low) / Math.max(1, count));
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough) ?? rough;
  const ticks: number[] = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) ticks.push(i * step);
  return ticks;
}

/** Multiples of powers of ten at ticks, the densest first, and for how many labels a decade of each counts: their gaps are uneven. */
const LOG_MULTIPLES = [
  { multiples: [1, 1.5, 2, 3, 4, 5, 6, 8], labels: 8 },
  { multiples: [1, 2, 3, 5], labels: 4 },
  { multiples: [1, 2, 5], labels: 2 },
] as const;

function logTicks([low, high]: readonly [number, number], count: number): number[] {
  const decades = Math.log10(high / low);
  const { multiples } = LOG_MULTIPLES.find(({ labels }) => labels * decades <= count) ?? { multiples: [1] };
  const ticks: number[] = [];
  for (let e = Math.floor(Math.log10(low)); e <= Math.ceil(Math.log10(high)); e++) {
    for (const m of multiples) {
      const value = m * 10 ** e;
      if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)) ticks.push(value);
    }
  }
  return ticks;
}

function tickText(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e5 || size < 1e-3)) return value.toExponential(1).replace(".0e", "e").replace("e+", "e");
  return String(Number(value.toPrecision(6)));
}
