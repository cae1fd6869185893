import { DomainError } from "../errors/errors.ts";
import { TemperingRamp } from "./temperingRamp.ts";
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
 * dθ/dt = 1 − θ ln10 (C + log₁₀ θ) β/T; P is right to a relative 1e-10. A hold gives `hollomonJaffe`; a hold cut in two
 * gives the same as the whole. To add up the equivalent times of all pieces at one chosen temperature, as some do, gives
 * another number, which depends on the choice.
 *
 * @param profile - history; jumps change θ at constant P
 * @param options.referenceK - where the equivalent time is stated
 * @param options.c - C for time in hours. @defaultValue 20
 * @throws DomainError for a C not above 0, or a profile without duration
 * @see Canale, Yao, Gu and Totten, Int. J. Microstruct. Mater. Prop. 3 (2008) 474, doi:10.1504/IJMMP.2008.022033: a review
 *   of tempering parameters, also of non-isothermal ones
 * @example
 * hollomonJaffeOf(createProfile([0, 3600, 10800], [293.15, 873.15, 873.15]), { referenceK: 873.15 });
 */
export function hollomonJaffeOf(
  profile: ThermalProfile,
  { referenceK, c = CUSTOMARY_C }: { readonly referenceK: number; readonly c?: number | undefined },
): ProfileTempering {
  check("hollomonJaffeOf", referenceK, 1, c);
  const { timeS, temperatureK } = profile;
  const ramp = new TemperingRamp();
  const lnC = c * Math.LN10; // C for natural logarithms
  let q = Number.NEGATIVE_INFINITY; // P ln 10
  for (let i = 1; i < timeS.length; i++) {
    const hours = ((timeS[i] as number) - (timeS[i - 1] as number)) / SECONDS_PER_HOUR; // i < length
    const t0 = temperatureK[i - 1] as number;
    const t1 = temperatureK[i] as number;
    if (hours === 0) continue;
    q = t0 === t1 ? afterHold(q, hours, t0, lnC) : ramp.end(q, hours, t0, t1, lnC);
  }
  if (q === Number.NEGATIVE_INFINITY) throw new DomainError("hollomonJaffeOf: the profile lasts no time");
  const parameter = q / Math.LN10;
  return { parameter, equivalentTimeS: SECONDS_PER_HOUR * 10 ** (parameter / referenceK - c) };
}

/** q = T (c + ln θ) with θ = θ before + hours, written so that it overflows at no temperature. */
function afterHold(before: number, hours: number, temperatureK: number, c: number): number {
  const ln = Math.log(hours);
  const excess = before / temperatureK - c - ln; // ln (θ before / hours)
  return temperatureK * (c + ln + (excess > 700 ? excess : Math.log1p(Math.exp(excess))));
}

function check(name: string, temperatureK: number, timeS: number, c: number): void {
  if (!(temperatureK > 0) || !(timeS > 0)) {
    throw new DomainError(`${name}: needs T > 0 K and a time > 0 s, got ${temperatureK} K and ${timeS} s`);
  }
  if (!(c > 0)) throw new DomainError(`${name}: C must be positive, got ${c}`);
}
