import { DataError, DomainError, FormatError } from "@materiome/core";
import { createSchedule, EMISSION_FACTORS, estimateEnergy, readEmissionFactors } from "@materiome/core/process";
import { describe, expect, it } from "vitest";

const schedule = createSchedule(
  [
    { kind: "heat", temperatureC: 1120 },
    { kind: "hold", timeS: 3600 },
    { kind: "deform", method: "roll", thicknessInMm: 20, thicknessOutMm: 10 },
    { kind: "quench", medium: "water", temperatureC: 20 },
    { kind: "mill", timeS: 7200, powerW: 500 },
  ],
  { startTemperatureC: 20 },
);
const furnace = { carrier: "natural gas", heatCapacityJPerKgK: 650, efficiency: 0.4, holdingPowerW: 20e3 };
const forming = { carrier: "electricity Germany", flowStressMPa: 100, densityKgPerM3: 7850, efficiency: 0.5 };
const assumptions = {
  massKg: 100,
  factors: EMISSION_FACTORS,
  furnace,
  forming,
  machine: { carrier: "electricity France" },
};

describe("estimateEnergy", () => {
  it("adds closed forms, step by step", () => {
    const { steps, energyMJ, emissionsKg, assumptions: stated } = estimateEnergy(schedule, assumptions);
    const strain = (2 / Math.sqrt(3)) * Math.LN2;
    const expected = [(100 * 650 * 1100) / 0.4 / 1e6, 72, (100 * strain * 100) / 7850 / 0.5, 0, 3.6];
    for (const [k, mj] of expected.entries()) expect(steps[k].energyMJ).toBeCloseTo(mj, 9);
    expect(energyMJ).toBeCloseTo(
      expected.reduce((a, b) => a + b),
      9,
    );
    const kg = [expected[0] * 0.0561, 72 * 0.0561, (expected[2] / 3.6) * 0.381, 0, 0.056];
    for (const [k, value] of kg.entries()) expect(steps[k].emissionsKg).toBeCloseTo(value, 9);
    expect(emissionsKg).toBeCloseTo(
      kg.reduce((a, b) => a + b),
      9,
    );
    expect(stated).toContainEqual(expect.stringMatching(/^natural gas: 56100 kg\/TJ CO2 \(.*IPCC/));
    expect(stated.filter((text) => text.includes("electricity"))).toHaveLength(2);
    expect(stated).toContain("the total adds CO2 alone of some carriers to CO2 equivalents of others");
  });

  it("scales with the mass where the model does", () => {
    const once = estimateEnergy(schedule, assumptions).steps;
    const twice = estimateEnergy(schedule, { ...assumptions, massKg: 200 }).steps;
    expect(twice.map(({ energyMJ }, k) => energyMJ / once[k].energyMJ)).toEqual([2, 1, 2, Number.NaN, 1]);
  });

  it("prints a volume at the build rate", () => {
    const print = createSchedule([
      { kind: "print", process: "lpbf", powerW: 200, speedMmPerS: 800, hatchMm: 0.1, layerMm: 0.03 },
    ]);
    const beam = { carrier: "electricity China", densityKgPerM3: 8000, wallPlugEfficiency: 0.25, standingPowerW: 1200 };
    const { energyMJ, emissionsKg } = estimateEnergy(print, { massKg: 0.8, factors: EMISSION_FACTORS, beam });
    const seconds = 100_000 / 2.4; // 100 cm³ at 2.4 mm³/s
    expect(energyMJ).toBeCloseTo((2000 * seconds) / 1e6, 9);
    expect(emissionsKg).toBeCloseTo((energyMJ / 3.6) * 0.582, 9);
  });

  it("is NaN and says why where something is missing, and keeps what is known", () => {
    const { furnace: _, ...noFurnace } = assumptions;
    const { energyMJ, knownEnergyMJ, steps } = estimateEnergy(schedule, noFurnace);
    expect(energyMJ).toBeNaN();
    expect(knownEnergyMJ).toBeGreaterThan(3.6);
    expect(steps[0].how).toBe("missing: assumptions of the furnace");
    const noStart = estimateEnergy({ ...schedule, startTemperatureC: undefined }, assumptions);
    expect(noStart.steps[0].how).toBe("missing: the temperature before the step; set startTemperatureC");
    const cured = createSchedule([{ kind: "cure", timeS: 10 }]);
    expect(estimateEnergy(cured, assumptions).steps[0].how).toBe("missing: a model of cure steps");
  });

  it("refuses unknown carriers and percentages", () => {
    const gas = { ...assumptions, furnace: { ...furnace, carrier: "natural gass" } };
    expect(() => estimateEnergy(schedule, gas)).toThrow(
      'no emission factor "natural gass"; did you mean "natural gas"?',
    );
    expect(() => estimateEnergy(schedule, gas)).toThrow(DataError);
    const percent = { ...assumptions, furnace: { ...furnace, efficiency: 40 } };
    expect(() => estimateEnergy(schedule, percent)).toThrow("at most 1, got 40; percent? divide by 100");
    expect(() => estimateEnergy(schedule, { ...assumptions, massKg: 0 })).toThrow(DomainError);
  });
});

describe("readEmissionFactors", () => {
  it("reads the published table with an own factor added", () => {
    const own = { ...EMISSION_FACTORS[0], id: "own contract", value: 0.02, unit: "kg/kWh" };
    const stored = JSON.parse(JSON.stringify({ version: 1, factors: [...EMISSION_FACTORS, own] }));
    const factors = readEmissionFactors(stored);
    expect(factors).toHaveLength(EMISSION_FACTORS.length + 1);
    const mine = { ...assumptions, factors, furnace: { ...furnace, carrier: "own contract" } };
    const { steps } = estimateEnergy(schedule, mine);
    expect(steps[1].emissionsKg).toBeCloseTo(20 * 0.02, 12); // 72 MJ = 20 kWh
  });

  it("reports everything that is wrong", () => {
    const wrong = {
      version: 1,
      factors: [{ id: "a", value: -1, unit: "kg", counts: "CO2", source: "", year: 2020, region: "x" }, 3],
    };
    expect(() => readEmissionFactors(wrong, "f.json")).toThrow(/f\.json: 4 problems/);
    expect(() => readEmissionFactors(wrong)).toThrow("factor 1, unit: expected one of kg/TJ");
    expect(() => readEmissionFactors({ version: 1, factors: [EMISSION_FACTORS[0], EMISSION_FACTORS[0]] })).toThrow(
      "is there twice",
    );
    expect(() => readEmissionFactors(null)).toThrow(FormatError);
  });
});
