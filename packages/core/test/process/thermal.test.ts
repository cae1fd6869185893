import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { equivalentTime, scaledE2 } from "../../src/process/arrhenius.ts";
import {
  coolingTime,
  meanCoolingRate,
  meanHeatingRate,
  peakTemperature,
  profileDuration,
  timeAbove,
} from "../../src/process/profileMeasures.ts";
import { hollomonJaffe, hollomonJaffeOf, larsonMiller } from "../../src/process/temperingParameter.ts";
import { createProfile, type ThermalProfile } from "../../src/process/thermalProfile.ts";

interface Golden {
  readonly tolerance: number;
  readonly profiles: Readonly<Record<string, { readonly timeS: number[]; readonly temperatureK: number[] }>>;
  readonly equivalentTime: readonly {
    readonly profile: string;
    readonly activationEnergy: number;
    readonly reference: number;
    readonly expected: number;
  }[];
  readonly hollomonJaffe: readonly { readonly profile: string; readonly c: number; readonly expected: number }[];
  readonly scaledE2: readonly { readonly x: number; readonly expected: number }[];
}

const golden = JSON.parse(readFileSync(new URL("fixtures/thermal.json", import.meta.url), "utf8")) as Golden;
const profiles: Record<string, ThermalProfile> = Object.fromEntries(
  Object.entries(golden.profiles).map(([name, p]) => [name, createProfile(p.timeS, p.temperatureK)]),
);

function expectClose(actual: number, expected: number, relative: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(relative * Math.abs(expected));
}

const anyProfile = fc
  .array(fc.tuple(fc.double({ min: 0.1, max: 1e4, noNaN: true }), fc.double({ min: 250, max: 2000, noNaN: true })), {
    minLength: 2,
    maxLength: 6,
  })
  .map((points) => {
    let now = 0;
    const times = points.map(([dt], i) => {
      now += i === 0 ? 0 : dt;
      return now;
    });
    return createProfile(
      times,
      points.map(([, t]) => t),
    );
  });

describe("equivalentTime", () => {
  it.each(golden.equivalentTime)("$profile, Q = $activationEnergy: as SciPy", (c) => {
    const { profile, activationEnergy, reference, expected } = c;
    expectClose(equivalentTime(profiles[profile], activationEnergy, reference), expected, golden.tolerance);
  });

  it.each(golden.scaledE2)("E₂($x) as SciPy", ({ x, expected }) => {
    expectClose(scaledE2(x), expected, 1e-13);
  });

  it("is the time of a hold at the reference, and of nothing in a jump", () => {
    expect(equivalentTime(createProfile([0, 100, 100, 300], [900, 900, 500, 500]), 0, 900)).toBe(300);
    expectClose(equivalentTime(createProfile([0, 100, 100], [900, 900, 300]), 2e5, 900), 100, 1e-14);
  });

  it("does not depend on where a piece is cut, and scales with time", () => {
    fc.assert(
      fc.property(
        anyProfile,
        fc.double({ min: 0, max: 5e5, noNaN: true }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (profile, q, share) => {
          const whole = equivalentTime(profile, q, 1000);
          const times = [...profile.timeS];
          const temperatures = [...profile.temperatureK];
          const between = (a: number, b: number) => a + share * (b - a);
          const cut = createProfile(
            [times[0], between(times[0], times[1]), ...times.slice(1)],
            [temperatures[0], between(temperatures[0], temperatures[1]), ...temperatures.slice(1)],
          );
          expectClose(equivalentTime(cut, q, 1000), whole, 1e-9);
          const twice = createProfile(
            times.map((t) => 2 * t),
            temperatures,
          );
          expectClose(equivalentTime(twice, q, 1000), 2 * whole, 1e-12);
        },
      ),
      { seed: 3, numRuns: 300 },
    );
  });

  it("is refused for a negative energy and a reference at 0 K", () => {
    expect(() => equivalentTime(profiles["temper"], -1, 900)).toThrow("0 J/mol or more, got -1");
    expect(() => equivalentTime(profiles["temper"], 1e5, 0)).toThrow("above 0 K, got 0");
  });
});

describe("tempering parameters", () => {
  it("are closed forms at constant temperature", () => {
    expectClose(hollomonJaffe(873.15, 7200), 873.15 * (20 + Math.log10(2)), 1e-15);
    expectClose(larsonMiller(923.15, 3.6e8), 923.15 * 25, 1e-15);
    expect(() => hollomonJaffe(873.15, 0)).toThrow("a time > 0 s, got 873.15 K and 0 s");
    expect(() => larsonMiller(873.15, 1, -3)).toThrow("C must be positive, got -3");
  });

  it.each(golden.hollomonJaffe)("of $profile, C = $c, as SciPy's ODE solver", ({ profile, c, expected }) => {
    expectClose(hollomonJaffeOf(profiles[profile], { referenceK: 900, c }).parameter, expected, golden.tolerance);
  });

  it("a hold gives the isothermal parameter, however it is cut; t_eq at its own temperature is its time", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 400, max: 1200, noNaN: true }),
        fc.double({ min: 1, max: 1e6, noNaN: true }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (t, time, share) => {
          const cut = hollomonJaffeOf(createProfile([0, share * time, time], [t, t, t]), { referenceK: t });
          expectClose(cut.parameter, hollomonJaffe(t, time), 1e-12);
          expectClose(cut.equivalentTimeS, time, 1e-10);
        },
      ),
      { seed: 4 },
    );
  });

  it("a quench to 4 K and time spent there add nothing to a hold", () => {
    const hold = hollomonJaffe(1200, 3600);
    for (const times of [
      [0, 3600, 3600.001],
      [0, 3600, 3600.001, 90000],
    ]) {
      const profile = createProfile(times, [1200, 1200, 4, 4].slice(0, times.length));
      expectClose(hollomonJaffeOf(profile, { referenceK: 1200 }).parameter, hold, 1e-6);
    }
  });

  it("is as exact from nothing up to a log of many readings, on the way down and far from room temperature", () => {
    // mpmath's Taylor integrator with 30 digits, of ln(θ/t) over ln t
    const exact = [
      { hours: 1, from: 293.15, to: 1133.15, expected: 20953.047443666055 },
      { hours: 10, from: 1133.15, to: 773.15, expected: 22453.17490577423 },
      { hours: 1, from: 873.15, to: 323.15, expected: 16192.376354003949 },
    ];
    for (const { hours, from, to, expected } of exact) {
      for (const pieces of [1, 7, 500]) {
        const shares = Array.from({ length: pieces + 1 }, (_, i) => i / pieces);
        const profile = createProfile(
          shares.map((share) => 3600 * hours * share),
          shares.map((share) => from + share * (to - from)),
        );
        expectClose(hollomonJaffeOf(profile, { referenceK: 900 }).parameter, expected, 1e-12);
      }
    }
  });

  it("only rises, whatever comes after, and forgets a deep freeze", () => {
    fc.assert(
      fc.property(anyProfile, fc.double({ min: 1, max: 1e5, noNaN: true }), (profile, seconds) => {
        const [timeS, temperatureK] = [[...profile.timeS], [...profile.temperatureK]];
        const { parameter } = hollomonJaffeOf(profile, { referenceK: 900 });
        const last = timeS.at(-1) ?? 0;
        const later = (temperatures: readonly number[]) =>
          hollomonJaffeOf(
            createProfile(
              [...timeS, ...temperatures.map((_, i) => last + (i + 1) * seconds)],
              [...temperatureK, ...temperatures],
            ),
            { referenceK: 900 },
          ).parameter;
        expect(later([1500])).toBeGreaterThanOrEqual(parameter);
        const frozen = later([4]);
        expect(frozen).toBeGreaterThanOrEqual(parameter * (1 - 1e-13));
        expectClose(later([4, 4, 150]), frozen, 1e-12);
        expectClose(later([4, 4, 4]), frozen, 1e-12);
      }),
      { seed: 8, numRuns: 200 },
    );
  });

  it("two stages add through the equivalent time", () => {
    const first = hollomonJaffe(800, 3600);
    const carried = 10 ** (first / 850 - 20); // hours at 850 K
    const both = hollomonJaffeOf(createProfile([0, 3600, 3600, 7200], [800, 800, 850, 850]), { referenceK: 850 });
    expectClose(both.parameter, 850 * (20 + Math.log10(carried + 1)), 1e-12);
  });
});

