import { DataError, DomainError, ShapeError } from "../errors/errors.ts";
import { temperatureAfter } from "./continuity.ts";
import { totalStrainOf } from "./deformation.ts";
import { problemText, type Schedule, type ScheduleProblem } from "./schedule.ts";
import { ABSOLUTE_ZERO_C } from "./stepFields.ts";

/**
 * Temperature over time, linear between points. Times never fall; two points of one time are a jump. Length of both
 * arrays: the number of points, at least 2.
 */
export interface ThermalProfile {
  readonly timeS: Float64Array;
  readonly temperatureK: Float64Array;
}

/**
 * A profile from points.
 *
 * @param timeS - [nPoints], not falling
 * @param temperatureK - [nPoints], above 0
 * @throws ShapeError unless both have the same length of 2 or more
 * @throws DomainError for a time that falls, or a temperature that is not above 0 K
 * @example
 * createProfile([0, 600, 4200], [293.15, 1133.15, 1133.15]);
 */
export function createProfile(timeS: ArrayLike<number>, temperatureK: ArrayLike<number>): ThermalProfile {
  if (timeS.length !== temperatureK.length || timeS.length < 2) {
    throw new ShapeError(
      `createProfile: needs as many times as temperatures and at least 2, got ${timeS.length} and ${temperatureK.length}`,
    );
  }
  const times = Float64Array.from(timeS);
  const temperatures = Float64Array.from(temperatureK);
  let before = Number.NEGATIVE_INFINITY;
  for (const [i, t] of times.entries()) {
    if (!Number.isFinite(t)) throw new DomainError(`createProfile: time ${i + 1} is ${t}; leave the point out`);
    if (t < before) throw new DomainError(`createProfile: time ${i + 1} is ${t} s, the one before it ${before} s`);
    before = t;
  }
  for (const [i, temperature] of temperatures.entries()) {
    if (!(temperature > 0 && temperature < Number.POSITIVE_INFINITY)) {
      const hint = temperature > ABSOLUTE_ZERO_C ? "; degrees Celsius? add 273.15" : "";
      throw new DomainError(`createProfile: temperature ${i + 1} must be above 0 K, got ${temperature}${hint}`);
    }
  }
  return { timeS: times, temperatureK: temperatures };
}

export interface ThermalProfileOptions {
  /**
   * A quench without a rate: "refuse" it, or take it as a "jump" to its temperature (or `quenchToC`) in no time.
   * @defaultValue "refuse"
   */
  readonly quench?: "refuse" | "jump" | undefined;
  /** Temperature after a quench that does not say it. @defaultValue none: refused */
  readonly quenchToC?: number | undefined;
}

/**
 * Temperature over time of the heat, hold, cool, quench, deform, sinter, cure, dry, mix and deposit steps of a schedule.
 *
 * Heating, cooling and quenching are linear, by their time or rate. Holding takes its time; deforming takes strain over
 * strain rate if both are known and no time otherwise. A sinter step heats by its rate, then holds. Curing, drying,
 * mixing and deposition hold at their temperature, which must be the one reached. Milling takes its time at the
 * temperature reached. Printing has no profile of this kind.
 *
 * @throws DataError naming, for every step, what is missing
 * @example
 * thermalProfile(schedule, { quench: "jump" }).temperatureK;
 */
export function thermalProfile(schedule: Schedule, options: ThermalProfileOptions = {}): ThermalProfile {
  const { profile, problems } = compileProfile(schedule, options);
  if (profile === undefined) throw new DataError(`thermalProfile: ${problemText(problems)}`);
  return profile;
}

/** As {@link thermalProfile}, but returns what is missing. */
export function compileProfile(
  schedule: Schedule,
  { quench = "refuse", quenchToC }: ThermalProfileOptions,
): { readonly profile: ThermalProfile | undefined; readonly problems: readonly ScheduleProblem[] } {
  const problems: ScheduleProblem[] = [];
  const times: number[] = [];
  const temperatures: number[] = [];
  let nowS = 0;
  let nowC = schedule.startTemperatureC;
  const point = (): void => {
    if (nowC === undefined) return;
    times.push(nowS);
    temperatures.push(nowC - ABSOLUTE_ZERO_C);
  };
  point();
  for (const [i, step] of schedule.steps.entries()) {
    const lacks = (field: string, message: string): void => {
      problems.push({ step: i + 1, field, message });
    };
    const rampTo = (toC: number, rate: number | undefined, time: number | undefined): void => {
      const needs = step.kind === "quench" ? 'rate; see quench: "jump"' : "rate or a time";
      if (time === undefined && rate === undefined) lacks("rateKPerS", `a ${step.kind} step without a ${needs}`);
      else if (time === undefined && nowC === undefined)
        lacks("rateKPerS", "a rate, but no temperature to start from; set startTemperatureC");
      else nowS += time ?? Math.abs(toC - (nowC as number)) / (rate as number); // both defined, by the branches above
      nowC = toC;
      point();
    };
    const holdFor = (time: number | undefined): void => {
      if (nowC === undefined) lacks("temperatureC", "the temperature is not known; set startTemperatureC");
      if (time === undefined) lacks("timeS", `a ${step.kind} step without a time`);
      else nowS += time;
      point();
    };
    switch (step.kind) {
      case "heat":
      case "cool":
        rampTo(step.temperatureC, step.rateKPerS, step.timeS);
        break;
      case "quench": {
        const toC = step.temperatureC ?? quenchToC;
        if (toC === undefined) lacks("temperatureC", "a quench without a temperature at its end; see quenchToC");
        else if (nowC !== undefined && !(toC < nowC)) {
          lacks("temperatureC", `a quench to ${toC} °C, but the temperature reached is ${nowC} °C`);
        } else rampTo(toC, step.rateKPerS, step.rateKPerS === undefined && quench === "jump" ? 0 : undefined);
        break;
      }
      case "sinter": {
        if (nowC !== step.temperatureC) rampTo(step.temperatureC, step.rateKPerS, undefined);
        holdFor(step.timeS);
        break;
      }
      case "deform": {
        nowC ??= step.temperatureC;
        const strain = totalStrainOf(step)[0]?.strain;
        const known = strain !== undefined && step.strainRatePerS !== undefined;
        holdFor(known ? strain / (step.strainRatePerS ?? 1) : 0);
        break;
      }
      case "hold":
      case "deposit":
      case "mix":
      case "cure":
      case "dry": {
        const atC = temperatureAfter(step, nowC);
        if (nowC === undefined) {
          nowC = atC;
          point();
        } else if (step.kind !== "hold" && atC !== undefined && Math.abs(atC - nowC) > 1) {
          lacks("temperatureC", `jumps from ${nowC} to ${atC} °C; put a heat or cool step before it`);
        }
        holdFor(step.timeS);
        break;
      }
      case "mill":
        holdFor(step.timeS);
        break;
      case "print":
        lacks("process", "printing has no temperature history of its own");
        nowC = undefined;
        break;
    }
  }
  if (problems.length === 0 && times.length < 2) {
    problems.push({ step: undefined, field: undefined, message: "fewer than two temperatures are known" });
  }
  if (problems.length > 0) return { profile: undefined, problems };
  return { profile: createProfile(times, temperatures), problems };
}
