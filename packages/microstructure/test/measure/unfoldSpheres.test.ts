import { createRandom, DataError, DomainError, type Random } from "@materiome/core";
import { unfoldSpheres } from "@materiome/microstructure/measure";
import { describe, expect, it } from "vitest";

/** Diameters of the sections that a plane cuts from spheres whose centres lie uniformly in a slab. */
function sections(spheres: readonly number[], random: Random): number[] {
  const half = Math.max(...spheres) / 2;
  return spheres.flatMap((D) => {
    const z = (2 * random.next() - 1) * half;
    return Math.abs(z) < D / 2 ? [2 * Math.sqrt((D / 2) ** 2 - z * z)] : [];
  });
}

describe("unfoldSpheres", () => {
  it("has Saltykov's coefficients with the logarithmic scale", () => {
    // A single section in the largest class: N_V of the classes are −α times those of the inverse table.
    const at = (steps: number): number => 10 ** (-steps / 10) * 0.999;
    const one = (n: number): number[] =>
      unfoldSpheres([1, at(n)], 1, { nClasses: 8, scale: "logarithmic" }).classes.map((c) => c.spheresPerVolume * c.to);
    // N_V,i D_i = 1.6461 N_A,i − 0.4561 N_A,i−1 − 0.1162 N_A,i−2 − 0.0415 N_A,i−3 − 0.0173 N_A,i−4 (Saltykov 1967, Table 1).
    const values = one(7).reverse();
    expect(values[0]).toBeCloseTo(1.6461, 3);
    expect(values[1]).toBeCloseTo(-0.4561, 3);
    expect(values[2]).toBeCloseTo(-0.1162, 3);
    expect(values[3]).toBeCloseTo(-0.0415, 3);
    expect(values[4]).toBeCloseTo(-0.0173, 3);
  });

  it("gives back spheres of one size exactly from their expected sections", () => {
    // Expected counts per class of 10 for D = 10, N_V = 1: √(100 − (i−1)²) − √(100 − i²).
    const diameters: number[] = [];
    const perClass = 20000;
    for (let i = 1; i <= 10; i++) {
      const n = Math.round(perClass * (Math.sqrt(100 - (i - 1) ** 2) - Math.sqrt(100 - i * i)));
      for (let k = 0; k < n; k++) diameters.push(i);
    }
    const { classes, spheresPerVolume, meanDiameter, volumeFraction, negativeShare } = unfoldSpheres(
      diameters,
      perClass,
      {
        nClasses: 10,
      },
    );
    expect(spheresPerVolume).toBeCloseTo(1, 3);
    expect(meanDiameter).toBeCloseTo(10, 2);
    expect(classes[9].spheresPerVolume).toBeCloseTo(1, 3);
    for (const c of classes.slice(0, 9)) expect(Math.abs(c.spheresPerVolume)).toBeLessThan(1e-3);
    expect(Math.abs(volumeFraction / ((Math.PI * 1000) / 6) - 1)).toBeLessThan(0.002);
    expect(negativeShare).toBeLessThan(0.01);
  });

  it("recovers a known distribution from random sections", () => {
    // Two sizes, 1 : 3 by number. The slab is 20 high and 1 in area, so N_V = 5000 / 20 and 15000 / 20.
    const spheres = [...new Array(5000).fill(20), ...new Array(15000).fill(10)] as number[];
    const found = unfoldSpheres(sections(spheres, createRandom(1)), 1, { nClasses: 10 });
    expect(Math.abs(found.classes[9].spheresPerVolume / 250 - 1)).toBeLessThan(0.05);
    expect(Math.abs(found.classes[4].spheresPerVolume / 750 - 1)).toBeLessThan(0.05);
    expect(Math.abs(found.spheresPerVolume / 1000 - 1)).toBeLessThan(0.05);
    expect(Math.abs(found.meanDiameter / 12.5 - 1)).toBeLessThan(0.05);
    expect(found.classes.reduce((n, c) => n + c.nSections, 0)).toBeGreaterThan(10_000);
  });

  it("refuses what cannot be unfolded", () => {
    expect(() => unfoldSpheres([], 1)).toThrow(DataError);
    expect(() => unfoldSpheres([1, -1], 1)).toThrow(/diameter 2 of 2/);
    expect(() => unfoldSpheres([1], 0)).toThrow(DomainError);
    expect(() => unfoldSpheres([1], 1, { nClasses: 0 })).toThrow(DomainError);
  });
});
