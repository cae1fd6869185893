import { createRandom, DomainError } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { fitGrowthLaw, type GrowthObservation } from "../../src/demo/growthLaw.ts";

const Q = 190_000;
const K = 9e6;

function anneals(scatterUm: number): GrowthObservation[] {
  const random = createRandom(3);
  return [1073, 1123, 1173, 1223].flatMap((temperatureK) =>
    [900, 2700, 7200, 18_000].map((timeS) => ({
      temperatureK,
      timeS,
      startUm: 10,
      grainSizeUm:
        Math.sqrt(100 + K * timeS * Math.exp(-Q / (8.314462618 * temperatureK))) + scatterUm * random.normal(),
    })),
  );
}

describe("fitGrowthLaw", () => {
  it("recovers the law that made the sizes", () => {
    const law = fitGrowthLaw(anneals(0));
    expect(law.activationEnergyJPerMol / Q).toBeCloseTo(1, 6);
    expect(law.prefactorUm2PerS / K).toBeCloseTo(1, 4);
    expect(law.predict(1123, 3600, 10)).toBeCloseTo(Math.sqrt(100 + K * 3600 * Math.exp(-Q / (8.314462618 * 1123))), 6);
  });

  it("is off by no more than a few of its standard errors with scatter", () => {
    const law = fitGrowthLaw(anneals(0.3));
    expect(law.standardErrorJPerMol).toBeGreaterThan(100);
    expect(Math.abs(law.activationEnergyJPerMol - Q)).toBeLessThan(3 * law.standardErrorJPerMol);
  });

  it("refuses a single temperature", () => {
    expect(() => fitGrowthLaw(anneals(0).slice(0, 4))).toThrow(DomainError);
  });
});
