import { readFileSync } from "node:fs";
import { createRandom, DataError, DomainError } from "@materiome/core";
import { fitSizeDistribution, largestExtreme, type SizeFamilyName } from "@materiome/microstructure/measure";
import { describe, expect, it } from "vitest";

interface Reference {
  readonly sizes: readonly number[];
  readonly fits: Record<SizeFamilyName, { parameters: number[]; logLikelihood: number; ks: number; ad: number }>;
  readonly gumbel: { readonly values: readonly number[]; readonly fit: readonly [number, number] };
}
// Source: test/fixtures/measure/size_fits.py (SciPy).
const reference = JSON.parse(
  readFileSync(new URL("../fixtures/measure/size_fits.json", import.meta.url), "utf8"),
) as Reference;

describe("fitSizeDistribution", () => {
  it("finds SciPy's maximum likelihood, distances and all", () => {
    const fits = fitSizeDistribution(reference.sizes);
    expect(fits).toHaveLength(4);
    for (const fit of fits) {
      const expected = reference.fits[fit.family];
      expect(Math.abs(fit.logLikelihood - expected.logLikelihood)).toBeLessThan(1e-5); // SciPy searches without gradients
      expect(fit.logLikelihood).toBeGreaterThan(expected.logLikelihood - 1e-9);
      expect(Math.abs(fit.ks - expected.ks)).toBeLessThan(1e-4);
      expect(Math.abs(fit.ad - expected.ad)).toBeLessThan(1e-3);
      expect(fit.ksP).toBeNull();
    }
    expect(fits.map((f) => f.aic)).toEqual(fits.map((f) => f.aic).sort((a, b) => a - b));
    const { normal, logNormal, gamma } = Object.fromEntries(fits.map((fit) => [fit.family, fit.parameters]));
    expect(normal["mean"]).toBeCloseTo(reference.fits.normal.parameters[0], 10);
    expect(Math.exp(logNormal["logMean"])).toBeCloseTo(reference.fits.logNormal.parameters[2], 4);
    expect(gamma["shape"] / reference.fits.gamma.parameters[0]).toBeCloseTo(1, 4);
  });

  it("ranks the family the sizes came from first, and refuses the wrong one", () => {
    const random = createRandom(3);
    const sizes = Array.from({ length: 300 }, () => Math.exp(2 + 0.6 * random.normal()));
    const fits = fitSizeDistribution(sizes, {
      random: createRandom(1),
      nBootstrap: 99,
      families: ["normal", "logNormal"],
    });
    expect(fits[0].family).toBe("logNormal");
    expect(fits[0].adP).toBeGreaterThan(0.1);
    expect(fits[1].adP).toBe(0.01);
    const again = fitSizeDistribution(sizes, { random: createRandom(1), nBootstrap: 99, families: ["logNormal"] });
    expect(again[0]).toEqual(fits[0]); // same stream whatever else is fitted
  });

  it("has p-values of the right level, though parameters are fitted", () => {
    // Under the true family p is uniform: below 0.1 in about a tenth of the samples (40: 0 … 10 with probability 0.998).
    let low = 0;
    for (let k = 0; k < 40; k++) {
      const random = createRandom(100 + k);
      const sizes = Array.from({ length: 25 }, () => Math.exp(0.5 * random.normal()));
      const [fit] = fitSizeDistribution(sizes, { families: ["logNormal"], random: createRandom(k), nBootstrap: 59 });
      if (fit.ksP! <= 0.1) low++;
    }
    expect(low).toBeLessThanOrEqual(10);
    expect(low).toBeGreaterThanOrEqual(1);
  });

  it("refuses sizes without a fit", () => {
    expect(() => fitSizeDistribution([1, 2])).toThrow(DataError);
    expect(() => fitSizeDistribution([2, 2, 2])).toThrow(DataError);
    expect(() => fitSizeDistribution([1, 2, 0])).toThrow(/size 3 of 3/);
    expect(() => fitSizeDistribution([1, 2, Number.NaN])).toThrow(DataError);
    expect(() => fitSizeDistribution([1, 2, 3], { nBootstrap: 0 })).toThrow(DomainError);
    expect(() => fitSizeDistribution([1, 2, 3], { families: ["cauchy" as SizeFamilyName] })).toThrow(
      /there are normal/,
    );
  });
});

describe("largestExtreme", () => {
  it("finds SciPy's Gumbel fit", () => {
    const { location, scale } = largestExtreme(reference.gumbel.values);
    expect(location).toBeCloseTo(reference.gumbel.fit[0], 4);
    expect(scale).toBeCloseTo(reference.gumbel.fit[1], 4);
  });

  it("extrapolates, and covers the truth about as often as it says", () => {
    const y = -Math.log(-Math.log(0.999));
    let covered = 0;
    for (let k = 0; k < 200; k++) {
      const random = createRandom(k);
      const sample = Array.from({ length: 24 }, () => 20 - 3 * Math.log(-Math.log(random.next())));
      const found = largestExtreme(sample);
      expect(found.largest).toBeCloseTo(found.location + found.scale * y, 10);
      if (found.ciLow <= 20 + 3 * y && 20 + 3 * y <= found.ciHigh) covered++;
    }
    expect(covered).toBeGreaterThan(172); // 95 % less the small-sample bias of the scale
    expect(() => largestExtreme([1, 2])).toThrow(DataError);
    expect(() => largestExtreme([1, 1, 1])).toThrow(DataError);
    expect(() => largestExtreme([1, 2, 3], { returnPeriod: 1 })).toThrow(DomainError);
  });
});
