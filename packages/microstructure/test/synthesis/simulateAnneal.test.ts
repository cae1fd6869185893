import { createRandom, DomainError } from "@materiome/core";
import { interceptGrainSize } from "@materiome/microstructure/measure";
import { regionTable } from "@materiome/microstructure/regions";
import {
  type AnnealKinetics,
  growStart,
  monteCarloSteps,
  simulateAnneal,
  simulateAnnealSeries,
} from "@materiome/microstructure/synthesis";
import { describe, expect, it } from "vitest";

/** One Monte Carlo step per second whatever the temperature. */
const PLAIN: AnnealKinetics = { prefactorPerS: 1, activationEnergyJPerMol: 0 };
const STEEL: AnnealKinetics = { prefactorPerS: 3.3e6, activationEnergyJPerMol: 180e3 };

/** Slope, and the square of the correlation, of y against x. */
function fitLine(x: readonly number[], y: readonly number[]): { slope: number; r2: number } {
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const sxy = x.reduce((s, v, i) => s + (v - mx) * (y[i] - my), 0);
  const sxx = x.reduce((s, v) => s + (v - mx) ** 2, 0);
  const syy = y.reduce((s, v) => s + (v - my) ** 2, 0);
  return { slope: sxy / sxx, r2: (sxy * sxy) / (sxx * syy) };
}

