import { ConvergenceError, DomainError } from "../errors/errors.ts";
import type { ThermalProfile } from "./thermalProfile.ts";

/** Constant of both parameters for time in hours: customary for low-alloy steels (Larson and Miller 1952 found C near 20). */
const CUSTOMARY_C = 20;
const SECONDS_PER_HOUR = 3600;

/**
 * Hollomon–Jaffe parameter of tempering at constant temperature, P = T (C + log₁₀ t), T in K, t in hours; often quoted
 * divided by 1000.
 *
 * @param temperatureK - above 0
 * @param timeS - above 0, in seconds: converted to hours within
 * @param c - C for t in hours. @defaultValue 20
 * @throws DomainError outside these ranges
 * @see Hollomon and Jaffe, Trans. AIME 162 (1945) 223
 * @example
 * hollomonJaffe(873.15, 7200); // 17725.8
 */
export function hollomonJaffe(temperatureK: number, timeS: number, c: number = CUSTOMARY_C): number {
  check("hollomonJaffe", temperatureK, timeS, c);
  return temperatureK * (c + Math.log10(timeS / SECONDS_PER_HOUR));
}

/**
 * Larson–Miller parameter of creep or rupture, LMP = T (C + log₁₀ t), T in K, t in hours.
 *
 * @param c - C for t in hours. @defaultValue 20
 * @throws DomainError outside these ranges
 * @see Larson and Miller, Trans. ASME 74 (1952) 765
 * @example
 * larsonMiller(923.15, 3.6e8); // 23078.75: 100 000 h at 650 °C
 */
export function larsonMiller(temperatureK: number, timeS: number, c: number = CUSTOMARY_C): number {
  check("larsonMiller", temperatureK, timeS, c);
  return temperatureK * (c + Math.log10(timeS / SECONDS_PER_HOUR));
}

export interface ProfileTempering {
  /** T (C + log₁₀ t_eq) with T the last temperature at which time was spent, K and hours. */
  readonly parameter: number;
  /** Time t_eq at `referenceK` that gives the same parameter, s. */
  readonly equivalentTimeS: number;
}

/**
 * Hollomon–Jaffe parameter of any thermal history: tempering so far is always expressed as the time θ at the present
 * temperature with the same P = T (C + log₁₀ θ), and time at that temperature adds to it. On a ramp of speed β this is
 * dθ/dt = 1 − θ ln10 (C + log₁₀ θ) β/T, solved for P by the embedded Runge–Kutta pair of Dormand and Prince; P is right to
 * a relative 1e-10. A hold gives `hollomonJaffe`; a hold cut in two gives the same as the whole.
 *
 * @param profile - history; jumps change θ at constant P
 * @param options.referenceK - where the equivalent time is stated
 * @param options.c - C for time in hours. @defaultValue 20
 * @throws DomainError for a C not above 0, or a profile without duration
 * @see the step-by-step form is in use for post-weld heat treatment of several stages
 * @example
 * hollomonJaffeOf(createProfile([0, 3600, 10800], [293.15, 873.15, 873.15]), { referenceK: 873.15 });
 */
export function hollomonJaffeOf(
  profile: ThermalProfile,
  { referenceK, c = CUSTOMARY_C }: { readonly referenceK: number; readonly c?: number | undefined },
): ProfileTempering {
  check("hollomonJaffeOf", referenceK, 1, c);
  const { timeS, temperatureK } = profile;
  let parameter = Number.NEGATIVE_INFINITY;
  for (let i = 1; i < timeS.length; i++) {
    const hours = ((timeS[i] as number) - (timeS[i - 1] as number)) / SECONDS_PER_HOUR; // i < length
    const t0 = temperatureK[i - 1] as number;
    const t1 = temperatureK[i] as number;
    if (hours === 0) continue;
    if (t0 === t1) {
      // θ = θ before + hours, written so that it overflows at no temperature
      const shift = parameter / t0 - c - Math.log10(hours);
      parameter = t0 * (c + Math.log10(hours) + (shift > 300 ? shift : Math.log1p(10 ** shift) / Math.LN10));
    } else {
      parameter = rampTempering(parameter, hours, t0, t1, c);
    }
  }
  if (parameter === Number.NEGATIVE_INFINITY) throw new DomainError("hollomonJaffeOf: the profile lasts no time");
  return { parameter, equivalentTimeS: SECONDS_PER_HOUR * 10 ** (parameter / referenceK - c) };
}

/**
 * P at the end of a ramp, by dP/dt = T 10^(C − P/T)/ln10: P settles while cooling, so the steps grow, and nothing
 * overflows at low temperatures. From nothing it starts with θ = t over the first 1e-8 of the ramp.
 */
function rampTempering(before: number, hours: number, t0: number, t1: number, c: number): number {
  const beta = (t1 - t0) / hours;
  const slope = (t: number, parameter: number): number => {
    const temperature = t0 + beta * t;
    return (temperature * 10 ** (c - parameter / temperature)) / Math.LN10;
  };
  const isFresh = before === Number.NEGATIVE_INFINITY;
  let t = isFresh ? 1e-8 * hours : 0;
  let parameter = isFresh ? (t0 + beta * t) * (c + Math.log10(t)) : before;
  const tolerance = 3e-12 * c * Math.max(t0, t1);
  const k = new Float64Array(7);
  let h = isFresh ? t : 1e-3 * hours;
  for (let step = 0; step < MOST_STEPS; step++) {
    h = Math.min(h, hours - t);
    k[0] = slope(t, parameter);
    let next = parameter;
    for (let s = 0; s < STAGES.length; s++) {
      const row = STAGES[s] ?? [];
      let sum = 0;
      for (let j = 0; j < row.length; j++) sum += (row[j] ?? 0) * (k[j] ?? 0);
      next = parameter + h * sum;
      k[s + 1] = slope(t + (NODES[s] ?? 1) * h, next);
    }
    let error = 0;
    for (let j = 0; j < ERROR.length; j++) error += (ERROR[j] ?? 0) * (k[j] ?? 0);
    const ratio = Math.abs(h * error) / tolerance;
    const isAccepted = ratio <= 1; // false for NaN and Infinity too
    if (isAccepted) {
      t += h;
      parameter = next; // the sixth stage is the fifth-order solution
      if (t >= hours * (1 - 1e-14)) return parameter;
    }
    h *= Number.isFinite(ratio) ? Math.min(5, Math.max(0.2, 0.9 * Math.max(ratio, 1e-10) ** -0.2)) : 0.1;
  }
  throw new ConvergenceError("hollomonJaffeOf: a ramp was not integrated", MOST_STEPS, hours - t);
}

const MOST_STEPS = 100_000;

/** Dormand and Prince, J. Comput. Appl. Math. 6 (1980) 19, doi:10.1016/0771-050X(80)90013-3; the sixth row is the fifth-order solution. */
const NODES: readonly number[] = [1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1];
const STAGES: readonly (readonly number[])[] = [
  [1 / 5],
  [3 / 40, 9 / 40],
  [44 / 45, -56 / 15, 32 / 9],
  [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
  [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
  [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
];
const ERROR: readonly number[] = [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40];

function check(name: string, temperatureK: number, timeS: number, c: number): void {
  if (!(temperatureK > 0) || !(timeS > 0)) {
    throw new DomainError(`${name}: needs T > 0 K and a time > 0 s, got ${temperatureK} K and ${timeS} s`);
  }
  if (!(c > 0)) throw new DomainError(`${name}: C must be positive, got ${c}`);
}
