import { DomainError } from "../errors/errors.ts";
import type { ThermalProfile } from "./thermalProfile.ts";

/** Highest temperature, K. */
export function peakTemperature(profile: ThermalProfile): number {
  let peak = Number.NEGATIVE_INFINITY;
  for (const temperature of profile.temperatureK) peak = Math.max(peak, temperature);
  return peak;
}

/** From first to last point, s. */
export function profileDuration(profile: ThermalProfile): number {
  return (profile.timeS.at(-1) ?? 0) - (profile.timeS[0] ?? 0);
}

/**
 * Time spent above a temperature, s; a hold exactly at it does not count.
 *
 * @example
 * timeAbove(createProfile([0, 100, 200], [300, 400, 300]), 350); // 100
 */
export function timeAbove(profile: ThermalProfile, temperatureK: number): number {
  let sum = 0;
  forEachPiece(profile, (dt, t0, t1) => {
    const high = Math.max(t0, t1);
    const low = Math.min(t0, t1);
    if (low > temperatureK) sum += dt;
    else if (high > temperatureK) sum += (dt * (high - temperatureK)) / (high - low);
  });
  return sum;
}

/** Mean of dT/dt over all time with rising temperature, K/s, jumps left out; NaN if it never rises or only jumps. */
export function meanHeatingRate(profile: ThermalProfile): number {
  return meanRate(profile, 1);
}

/** Mean of −dT/dt over all time with falling temperature, K/s, jumps left out; NaN if it never falls or only jumps. */
export function meanCoolingRate(profile: ThermalProfile): number {
  return meanRate(profile, -1);
}

function meanRate(profile: ThermalProfile, sign: number): number {
  let change = 0;
  let time = 0;
  forEachPiece(profile, (dt, t0, t1) => {
    if (dt === 0 || sign * (t1 - t0) <= 0) return;
    change += sign * (t1 - t0);
    time += dt;
  });
  return change === 0 ? Number.NaN : change / time;
}

/**
 * Time of the last cooling from one temperature to a lower one, s: from the last moment at `fromK` to the first moment
 * at `toK` after it. With 1073.15 and 773.15 K (the defaults) this is t8/5 of welding and hardening. NaN if the profile
 * does not cool through both.
 *
 * @throws DomainError unless from > to
 * @example
 * coolingTime(createProfile([0, 110], [1173.15, 623.15])); // 60: 5 K/s from 800 °C to 500 °C
 */
export function coolingTime(profile: ThermalProfile, fromK: number = 1073.15, toK: number = 773.15): number {
  if (!(fromK > toK))
    throw new DomainError(`coolingTime: cools from a higher to a lower temperature, got ${fromK} and ${toK} K`);
  let left = Number.NaN;
  let result = Number.NaN;
  let nowS = 0;
  forEachPiece(profile, (dt, t0, t1) => {
    if (t0 >= fromK && t1 < fromK) left = nowS + (dt * (t0 - fromK)) / (t0 - t1);
    if (t0 < fromK && t1 >= fromK) left = Number.NaN; // up again: a later cooling counts
    if (!Number.isNaN(left) && t0 > toK && t1 <= toK) {
      result = nowS + (dt * (t0 - toK)) / (t0 - t1) - left;
      left = Number.NaN;
    }
    nowS += dt;
  });
  return result;
}

function forEachPiece(profile: ThermalProfile, visit: (dt: number, t0: number, t1: number) => void): void {
  const { timeS, temperatureK } = profile;
  for (let i = 1; i < timeS.length; i++) {
    // i < length
    visit((timeS[i] as number) - (timeS[i - 1] as number), temperatureK[i - 1] as number, temperatureK[i] as number);
  }
}