describe("simulateAnneal", () => {
  const timesS = [0, 20, 40, 60, 80, 100, 140, 180, 220, 260, 300];
  const options = { width: 512, height: 512, startingGrainSizeUm: 3.5, siteSizeUm: 0.5, temperatureK: 1100 };
  const series = simulateAnnealSeries({ ...options, kinetics: PLAIN, timesS }, createRandom(1));
  const lengths = series.map((structure) => structure.meanInterceptUm / 0.5);

  it("grows by the parabolic law from a grown start", () => {
    expect(lengths[0]).toBeGreaterThan(6.86);
    expect(lengths[0]).toBeLessThan(7.14);
    const { slope, r2 } = fitLine(
      timesS,
      lengths.map((l) => l * l),
    );
    expect(r2).toBeGreaterThan(0.98);
    expect(slope).toBeGreaterThan(1.4);
    expect(slope).toBeLessThan(1.9);
    expect(series.at(-1)!.nGrains).toBeGreaterThan(200);
  });

  it("has a growth exponent near one half", () => {
    // L^(1/n) − L₀^(1/n) is linear in time for the right n.
    let best = { n: 0, r2: 0 };
    for (let n = 0.3; n <= 0.7; n += 0.005) {
      const { r2 } = fitLine(
        timesS,
        lengths.map((l) => l ** (1 / n)),
      );
      if (r2 > best.r2) best = { n, r2 };
    }
    expect(best.n).toBeGreaterThan(0.45);
    expect(best.n).toBeLessThan(0.55);
  });

  it("shows the lattice in no direction", () => {
    for (const { labels } of series) expect(interceptGrainSize(labels).anisotropyIndex).toBeLessThan(1.05);
  });

  it("returns a picture that agrees with the lattice", () => {
    for (const { labels, meanInterceptUm, nGrains } of series) {
      expect(labels).toMatchObject({ width: 512, height: 512, pixelSizeUm: 0.5 });
      expect(Math.abs(interceptGrainSize(labels).meanInterceptUm! / meanInterceptUm - 1)).toBeLessThan(0.03);
      // The border cuts about 2 (W + H)/L grains of the torus in two; a grain of a few sites may have been smoothed away.
      const regions = regionTable(labels);
      expect(regions.length).toBeLessThan(nGrains + (2 * 2048 * 0.5) / meanInterceptUm);
      expect(regions.length).toBeGreaterThan(0.95 * nGrains);
    }
  });

  it("gives back the activation energy", () => {
    const start = growStart({ width: 256, height: 256, meanInterceptSites: 6 }, createRandom(5));
    const temperatures = [1073, 1123, 1173, 1223];
    const logRates = temperatures.map((temperatureK) => {
      const furnace = { temperatureK, timeS: 1800, kinetics: STEEL };
      const { meanInterceptUm } = simulateAnneal({ start, siteSizeUm: 1, ...furnace }, createRandom(temperatureK));
      return Math.log((meanInterceptUm ** 2 - start.meanInterceptSites ** 2) / 1800);
    });
    const { slope } = fitLine(
      temperatures.map((t) => 1 / t),
      logRates,
    );
    expect(Math.abs((-slope * 8.314462618) / 180e3 - 1)).toBeLessThan(0.1);
  });

  it("depends on temperature and time through the steps alone, and on the seed", () => {
    const start = growStart({ width: 128, height: 128, meanInterceptSites: 5 }, createRandom(2));
    const steps = monteCarloSteps(STEEL, 1150, 900);
    const run = (temperatureK: number, timeS: number, seed: number): Uint32Array =>
      simulateAnneal({ start, siteSizeUm: 1, minGrains: 50, kinetics: STEEL, temperatureK, timeS }, createRandom(seed))
        .labels.data;
    const hotter = steps / monteCarloSteps(STEEL, 1200, 1);
    expect(run(1200, hotter, 3)).toEqual(run(1150, 900, 3));
    expect(run(1150, 900, 4)).not.toEqual(run(1150, 900, 3));
  });

  it("magnifies the picture, not the physics", () => {
    const start = growStart({ width: 128, height: 96, meanInterceptSites: 6 }, createRandom(2));
    const base = { start, siteSizeUm: 1.2, minGrains: 50, kinetics: PLAIN, temperatureK: 1000, timeS: 20 };
    const plain = simulateAnneal(base, createRandom(1));
    const large = simulateAnneal({ ...base, magnification: 3 }, createRandom(1));
    expect(large.labels).toMatchObject({ width: 384, height: 288 });
    expect(large.labels.pixelSizeUm).toBeCloseTo(0.4, 12);
    expect(large.meanInterceptUm).toBe(plain.meanInterceptUm);
    const ratio = interceptGrainSize(large.labels).meanInterceptUm! / large.meanInterceptUm;
    expect(Math.abs(ratio - 1)).toBeLessThan(0.03);
  });

  it("refuses a structure with too few grains, naming the setting", () => {
    const small = { width: 64, height: 64, startingGrainSizeUm: 6, siteSizeUm: 1, temperatureK: 1000, kinetics: PLAIN };
    expect(() => simulateAnneal({ ...small, timeS: 1e9 }, createRandom(1))).toThrow(DomainError);
    expect(() => simulateAnneal({ ...small, timeS: 500 }, createRandom(1))).toThrow(
      /minGrains is 200; lower temperatureK/,
    );
  });

  it("refuses contradictory and impossible settings", () => {
    const start = growStart({ width: 64, height: 64, meanInterceptSites: 6 }, createRandom(1));
    const base = { siteSizeUm: 1, minGrains: 1, temperatureK: 1000, timeS: 1, kinetics: PLAIN };
    expect(() => simulateAnneal({ ...base, start, width: 64 }, createRandom(1))).toThrow(/not both/);
    expect(() => simulateAnneal({ ...base }, createRandom(1))).toThrow(/needs width/);
    expect(() => simulateAnneal({ ...base, start, siteSizeUm: 0 }, createRandom(1))).toThrow(/siteSizeUm/);
    expect(() => simulateAnneal({ ...base, start, latticeTemperature: 5 }, createRandom(1))).toThrow(
      /latticeTemperature/,
    );
    expect(() => simulateAnnealSeries({ ...base, start, timesS: [5, 1] }, createRandom(1))).toThrow(/decrease/);
    expect(() => growStart({ width: 64, height: 64, meanInterceptSites: 3 }, createRandom(1))).toThrow(/at least 5/);
    expect(() => growStart({ width: 64, height: 64, meanInterceptSites: 40 }, createRandom(1))).toThrow(/enlarge/);
    expect(() => growStart({ width: 8, height: 64, meanInterceptSites: 6 }, createRandom(1))).toThrow(/width/);
  });
});

describe("monteCarloSteps", () => {
  it("is K₀ t exp(−Q/RT)", () => {
    const Q = 8.31446261815324 * 1000 * Math.log(10);
    expect(monteCarloSteps({ prefactorPerS: 50, activationEnergyJPerMol: Q }, 1000, 3)).toBeCloseTo(15, 10);
    expect(monteCarloSteps(STEEL, 1100, 0)).toBe(0);
  });

  it.each([
    [{ prefactorPerS: 0, activationEnergyJPerMol: 1 }, 1000, 1],
    [{ prefactorPerS: 1, activationEnergyJPerMol: -1 }, 1000, 1],
    [PLAIN, 0, 1],
    [PLAIN, 1000, -1],
    [PLAIN, Number.NaN, 1],
  ])("refuses %j at %s K for %s s", (kinetics, temperatureK, timeS) => {
    expect(() => monteCarloSteps(kinetics, temperatureK, timeS)).toThrow(DomainError);
  });
});