describe("measures of a profile", () => {
  const weld = createProfile([0, 1, 2, 112], [293.15, 1773.15, 1173.15, 623.15]);

  it("are closed forms", () => {
    expect(peakTemperature(weld)).toBe(1773.15);
    expect(profileDuration(weld)).toBe(112);
    expect(meanHeatingRate(weld)).toBeCloseTo(1480, 9);
    expect(meanCoolingRate(weld)).toBeCloseTo(1150 / 111, 12);
    expect(coolingTime(weld)).toBeCloseTo(60, 9);
    expect(timeAbove(weld, 1173.15)).toBeCloseTo(1 - 880 / 1480 + 1, 12);
    expect(timeAbove(weld, 2000)).toBe(0);
  });

  it("NaN where there is nothing to measure", () => {
    const hold = createProfile([0, 10], [900, 900]);
    expect(meanHeatingRate(hold)).toBeNaN();
    expect(meanCoolingRate(hold)).toBeNaN();
    expect(meanCoolingRate(createProfile([0, 10, 10], [900, 900, 300]))).toBeNaN();
    // a quench taken as a jump says nothing of how fast the furnace cools
    expect(meanCoolingRate(createProfile([0, 10, 10, 30, 130], [1100, 1100, 300, 900, 800]))).toBe(1);
    expect(coolingTime(createProfile([0, 10], [1200, 900]))).toBeNaN();
    expect(coolingTime(createProfile([0, 10], [1000, 500]))).toBeNaN();
  });

  it("t8/5 of a second pass, not from the first", () => {
    const passes = createProfile([0, 10, 20, 30], [1273.15, 873.15, 1273.15, 673.15]);
    expect(coolingTime(passes)).toBeCloseTo(5, 9);
    expect(coolingTime(createProfile([0, 0], [1273.15, 300]))).toBe(0);
  });

  it("profiles are checked", () => {
    expect(() => createProfile([0, 2, 1], [300, 300, 300])).toThrow("time 3 is 1 s, the one before it 2 s");
    expect(() => createProfile([0, 1], [-5, 300])).toThrow("above 0 K, got -5; degrees Celsius? add 273.15");
    expect(() => createProfile([0], [300])).toThrow("at least 2");
  });
});
